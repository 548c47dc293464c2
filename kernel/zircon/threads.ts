/**
 * `zx_thread_*` and `zx_object_set_profile`: making threads, starting, ending and ranking them.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, ProfileFlag, Right, Status, USER_TOP } from "../abi.ts";
import { Profile } from "../ipc/profile.ts";
import { KernelObject } from "../object/object.ts";
import { inText, lengthOf, outHandle } from "../syscall/buffer.ts";
import { PARKED } from "../syscall/call.ts";
import { handle, held, options, u64, u64Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Process } from "../task/process.ts";
import { Thread } from "../task/thread.ts";
import { Vmar } from "../vm/vmar.ts";
import { begin, canRun, mayEnter, type Start } from "./starting.ts";

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
  checks: ["options", "name"],
  errors: ["BAD_STATE"],
  why: {
    BAD_STATE: "the process has ended, or is about to",
  },
  run({ process, name, out }) {
    const thread = Thread.create(process, name);
    if (failed(thread)) return thread;
    return out.give(thread, DEFAULT_RIGHTS.thread);
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
  why: {
    BAD_STATE:
      "the thread was started before, or its process does not run, or nothing can run the entry",
    INVALID_ARGS: "the entry is no address of user space",
  },
  run: ({ thread, ...start }) => startFurther(thread, start),
});

const threadStartRegs = syscall({
  name: "zx_thread_start_regs",
  about: "Start a further thread with its thread pointer and the ABI's register set as well.",
  args: {
    thread: handle(Thread, Right.MANAGE_THREAD),
    entry: u64,
    stack: u64,
    arg1: u64,
    arg2: u64,
    threadPointer: u64Or(0),
    abiRegister: u64Or(0),
  },
  errors: ["BAD_STATE", "INVALID_ARGS"],
  run({ thread, ...start }) {
    return start.threadPointer < USER_TOP ? startFurther(thread, start) : Status.INVALID_ARGS;
  },
});

const threadExit = syscall({
  name: "zx_thread_exit",
  about: "End the calling thread; the process ends with its last thread.",
  args: {},
  errors: [],
  run(_, call) {
    call.thread.exit();
    return call.thread.ended ? Status.OK : PARKED;
  },
});

const threadLegacyYield = syscall({
  name: "zx_thread_legacy_yield",
  about: "Let other threads of the same urgency run first.",
  args: { options: options(0) },
  errors: [],
  run(_, call) {
    call.thread.yields = true;
    return Status.OK;
  },
});

const objectSetProfile = syscall({
  name: "zx_object_set_profile",
  about: "Give a thread the urgency that a profile says, or a region the importance of its memory.",
  args: {
    target: held(KernelObject, Right.NONE),
    profile: handle(Profile, Right.APPLY_PROFILE),
    options: options(0),
  },
  errors: ["WRONG_TYPE", "ACCESS_DENIED", "BAD_STATE"],
  run({ target: { object: target, handle }, profile }, call) {
    const isRegion = target instanceof Vmar;
    if (!isRegion && !(target instanceof Thread)) return Status.WRONG_TYPE;
    const right = isRegion ? Right.OP_CHILDREN : Right.MANAGE_THREAD;
    if (!handle.has(right)) {
      call.lacks("target", handle, right);
      return Status.ACCESS_DENIED;
    }
    // All memory is equally near, so the importance of a region's memory changes nothing.
    if (isRegion) return Status.OK;
    if (!target.started || target.dying) return Status.BAD_STATE;
    const { flags, priority } = profile.info;
    if (flags & ProfileFlag.PRIORITY) target.setPriority(priority);
    return Status.OK;
  },
});

/** The calls of this file. */
export const THREAD_ROWS = {
  threadCreate,
  threadStart,
  threadStartRegs,
  threadExit,
  threadLegacyYield,
  objectSetProfile,
};

function startFurther(thread: Thread, start: Start) {
  const { entry } = start;
  if (!mayEnter(thread, entry)) return Status.INVALID_ARGS;
  if (thread.process.state !== "running" || thread.started || thread.dying) return Status.BAD_STATE;
  return canRun(thread, entry) ? begin(thread, start, false) : Status.BAD_STATE;
}
