/**
 * How many tasks a user has, which `RLIMIT_NPROC` bounds for everybody but user 0.
 *
 * @module
 */
import { Capability } from "./abi/capability.ts";
import { Resource } from "./abi/process.ts";
import type { Linux } from "./linux.ts";
import type { Task } from "./task.ts";

/** Whether a task would have its user have more of them than the limit, were there so many more. */
export function isOverTaskLimit(task: Task, more: number): boolean {
  const { linux, group } = task;
  const limit = group.limits.soft(Resource.NPROC);
  // Nobody has more than there are.
  if (linux.tasks.size + linux.groups.size + more <= limit) return false;
  return tasksOf(linux, task.credentials.uid) + more > limit;
}

/** Whether a task may make another. */
export function mayAddTask(task: Task): boolean {
  if (task.credentials.uid === 0 || !isOverTaskLimit(task, 1)) return true;
  return task.may(Capability.SYS_RESOURCE) || task.may(Capability.SYS_ADMIN);
}

/** The tasks of a user; who ended and was not waited for is one of them. */
function tasksOf(linux: Linux, uid: number): number {
  let count = 0;
  for (const task of linux.tasks.values()) if (task.credentials.uid === uid) count++;
  for (const group of linux.groups.values()) if (group.ended && group.uid === uid) count++;
  return count;
}
