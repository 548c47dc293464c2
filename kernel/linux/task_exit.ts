/**
 * What a task leaves in order when it ends.
 *
 * @module
 */
import { leaveRobustFutexes, wakeFutex } from "./futex.ts";
import type { Task } from "./task.ts";

/** Give back what a task used, and tell those who wait for its end. */
export function releaseTask(task: Task): void {
  task.wait?.stop();
  task.wait = null;
  // Robust locks may be in memory that others share.
  if (task.robustList !== 0) leaveRobustFutexes(task);
  // Nobody reads the memory of a process that ends as a whole.
  const alone = task.group.tasks.size === 1 && task.mm.users === 1;
  if (!alone) {
    if (task.clearChildTid !== 0 && task.mm.memory.writeU32(task.clearChildTid, 0) === 0) {
      wakeFutex(task, { address: task.clearChildTid, isPrivate: false }, 1);
    }
  }
  task.seccomp?.filter?.drop();
  task.files.drop();
  if (--task.fs.users > 0) return;
}
