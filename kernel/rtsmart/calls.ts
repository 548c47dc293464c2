/**
 * The table of calls, by number; numbers begin with one.
 *
 * @module
 */
import type { RtSmartCall } from "./call.ts";
import { FILE_CALLS } from "./calls/files.ts";
import { PROCESS_CALLS } from "./calls/processes.ts";

/** The calls by number. */
export const CALLS: readonly (RtSmartCall | undefined)[] = byNumber([
  ...FILE_CALLS,
  ...PROCESS_CALLS,
]);

function byNumber(rows: readonly RtSmartCall[]): (RtSmartCall | undefined)[] {
  const table: (RtSmartCall | undefined)[] = [];
  for (const row of rows) {
    while (table.length <= row.number) table.push(undefined);
    table[row.number] = row;
  }
  return table;
}
