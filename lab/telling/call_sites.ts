/**
 * Where in somebody's file calls are made. To look costs more than a call, so nobody looks unless told.
 *
 * @module
 */
import { zx } from "../calls.ts";
import { placeOf } from "../scenario_error.ts";

type Call = (...args: readonly unknown[]) => unknown;

/** Remembers where the last call was made, while something is done. */
export class CallSites {
  /** The place, such as `caretaker.ts:12`; empty before the first call. */
  last = "";

  /** Do something, and look at every call that is made in it. */
  watch<T>(deed: () => T): T {
    const calls = zx as unknown as Record<string, Call>;
    const known = Object.entries(calls);
    for (const [name, call] of known) {
      calls[name] = (...args) => {
        this.last = placeOf(new Error()) || this.last;
        return call(...args);
      };
    }
    try {
      return deed();
    } finally {
      for (const [name, call] of known) calls[name] = call;
    }
  }
}
