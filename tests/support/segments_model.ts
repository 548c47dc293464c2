/**
 * How Linux maps one segment of an ELF file: `elf_load`, `elf_map`, `vm_mmap` and `vm_brk_flags`, for a
 * caller who may map every address.
 *
 * @module
 */
import { type ModelAddresses, PAGE, Prot, TASK_SIZE } from "./addresses_model.ts";
import type { ModelSegment } from "./elf_model.ts";

/** Where a segment is wanted. */
export interface ModelPlace {
  readonly file: Uint8Array;
  readonly address: bigint;
  /** In place of what is there, only where nothing is, or wherever there is room. */
  readonly way: "fixed" | "new" | "anywhere";
  /** Room for all segments at once; 0 for this one's alone. */
  readonly total: bigint;
}

const U64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const down = (value: bigint): bigint => value - value % PAGE;
const up = (value: bigint): bigint => down(U64(value + PAGE - 1n));

/** Maps segments into addresses. */
export class ModelLoad {
  readonly addresses: ModelAddresses;
  readonly #memoryBytes: bigint;

  constructor(addresses: ModelAddresses, memoryBytes: bigint) {
    this.addresses = addresses;
    this.#memoryBytes = memoryBytes;
  }

  /** How far segments reach, from the first page of the lowest to the end of the highest. */
  total(loads: readonly ModelSegment[]): bigint {
    if (loads.length === 0) return 0n;
    const starts = loads.map(({ vaddr }) => down(vaddr));
    const ends = loads.map(({ vaddr, memsz }) => U64(vaddr + memsz));
    const low = starts.reduce((one, two) => one < two ? one : two);
    return U64(ends.reduce((one, two) => one > two ? one : two, 0n) - low);
  }

  /** Map a segment and the zeros behind it; answers where, or null where that fails. */
  segment(segment: ModelSegment, place: ModelPlace): bigint | null {
    const { vaddr, filesz, memsz, flags } = segment;
    const within = vaddr % PAGE;
    let at: bigint | null = down(place.address);
    let from = at;
    if (filesz > 0n) {
      at = this.#file(segment, place);
      if (at === null || at >= TASK_SIZE) return at;
      from = U64(at + within + filesz);
      const isWritable = (flags & 2) !== 0;
      if (memsz > filesz && !this.addresses.zero(from) && isWritable) return null;
    }
    if (memsz <= filesz) return at;
    const start = up(from);
    const length = U64(up(U64(at + within + memsz)) - start);
    return this.#zeros(start, length, (flags & 1) !== 0) ? at : null;
  }

  #file(segment: ModelSegment, { file, address, way, total }: ModelPlace): bigint | null {
    const within = segment.vaddr % PAGE;
    const size = up(U64(segment.filesz + within));
    const offset = U64(segment.offset - within);
    const wanted = down(address);
    if (size === 0n) return wanted;
    const length = total > 0n ? up(total) : size;
    if (length === 0n || offset % PAGE !== 0n) return null;
    if (offset + length >= 1n << 63n || length > TASK_SIZE - PAGE) return null;
    const start = way === "anywhere" ? this.#anywhere(wanted, length) : wanted;
    if (start === null || start > TASK_SIZE - length) return null;
    if (way === "new" && !this.addresses.isFree(start, start + length)) return null;
    const prot = protOf(segment.flags);
    if ((prot & Prot.WRITE) !== 0 && length > this.#memoryBytes) return null;
    this.addresses.put({ start, end: start + length, prot, file, offset });
    if (length > size) this.addresses.take(start + size, start + length);
    return start;
  }

  #anywhere(hint: bigint, length: bigint): bigint | null {
    const isGood = hint > 0n && hint <= TASK_SIZE - length &&
      this.addresses.isFree(hint, hint + length);
    return isGood ? hint : this.addresses.room(length);
  }

  #zeros(start: bigint, length: bigint, isExecutable: boolean): boolean {
    if (length === 0n) return true;
    if (length > TASK_SIZE - PAGE || start > TASK_SIZE - length) return false;
    if (length > this.#memoryBytes) return false;
    const prot = Prot.READ | Prot.WRITE | (isExecutable ? Prot.EXEC : 0);
    this.addresses.put({ start, end: start + length, prot, file: null, offset: 0n });
    return true;
  }
}

function protOf(flags: number): number {
  return ((flags & 4) !== 0 ? Prot.READ : 0) | ((flags & 2) !== 0 ? Prot.WRITE : 0) |
    ((flags & 1) !== 0 ? Prot.EXEC : 0);
}
