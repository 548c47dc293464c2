/**
 * What a model of loading is asked for, and what it answers.
 *
 * @module
 */
import type { HostFiles } from "../../kernel/ports.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";
import type { Photograph } from "./photograph.ts";
import type { LoadReport } from "./report.ts";

/** What to load. */
export interface LoadRequest {
  /** The program's file. */
  readonly file: Uint8Array;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Its environment, as `NAME=value`; nothing unless told. */
  readonly environ?: readonly string[];
  /** Libraries, below `lib/`. */
  readonly libraries: BootFiles;
  /** Files of the host that Linux sees, where there are any. */
  readonly host?: HostFiles;
  /** The program that loads another one over itself, for the model that has one. */
  readonly loader?: Uint8Array;
  /** How much virtual time it may take, in nanoseconds. */
  readonly timeout: number;
  /** Whether it is asked what the program could come to use, which takes a while. */
  readonly wantsReach?: boolean;
  /** A clock outside, in milliseconds. */
  readonly clock: () => number;
}

/** What became of it: what the program printed and the report, or why there is none. */
export interface Loaded {
  /** The report; null if the program never began. */
  readonly report: LoadReport | null;
  /** What it printed. */
  readonly output: string;
  /** Why it did not begin, or did not end; empty if all went well. */
  readonly reason: string;
  /** Its registers and its stack at its first instruction; null if it never began. */
  readonly photograph: Photograph | null;
  /**
   * What it could come to use, whatever programs do, as its machine was at its first instruction,
   * where that was asked and the model can tell.
   */
  readonly reach?: readonly Reachable[];
}

/** Something that a program could come to use. */
export interface Reachable {
  /** The object. */
  readonly what: string;
  /** The rights. */
  readonly access: string;
  /** How it could come to that, from whoever has it. */
  readonly way: readonly string[];
}

/** Why a program that was given up has no end. */
export const ENDLESS = "it did not end in the time it had";
