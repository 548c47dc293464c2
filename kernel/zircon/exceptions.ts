/**
 * `zx_task_create_exception_channel`, `zx_exception_*`, `zx_thread_raise_exception`: what happens in
 * tasks, and who sees to it.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  EXCEPTION_CHANNEL_DEBUGGER,
  ExceptionChannelType,
  ExceptionType,
  failed,
  PolicyCondition,
  Right,
  Status,
} from "../abi.ts";
import { outHandle } from "../syscall/buffer.ts";
import { PARKED } from "../syscall/call.ts";
import { allowedBy, handle, held, options, u32, u64Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Exception, synthetic } from "../task/exception.ts";
import { jobDebuggers } from "../task/exception_handling.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";
import { Task } from "../task/task.ts";
import { Thread } from "../task/thread.ts";

const LISTEN = Right.INSPECT | Right.DUPLICATE | Right.TRANSFER | Right.MANAGE_THREAD;
const TARGET_JOB_DEBUGGER = 1;

const taskCreateExceptionChannel = syscall({
  name: "zx_task_create_exception_channel",
  about: "Listen for what happens in a thread, a process or a job.",
  args: {
    task: held(Task, LISTEN),
    options: options(EXCEPTION_CHANNEL_DEBUGGER),
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_CHANNEL),
  },
  checks: ["options", "policy"],
  errors: ["ACCESS_DENIED", "INVALID_ARGS", "ALREADY_BOUND", "BAD_STATE"],
  run({ task: { object: task, handle }, options, out }, call) {
    const group = !(task instanceof Thread);
    if (group && !handle.has(Right.ENUMERATE)) {
      call.lacks("task", handle, Right.ENUMERATE);
      return Status.ACCESS_DENIED;
    }
    const end = listen(task, options !== 0, handle.rights);
    return failed(end) ? end : out.give(end, DEFAULT_RIGHTS.exceptionChannel);
  },
});

const exceptionGetThread = syscall({
  name: "zx_exception_get_thread",
  about: "Take a handle to the thread that met an exception.",
  args: { exception: handle(Exception, Right.NONE), out: outHandle },
  errors: ["BAD_STATE"],
  run({ exception, out }) {
    if (!exception.open) return Status.BAD_STATE;
    return out.give(exception.thread, DEFAULT_RIGHTS.thread & exception.taskRights);
  },
});

const exceptionGetProcess = syscall({
  name: "zx_exception_get_process",
  about: "Take a handle to the process that an exception was met in.",
  args: { exception: handle(Exception, Right.NONE), out: outHandle },
  errors: ["ACCESS_DENIED", "BAD_STATE"],
  run({ exception, out }, call) {
    if (!exception.open) return Status.BAD_STATE;
    if (exception.channel === ExceptionChannelType.THREAD) {
      call.deny({
        status: Status.ACCESS_DENIED,
        argument: "exception",
        koid: exception.koid,
        type: exception.label,
        wanted: "the process",
        held: "an exception from a thread's own channel",
        rule: "who may handle a thread's exceptions has no say over its process",
        grant: "an exception channel of the process",
      });
      return Status.ACCESS_DENIED;
    }
    return out.give(exception.thread.process, DEFAULT_RIGHTS.process & exception.taskRights);
  },
});

const threadRaiseException = syscall({
  name: "zx_thread_raise_exception",
  about: "Show the debuggers of the job something that the calling thread has come to.",
  args: { options: u32, type: u32, context: u64Or(0) },
  errors: ["INVALID_ARGS"],
  run({ options, type }, call) {
    if (options !== TARGET_JOB_DEBUGGER || type !== ExceptionType.USER) return Status.INVALID_ARGS;
    // Without a debugger there is nothing to wait for.
    if (!call.process.job.watched) return Status.OK;
    call.thread.handle({
      report: synthetic(ExceptionType.USER),
      route: jobDebuggers,
      then: (outcome) => outcome === "exit" ? call.thread.end() : call.finish(Status.OK),
    });
    return PARKED;
  },
});

/** The calls of this file. */
export const EXCEPTION_ROWS = {
  taskCreateExceptionChannel,
  exceptionGetThread,
  exceptionGetProcess,
  threadRaiseException,
};

function listen(task: Task, debug: boolean, rights: number) {
  if (!debug) return task.exceptions.listen(rights);
  if (task instanceof Process) return task.debugger.listen(rights);
  if (task instanceof Job) return task.addDebugger(rights);
  return Status.INVALID_ARGS;
}
