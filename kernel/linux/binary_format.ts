/**
 * What a format of programs is to `execve`: Linux's `struct linux_binfmt`.
 *
 * @module
 */
import type { Bprm } from "./bprm.ts";

/** A format of programs. */
export interface BinaryFormat {
  /** What it is called, such as `elf`. */
  readonly name: string;
  /** Load a program that is of this format; ENOEXEC leaves it to the next one. */
  load(bprm: Bprm): number;
}
