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
import { answer, type Asker } from "./info_answer.ts";

type MapsRecord = Omit<InfoRecord<"PROCESS_MAPS">, "padding1" | "padding2">;
type VmoRecord = Omit<InfoRecord<"VMO">, "padding1">;

const NO_MAPPING = {
  mmuFlags: 0,
  vmoKoid: 0,
  vmoOffset: 0,
  committedBytes: 0,
  populatedBytes: 0,
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
    records: (process, asker) => refuseMaps(process, asker) ?? vmosOf(process),
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
    const bytes = framesBetween(vmo, offset, size) * PAGE_SIZE;
    return [{
      name: vmo.name,
      base,
      size,
      depth,
      type: MapsType.MAPPING,
      mmuFlags: access,
      vmoKoid: vmo.koid,
      vmoOffset: offset,
      committedBytes: bytes,
      populatedBytes: bytes,
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

function vmosOf(process: Process): VmoRecord[] {
  const found: VmoRecord[] = [];
  for (const [, { object, rights }] of process.handleTable.entries()) {
    if (object instanceof Vmo) found.push(vmoRecord(object, VmoInfoFlag.VIA_HANDLE, rights));
    if (!(object instanceof Iob)) continue;
    for (const { vmo, rights: mapped } of object.mappable) {
      found.push(vmoRecord(vmo, VmoInfoFlag.VIA_IOB, mapped & rights));
    }
  }
  for (const { vmo } of process.space.roots.flatMap(mappingsOf)) {
    found.push(vmoRecord(vmo, VmoInfoFlag.VIA_MAPPING, 0));
  }
  return found;
}

function vmoRecord(vmo: Vmo, via: number, handleRights: number): VmoRecord {
  const bytes = framesBetween(vmo, 0, vmo.size) * PAGE_SIZE;
  return {
    koid: vmo.koid,
    name: vmo.name,
    sizeBytes: vmo.size,
    parentKoid: vmo.relatedKoid,
    children: vmo.children,
    mappings: vmo.mappings,
    shareCount: vmo.mappings,
    flags: flagsOf(vmo) | via,
    committedBytes: bytes,
    handleRights,
    cachePolicy: vmo.cachePolicy,
    metadataBytes: 0,
    committedChangeEvents: 0,
    populatedBytes: bytes,
  };
}

function flagsOf(vmo: Vmo): number {
  const { TYPE_PAGED, RESIZABLE, IS_COW_CLONE, PAGER_BACKED } = VmoInfoFlag;
  const { CONTIGUOUS, DISCARDABLE, IMMUTABLE } = VmoInfoFlag;
  return (vmo.kind === "physical" ? 0 : TYPE_PAGED) | (vmo.resizable ? RESIZABLE : 0) |
    (vmo.content.copy ? IS_COW_CLONE : 0) | (vmo.content.source ? PAGER_BACKED : 0) |
    (vmo.kind === "contiguous" ? CONTIGUOUS : 0) | (vmo.discardLock ? DISCARDABLE : 0) |
    (vmo.immutable ? IMMUTABLE : 0);
}

function statsOf(process: Process) {
  let mapped = 0;
  let shared = 0;
  let privateBytes = 0;
  for (const { vmo, offset, size } of process.space.roots.flatMap(mappingsOf)) {
    mapped += size;
    const bytes = framesBetween(vmo, offset, size) * PAGE_SIZE;
    if (vmo.mappings > 1) shared += bytes;
    else privateBytes += bytes;
  }
  return { mapped, privateBytes, shared, scaledShared: shared };
}

function mappingsOf(region: Vmar): Mapping[] {
  return region.regions.all().flatMap((inner) => {
    return inner instanceof Mapping ? [inner] : mappingsOf(inner);
  });
}

/** How many pages of a range have a frame. */
function framesBetween({ content, firstPage }: Vmo, offset: number, size: number): number {
  const first = firstPage + Math.floor(offset / PAGE_SIZE);
  let frames = 0;
  content.pages.forEach(first, first + Math.ceil(size / PAGE_SIZE), (_page, value) => {
    if (value > 0) frames++;
  });
  return frames;
}
