/**
 * The fields of an ELF file that Linux looks at, as whole numbers of 64 bits.
 *
 * @module
 */

/** A header. */
export interface ModelHeader {
  readonly type: number;
  readonly isRiscv: boolean;
  readonly entry: bigint;
  readonly phoff: bigint;
  readonly phentsize: number;
  readonly phnum: number;
}

/** A program header. */
export interface ModelSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly vaddr: bigint;
  readonly filesz: bigint;
  readonly memsz: bigint;
  readonly align: bigint;
}

const PHDR = 56;
const TABLE_MAX = 4096;

/** The header of a file, read into a buffer of zeros; null where the magic is another. */
export function readHeader(file: Uint8Array): ModelHeader | null {
  const bytes = new Uint8Array(64);
  bytes.set(file.subarray(0, 64));
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0) !== 0x7f454c46) return null;
  return {
    type: view.getUint16(16, true),
    isRiscv: view.getUint16(18, true) === 243 && view.getUint8(4) === 2,
    entry: view.getBigUint64(24, true),
    phoff: view.getBigUint64(32, true),
    phentsize: view.getUint16(54, true),
    phnum: view.getUint16(56, true),
  };
}

/** The program headers, or null where the table is none. */
export function readSegments(file: Uint8Array, header: ModelHeader): ModelSegment[] | null {
  const { phentsize, phnum, phoff } = header;
  const size = phnum * PHDR;
  if (phentsize !== PHDR || size === 0 || size > TABLE_MAX) return null;
  if (phoff + BigInt(size) > BigInt(file.length)) return null;
  const view = new DataView(file.buffer, file.byteOffset + Number(phoff), size);
  return Array.from({ length: phnum }, (_, index) => {
    const u64 = (at: number) => view.getBigUint64(index * PHDR + at, true);
    return {
      type: view.getUint32(index * PHDR, true),
      flags: view.getUint32(index * PHDR + 4, true),
      offset: u64(8),
      vaddr: u64(16),
      filesz: u64(32),
      memsz: u64(40),
      align: u64(48),
    };
  });
}
