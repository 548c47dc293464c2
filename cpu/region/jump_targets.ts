/**
 * Where indirect jumps have been seen to go. Interpreter and compiled code leave notes in a small
 * table, which forgets; here they are kept.
 *
 * @module
 */
import type { Frames } from "../memory/frames.ts";
import { TARGETS, TARGETS_COUNT } from "../layout.ts";

const TWO_32 = 4294967296;
/** Targets of one jump at most: where there are more, a table of them is no help. */
const TARGETS_MAX = 256;
/** Jumps at most; all are forgotten when there are more. */
const JUMPS_MAX = 4096;

const NONE: ReadonlySet<number> = new Set();

/** The targets of all indirect jumps. */
export class JumpTargets {
  readonly #words: Int32Array;
  readonly #known = new Map<number, Set<number>>();
  /** The same the other way round. */
  readonly #leading = new Map<number, Set<number>>();

  constructor(frames: Frames) {
    this.#words = frames.words;
  }

  /** Take the notes out of the table. */
  collect(): void {
    const words = this.#words;
    const first = TARGETS >> 2;
    for (let at = first; at < first + TARGETS_COUNT * 4; at += 4) {
      if ((words[at]! | words[at + 1]!) === 0) continue;
      this.#add(addressIn(words, at), addressIn(words, at + 2));
      words[at] = 0;
      words[at + 1] = 0;
    }
  }

  /** Where the jump at an address went, in order. */
  of(jump: number): number[] {
    return [...this.#known.get(jump) ?? []].sort((a, b) => a - b);
  }

  /** The jumps that went to an address. */
  leadingTo(target: number): ReadonlySet<number> {
    return this.#leading.get(target) ?? NONE;
  }

  #add(jump: number, target: number): void {
    let targets = this.#known.get(jump);
    if (targets === undefined) {
      if (this.#known.size === JUMPS_MAX) this.#forget();
      this.#known.set(jump, targets = new Set());
    }
    if (targets.size === TARGETS_MAX || targets.has(target)) return;
    targets.add(target);
    const leading = this.#leading.get(target);
    if (leading === undefined) this.#leading.set(target, new Set([jump]));
    else leading.add(jump);
  }

  #forget(): void {
    this.#known.clear();
    this.#leading.clear();
  }
}

function addressIn(words: Int32Array, at: number): number {
  return (words[at]! >>> 0) + (words[at + 1]! >>> 0) * TWO_32;
}
