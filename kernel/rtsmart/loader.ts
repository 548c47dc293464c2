/**
 * What the kernel asks of a loader: the part of an exec that knows files of programs.
 *
 * @module
 */
import type { Lwp } from "./lwp.ts";

/** The loader of the first years, `load_elf`, or the one that came with dynamic linkers. */
export type Generation = "A" | "B";

/** Arguments and environment, one character for each byte. */
export interface Strings {
  /** The arguments, the program's own name first. */
  readonly args: readonly string[];
  /** The environment, as `NAME=value`. */
  readonly environment: readonly string[];
}

/** What a script's first line makes of an exec. */
export interface Interpreted {
  /** The program to load instead. */
  readonly path: string;
  /** Its arguments. */
  readonly strings: Strings;
}

/** A loader of programs. */
export interface LwpLoader {
  /** Which one. */
  readonly generation: Generation;
  /** Whether so many arguments are possible: 0, or why not. */
  check(strings: Strings): number;
  /** What the first line of a script says; null for what is none; or an error. */
  loadScript(lwp: Lwp, path: string, strings: Strings): Interpreted | number | null;
  /** Put the arguments where the program will find them; answers where its vector is, or an error. */
  argscopy(lwp: Lwp, strings: Strings): number;
  /** Load a program; answers 0, or an error. */
  load(
    lwp: Lwp,
    path: string,
    request: { readonly aux: number; readonly strings: Strings },
  ): number;
}
