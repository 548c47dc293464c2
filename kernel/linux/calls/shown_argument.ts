/**
 * The arguments of calls as the log shows them.
 *
 * @module
 */
import { argument, type LinuxCall } from "../call.ts";
import type { Task } from "../task.ts";
import { readPath } from "./user_data.ts";

/** An argument as the log shows it: paths as they are read, numbers as the call takes them. */
export function shownArgument(task: Task, row: LinuxCall, at: number): number | string {
  const value = argument(row, task.context, at);
  if (row.kinds[at] !== "path") return value;
  const path = readPath(task, value);
  return typeof path === "string" ? path : value;
}
