/**
 * The manual of RT-Smart's system calls, from their rows.
 *
 * @module
 */
import { CALLS } from "../../kernel/rtsmart/calls.ts";

/** A call in the manual. */
export interface RtSmartRow {
  /** Its number. */
  readonly number: string;
  /** Its name. */
  readonly name: string;
  /** Its arguments with their kinds, or why it only fails. */
  readonly args: string;
}

/** Every call, in the order of the numbers. */
export function rtsmartRows(): RtSmartRow[] {
  return CALLS.filter((row) => row !== undefined).map((
    { number, name, names, kinds, absence },
  ) => ({
    number: String(number).padStart(3),
    name,
    args: absence
      ? `not here: ${absence}`
      : names.map((one, at) => `${one}: ${kinds[at]}`).join(", "),
  }));
}
