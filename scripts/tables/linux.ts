/**
 * The manual of Linux's system calls, from their rows.
 *
 * @module
 */
import { CALLS } from "../../kernel/linux/calls.ts";

/** A call in the manual. */
export interface LinuxRow {
  /** Its number. */
  readonly number: string;
  /** Its name. */
  readonly name: string;
  /** Its arguments with their kinds, or why it only fails. */
  readonly args: string;
}

/** Every call, in the order of the numbers. */
export function linuxRows(): LinuxRow[] {
  return CALLS.filter((row) => row !== undefined).map((
    { number, name, names, kinds, absence },
  ) => ({
    number: String(number).padStart(3),
    name,
    args: absence ?? names.map((one, at) => `${one}: ${kinds[at]}`).join(", "),
  }));
}
