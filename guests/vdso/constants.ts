/**
 * The facts about the machine that the vDSO knows without asking the kernel: a record in its
 * read-only part that the kernel fills in before the first process starts.
 *
 * @module
 */
import { ByteWriter } from "../byte_writer.ts";

/** What the record says. */
export interface VdsoConstants {
  /** The most processors that can ever run. */
  readonly cpus: number;
  /** Which of the processor's extensions there are, a bit for each letter from `a`. */
  readonly features: number;
  /** Bytes in a line of the data cache. */
  readonly dcacheLine: number;
  /** Bytes in a line of the instruction cache. */
  readonly icacheLine: number;
  /** Bytes in a page. */
  readonly pageSize: number;
  /** How often `time` ticks in a second. */
  readonly ticksPerSecond: number;
  /** What is added to `time` for the monotonic clock, in ticks. */
  readonly monotonicOffset: number;
  /** What is added to `time` for the clock since boot, in ticks. */
  readonly bootOffset: number;
  /** Bytes of physical memory. */
  readonly physicalMemory: number;
  /** The system's version, at most 63 bytes. */
  readonly version: string;
}

/** Bytes in the record. */
export const CONSTANTS_SIZE = 0x90;

/** Where each fact is in the record, for machine code. */
export const CONSTANT_OFFSETS = {
  cpus: 0x00,
  features: 0x04,
  dcacheLine: 0x08,
  icacheLine: 0x0c,
  pageSize: 0x10,
  versionLength: 0x14,
  ticksPerSecond: 0x18,
  /** Nanoseconds are ticks times this… */
  numerator: 0x20,
  /** …divided by this; both have 32 bits. */
  denominator: 0x28,
  monotonicOffset: 0x30,
  bootOffset: 0x38,
  physicalMemory: 0x40,
  version: 0x48,
} as const;

const VERSION_MAX = 63;

/** The record's bytes. */
export function constantBytes(constants: VdsoConstants): Uint8Array {
  const out = new ByteWriter();
  const { numerator, denominator } = reduced(1_000_000_000, constants.ticksPerSecond);
  const version = new TextEncoder().encode(constants.version).subarray(0, VERSION_MAX);
  out.zeros(CONSTANTS_SIZE);
  out.setU32(CONSTANT_OFFSETS.cpus, constants.cpus);
  out.setU32(CONSTANT_OFFSETS.features, constants.features);
  out.setU32(CONSTANT_OFFSETS.dcacheLine, constants.dcacheLine);
  out.setU32(CONSTANT_OFFSETS.icacheLine, constants.icacheLine);
  out.setU32(CONSTANT_OFFSETS.pageSize, constants.pageSize);
  out.setU32(CONSTANT_OFFSETS.versionLength, version.length);
  out.setU64(CONSTANT_OFFSETS.ticksPerSecond, constants.ticksPerSecond);
  out.setU64(CONSTANT_OFFSETS.numerator, numerator);
  out.setU64(CONSTANT_OFFSETS.denominator, denominator);
  out.setU64(CONSTANT_OFFSETS.monotonicOffset, constants.monotonicOffset);
  out.setU64(CONSTANT_OFFSETS.bootOffset, constants.bootOffset);
  out.setU64(CONSTANT_OFFSETS.physicalMemory, constants.physicalMemory);
  version.forEach((byte, at) => out.setU8(CONSTANT_OFFSETS.version + at, byte));
  return out.bytes();
}

/** A fraction in lowest terms. */
function reduced(numerator: number, denominator: number) {
  let [one, other] = [numerator, denominator];
  while (other !== 0) [one, other] = [other, one % other];
  return { numerator: numerator / one, denominator: denominator / one };
}
