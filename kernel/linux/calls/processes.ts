/**
 * Calls that end tasks.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import type { Task } from "../task.ts";

function exit(task: Task, code: number): Answer {
  const { group } = task;
  if (task.tid === group.pid) group.leaderCode = code & 0xff;
  if (group.tasks.size === 1) group.exit(group.leaderCode ?? code);
  else task.thread.end();
  return SILENT;
}

function exitGroup(task: Task, code: number): Answer {
  task.group.exit(code);
  return SILENT;
}

/** Calls that end tasks. */
export const PROCESS_CALLS: readonly LinuxCall[] = [
  call(93, "exit", { code: "int" }, exit),
  call(94, "exit_group", { code: "int" }, exitGroup),
];
