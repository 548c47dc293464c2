/**
 * The table of calls, by number; numbers begin with one.
 *
 * @module
 */
import type { RtSmartCall } from "./call.ts";
import { ABSENT_CALLS } from "./calls/absent.ts";
import { CHANNEL_CALLS } from "./calls/channels.ts";
import { CLONE_CALLS } from "./calls/clone.ts";
import { FILE_CALLS } from "./calls/files.ts";
import { MEMORY_CALLS } from "./calls/memory.ts";
import { MESSAGE_CALLS } from "./calls/messages.ts";
import { NAME_CALLS } from "./calls/names.ts";
import { PROCESS_CALLS } from "./calls/processes.ts";
import { SEMAPHORE_CALLS } from "./calls/semaphores.ts";
import { SIGNAL_CALLS } from "./calls/signals.ts";
import { SYSTEM_CALLS } from "./calls/system.ts";
import { THREAD_CALLS } from "./calls/threads.ts";
import { TIME_CALLS } from "./calls/time.ts";
import { TIMER_CALLS } from "./calls/timers.ts";

/** The calls by number. */
export const CALLS: readonly (RtSmartCall | undefined)[] = byNumber([
  ...ABSENT_CALLS,
  ...CHANNEL_CALLS,
  ...CLONE_CALLS,
  ...FILE_CALLS,
  ...MEMORY_CALLS,
  ...MESSAGE_CALLS,
  ...NAME_CALLS,
  ...PROCESS_CALLS,
  ...SEMAPHORE_CALLS,
  ...SIGNAL_CALLS,
  ...SYSTEM_CALLS,
  ...THREAD_CALLS,
  ...TIME_CALLS,
  ...TIMER_CALLS,
]);

function byNumber(rows: readonly RtSmartCall[]): (RtSmartCall | undefined)[] {
  const table: (RtSmartCall | undefined)[] = [];
  for (const row of rows) {
    while (table.length <= row.number) table.push(undefined);
    table[row.number] = row;
  }
  return table;
}
