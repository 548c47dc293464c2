/**
 * The table of calls, by number.
 *
 * @module
 */
import type { LinuxCall } from "./call.ts";
import { FILE_CALLS } from "./calls/files.ts";
import { PROCESS_CALLS } from "./calls/processes.ts";

/** The calls by number. */
export const CALLS: readonly (LinuxCall | undefined)[] = byNumber([
  ...FILE_CALLS,
  ...PROCESS_CALLS,
]);

function byNumber(rows: readonly LinuxCall[]): (LinuxCall | undefined)[] {
  const table: (LinuxCall | undefined)[] = [];
  for (const row of rows) {
    while (table.length <= row.number) table.push(undefined);
    table[row.number] = row;
  }
  return table;
}
