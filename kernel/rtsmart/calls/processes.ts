/**
 * Calls about processes.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import type { LwpThread } from "../lwp_thread.ts";

function exit(thread: LwpThread, code = 0): Answer {
  thread.lwp.exitThread(thread, code);
  return SILENT;
}

function exitGroup(thread: LwpThread, code = 0): Answer {
  thread.lwp.exitGroup(code);
  return SILENT;
}

/** Calls about processes. */
export const PROCESS_CALLS: readonly RtSmartCall[] = [
  call(1, "exit", { code: "int" }, exit),
  call(15, "getpid", {}, (thread) => thread.lwp.pid),
  call(98, "exit_group", { code: "int" }, exitGroup),
];
