/**
 * Programs that are known by how their files begin, or by how they are called, each with the program
 * that runs them.
 *
 * @module
 */
import type { BinaryFormat } from "../../kernel/linux/binary_format.ts";
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { doOpenExecat } from "../../kernel/linux/exec.ts";

/** One format, and what runs it. */
export interface MiscEntry {
  /** What it is called. */
  readonly name: string;
  /** What runs it. */
  readonly interpreter: string;
  /** The bytes that a file has at an offset; a mask says which bits count. */
  readonly magic?: {
    readonly bytes: Uint8Array;
    readonly offset?: number;
    readonly mask?: Uint8Array;
  };
  /** What stands behind the last dot of a file's name. */
  readonly extension?: string;
  /** Whether the first argument is kept: flag `P`. */
  readonly keepsArgument0?: boolean;
  /** Whether the file is opened for the interpreter: flag `O`. */
  readonly opensBinary?: boolean;
  /** Whether the rights are those of the file, not of the interpreter: flag `C`. */
  readonly takesCredentials?: boolean;
}

/** The format whose formats can be registered while it runs. */
export class MiscFormat implements BinaryFormat {
  readonly name = "misc";
  readonly #entries: MiscEntry[] = [];

  /** Let programs of one more kind run. */
  register(entry: MiscEntry): void {
    this.#entries.unshift(entry);
  }

  /** Let programs of a kind no longer run. */
  unregister(name: string): void {
    const at = this.#entries.findIndex((entry) => entry.name === name);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  load(bprm: Bprm): number {
    const entry = this.#entries.find((one) => fits(one, bprm));
    if (!entry) return Errno.ENOEXEC;
    if (bprm.isPathInaccessible) return Errno.ENOENT;
    if (entry.keepsArgument0) bprm.keepsArgument0 = true;
    let status = entry.keepsArgument0 ? 0 : bprm.dropArgument0();
    if (status !== 0) return status;
    if (entry.opensBinary) {
      if (bprm.executable) return Errno.ENOEXEC;
      bprm.executable = bprm.file.hold();
    }
    status = bprm.pushName(bprm.interp) || bprm.pushName(entry.interpreter);
    if (status !== 0) return status;
    bprm.argc += 2;
    bprm.interp = entry.interpreter;
    const { task } = bprm;
    const file = doOpenExecat(task, { path: entry.interpreter, start: task.fs.directory });
    if (typeof file === "number") return file;
    bprm.replaceFile(file);
    return 0;
  }
}

function fits({ magic, extension }: MiscEntry, { buffer, interp }: Bprm): boolean {
  if (extension !== undefined) {
    const dot = interp.lastIndexOf(".");
    return dot >= 0 && interp.slice(dot + 1) === extension;
  }
  if (!magic) return false;
  const { bytes, offset = 0, mask } = magic;
  return bytes.every((byte, at) => ((buffer[offset + at]! ^ byte) & (mask?.[at] ?? 0xff)) === 0);
}
