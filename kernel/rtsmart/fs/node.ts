/**
 * What every file is: a directory, bytes, or a device.
 *
 * @module
 */
import type { OpenFile } from "./open_file.ts";

/** Kinds of files, as `st_mode` has them. */
export const FileKind = {
  PIPE: 0o010000,
  DEVICE: 0o020000,
  DIRECTORY: 0o040000,
  REGULAR: 0o100000,
  MASK: 0o170000,
} as const;

/** The bit of a mode that lets a file be executed. */
export const EXECUTABLE = 0o100;

/** A file. */
export abstract class Node {
  /** Its number. */
  readonly ino: number;
  /** Its kind and permissions, which nobody asks but `access`. */
  mode: number;
  /** When it was last changed, in nanoseconds of the machine. */
  modified = 0;

  /** A file of a number and a mode. */
  constructor(ino: number, mode: number) {
    this.ino = ino;
    this.mode = mode;
  }

  /** What kind it is. */
  get kind(): number {
    return this.mode & FileKind.MASK;
  }

  /** How many bytes it has. */
  get size(): number {
    return 0;
  }

  /** Open it; answers the open file, or an error. */
  abstract open(flags: number, path: string): OpenFile | number;

  /** It has no name any more. */
  unlinked(): void {}
}
