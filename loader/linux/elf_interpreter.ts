/**
 * The dynamic linker that an ELF file wants: found and read before the point of no return, mapped
 * behind it.
 *
 * @module
 */
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { doOpenExecat } from "../../kernel/linux/exec.ts";
import type { OpenRegular } from "../../kernel/linux/fs/open_regular.ts";
import { nameOf } from "../../kernel/linux/name.ts";
import { TASK_SIZE } from "../../kernel/linux/mm/layout.ts";
import { MapFlag } from "../../kernel/linux/abi/memory.ts";
import {
  type Ehdr,
  EHDR_SIZE,
  elfRead,
  ElfType,
  loadElfPhdrs,
  type Phdr,
  Pt,
  readEhdr,
  totalMappingSize,
} from "./elf_file.ts";
import { elfLoad, isBadAddress } from "./elf_map.ts";

const PATH_MAX = 4096;

/** A dynamic linker that is open and was read. */
export interface Interpreter {
  /** Its file. */
  readonly file: OpenRegular;
  /** Its header. */
  readonly header: Ehdr;
  /** Its program headers. */
  readonly phdrs: readonly Phdr[];
}

/** Open what the first PT_INTERP names; null if there is none, or an error. */
export function openInterpreter(
  bprm: Bprm,
  phdrs: readonly Phdr[],
): { readonly file: OpenRegular; readonly start: Uint8Array } | null | number {
  const phdr = phdrs.find(({ type }) => type === Pt.INTERP);
  if (!phdr) return null;
  const { filesz, offset } = phdr;
  if (filesz > PATH_MAX || filesz < 2) return Errno.ENOEXEC;
  const bytes = elfRead(bprm.file.inode, offset, filesz);
  if (typeof bytes === "number") return bytes;
  if (bytes[filesz - 1] !== 0) return Errno.ENOEXEC;
  const path = nameOf(bytes.subarray(0, bytes.indexOf(0)));
  bprm.step("open_exec", path);
  const { task } = bprm;
  // The kernel looks this name up where the task stands, even if there is nothing in it.
  const file = doOpenExecat(task, { path: path || ".", start: task.fs.directory });
  if (typeof file === "number") return file;
  file.hold();
  const start = elfRead(file.inode, 0, EHDR_SIZE);
  if (typeof start !== "number") return { file, start };
  file.drop();
  return start;
}

/** See whether it can be a dynamic linker; ELIBBAD if not. */
export function checkInterpreter(
  { file, start }: { readonly file: OpenRegular; readonly start: Uint8Array },
): Interpreter | number {
  const header = readEhdr(start);
  if (!header || !header.isForThisMachine) return Errno.ELIBBAD;
  const phdrs = loadElfPhdrs(file.inode, header);
  return phdrs === null ? Errno.ELIBBAD : { file, header, phdrs };
}

/** Map it; answers what is to be added to its own addresses, or why it cannot be mapped. */
export function loadElfInterp(bprm: Bprm, { file, header, phdrs }: Interpreter): number {
  bprm.step("load_elf_interp", `entry ${header.entry.toString(16)}`);
  const isFixed = header.type === ElfType.EXEC;
  if (!isFixed && header.type !== ElfType.DYN) return Errno.EINVAL;
  let totalSize = totalMappingSize(phdrs);
  if (totalSize === 0) return Errno.EINVAL;
  let bias: number | null = isFixed ? 0 : null;
  for (const phdr of phdrs) {
    if (phdr.type !== Pt.LOAD) continue;
    const { vaddrPage, filesz, memsz } = phdr;
    const flags = MapFlag.PRIVATE | (bias === null ? 0 : MapFlag.FIXED);
    const address = bias === null ? 0 : bias + vaddrPage.start + vaddrPage.within;
    const mapped = elfLoad(bprm, phdr, { file, address, flags, totalSize });
    totalSize = 0;
    if (isBadAddress(mapped)) return mapped < 0 ? mapped : Errno.EINVAL;
    bias ??= mapped - vaddrPage.start;
    const start = bias + vaddrPage.start + vaddrPage.within;
    if (isBadAddress(start) || filesz > memsz || memsz > TASK_SIZE - start) {
      return Errno.ENOMEM;
    }
  }
  // What is added wraps, as addresses do.
  return bias === null ? 0 : bias < 0 ? bias + 2 ** 64 : bias;
}
