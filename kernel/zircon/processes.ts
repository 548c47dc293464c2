/**
 * `zx_process_*`: making processes, starting them, and looking into their memory.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, PolicyCondition, Right, Status, TaskOption } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import {
  capacity,
  inBytes,
  inText,
  lengthOf,
  type OutHandle,
  outHandle,
  outNumber,
} from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import type { Call } from "../syscall/call.ts";
import { allowedBy, handle, handleValue, i64, options, u64 } from "../syscall/kind.ts";
import { Access } from "../ports.ts";
import { whenPaged } from "../syscall/paged.ts";
import { syscall } from "../syscall/row.ts";
import { peek, poke } from "../task/foreign_memory.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";
import { Thread } from "../task/thread.ts";
import { begin, canRun, mayEnter, type Start } from "./starting.ts";

/** How much of another process's memory can be copied at once. */
const COPY_MAX = 64 * 1024 * 1024;

const processCreate = syscall({
  name: "zx_process_create",
  about: "Make a process in a job, and the root of its address space.",
  args: {
    job: handle(Job, Right.MANAGE_PROCESS, Right.WRITE),
    name: inText("nameSize"),
    nameSize: lengthOf("name"),
    options: options(TaskOption.PROCESS_SHARED),
    process: outHandle,
    rootVmar: outHandle,
    policy: allowedBy(PolicyCondition.NEW_PROCESS),
  },
  checks: ["options", "policy", "name"],
  errors: ["BAD_STATE"],
  run({ job, name, options, process: out, rootVmar }) {
    const sharing = options === TaskOption.PROCESS_SHARED ? "with others" : "nothing";
    const process = Process.create(job, name, sharing);
    return failed(process) ? process : giveProcess(process, out, rootVmar);
  },
});

const processCreateShared = syscall({
  name: "zx_process_create_shared",
  about:
    "Make a process that shares the upper half of its addresses, its handles and its futexes with another.",
  args: {
    sharedProcess: handle(Process, Right.MANAGE_PROCESS | Right.GET_PROPERTY),
    options: options(0),
    name: inText("nameSize"),
    nameSize: lengthOf("name"),
    process: outHandle,
    restrictedVmar: outHandle,
    policy: allowedBy(PolicyCondition.NEW_PROCESS),
  },
  checks: ["options", "policy", "name"],
  errors: ["INVALID_ARGS", "BAD_STATE"],
  why: {
    INVALID_ARGS: "the process was not made to be shared, with PROCESS_SHARED or by this call",
    BAD_STATE: "no process is left that shares, or the job has ended",
  },
  run({ sharedProcess: { shared, job }, name, process: out, restrictedVmar }) {
    if (shared === null) return Status.INVALID_ARGS;
    if (!shared.alive) return Status.BAD_STATE;
    const process = Process.create(job, name, shared);
    return failed(process) ? process : giveProcess(process, out, restrictedVmar);
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
  why: {
    ACCESS_DENIED: "the thread belongs to another process",
    BAD_STATE: "the process or the thread was started before, or nothing can run the entry",
    INVALID_ARGS: "the entry is no address of user space",
  },
  grants: { ACCESS_DENIED: "a thread of the process" },
  run({ process, thread, entry, stack, arg1, arg2 }, call) {
    // The handle leaves the caller whatever happens.
    const moved = call.process.removeHandle(arg1, "process_start");
    if (moved) call.took(moved);
    const target = handle(Process, Right.WRITE).decode(process, call, "process");
    if (failed(target)) return target;
    const first = handle(Thread, Right.WRITE).decode(thread, call, "thread");
    if (failed(first)) return first;
    if (first.process !== target) return Status.ACCESS_DENIED;
    if (moved && !moved.has(Right.TRANSFER)) {
      call.lacks("arg1", moved, Right.TRANSFER);
      return Status.ACCESS_DENIED;
    }
    if (!mayEnter(first, entry)) return Status.INVALID_ARGS;
    if (target.state !== "new" || first.started || !canRun(first, entry)) return Status.BAD_STATE;
    return startFirst(call, first, { entry, stack, arg2 }, moved);
  },
});

const processExit = syscall({
  name: "zx_process_exit",
  about: "End the calling process.",
  args: { code: i64 },
  errors: [],
  run({ code }, call) {
    call.process.kill(code);
    return Status.OK;
  },
});

const processReadMemory = syscall({
  name: "zx_process_read_memory",
  about: "Copy memory of a process, up to the end of the mapping that it begins in.",
  args: {
    process: handle(Process, Right.READ | Right.WRITE),
    address: u64,
    buffer: outBytes("bufferSize"),
    bufferSize: capacity(COPY_MAX),
    actual: outNumber(8),
  },
  errors: ["INVALID_ARGS", "BAD_STATE", "NO_MEMORY", "OUT_OF_RANGE"],
  run({ process, address, buffer, bufferSize, actual }, call) {
    if (bufferSize === 0 || bufferSize > COPY_MAX) return Status.INVALID_ARGS;
    return whenPaged(call, process, () => {
      const bytes = peek(process, address, bufferSize);
      if (bytes === Status.SHOULD_WAIT) {
        return process.space.need(address, bufferSize, Access.READ) ?? Status.NO_MEMORY;
      }
      if (typeof bytes === "number") return bytes as typeof Status.NO_MEMORY;
      const status = buffer.write(bytes);
      return status === Status.OK ? actual.set(bytes.length) : status;
    });
  },
});

const processWriteMemory = syscall({
  name: "zx_process_write_memory",
  about: "Change memory of a process, up to the end of the mapping that it begins in.",
  args: {
    process: handle(Process, Right.WRITE),
    address: u64,
    buffer: inBytes("bufferSize", COPY_MAX),
    bufferSize: lengthOf("buffer"),
    actual: outNumber(8),
  },
  errors: ["INVALID_ARGS", "BAD_STATE", "NO_MEMORY", "ACCESS_DENIED", "OUT_OF_RANGE"],
  why: { ACCESS_DENIED: "the vDSO is mapped there, which nobody writes to" },
  grants: { ACCESS_DENIED: "an address that is not the vDSO's" },
  run({ process, address, buffer, actual }, call) {
    if (buffer.length === 0) return Status.INVALID_ARGS;
    return whenPaged(call, process, () => {
      const written = poke(process, address, buffer);
      if (written === Status.SHOULD_WAIT) {
        return process.space.need(address, buffer.length, Access.WRITE) ?? Status.NO_MEMORY;
      }
      return written < 0 ? written as typeof Status.NO_MEMORY : actual.set(written);
    });
  },
});

/** The calls of this file. */
export const PROCESS_ROWS = {
  processCreate,
  processCreateShared,
  processStart,
  processExit,
  processReadMemory,
  processWriteMemory,
};

/** Hand out a new process and the root of the addresses that were made with it. */
function giveProcess(process: Process, out: OutHandle, vmar: OutHandle) {
  const status = out.give(process, DEFAULT_RIGHTS.process);
  if (status !== Status.OK) return status;
  const given = vmar.give(process.space.root, DEFAULT_RIGHTS.rootVmar);
  if (given !== Status.OK) out.withdraw();
  return given;
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
  return begin(thread, { ...at, arg1 }, true);
}
