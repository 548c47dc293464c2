/**
 * `zx_task_suspend*`, `zx_thread_read_state` and `zx_thread_write_state`: tasks held still, looked at
 * and changed.
 *
 * @module
 */
import { DEFAULT_RIGHTS, Right, Status } from "../abi.ts";
import { capacity, inBytes, lengthOf, outHandle } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import type { Call } from "../syscall/call.ts";
import { handle, u32 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Process } from "../task/process.ts";
import { readState, writeState } from "../task/registers.ts";
import { SuspendToken } from "../task/suspend_token.ts";
import { Task } from "../task/task.ts";
import { Thread } from "../task/thread.ts";

/** No thread state has more bytes than this. */
const STATE_MAX = 4096;

/** When the registers of a thread can be neither read nor written. */
const STATE_WHY = {
  BAD_STATE: "the thread is neither suspended nor held by an exception, or has ended",
  NOT_SUPPORTED: "the processor has no registers of that kind, or the thread is a script",
};

const taskSuspend = syscall({
  name: "zx_task_suspend",
  about: "Hold a thread, or all threads of a process, still while a token exists.",
  args: { task: handle(Task, Right.WRITE), token: outHandle },
  errors: ["WRONG_TYPE", "NOT_SUPPORTED", "BAD_STATE"],
  run: ({ task, token }, call) => {
    const held = suspend(task, call);
    return typeof held === "number" ? held : token.give(held, DEFAULT_RIGHTS.suspendToken);
  },
});

const taskSuspendToken = syscall({
  name: "zx_task_suspend_token",
  about: "Hold a thread, or all threads of a process, still while a token exists.",
  args: { task: handle(Task, Right.WRITE), token: outHandle },
  errors: ["WRONG_TYPE", "NOT_SUPPORTED", "BAD_STATE"],
  why: {
    NOT_SUPPORTED: "the task is the caller itself, or the caller's process",
    BAD_STATE: "the task has ended, or is about to",
    WRONG_TYPE: "the task is a job",
  },
  run: ({ task, token }, call) => {
    const held = suspend(task, call);
    return typeof held === "number" ? held : token.give(held, DEFAULT_RIGHTS.suspendToken);
  },
});

const threadReadState = syscall({
  name: "zx_thread_read_state",
  about: "Read registers of a thread that is suspended or waits in an exception.",
  args: {
    thread: handle(Thread, Right.READ),
    kind: u32,
    buffer: outBytes("bufferSize"),
    bufferSize: capacity(STATE_MAX),
  },
  errors: ["BAD_STATE", "BUFFER_TOO_SMALL", "NOT_SUPPORTED", "INVALID_ARGS"],
  why: STATE_WHY,
  run({ thread, kind, buffer, bufferSize }) {
    const bytes = readState(thread, kind, bufferSize);
    return typeof bytes === "number" ? bytes : buffer.write(bytes);
  },
});

const threadWriteState = syscall({
  name: "zx_thread_write_state",
  about: "Change registers of a thread that is suspended or waits in an exception.",
  args: {
    thread: handle(Thread, Right.WRITE),
    kind: u32,
    buffer: inBytes("bufferSize", STATE_MAX),
    bufferSize: lengthOf("buffer"),
  },
  errors: ["BAD_STATE", "NOT_SUPPORTED", "INVALID_ARGS"],
  why: STATE_WHY,
  run: ({ thread, kind, buffer }) => writeState(thread, kind, buffer),
});

/** The calls of this file. */
export const SUSPENSION_ROWS = {
  taskSuspend,
  taskSuspendToken,
  threadReadState,
  threadWriteState,
};

function suspend(task: Task, call: Call) {
  if (task instanceof Thread) {
    if (task === call.thread) return Status.NOT_SUPPORTED;
    return task.dying ? Status.BAD_STATE : new SuspendToken(task);
  }
  if (!(task instanceof Process)) return Status.WRONG_TYPE;
  if (task === call.process) return Status.NOT_SUPPORTED;
  const gone = task.state === "dying" || task.state === "dead";
  return gone ? Status.BAD_STATE : new SuspendToken(task);
}
