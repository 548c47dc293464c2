/**
 * Mapping the segments of an ELF file, as `elf_load` and `elf_map` do.
 *
 * @module
 */
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import type { OpenRegular } from "../../kernel/linux/fs/open_regular.ts";
import { pageDown, pageUp, TASK_SIZE } from "../../kernel/linux/mm/layout.ts";
import { unmap } from "../../kernel/linux/mm/map.ts";
import { mapZeros, mmap } from "../../kernel/linux/mm/mmap.ts";
import { Access } from "../../kernel/ports.ts";
import { Pf, type Phdr } from "./elf_file.ts";

/** Where a segment goes. */
export interface SegmentPlace {
  /** The file that it is in. */
  readonly file: OpenRegular;
  /** Its first address. */
  readonly address: number;
  /** Flags of `mmap`. */
  readonly flags: number;
  /** Room to take for all segments at once; 0 for this one's alone. */
  readonly totalSize: number;
}

/** Map a segment with what lies behind it in memory; answers where, or why not. */
export function elfLoad(bprm: Bprm, phdr: Phdr, place: SegmentPlace): number {
  const { filesz, memsz, vaddrPage: { within } } = phdr;
  const prot = protOf(phdr);
  let mapped = pageDown(place.address);
  let zeroStart = mapped;
  const zeroEnd = () => mapped + within + memsz;
  if (filesz > 0) {
    mapped = elfMap(bprm, phdr, place);
    if (isBadAddress(mapped)) return mapped;
    zeroStart = mapped + within + filesz;
    if (memsz > filesz && !padZero(bprm, zeroStart) && (prot & Access.WRITE) !== 0) {
      return Errno.EFAULT;
    }
  }
  if (memsz <= filesz) return mapped;
  return setBrk(bprm, { start: pageUp(zeroStart), end: pageUp(zeroEnd()) }, prot) || mapped;
}

/** Whether a number is no address of a program. */
export function isBadAddress(address: number): boolean {
  return address < 0 || address >= TASK_SIZE;
}

/** What a segment's flags allow. */
function protOf({ flags }: Phdr): number {
  return ((flags & Pf.R) !== 0 ? Access.READ : 0) | ((flags & Pf.W) !== 0 ? Access.WRITE : 0) |
    ((flags & Pf.X) !== 0 ? Access.EXECUTE : 0);
}

function elfMap(bprm: Bprm, phdr: Phdr, { file, address, flags, totalSize }: SegmentPlace): number {
  const { filesz, offsetPage, vaddrPage: { within } } = phdr;
  if (offsetPage.within !== within) return Errno.EINVAL;
  const size = pageUp(filesz + within);
  const length = totalSize > 0 ? pageUp(totalSize) : size;
  const prot = protOf(phdr);
  const at = mmap(bprm.mm, {
    address: pageDown(address),
    length,
    prot,
    flags,
    file,
    offset: offsetPage.start,
    shared: bprm.task.linux.rootFs,
  });
  if (at >= 0 && length > size) unmap(bprm.mm, at + size, at + length);
  bprm.step("elf_map", `${hex(address - within)}+${hex(size)} ${letters(prot)} -> ${hex(at)}`);
  return at;
}

/** Let the rest of a page be zeros; answers whether it could be written. */
function padZero(bprm: Bprm, address: number): boolean {
  const rest = pageUp(address) - address;
  if (rest === 0) return true;
  bprm.step("padzero", `${rest} bytes at ${hex(address)}`);
  return bprm.mm.memory.write(address, new Uint8Array(rest)) === 0;
}

function setBrk(bprm: Bprm, { start, end }: { start: number; end: number }, prot: number): number {
  if (end <= start) return 0;
  const isExecutable = (prot & Access.EXECUTE) !== 0;
  const status = end > TASK_SIZE
    ? Errno.ENOMEM
    : mapZeros(bprm.mm, start, end - start, isExecutable);
  bprm.step("set_brk", `${hex(start)}+${hex(end - start)} of zeros`);
  return status;
}

function letters(prot: number): string {
  return (prot & 1 ? "r" : "-") + (prot & 2 ? "w" : "-") + (prot & 4 ? "x" : "-");
}

function hex(value: number): string {
  return value < 0 ? `${value}` : value.toString(16);
}
