/**
 * Mapping the segments of an ELF file as the later loader does: private pages of the page cache, as
 * many as the segment has in memory, whatever its flags say.
 *
 * @module
 */
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { pageDown } from "../../kernel/rtsmart/mm/layout.ts";
import { dataSet, MapFlag, mmap2 } from "../../kernel/rtsmart/mm/user_mm.ts";
import { ElfType, PF_W, type Phdr, Pt } from "./elf_file.ts";
import type { ElfInfo } from "./lwp_elf.ts";

/** Neither files nor segments may be larger. */
const SIZE_MAX = 0xc000_0000;

/** Where a file goes, and where its first segment went. */
export interface LoadedAt {
  /** What is added to its addresses. */
  base: number;
  /** Where its first segment is; 0 while it is nowhere. */
  address: number;
}

/** Whether a program header's numbers are refused (`elf_check_phdr`). */
export function isTooLarge({ filesz, offset, memsz }: Phdr): boolean {
  return filesz > SIZE_MAX || offset > SIZE_MAX || memsz > SIZE_MAX;
}

/** How far it is from the first segment's page to the last one's end, in 32 bits; -1 for none. */
export function totalMappingSize(phdrs: readonly Phdr[]): number {
  const loads = phdrs.filter(({ type }) => type === Pt.LOAD);
  const [first] = loads;
  const last = loads.at(-1);
  if (!first || !last) return -1;
  return modulo32(last.vaddr + last.memsz - pageDown(first.vaddr));
}

function modulo32(value: number): number {
  return value - Math.floor(value / 2 ** 32) * 2 ** 32;
}

/** Map every segment (`elf_file_mmap`); answers 0, or an error. */
export function elfFileMmap(
  lwp: Lwp,
  info: ElfInfo,
  { at, mapSize }: { readonly at: LoadedAt; readonly mapSize: number },
): number {
  lwp.step("elf_file_mmap", info.file.path);
  let size = mapSize;
  for (const phdr of info.phdrs) {
    if (phdr.type !== Pt.LOAD) continue;
    if (info.ehdr.type === ElfType.EXEC && isTooLarge(phdr)) return RtError.ERROR;
    const address = phdr.vaddr + at.base;
    const mapped = elfMap(lwp, info, { phdr, address, mapSize: size });
    if (mapped <= 0) return Errno.ENOMEM;
    size = 0;
    zeroBss(lwp, phdr, address);
    if (at.address === 0) at.address = mapped + phdr.vaddr % PAGE_SIZE;
    if (at.base === 0 && info.ehdr.type === ElfType.DYN) at.base = mapped;
  }
  return 0;
}

/** Map one segment; answers where, or 0 or an error. */
function elfMap(
  lwp: Lwp,
  { file }: ElfInfo,
  { phdr, address, mapSize }: { phdr: Phdr; address: number; mapSize: number },
): number {
  const within = phdr.vaddr % PAGE_SIZE;
  const start = pageDown(address);
  const length = mapSize !== 0 ? mapSize : phdr.memsz + within;
  if (length === 0) return start;
  const offset = pageDown(phdr.offset - within);
  // Without a page cache a file cannot be mapped, and this loader knows no other way.
  if (!lwp.rtsmart.hasPageCache || offset < 0 || start === 0) return 0;
  const at = mmap2(lwp, start, length, {
    flags: MapFlag.FIXED | MapFlag.PRIVATE,
    file: { file: file.file, path: file.path, offset },
  });
  lwp.step("lwp_mmap2", `0x${start.toString(16)}+0x${length.toString(16)}, file 0x${hex(offset)}`);
  return at;
}

/** Zeros behind a segment's bytes, if the segment may be written. */
function zeroBss(lwp: Lwp, { filesz, memsz, flags }: Phdr, address: number): void {
  if (memsz <= filesz || (flags & PF_W) === 0) return;
  const length = memsz - filesz;
  lwp.step("lwp_data_set", `${length} zeros at 0x${(address + filesz).toString(16)}`);
  lwp.copied(dataSet(lwp, address + filesz, length), "zeros behind the data");
}

function hex(value: number): string {
  return Math.max(0, value).toString(16);
}
