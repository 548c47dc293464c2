/**
 * Programs that are generators, by the addresses that they are started at.
 *
 * The addresses lie above every address space, so that no page can have them: starting a process
 * there is starting a script, and needs nothing mapped.
 *
 * @module
 */
import { USER_TOP } from "../abi.ts";
import type { Script } from "./thread.ts";

/** A program: it is given the two arguments that machine code finds in its first registers. */
export type ScriptMain = (arg1: number, arg2: number) => Script;

const FIRST = USER_TOP + 4096;
const STEP = 16;

/** The scripts of one kernel. */
export class ScriptEntries {
  readonly #mains: ScriptMain[] = [];

  /** Give a program an address. */
  register(main: ScriptMain): number {
    this.#mains.push(main);
    return FIRST + (this.#mains.length - 1) * STEP;
  }

  /** The program at an address, if there is one. */
  at(address: number): ScriptMain | undefined {
    return this.#mains[(address - FIRST) / STEP];
  }
}
