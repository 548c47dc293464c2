/**
 * How often the checks of places in compiled code run over a run's end: they cover more than lies
 * together in memory then.
 *
 * @module
 */
import type { Frames } from "../memory/frames.ts";
import { State } from "../layout.ts";

/**
 * So often may the widened check of a place run over a run's end, among so many instructions, before
 * it is compiled without: each time the interpreter takes over, which costs some thousand.
 */
const CROSSINGS_MAX = 200;
const CROSSINGS_AMONG = 20_000_000n;

/** How often checks at a place ran over a run's end. */
interface Count {
  count: number;
  /** When counting began, in instructions. */
  since: bigint;
  /** The page that was not there the last time, or -1. */
  absent: number;
}

/** The counts of all places. */
export class Crossings {
  readonly #frames: Frames;
  readonly #counts = new Map<number, Count>();

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Count once more; whether that is often. `absent` may come, so its first time is none. */
  isOften(site: number, absent: number): boolean {
    const now = this.#frames.longs[State.RETIRED >> 3]!;
    const there = this.#counts.get(site) ?? { count: 0, since: now, absent: -1 };
    this.#counts.set(site, there);
    const isFirst = absent !== -1 && absent !== there.absent;
    there.absent = absent;
    if (isFirst) return false;
    if (now - there.since > CROSSINGS_AMONG) {
      there.count = 0;
      there.since = now;
    }
    return ++there.count === CROSSINGS_MAX;
  }

  /** Places are others' now. */
  clear(): void {
    this.#counts.clear();
  }
}
