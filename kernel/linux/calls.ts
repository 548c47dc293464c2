/**
 * The table of calls, by number.
 *
 * @module
 */
import type { LinuxCall } from "./call.ts";
import { ABSENT_CALLS } from "./calls/absent.ts";
import { ATTRIBUTE_CALLS } from "./calls/attributes.ts";
import { BARRIER_CALLS } from "./calls/barriers.ts";
import { CAPABILITY_CALLS } from "./calls/capabilities.ts";
import { COPYING_CALLS } from "./calls/copying.ts";
import { DESCRIPTOR_CALLS } from "./calls/descriptors.ts";
import { EVENT_CALLS } from "./calls/events.ts";
import { EXTENDED_ATTRIBUTE_CALLS } from "./calls/extended_attributes.ts";
import { FILE_CALLS } from "./calls/files.ts";
import { FUTEX_CALLS } from "./calls/futexes.ts";
import { IDENTITY_CALLS } from "./calls/identity.ts";
import { MEMORY_CALLS } from "./calls/memory.ts";
import { MEMORY_LOCK_CALLS } from "./calls/memory_locks.ts";
import { MESSAGE_QUEUE_CALLS } from "./calls/message_queues.ts";
import { POSIX_QUEUE_CALLS } from "./calls/posix_queues.ts";
import { NAME_CALLS } from "./calls/names.ts";
import { MOUNT_CALLS } from "./calls/mounts.ts";
import { NAMESPACE_CALLS } from "./calls/namespaces.ts";
import { PID_FILE_CALLS } from "./calls/pid_files.ts";
import { POLLING_CALLS } from "./calls/polling.ts";
import { REMAPPING_CALLS } from "./calls/remapping.ts";
import { PRCTL_CALLS } from "./calls/prctl.ts";
import { PROCESS_CALLS } from "./calls/processes.ts";
import { SCHEDULING_CALLS } from "./calls/scheduling.ts";
import { SECCOMP_CALLS } from "./calls/seccomp.ts";
import { SEMAPHORE_CALLS } from "./calls/semaphores.ts";
import { SHARED_MEMORY_CALLS } from "./calls/shared_memory.ts";
import { SIGNAL_CALLS } from "./calls/signals.ts";
import { MESSAGE_CALLS } from "./calls/socket_messages.ts";
import { SOCKET_CALLS } from "./calls/sockets.ts";
import { SYSTEM_CALLS } from "./calls/system.ts";
import { TIME_CALLS } from "./calls/time.ts";
import { TIMER_CALLS } from "./calls/timers.ts";
import { WAITING_CALLS } from "./calls/waiting.ts";
import { WATCHING_CALLS } from "./calls/watching.ts";

/** The calls by number. */
export const CALLS: readonly (LinuxCall | undefined)[] = byNumber([
  ...ABSENT_CALLS,
  ...ATTRIBUTE_CALLS,
  ...BARRIER_CALLS,
  ...CAPABILITY_CALLS,
  ...COPYING_CALLS,
  ...DESCRIPTOR_CALLS,
  ...EVENT_CALLS,
  ...EXTENDED_ATTRIBUTE_CALLS,
  ...FILE_CALLS,
  ...FUTEX_CALLS,
  ...IDENTITY_CALLS,
  ...MEMORY_CALLS,
  ...MEMORY_LOCK_CALLS,
  ...MESSAGE_QUEUE_CALLS,
  ...POSIX_QUEUE_CALLS,
  ...NAME_CALLS,
  ...MOUNT_CALLS,
  ...NAMESPACE_CALLS,
  ...PID_FILE_CALLS,
  ...POLLING_CALLS,
  ...PROCESS_CALLS,
  ...PRCTL_CALLS,
  ...REMAPPING_CALLS,
  ...SCHEDULING_CALLS,
  ...SECCOMP_CALLS,
  ...SEMAPHORE_CALLS,
  ...SHARED_MEMORY_CALLS,
  ...SIGNAL_CALLS,
  ...MESSAGE_CALLS,
  ...SOCKET_CALLS,
  ...SYSTEM_CALLS,
  ...TIME_CALLS,
  ...TIMER_CALLS,
  ...WAITING_CALLS,
  ...WATCHING_CALLS,
]);

function byNumber(rows: readonly LinuxCall[]): (LinuxCall | undefined)[] {
  const table: (LinuxCall | undefined)[] = [];
  for (const row of rows) {
    while (table.length <= row.number) table.push(undefined);
    table[row.number] = row;
  }
  return table;
}
