/**
 * What `zx_object_get_info` can be asked, and how each answer lies in memory.
 *
 * @module
 */
import { NAME_SIZE } from "./objects.ts";
import {
  type Fields,
  flag,
  i64,
  list,
  padding,
  Structure,
  text,
  u32,
  u64,
  type ValuesOf,
} from "./structure.ts";

/** A topic: its number, the records that answer it, and whether there can be many of them. */
export interface InfoTopic<F extends Fields = Fields> {
  /** Its number, with the version of its record in the highest four bits. */
  readonly number: number;
  /** One record. */
  readonly record: Structure<F>;
  /** Whether it is answered with as many records as there are. */
  readonly many: boolean;
}

const KOID = { koid: u64 };

/** Bytes that nobody else has a copy of, and all bytes divided by how many have them. */
const SHARES = {
  committedPrivateBytes: u64,
  populatedPrivateBytes: u64,
  committedScaledBytes: u64,
  populatedScaledBytes: u64,
  committedFractionalScaledBytes: u64,
  populatedFractionalScaledBytes: u64,
};

const VMO = {
  koid: u64,
  name: text(NAME_SIZE),
  sizeBytes: u64,
  parentKoid: u64,
  children: u64,
  mappings: u64,
  shareCount: u64,
  flags: u32,
  padding1: padding(4),
  committedBytes: u64,
  handleRights: u32,
  cachePolicy: u32,
  metadataBytes: u64,
  committedChangeEvents: u64,
  populatedBytes: u64,
  ...SHARES,
};

const MAPS = {
  name: text(NAME_SIZE),
  base: u64,
  size: u64,
  depth: u64,
  type: u32,
  padding1: padding(4),
  mmuFlags: u32,
  padding2: padding(4),
  vmoKoid: u64,
  vmoOffset: u64,
  committedBytes: u64,
  populatedBytes: u64,
  ...SHARES,
};

const CPU_SET = list(u64, 8);

/** Every topic, by its name without `ZX_INFO_`. */
export const InfoTopic = {
  HANDLE_VALID: one(1, {}),
  HANDLE_BASIC: one(2, { koid: u64, rights: u32, type: u32, relatedKoid: u64, reserved: u32 }),
  PROCESS: one(3, { returnCode: i64, startTime: i64, flags: u32 }, 1),
  PROCESS_THREADS: many(4, KOID),
  VMAR: one(7, { base: u64, length: u64 }),
  JOB_CHILDREN: many(8, KOID),
  JOB_PROCESSES: many(9, KOID),
  THREAD: one(10, { state: u32, waitExceptionChannelType: u32, cpuAffinityMask: CPU_SET }),
  THREAD_EXCEPTION_REPORT: one(11, {
    size: u32,
    type: u32,
    cause: u64,
    value: u64,
    reserved: u64,
    synthCode: u32,
    synthData: u32,
  }, 1),
  TASK_STATS: one(12, {
    mapped: u64,
    privateBytes: u64,
    shared: u64,
    scaledShared: u64,
    fractionalScaledShared: u64,
  }, 1),
  PROCESS_MAPS: many(13, MAPS, 2),
  PROCESS_VMOS: many(14, VMO, 3),
  THREAD_STATS: one(15, { totalRuntime: i64, lastScheduledCpu: u32 }),
  CPU_STATS: many(16, {
    cpuNumber: u32,
    flags: u32,
    idleTime: i64,
    reschedules: u64,
    contextSwitches: u64,
    irqPreempts: u64,
    preempts: u64,
    yields: u64,
    ints: u64,
    timerInts: u64,
    timers: u64,
    pageFaults: u64,
    exceptions: u64,
    syscalls: u64,
    rescheduleIpis: u64,
    genericIpis: u64,
  }),
  KMEM_STATS: one(17, {
    totalBytes: u64,
    freeBytes: u64,
    wiredBytes: u64,
    totalHeapBytes: u64,
    freeHeapBytes: u64,
    vmoBytes: u64,
  }, 1),
  RESOURCE: one(18, { kind: u32, flags: u32, base: u64, size: u64, name: text(NAME_SIZE) }),
  HANDLE_COUNT: one(19, { handleCount: u32 }, 0, 4),
  PROCESS_HANDLE_STATS: one(21, { handleCount: list(u32, 64) }),
  SOCKET: one(22, {
    options: u32,
    rxBufMax: u64,
    rxBufSize: u64,
    rxBufAvailable: u64,
    txBufMax: u64,
    txBufSize: u64,
  }),
  VMO: one(23, VMO, 3),
  JOB: one(24, { returnCode: i64, exited: flag, killOnOom: flag, debuggerAttached: flag }),
  TIMER: one(25, { options: u32, clockId: u32, deadline: i64, slack: i64 }),
  STREAM: one(26, { options: u32, seek: u64, contentSize: u64 }),
  HANDLE_TABLE: many(27, {
    type: u32,
    handleValue: u32,
    rights: u32,
    reserved: u32,
    koid: u64,
    relatedKoid: u64,
    peerOwnerKoid: u64,
  }),
  TASK_RUNTIME: one(30, {
    cpuTime: i64,
    queueTime: i64,
    pageFaultTime: i64,
    lockContentionTime: i64,
  }, 1),
  IOB: one(34, { options: u64, regionCount: u32, padding1: padding(4) }),
  IOB_REGIONS: many(35, {
    type: u32,
    access: u32,
    size: u64,
    discipline: u64,
    tag: list(u32, 2),
    reserved: list(u64, 7),
    extension: list(u64, 4),
    koid: u64,
  }),
  VMAR_MAPS: many(36, MAPS, 2),
  INTERRUPT: one(39, { options: u32 }),
  CLOCK_MAPPED_SIZE: one(40, { size: u64 }),
} as const;

/** A topic's name. */
export type InfoName = keyof typeof InfoTopic;

/** One record of a topic. */
export type InfoRecord<N extends InfoName> = (typeof InfoTopic)[N] extends InfoTopic<infer F>
  ? ValuesOf<F>
  : never;

/** Bits of `flags` in a process's information. */
export const ProcessInfoFlag = { STARTED: 1, EXITED: 2, DEBUGGER_ATTACHED: 4 } as const;

/** What a line of `PROCESS_MAPS` is about. */
export const MapsType = { NONE: 0, ASPACE: 1, VMAR: 2, MAPPING: 3 } as const;

/** The records in an answer. */
export function decodeInfo<N extends InfoName>(name: N, bytes: Uint8Array): InfoRecord<N>[] {
  const { record } = InfoTopic[name] as InfoTopic;
  const length = record.size === 0 ? 0 : Math.floor(bytes.length / record.size);
  return Array.from({ length }, (_, at) => {
    return record.decode(bytes, at * record.size) as unknown as InfoRecord<N>;
  });
}

function one<F extends Fields>(number: number, fields: F, version = 0, align = 8): InfoTopic<F> {
  return { number: topic(number, version), record: new Structure(fields, align), many: false };
}

function many<F extends Fields>(number: number, fields: F, version = 0): InfoTopic<F> {
  return { number: topic(number, version), record: new Structure(fields), many: true };
}

function topic(number: number, version: number): number {
  return (number | version << 28) >>> 0;
}
