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
import { Iob, type IobRegion } from "../task/iob.ts";
import { Process } from "../task/process.ts";
import { Mapping } from "../vm/mapping.ts";
import { Vmar } from "../vm/vmar.ts";
import { Vmo } from "../vm/vmo.ts";
import { Attributions, bytesOf, fraction } from "./attribution.ts";
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
    records: (vmar) => vmar.alive ? mapsOf(vmar, 0, new Attributions()) : Status.BAD_STATE,
  }),
  answer(InfoTopic.PROCESS_MAPS, {
    type: Process,
    rights: Right.INSPECT,
    records(process, asker) {
      return refuseMaps(process, asker) ??
        process.space.roots.flatMap((root) => [
          aspaceRecord(process, root),
          ...mapsOf(root, 1, new Attributions()),
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
    records: (vmo, { handle }) => [
      vmoRecord(vmo, {
        via: VmoInfoFlag.VIA_HANDLE,
        rights: handle.rights,
        taken: new Attributions(),
      }),
    ],
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

function mapsOf(region: Vmar | Mapping, depth: number, taken: Attributions): MapsRecord[] {
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
      ...bytesOf(taken.of(vmo, offset, size)),
    }];
  }
  const own = { name: region.name, base, size, depth, type: MapsType.VMAR, ...NO_MAPPING };
  return [own, ...region.regions.all().flatMap((inner) => mapsOf(inner, depth + 1, taken))];
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
  const taken = new Attributions();
  const add = (vmo: Vmo, via: number, rights: number) => {
    if (available++ < room) given.push(vmoRecord(vmo, { via, rights, taken }));
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

/** How a memory object is known, with which rights, and what counts its pages. */
interface Seen {
  readonly via: number;
  readonly rights: number;
  readonly taken: Attributions;
}

function vmoRecord(vmo: Vmo, { via, rights, taken }: Seen): VmoRecord {
  return {
    koid: vmo.koid,
    name: vmo.name,
    sizeBytes: vmo.size,
    parentKoid: vmo.relatedKoid,
    children: vmo.children,
    mappings: vmo.showings.mappings,
    shareCount: vmo.showings.spaces,
    flags: flagsOf(vmo) | via,
    handleRights: rights,
    cachePolicy: vmo.cachePolicy,
    metadataBytes: 0,
    committedChangeEvents: 0,
    ...bytesOf(taken.of(vmo, 0, vmo.size)),
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
  const taken = new Attributions();
  const sum = { mapped: 0, privateBytes: 0, shared: 0, scaled: 0 };
  for (const { vmo, offset, size } of process.space.roots.flatMap(mappingsOf)) {
    sum.mapped += size;
    const { bytes, unshared, scaled } = taken.of(vmo, offset, size);
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
