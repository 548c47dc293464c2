/**
 * Another argument of the same call, such as the one that says how long something is.
 *
 * @module
 */
import type { Call } from "./call.ts";
import type { Row } from "./row.ts";

/** Finds an argument of a call by name; where it stands in a row is looked up once and remembered. */
export class Sibling {
  readonly #name: string;
  #row: Row | null = null;
  #at = -1;

  /** The argument of this name. */
  constructor(name: string) {
    this.#name = name;
  }

  /** It as it came: a number from a register, a value from a script. */
  of(call: Call): unknown {
    if (call.row !== this.#row) {
      this.#row = call.row;
      this.#at = call.row.names.indexOf(this.#name);
    }
    return call.raws[this.#at];
  }
}
