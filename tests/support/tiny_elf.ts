/**
 * The smallest program, as fields that a test can spoil: it ends with code 42.
 *
 * @module
 */

/** The fields of a header, as numbers that need not make sense. */
export interface Header {
  magic: number;
  class: number;
  data: number;
  version: number;
  osabi: number;
  type: number;
  machine: number;
  entry: bigint;
  phoff: bigint;
  flags: number;
  ehsize: number;
  phentsize: number;
  phnum: number;
}

/** A program header, as numbers that need not make sense. */
export interface Segment {
  type: number;
  flags: number;
  offset: bigint;
  vaddr: bigint;
  filesz: bigint;
  memsz: bigint;
  align: bigint;
}

/** The address of the first page. */
export const BASE = 0x10000n;

/** Where the code is in the file: behind room for two hundred program headers. */
export const CODE_OFFSET = 0x2fc0n;

const PHDR = 56;
const SIZE = 0x3000;

/** A file: a header, program headers, and code; strings can be put at offsets. */
export interface TinyElf {
  header: Header;
  segments: Segment[];
  strings: Record<number, string>;
  length: number;
}

/** A program that is fixed, or that can be anywhere. */
export function tinyElf(type = 2): TinyElf {
  const base = type === 2 ? BASE : 0n;
  return {
    header: {
      magic: 0x7f454c46,
      class: 2,
      data: 1,
      version: 1,
      osabi: 0,
      type,
      machine: 243,
      entry: base + CODE_OFFSET,
      phoff: 64n,
      flags: 5,
      ehsize: 64,
      phentsize: PHDR,
      phnum: -1,
    },
    segments: [load(base)],
    strings: {},
    length: SIZE,
  };
}

/** A segment that shows the whole file. */
export function load(vaddr: bigint, change: Partial<Segment> = {}): Segment {
  const size = BigInt(SIZE);
  const whole = { type: 1, flags: 5, offset: 0n, vaddr, filesz: size, memsz: size, align: 4096n };
  return { ...whole, ...change };
}

/** A segment of another type. */
export function other(type: number, change: Partial<Segment> = {}): Segment {
  const none = { flags: 4, offset: 0n, vaddr: 0n, filesz: 0n, memsz: 0n, align: 1n };
  return { ...none, type, ...change };
}

/** The bytes of a file. */
export function encode({ header, segments, strings, length }: TinyElf): Uint8Array {
  const bytes = new Uint8Array(Math.max(SIZE, 64 + segments.length * PHDR));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, header.magic);
  bytes.set([header.class, header.data, header.version, header.osabi], 4);
  view.setUint16(16, header.type, true);
  view.setUint16(18, header.machine, true);
  view.setUint32(20, header.version, true);
  view.setBigUint64(24, header.entry, true);
  view.setBigUint64(32, BigInt.asUintN(64, header.phoff), true);
  view.setUint32(48, header.flags, true);
  view.setUint16(52, header.ehsize, true);
  view.setUint16(54, header.phentsize, true);
  view.setUint16(56, header.phnum < 0 ? segments.length : header.phnum, true);
  segments.forEach((segment, at) => putSegment(view, 64 + at * PHDR, segment));
  // li a7, 94; li a0, 42; ecall
  [0x05e00893, 0x02a00513, 0x73].forEach((word, at) => {
    view.setUint32(Number(CODE_OFFSET) + at * 4, word, true);
  });
  for (const [at, text] of Object.entries(strings)) {
    bytes.set(new TextEncoder().encode(text), Number(at));
  }
  return bytes.slice(0, length);
}

function putSegment(view: DataView, at: number, segment: Segment): void {
  const { type, flags, offset, vaddr, filesz, memsz, align } = segment;
  view.setUint32(at, type, true);
  view.setUint32(at + 4, flags, true);
  [offset, vaddr, 0n, filesz, memsz, align].forEach((value, index) => {
    view.setBigUint64(at + 8 + index * 8, BigInt.asUintN(64, value), true);
  });
}
