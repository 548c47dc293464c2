/**
 * Scripts: a first line that names the program which is to read the rest.
 *
 * @module
 */
import type { BinaryFormat } from "../../kernel/linux/binary_format.ts";
import { type Bprm, BPRM_BUFFER_SIZE } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { doOpenExecat } from "../../kernel/linux/exec.ts";
import { nameOf } from "../../kernel/linux/name.ts";

/** The format. */
export const SCRIPT_FORMAT: BinaryFormat = { name: "script", load: loadScript };

const HASH = 0x23;
const BANG = 0x21;
const BLANKS = /[ \t]/;

/** The program and the one argument that a first line names; null if it names none. */
interface FirstLine {
  readonly interpreter: string;
  readonly argument: string | null;
}

function loadScript(bprm: Bprm): number {
  const { buffer } = bprm;
  if (buffer[0] !== HASH || buffer[1] !== BANG) return Errno.ENOEXEC;
  const line = firstLine(nameOf(buffer.subarray(2)));
  if (line === null) return Errno.ENOEXEC;
  if (bprm.isPathInaccessible) return Errno.ENOENT;
  const { interpreter, argument } = line;
  let status = bprm.dropArgument0() || bprm.pushName(bprm.interp);
  if (status !== 0) return status;
  bprm.argc++;
  if (argument !== null) {
    status = bprm.pushName(argument);
    if (status !== 0) return status;
    bprm.argc++;
  }
  status = bprm.pushName(interpreter);
  if (status !== 0) return status;
  bprm.argc++;
  bprm.interp = interpreter;
  bprm.step("open_exec", interpreter);
  const { task } = bprm;
  // A name that is empty is looked up all the same: it is the directory that the task is in.
  const path = interpreter === "" ? "." : interpreter;
  const file = doOpenExecat(task, { path, start: task.fs.directory });
  if (typeof file === "number") return file;
  bprm.replaceFile(file);
  return 0;
}

/** Read what stands behind `#!`; the text is as long as the buffer, zeros where the file ended. */
function firstLine(text: string): FirstLine | null {
  const newline = text.indexOf("\n");
  const isCut = newline < 0;
  let line = isCut ? text.slice(0, BPRM_BUFFER_SIZE - 3) : text.slice(0, newline);
  const start = line.search(/[^ \t]/);
  if (start < 0) return null;
  line = line.slice(start);
  // What does not end in the buffer must at least have a whole name, which its last byte may show.
  if (isCut && !/[ \t\0]/.test(text.slice(start))) return null;
  line = line.replace(/[ \t]+$/, "");
  const zero = line.indexOf("\0");
  if (zero >= 0) line = line.slice(0, zero).replace(/[ \t]+$/, "");
  const blank = line.search(BLANKS);
  if (blank < 0) return { interpreter: line, argument: null };
  const argument = line.slice(blank).replace(/^[ \t]+/, "");
  return { interpreter: line.slice(0, blank), argument: argument === "" ? null : argument };
}
