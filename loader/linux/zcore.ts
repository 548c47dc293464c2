/**
 * What zCore's in-kernel loader makes of a program: eight shapes of files end its kernel, and this
 * format ends the modelled one at the same shapes. What harms nobody is left to the next format.
 *
 * @module
 */
import type { BinaryFormat } from "../../kernel/linux/binary_format.ts";
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { RegularFile } from "../../kernel/linux/fs/regular_file.ts";
import { walk } from "../../kernel/linux/fs/path_walk.ts";
import { nameOf } from "../../kernel/linux/name.ts";
import { loadElfPhdrs, type Phdr, Pt, readEhdr } from "./elf_file.ts";
import { relocationPanic } from "./zcore_relocations.ts";

/** The format; register it before that of ELF. */
export const ZCORE_FORMAT: BinaryFormat = { name: "zcore", load: loadAsZcore };

const EHDR_SIZE = 64;
/** So deep the recursion may go before the kernel's stack is over. */
const STACK_DEPTH = 64;
const KNOWN_TYPES: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 7]);

function loadAsZcore(bprm: Bprm): number {
  const reason = panicOf(bprm, bprm.file.inode, 0);
  if (reason === null) return Errno.ENOEXEC;
  bprm.step("panic", reason);
  bprm.task.linux.panic(reason);
  return Errno.EIO;
}

/** Why the kernel would end at this file; null if it would not. */
function panicOf(bprm: Bprm, file: RegularFile, depth: number): string | null {
  const header = readEhdr(file.readAt(0, EHDR_SIZE));
  if (!header || !header.isForThisMachine) return null;
  if (depth > STACK_DEPTH) return "stack overflow: load() calls itself for each PT_INTERP";
  const phdrs = header.phnum === 0 ? [] : loadElfPhdrs(file, header);
  if (phdrs === null) return null;
  const odd = phdrs.find(({ type }) => !isKnownType(type));
  if (odd) return `get_type().unwrap() on Err: p_type ${odd.type.toString(16)}`;
  const interp = phdrs.find(({ type }) => type === Pt.INTERP);
  if (interp) return interpreterPanic(bprm, file, interp, depth);
  return segmentsPanic(file, phdrs) ?? relocationPanic(file);
}

/** The processor's and the system's own types count as known. */
function isKnownType(type: number): boolean {
  return KNOWN_TYPES.has(type) || (type >= 0x60000000 && type <= 0x7fffffff);
}

function interpreterPanic(
  bprm: Bprm,
  file: RegularFile,
  { offset, filesz }: Phdr,
  depth: number,
): string | null {
  if (offset + filesz > file.size) {
    return "get_data().unwrap() on Err: PT_INTERP is not in the file";
  }
  const bytes = file.readAt(offset, filesz);
  const end = bytes.indexOf(0);
  if (end < 0) return `index out of bounds: the len is ${filesz}: PT_INTERP has no NUL`;
  const { task } = bprm;
  const found = walk(task.walker, task.fs.directory, nameOf(bytes.subarray(0, end)));
  if (typeof found === "number" || !(found.inode instanceof RegularFile)) return null;
  return panicOf(bprm, found.inode, depth + 1);
}

function segmentsPanic(file: RegularFile, phdrs: readonly Phdr[]): string | null {
  const loads = phdrs.filter(({ type }) => type === Pt.LOAD);
  if (loads.length === 0) return "first_vmo.unwrap() on None: no PT_LOAD";
  const outside = loads.find(({ offset, filesz }) => offset + filesz > file.size);
  return outside ? "get_data().unwrap() on Err: a segment's bytes are not in the file" : null;
}
