/**
 * Whether one process may look into another: into its memory, its descriptors, where it stands.
 *
 * @module
 */
import { Capability } from "./abi/capability.ts";
import { Errno } from "./errno.ts";
import type { Group } from "./group.ts";
import type { Task } from "./task.ts";

/** Whether a task may read and write what another process has. */
export function mayLookInto(task: Task, group: Group): boolean {
  if (task.may(Capability.SYS_PTRACE) || group === task.group) return true;
  const other = group.leader?.credentials;
  const { uid, gid } = task.credentials;
  if (!other || !group.mm.dumpable) return false;
  return [other.uid, other.euid, other.suid].every((one) => one === uid) &&
    [other.gid, other.egid, other.sgid].every((one) => one === gid);
}

/** Whether whoever runs now may look at what is private to a process: 0 or EACCES. */
export function scrutiny(group: Group): 0 | typeof Errno.EACCES {
  const { current } = group.linux;
  return current === null || group.ended || mayLookInto(current, group) ? 0 : Errno.EACCES;
}
