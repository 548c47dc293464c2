/**
 * A table of rows: each call by the name that scripts use and by the number that machine code uses.
 *
 * Numbers are given in the order of the ABI names; programs never see them, for they call through
 * the vDSO, which is built from the same table.
 *
 * @module
 */
import { invariant } from "../invariant.ts";
import type { Row } from "./row.ts";

/** Rows by the name that scripts use. */
export type Rows = Readonly<Record<string, Row>>;

/** Rows by name and by number. */
export class SyscallTable {
  /** The rows in the order of their numbers. */
  readonly rows: readonly Row[];
  readonly #byScriptName: ReadonlyMap<string, Row>;
  readonly #numbers: ReadonlyMap<string, number>;

  /** Number the rows. */
  constructor(rows: Rows) {
    this.rows = Object.values(rows).sort((a, b) => a.name < b.name ? -1 : 1);
    this.#byScriptName = new Map(Object.entries(rows));
    this.#numbers = new Map(this.rows.map((row, number) => [row.name, number]));
    invariant(this.#numbers.size === this.rows.length, "each call has a name of its own");
  }

  /** The row of a call that a script names, such as `channelRead`. */
  named(scriptName: string): Row | undefined {
    return this.#byScriptName.get(scriptName);
  }

  /** The row with a number. */
  numbered(number: number): Row | undefined {
    return this.rows[number];
  }

  /** The number of a call by its ABI name, such as `zx_channel_read`. */
  numberOf(name: string): number | undefined {
    return this.#numbers.get(name);
  }
}
