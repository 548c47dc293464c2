/**
 * `zx_job_*`, `zx_process_*`, `zx_thread_*`, `zx_task_*`: making tasks, starting and ending them.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, PolicyCondition, Right, Status } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { inText, lengthOf, outHandle } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { allowedBy, handle, handleValue, i64, options, u64 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";
import { Thread } from "../task/thread.ts";

const jobCreate = syscall({
  name: "zx_job_create",
  about: "Make a job below another.",
  args: { parent: handle(Job, Right.MANAGE_JOB), options: options(0), out: outHandle },
  errors: ["OUT_OF_RANGE", "BAD_STATE"],
  run({ parent, out }) {
    const job = parent.createJob();
    if (failed(job)) return job;
    return out.give(job, DEFAULT_RIGHTS.job);
  },
});

const processCreate = syscall({
  name: "zx_process_create",
  about: "Make a process in a job, and the root of its address space.",
  args: {
    job: handle(Job, Right.MANAGE_PROCESS),
    name: inText("nameSize"),
    nameSize: lengthOf("name"),
    options: options(0),
    process: outHandle,
    rootVmar: outHandle,
    policy: allowedBy(PolicyCondition.NEW_PROCESS),
  },
  checks: ["options", "policy", "name"],
  errors: ["BAD_STATE"],
  run({ job, name, process: out, rootVmar }) {
    const process = Process.create(job, name);
    if (failed(process)) return process;
    const status = out.give(process, DEFAULT_RIGHTS.process);
    if (status !== Status.OK) return status;
    return rootVmar.give(process.space.root, DEFAULT_RIGHTS.rootVmar);
  },
});

const threadCreate = syscall({
  name: "zx_thread_create",
  about: "Make a thread in a process; it does not run yet.",
  args: {
    process: handle(Process, Right.MANAGE_THREAD),
    name: inText("nameSize"),
    nameSize: lengthOf("name"),
    options: options(0),
    out: outHandle,
  },
  checks: ["options"],
  errors: ["BAD_STATE"],
  run({ process, name, out }) {
    const thread = Thread.create(process, name);
    if (failed(thread)) return thread;
    return out.give(thread, DEFAULT_RIGHTS.thread);
  },
});

const processStart = syscall({
  name: "zx_process_start",
  about: "Start a process's first thread, and hand it one handle.",
  args: {
    process: handleValue,
    thread: handleValue,
    entry: u64,
    stack: u64,
    arg1: handleValue,
    arg2: u64,
  },
  errors: ["BAD_HANDLE", "WRONG_TYPE", "ACCESS_DENIED", "BAD_STATE", "INVALID_ARGS", "NO_MEMORY"],
  run({ process, thread, entry, stack, arg1, arg2 }, call) {
    // The handle leaves the caller whatever happens.
    const moved = call.process.removeHandle(arg1, "process_start");
    if (moved) call.took(moved);
    const target = handle(Process, Right.WRITE).decode(process, call, "process");
    if (failed(target)) return target;
    const first = handle(Thread, Right.WRITE).decode(thread, call, "thread");
    if (failed(first)) return first;
    if (first.process !== target) return Status.ACCESS_DENIED;
    if (moved && !moved.has(Right.TRANSFER)) return Status.ACCESS_DENIED;
    if (!isUserAddress(entry)) return Status.INVALID_ARGS;
    if (target.state !== "new" || first.started) return Status.BAD_STATE;
    return startFirst(call, first, { entry, stack, arg2 }, moved);
  },
});

const threadStart = syscall({
  name: "zx_thread_start",
  about: "Start a further thread of a running process.",
  args: {
    thread: handle(Thread, Right.MANAGE_THREAD),
    entry: u64,
    stack: u64,
    arg1: u64,
    arg2: u64,
  },
  errors: ["BAD_STATE", "INVALID_ARGS"],
  run({ thread, entry, stack, arg1, arg2 }) {
    if (!isUserAddress(entry)) return Status.INVALID_ARGS;
    if (thread.process.state !== "running" || thread.started || thread.ended) {
      return Status.BAD_STATE;
    }
    return startMachine(thread, { entry, stack, arg1, arg2 });
  },
});

const processExit = syscall({
  name: "zx_process_exit",
  about: "End the calling process.",
  args: { code: i64 },
  errors: [],
  run({ code }, call) {
    call.process.exit(code);
    return Status.OK;
  },
});

const threadExit = syscall({
  name: "zx_thread_exit",
  about: "End the calling thread; the process ends with its last thread.",
  args: {},
  errors: [],
  run(_, call) {
    call.thread.end();
    return Status.OK;
  },
});

const taskKill = syscall({
  name: "zx_task_kill",
  about: "Kill a process, or a job with everything in it.",
  args: { task: handleValue },
  errors: ["BAD_HANDLE", "WRONG_TYPE", "ACCESS_DENIED"],
  run({ task }, call) {
    const job = call.process.handleTable.get(task)?.object instanceof Job;
    const victim = job
      ? handle(Job, Right.DESTROY).decode(task, call, "task")
      : handle(Process, Right.DESTROY).decode(task, call, "task");
    if (failed(victim)) return victim;
    victim.kill();
    return Status.OK;
  },
});

/** The calls of this file. */
export const TASK_ROWS = {
  jobCreate,
  processCreate,
  processStart,
  processExit,
  threadCreate,
  threadStart,
  threadExit,
  taskKill,
};

interface Start {
  readonly entry: number;
  readonly stack: number;
  readonly arg1: number;
  readonly arg2: number;
}

function isUserAddress(address: number): boolean {
  return address < 2 ** 47;
}

function startFirst(call: Call, thread: Thread, at: Omit<Start, "arg1">, moved: Handle | null) {
  const { process } = thread;
  let arg1 = 0;
  if (moved) {
    call.keep(moved);
    arg1 = process.addHandle(moved, "process_start");
    if (arg1 < 0) return Status.NO_MEMORY;
  }
  process.begin();
  return startMachine(thread, { ...at, arg1 });
}

function startMachine(thread: Thread, { entry, stack, arg1, arg2 }: Start) {
  const { processor, scripts } = thread.process.system;
  const main = scripts.at(entry);
  if (main) {
    thread.start({ kind: "script", script: main(arg1, arg2), reply: undefined });
    return Status.OK;
  }
  if (!processor) return Status.BAD_STATE;
  const context = processor.createContext();
  const { args, stackPointer } = processor.isa;
  context.pc = entry;
  context.set(stackPointer, stack);
  context.set(args[0]!, arg1);
  context.set(args[1]!, arg2);
  thread.start({ kind: "machine", context });
  const { koid, realm } = thread;
  if (realm.log.listening) {
    realm.log.emit("thread-start", { process: thread.process.koid, thread: koid, entry, stack });
  }
  return Status.OK;
}
