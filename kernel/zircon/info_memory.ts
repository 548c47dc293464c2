/**
 * What can be known of memory: objects, regions, and what a process has mapped.
 *
 * @module
 */
import {
  type InfoRecord,
  InfoTopic,
  IobRegionType,
  MapsType,
  Right,
  Status,
  VmoInfoFlag,
} from "../abi.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Iob, type IobRegion } from "../task/iob.ts";
import { Process } from "../task/process.ts";
import { Mapping } from "../vm/mapping.ts";
import { Vmar } from "../vm/vmar.ts";
import { Vmo } from "../vm/vmo.ts";
import { answer, type Asker, type FirstOf } from "./info_answer.ts";

type MapsRecord = Omit<InfoRecord<"PROCESS_MAPS">, "padding1" | "padding2">;
type VmoRecord = Omit<InfoRecord<"VMO">, "padding1">;

const NO_MAPPING = {
  mmuFlags: 0,
  vmoKoid: 0,
  vmoOffset: 0,
  ...bytesOf({ bytes: 0, unshared: 0, scaled: 0 }),
};

/** The answers of this file. */
export const MEMORY_ANSWERS = [
  answer(InfoTopic.VMAR, {
    type: Vmar,
    rights: Right.INSPECT,
    records: ({ alive, base, size }) => [{ base: alive ? base : 0, length: alive ? size : 0 }],
  }),
  answer(InfoTopic.VMAR_MAPS, {
    type: Vmar,
    rights: Right.INSPECT,
    records: (vmar) => vmar.alive ? mapsOf(vmar, 0) : Status.BAD_STATE,
  }),
  answer(InfoTopic.PROCESS_MAPS, {
    type: Process,
    rights: Right.INSPECT,
    records(process, asker) {
      return refuseMaps(process, asker) ??
        process.space.roots.flatMap((root) => [
          aspaceRecord(process, root),
          ...mapsOf(root, 1),
        ]);
    },
  }),
  answer(InfoTopic.PROCESS_VMOS, {
    type: Process,
    rights: Right.INSPECT,
    records: (process, asker) => refuseMaps(process, asker) ?? vmosOf(process, asker.room),
  }),
  answer(InfoTopic.VMO, {
    type: Vmo,
    rights: Right.NONE,
    records: (vmo, { handle }) => [vmoRecord(vmo, VmoInfoFlag.VIA_HANDLE, handle.rights)],
  }),
  answer(InfoTopic.IOB, {
    type: Iob,
    rights: Right.INSPECT,
    records: ({ regions }) => [{ options: 0, regionCount: regions.length }],
  }),
  answer(InfoTopic.IOB_REGIONS, {
    type: Iob,
    rights: Right.INSPECT,
    records: ({ regions }) => regions.map(aboutRegion),
  }),
  answer(InfoTopic.TASK_STATS, {
    type: Process,
    rights: Right.INSPECT,
    records: (process) => process.ended ? Status.BAD_STATE : [statsOf(process)],
  }),
];

/** A process may not look at its own map while the map changes under its eyes. */
function refuseMaps(process: Process, { call }: Asker) {
  if (process === call.process) {
    call.deny({
      status: Status.ACCESS_DENIED,
      argument: "handle",
      koid: process.koid,
      type: process.label,
      wanted: "another process",
      held: "the calling process itself",
      rule: "a process may not be asked for its own mappings",
      grant: "a handle to another process",
    });
    return Status.ACCESS_DENIED;
  }
  return process.ended ? Status.BAD_STATE : undefined;
}

function aspaceRecord({ name }: Process, { base, size }: Vmar): MapsRecord {
  return { name, base, size, depth: 0, type: MapsType.ASPACE, ...NO_MAPPING };
}

function mapsOf(region: Vmar | Mapping, depth: number): MapsRecord[] {
  const { base, size } = region;
  if (region instanceof Mapping) {
    const { vmo, offset, access } = region;
    return [{
      name: vmo.name,
      base,
      size,
      depth,
      type: MapsType.MAPPING,
      mmuFlags: access,
      vmoKoid: vmo.koid,
      vmoOffset: offset,
      ...bytesOf(attribution(vmo, offset, size)),
    }];
  }
  const own = { name: region.name, base, size, depth, type: MapsType.VMAR, ...NO_MAPPING };
  return [own, ...region.regions.all().flatMap((inner) => mapsOf(inner, depth + 1))];
}

function aboutRegion({ shared, access, size, discipline, tag, vmo }: IobRegion) {
  const type = shared ? IobRegionType.SHARED : IobRegionType.PRIVATE;
  const unused = {
    reserved: new Array<number>(7).fill(0),
    extension: new Array<number>(4).fill(0),
  };
  return {
    type,
    access,
    size,
    discipline,
    tag: [Number(tag & 0xffffffffn), Number(tag >> 32n)],
    ...unused,
    koid: vmo.koid,
  };
}

/** A process may hold very many, so no more is found out than there is room for. */
function vmosOf(process: Process, room: number): FirstOf<VmoRecord> {
  const given: VmoRecord[] = [];
  let available = 0;
  const add = (vmo: Vmo, via: number, rights: number) => {
    if (available++ < room) given.push(vmoRecord(vmo, via, rights));
  };
  for (const [, { object, rights }] of process.handleTable.entries()) {
    if (object instanceof Vmo) add(object, VmoInfoFlag.VIA_HANDLE, rights);
    if (!(object instanceof Iob)) continue;
    for (const { vmo, rights: mapped } of object.mappable) {
      add(vmo, VmoInfoFlag.VIA_IOB, mapped & rights);
    }
  }
  for (const { vmo } of process.space.roots.flatMap(mappingsOf)) {
    add(vmo, VmoInfoFlag.VIA_MAPPING, 0);
  }
  return { given, available };
}

function vmoRecord(vmo: Vmo, via: number, handleRights: number): VmoRecord {
  return {
    koid: vmo.koid,
    name: vmo.name,
    sizeBytes: vmo.size,
    parentKoid: vmo.relatedKoid,
    children: vmo.children,
    mappings: vmo.showings.mappings,
    shareCount: vmo.showings.spaces,
    flags: flagsOf(vmo) | via,
    handleRights,
    cachePolicy: vmo.cachePolicy,
    metadataBytes: 0,
    committedChangeEvents: 0,
    ...bytesOf(attribution(vmo, 0, vmo.size)),
  };
}

function flagsOf(vmo: Vmo): number {
  const { TYPE_PAGED, RESIZABLE, IS_COW_CLONE, PAGER_BACKED } = VmoInfoFlag;
  const { CONTIGUOUS, DISCARDABLE, IMMUTABLE } = VmoInfoFlag;
  return (vmo.kind === "physical" ? 0 : TYPE_PAGED) | (vmo.resizable ? RESIZABLE : 0) |
    (vmo.content.copy && !vmo.slice ? IS_COW_CLONE : 0) | (vmo.content.source ? PAGER_BACKED : 0) |
    (vmo.kind === "contiguous" ? CONTIGUOUS : 0) | (vmo.discardLock ? DISCARDABLE : 0) |
    (vmo.immutable ? IMMUTABLE : 0);
}

function statsOf(process: Process) {
  const sum = { mapped: 0, privateBytes: 0, shared: 0, scaled: 0 };
  for (const { vmo, offset, size } of process.space.roots.flatMap(mappingsOf)) {
    sum.mapped += size;
    const { bytes, unshared, scaled } = attribution(vmo, offset, size);
    const own = vmo.showings.spaces > 1 ? 0 : unshared;
    sum.privateBytes += own;
    sum.shared += bytes - own;
    sum.scaled += (scaled - own) / vmo.showings.spaces;
  }
  const { mapped, privateBytes, shared, scaled } = sum;
  const whole = Math.floor(scaled);
  const fractionalScaledShared = fraction(scaled);
  return { mapped, privateBytes, shared, scaledShared: whole, fractionalScaledShared };
}

function mappingsOf(region: Vmar): Mapping[] {
  return region.regions.all().flatMap((inner) => {
    return inner instanceof Mapping ? [inner] : mappingsOf(inner);
  });
}

/** What a range takes of memory. */
interface Attribution {
  /** All of it, shared with copies or not. */
  readonly bytes: number;
  /** What no copy shares. */
  readonly unshared: number;
  /** All of it, each page divided by how many share it. */
  readonly scaled: number;
}

function attribution(vmo: Vmo, offset: number, size: number): Attribution {
  const { content, firstPage, realm: { frames } } = vmo;
  const first = firstPage + Math.floor(offset / PAGE_SIZE);
  const found = { bytes: 0, unshared: 0, scaled: 0 };
  content.pages.forEach(first, first + Math.ceil(size / PAGE_SIZE), (_page, frame) => {
    if (frame <= 0) return;
    const holders = frames.holders(frame);
    found.bytes += PAGE_SIZE;
    found.scaled += PAGE_SIZE / holders;
    if (holders === 1) found.unshared += PAGE_SIZE;
  });
  return found;
}

/** The fields of a record that say so; what is committed is populated, too, since nothing is compressed. */
function bytesOf({ bytes, unshared, scaled }: Attribution) {
  const whole = Math.floor(scaled);
  return {
    committedBytes: bytes,
    populatedBytes: bytes,
    committedPrivateBytes: unshared,
    populatedPrivateBytes: unshared,
    committedScaledBytes: whole,
    populatedScaledBytes: whole,
    committedFractionalScaledBytes: fraction(scaled),
    populatedFractionalScaledBytes: fraction(scaled),
  };
}

/** What is left of a number beyond the whole, in 2^63rds. */
function fraction(scaled: number): number {
  return (scaled - Math.floor(scaled)) * 2 ** 63;
}
