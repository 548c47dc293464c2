/**
 * Making tasks out of tasks: processes and threads, by what they share.
 *
 * @module
 */
import { Register, REGISTERS } from "../abi/riscv64.ts";
import { CloneFlag } from "./abi/process.ts";
import type { Context } from "../ports.ts";
import type { Answer } from "./answer.ts";
import { Errno } from "./errno.ts";
import { PidFile } from "./fs/pid_file.ts";
import { Group } from "./group.ts";
import { SIGNALS } from "./abi/signal.ts";
import { NO_SIGNAL_STACK, ORDINARY, Task } from "./task.ts";
import { mayAddTask } from "./task_count.ts";

/** What `clone` is asked for. */
export interface CloneRequest {
  /** A mask of `CloneFlag` bits. */
  readonly flags: number;
  /** The signal at the end of the new process. */
  readonly exitSignal: number;
  /** The stack pointer; 0 for the caller's. */
  readonly stack: number;
  /** The thread pointer, if one is to be set. */
  readonly tls: number;
  /** Where the caller gets the new number. */
  readonly parentTid: number;
  /** Where the new task gets its number, or 0 at its end. */
  readonly childTid: number;
  /** Where the caller gets a descriptor of the new process. */
  readonly pidFile: number;
}

/** Spaces of names of one's own, which there are none of besides that of files. */
export const NAMESPACES: number = CloneFlag.NEWCGROUP | CloneFlag.NEWUTS | CloneFlag.NEWIPC |
  CloneFlag.NEWUSER | CloneFlag.NEWPID | CloneFlag.NEWNET;

const { SP, TP, A0 } = Register;

/** Make a task; answers its number, or why there is none. */
export function clone(task: Task, request: CloneRequest): Answer {
  const status = check(request);
  if (status !== 0) return status;
  if (!mayAddTask(task)) return Errno.EAGAIN;
  task.exceedsTaskLimit = false;
  const child = (request.flags & CloneFlag.THREAD) !== 0
    ? addThread(task, task.group, request)
    : addProcess(task, request);
  if (typeof child === "number") return child;
  const { flags } = request;
  const { tid } = child;
  if ((flags & CloneFlag.PARENT_SETTID) !== 0) task.mm.memory.writeU32(request.parentTid, tid);
  if ((flags & CloneFlag.CHILD_SETTID) !== 0) child.mm.memory.writeU32(request.childTid, tid);
  if ((flags & CloneFlag.CHILD_CLEARTID) !== 0) child.clearChildTid = request.childTid;
  if ((flags & CloneFlag.PIDFD) !== 0) {
    const fd = task.addFile(new PidFile(child.group), true);
    task.mm.memory.writeU32(request.pidFile, fd >>> 0);
  }
  if ((flags & CloneFlag.VFORK) === 0) return tid;
  const { group } = child;
  group.inParentsMemory = true;
  return task.block({
    site: "kernel_clone",
    queues: [group.ownMemory],
    attempt: () => group.inParentsMemory ? null : tid,
    uninterruptible: true,
  });
}

function check({ flags, exitSignal }: CloneRequest): number {
  const { THREAD, SIGHAND, VM, NEWNS, PIDFD } = CloneFlag;
  if ((flags & PIDFD) !== 0 && (flags & THREAD) !== 0) return Errno.EINVAL;
  if ((flags & THREAD) !== 0 && (flags & SIGHAND) === 0) return Errno.EINVAL;
  if ((flags & SIGHAND) !== 0 && (flags & VM) === 0) return Errno.EINVAL;
  if ((flags & (NAMESPACES | NEWNS)) !== 0) return Errno.EINVAL;
  return exitSignal > SIGNALS ? Errno.EINVAL : 0;
}

function addProcess(task: Task, request: CloneRequest): Task | number {
  const { flags, exitSignal } = request;
  const { group, linux } = task;
  const isSibling = (flags & CloneFlag.PARENT) !== 0;
  const shared = (flags & CloneFlag.SIGHAND) !== 0;
  const mm = (flags & CloneFlag.VM) !== 0 ? task.mm.hold() : task.mm.fork();
  if (shared) group.handlers.users++;
  const made = linux.createGroup(task.comm, {
    parent: isSibling ? group.parent : group,
    mm,
    handlers: shared ? group.handlers : group.handlers.copy(),
    limits: group.limits.copy(),
    exitSignal: isSibling ? group.exitSignal : exitSignal,
  });
  if (!(made instanceof Group)) {
    mm.drop();
    return made;
  }
  made.pgid = group.pgid;
  made.sid = group.sid;
  made.terminal = group.terminal;
  const child = addThread(task, made, request);
  if (typeof child === "number") {
    made.process.kill();
    linux.forget(made);
  }
  return child;
}

function addThread(task: Task, group: Group, request: CloneRequest): Task | number {
  const { linux } = task;
  const { flags } = request;
  const thread = linux.createThread(group, task.comm);
  if (typeof thread === "number") return thread;
  const context = linux.kernel.system.processor!.createContext();
  copyRegisters(task.context, context);
  context.set(A0, 0);
  if (request.stack !== 0) context.set(SP, request.stack);
  if ((flags & CloneFlag.SETTLS) !== 0) context.set(TP, request.tls);
  if (group !== task.group) group.process.begin();
  thread.start({ kind: "machine", context });
  const sharesFiles = (flags & CloneFlag.FILES) !== 0;
  const sharesFs = (flags & CloneFlag.FS) !== 0;
  if (sharesFiles) task.files.users++;
  if (sharesFs) task.fs.users++;
  const child = new Task(group, {
    thread,
    tid: group === task.group ? linux.nextPid() : group.pid,
    files: sharesFiles ? task.files : task.files.copy(),
    fs: sharesFs ? task.fs : task.fs.copy(),
    credentials: task.credentials,
    comm: task.comm,
  });
  inherit(task, child, flags);
  group.tasks.set(thread, child);
  linux.tasks.set(child.tid, child);
  linux.tracer?.began(child);
  return child;
}

function inherit(task: Task, child: Task, flags: number): void {
  child.blocked = task.blocked;
  child.nice = task.nice;
  child.timerSlack = task.timerSlack;
  child.policy = task.policy.priority > 0 && task.policy.resets
    ? ORDINARY
    : { ...task.policy, resets: false };
  if (task.policy.resets && child.nice < 0) child.nice = 0;
  child.persona = task.persona;
  // Who shares memory has areas of its own in it.
  child.rseq = (flags & CloneFlag.VM) === 0 ? task.rseq : null;
  child.noNewPrivileges = task.noNewPrivileges;
  child.seccomp = task.seccomp;
  child.seccomp?.filter?.hold();
  const keepsStack = (flags & CloneFlag.VM) === 0 || (flags & CloneFlag.VFORK) !== 0;
  child.signalStack = keepsStack ? task.signalStack : NO_SIGNAL_STACK;
}

function copyRegisters(from: Context, to: Context): void {
  for (let register = 1; register < REGISTERS; register++) {
    to.setBig(register, from.getBig(register));
  }
  to.pc = from.pc;
}
