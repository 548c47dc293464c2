/**
 * A task: one thread as Linux sees it, with what it may share with others.
 *
 * @module
 */
import { OpenFlag } from "./abi/open.ts";
import { Policy } from "./abi/scheduling.ts";
import { StackFlag } from "./abi/signal.ts";
import type { Context } from "../ports.ts";
import type { Body, Thread } from "../task/thread.ts";
import { type Answer, PARKED } from "./answer.ts";
import { Capability } from "./abi/capability.ts";
import { type Credentials, isCapable } from "./credentials.ts";
import { Errno } from "./errno.ts";
import type { FileTable } from "./fs/file_table.ts";
import type { OpenFile } from "./fs/open_file.ts";
import type { Walker } from "./fs/path_walk.ts";
import type { FsState } from "./fs_state.ts";
import type { Group } from "./group.ts";
import type { Linux } from "./linux.ts";
import type { RestartableArea } from "./restartable.ts";
import { MMAP_MIN_ADDR } from "./mm/layout.ts";
import type { Mm } from "./mm/mm.ts";
import { Resource } from "./abi/process.ts";
import type { Seccomp } from "./seccomp/filter.ts";
import { Pending } from "./signal/pending.ts";
import { type SignalSet, UNBLOCKABLE } from "./signal/signal.ts";
import { Usage } from "./usage.ts";
import { Wait, type WaitOptions } from "./wait.ts";

/** A stack for handlers. */
export interface SignalStack {
  /** Its lowest address. */
  readonly address: number;
  /** Its length; 0 if there is none. */
  readonly size: number;
  /** Its flags. */
  readonly flags: number;
}

/** No stack for handlers. */
export const NO_SIGNAL_STACK: SignalStack = { address: 0, size: 0, flags: StackFlag.DISABLE };

/** How a task is scheduled that nobody cares about: its children are, too. */
export const ORDINARY = { policy: Policy.OTHER, priority: 0, resets: false } as const;

/** What a task begins with. */
export interface TaskOptions {
  /** The thread that it is. */
  readonly thread: Thread;
  /** Its number. */
  readonly tid: number;
  /** Its descriptors. */
  readonly files: FileTable;
  /** Where it stands among files. */
  readonly fs: FsState;
  /** Who it is. */
  readonly credentials: Credentials;
  /** What people call it. */
  readonly comm: string;
}

/** A thread as Linux sees it. */
export class Task {
  /** The process that it belongs to. */
  readonly group: Group;
  /** The thread that it is. */
  readonly thread: Thread;
  /** Its registers. */
  readonly context: Context;
  /** Its number. */
  tid: number;
  /** Its descriptors. */
  files: FileTable;
  /** Where it stands among files. */
  fs: FsState;
  /** Who it is. */
  credentials: Credentials;
  /** What people call it. */
  comm: string;
  /** Signals sent to it alone. */
  readonly pending: Pending;
  /** Signals that it does not want now. */
  blocked: SignalSet = 0n;
  /** What it blocks again once a call that blocked something else is over. */
  savedMask: SignalSet | null = null;
  /** Whether a signal is to be delivered. */
  signalled = false;
  /** How the interrupted call goes on; 0 if there is none. */
  restart = 0;
  /** What `restart_syscall` does. */
  restartBlock: (() => Answer) | null = null;
  /** The call that it made last, while somebody listens. */
  callName = "";
  /** What its call waits for. */
  wait: Wait | null = null;
  /** The stack for handlers. */
  signalStack: SignalStack = NO_SIGNAL_STACK;
  /** Where 0 is written, and waiters are woken, when it ends. */
  clearChildTid = 0;
  /** Where its list of robust futexes begins. */
  robustList = 0;
  /** Where it wants its sequences begun again when it is interrupted; null for nowhere. */
  rseq: RestartableArea | null = null;
  /** The signal that it gets when its parent ends. */
  parentDeathSignal = 0;
  /** How its calls are filtered; null where they are not. */
  seccomp: Seccomp | null = null;
  /** Whether `execve` gives it no rights that it does not have. */
  noNewPrivileges = false;
  /** Whether it became a user who had too many tasks already, which only `execve` minds. */
  exceedsTaskLimit = false;
  /** What it wants to be like, where it could be like something else: a mask of `Persona` bits. */
  persona = 0;
  /** How nice it is, from -20 to 19. */
  nice = 0;
  /** What it has used, save for the time, which the kernel knows. */
  readonly usage: Usage = new Usage();
  /** How far a timer may be late, for those who ask. */
  timerSlack = 50_000;
  /** How soon its files are read, for those who ask. */
  ioPriority = 0;
  /** How it is scheduled. */
  policy: { readonly policy: number; readonly priority: number; readonly resets: boolean } =
    ORDINARY;

  /** A task of a process. */
  constructor(group: Group, { thread, tid, files, fs, credentials, comm }: TaskOptions) {
    this.group = group;
    this.pending = new Pending(group.linux.queuedSignals);
    this.thread = thread;
    this.context = (thread.body as Body & { readonly kind: "machine" }).context;
    this.tid = tid;
    this.files = files;
    this.fs = fs;
    this.credentials = credentials;
    this.comm = comm;
  }

  /** The system that it lives in. */
  get linux(): Linux {
    return this.group.linux;
  }

  /** What it sees of memory. */
  get mm(): Mm {
    return this.group.mm;
  }

  /** The time, in nanoseconds since the machine began. */
  get now(): number {
    return this.thread.realm.now;
  }

  /** How long it has run, in nanoseconds. */
  get runtime(): number {
    return this.linux.kernel.runtimeOf(this.thread);
  }

  /** What it has used up to now. */
  get used(): Usage {
    this.usage.time = this.runtime;
    return this.usage;
  }

  /** Have descriptors of its own from now on, where it shares them. */
  unshareFiles(): void {
    if (this.files.users === 1) return;
    const own = this.files.copy();
    this.files.drop();
    this.files = own;
  }

  /** Whether it may do this beside what its user may. */
  may(capability: Capability): boolean {
    return isCapable(this.credentials, capability);
  }

  /** The lowest address that it may map. */
  get lowestAddress(): number {
    return this.may(Capability.SYS_RAWIO) ? 0 : MMAP_MIN_ADDR;
  }

  /** How it walks paths. */
  get walker(): Walker {
    return { root: this.fs.root, credentials: this.credentials };
  }

  /** The file of a descriptor that can be used. */
  file(descriptor: number): OpenFile | null {
    const file = this.files.get(descriptor);
    return file && (file.flags & OpenFlag.PATH) === 0 ? file : null;
  }

  /** The file of a descriptor, also of one that only stands for a place. */
  fileOrPlace(descriptor: number): OpenFile | null {
    return this.files.get(descriptor);
  }

  /** Put a file at the lowest free descriptor, or EMFILE and it is closed. */
  addFile(file: OpenFile, closeOnExec: boolean, from = 0): number {
    file.hold();
    const limit = this.group.limits.soft(Resource.NOFILE);
    const { files, filesMax } = this.linux.memory;
    const isTooMany = file.references === 1 && files > filesMax;
    const descriptor = isTooMany
      ? Errno.ENFILE
      : this.files.add(file, { limit, from, closeOnExec });
    file.drop();
    return descriptor;
  }

  /** The same for a file that was there before and that it did not have. */
  gainFile(file: OpenFile, closeOnExec: boolean): number {
    this.linux.witness?.gains(this, file);
    return this.addFile(file, closeOnExec);
  }

  /** Block these signals, as far as they can be. */
  setBlocked(blocked: SignalSet): void {
    this.blocked = blocked & ~UNBLOCKABLE;
    this.recalculate();
  }

  /** See whether a signal is to be delivered. */
  recalculate(): void {
    const pending = this.pending.set | this.group.pending.set;
    this.signalled = (pending & ~this.blocked) !== 0n;
  }

  /** Finish a call now if it can be, and otherwise when it can be. */
  block(options: WaitOptions): Answer {
    const answer = options.attempt();
    if (answer !== null) {
      options.over?.();
      return options.after ? options.after() : answer;
    }
    this.wait = new Wait(this.thread, options);
    this.wait.start();
    if (this.signalled && !options.uninterruptible) this.wait.wake();
    else this.linux.rests(this);
    return PARKED;
  }

  /** A signal came: do not wait any longer. */
  interrupt(): void {
    this.wait?.wake();
  }
}
