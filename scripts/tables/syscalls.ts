/**
 * The manual of the Zircon system calls, from their rows.
 *
 * @module
 */
import { errorsOf, type Row } from "../../kernel/syscall/row.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";

/** A call in the manual. */
export interface SyscallRow {
  /** Its number in the vDSO. */
  readonly number: string;
  /** Its name. */
  readonly name: string;
  /** Its arguments, each with what it must be. */
  readonly args: string;
  /** What it does. */
  readonly about: string;
  /** How it can fail. */
  readonly errors: string;
}

/** Every call, in the order of the numbers. */
export function syscallRows(): SyscallRow[] {
  return new SyscallTable(ZIRCON_ROWS).rows.map((row, number) => ({
    number: String(number),
    name: row.name,
    args: argumentsOf(row),
    about: row.about,
    errors: errorsOf(row).join(" "),
  }));
}

function argumentsOf(row: Row): string {
  return row.names.flatMap((name, at) => {
    const { role, label } = row.kinds[at]!;
    return role === "check" ? [] : [`${name}: ${label}`];
  }).join(", ");
}
