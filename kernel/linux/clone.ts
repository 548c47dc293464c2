/**
 * Making tasks out of tasks: processes and threads, by what they share.
 *
 * @module
 */
import { Register, REGISTERS } from "../abi/riscv64.ts";
import { Capability } from "./abi/capability.ts";
import { CloneFlag, Resource } from "./abi/process.ts";
import { Access, type Context } from "../ports.ts";
import type { Answer } from "./answer.ts";
import { FIRST_PID, PID_MAX } from "./bounds.ts";
import { isCapable } from "./credentials.ts";
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
  /** The number that the new task is to have; any, where none is asked for. */
  readonly tid?: number;
  /** Whether the new process handles no signals. */
  readonly clearsHandlers?: boolean;
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
  const refused = checkTid(task, request) || checkPidFile(task, request);
  if (refused !== 0) return refused;
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

function check({ flags, exitSignal, pidFile, parentTid }: CloneRequest): number {
  const { THREAD, SIGHAND, VM, NEWNS, PIDFD, PARENT_SETTID } = CloneFlag;
  const gets = PIDFD | PARENT_SETTID;
  if ((flags & gets) === gets && pidFile === parentTid) return Errno.EINVAL;
  if ((flags & PIDFD) !== 0 && (flags & THREAD) !== 0) return Errno.EINVAL;
  if ((flags & THREAD) !== 0 && (flags & SIGHAND) === 0) return Errno.EINVAL;
  if ((flags & SIGHAND) !== 0 && (flags & VM) === 0) return Errno.EINVAL;
  if ((flags & (NAMESPACES | NEWNS)) !== 0) return Errno.EINVAL;
  return exitSignal > SIGNALS ? Errno.EINVAL : 0;
}

/** Whether the new task can have the number that it is to have. */
function checkTid({ linux, credentials }: Task, { tid = 0 }: CloneRequest): number {
  if (tid === 0) return 0;
  if (tid >= PID_MAX) return Errno.EINVAL;
  const may = isCapable(credentials, Capability.CHECKPOINT_RESTORE) ||
    isCapable(credentials, Capability.SYS_ADMIN);
  if (!may) return Errno.EPERM;
  return tid < FIRST_PID || linux.isNumberOf(tid) ? Errno.EEXIST : 0;
}

/** Whether there is room for the descriptor of the new process, and for its number. */
function checkPidFile({ files, group, mm }: Task, { flags, pidFile }: CloneRequest): number {
  if ((flags & CloneFlag.PIDFD) === 0) return 0;
  if (files.lowestFree() >= group.limits.soft(Resource.NOFILE)) return Errno.EMFILE;
  const places = [pidFile, pidFile + 3];
  return places.some((place) => mm.touch(place, Access.WRITE) <= 0) ? Errno.EFAULT : 0;
}

function addProcess(task: Task, request: CloneRequest): Task | number {
  const { flags, exitSignal } = request;
  const { group, linux } = task;
  const isSibling = (flags & CloneFlag.PARENT) !== 0;
  const shared = (flags & CloneFlag.SIGHAND) !== 0;
  const mm = (flags & CloneFlag.VM) !== 0 ? task.mm.hold() : task.mm.fork();
  if (shared) group.handlers.users++;
  const handlers = shared ? group.handlers : group.handlers.copy();
  if (request.clearsHandlers) handlers.flush();
  const made = linux.createGroup(
    task.comm,
    {
      parent: isSibling ? group.parent : group,
      mm,
      handlers,
      limits: group.limits.copy(),
      exitSignal: isSibling ? group.exitSignal : exitSignal,
    },
    request.tid,
  );
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
    tid: group === task.group ? linux.nextPid(request.tid) : group.pid,
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
