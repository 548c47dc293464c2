/**
 * One RT-Smart: its processes, its files, its named objects, on a kernel that knows none of these.
 *
 * It is as trusting as the real one, and nothing is made safer on the way:
 *
 * 1. All memory of programs is readable, writable and executable, whatever is asked for.
 * 2. Programs hold kernel objects by the kernel's own addresses. A number that is none of them ends the
 *    program where it leads to the program's own addresses without memory, and the kernel elsewhere.
 * 3. A kernel that ends hangs: an event says over what, everything is stopped, and nothing starts.
 * 4. Addresses are constants; the bytes that pass for random are the clock's ticks.
 * 5. Faults end a program with 255, whatever handlers it has: those are for signals that were sent, and
 *    the code that leads back from them is on the program's stack.
 *
 * What a program could make the kernel write where it has forged an object is not modelled: the
 * assertion about what lies there fails in all such cases.
 *
 * @module
 */
import { failed, TaskReturnCode } from "../abi.ts";
import { KernelBug } from "../invariant.ts";
import type { Kernel } from "../kernel.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Process } from "../task/process.ts";
import type { RtSmartCall } from "./call.ts";
import { argument } from "./call.ts";
import { CALLS } from "./calls.ts";
import { Errno } from "./error.ts";
import { FileTree } from "./fs/tree.ts";
import { ChannelNames } from "./ipc/channel_names.ts";
import { Futexes } from "./ipc/futex.ts";
import { KernelHeap } from "./ipc/rt_object.ts";
import { Semaphore } from "./ipc/semaphore.ts";
import { SharedMemory } from "./ipc/shared_memory.ts";
import { TICK } from "./ipc/suspend_list.ts";
import type { LwpLoader } from "./loader.ts";
import { Lwp } from "./lwp.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { Aspace } from "./mm/aspace.ts";
import type { Layout } from "./mm/layout.ts";
import { RtSmartPersonality } from "./personality.ts";
import type { Tracer } from "./tracer.ts";
import { readText } from "./user_data.ts";

/** So many processes there can be (`RT_LWP_MAX_NR`). */
export const LWP_MAX = 30;

/** So many threads of processes there can be (`LWP_TID_MAX_NR`). */
export const TID_MAX = 64;

const PID_MAX = 10_000;

/** What an RT-Smart is made of. */
export interface RtSmartOptions {
  /** The kernel that it stands on. */
  readonly kernel: Kernel;
  /** What loads its programs. */
  readonly loader: LwpLoader;
  /** Where the parts of its programs are. */
  readonly layout: Layout;
  /** Takes what programs write to the console. */
  readonly write: (bytes: Uint8Array) => void;
  /** Whether files have a page cache; without one the later loader can load nothing. */
  readonly hasPageCache?: boolean;
}

/** One RT-Smart. */
export class RtSmart {
  /** The kernel that it stands on. */
  readonly kernel: Kernel;
  /** The ground that objects stand on. */
  readonly realm: Realm;
  /** What loads its programs. */
  readonly loader: LwpLoader;
  /** Where the parts of its programs are. */
  readonly layout: Layout;
  /** Whether files have a page cache. */
  readonly hasPageCache: boolean;
  /** Its calls by number. */
  readonly calls: readonly (RtSmartCall | undefined)[] = CALLS;
  /** Its processes by number. */
  readonly lwps: Map<number, Lwp> = new Map();
  /** Its threads by number. */
  readonly threads: Map<number, LwpThread> = new Map();
  /** Its files. */
  readonly files: FileTree;
  /** Where its objects lie. */
  readonly heap: KernelHeap = new KernelHeap();
  /** Its channels. */
  readonly channels: ChannelNames = new ChannelNames();
  /** Who waits at words of memory. */
  readonly futexes: Futexes = new Futexes();
  /** Memory that its processes share. */
  readonly sharedMemory: SharedMemory;
  /** What threads take that want to be undisturbed. */
  readonly criticalLock: Semaphore = new Semaphore(this.heap, "ct_lock", { value: 1, flag: 0 });
  /** Seconds that the time of day is ahead of the machine's. */
  calendarShift = 0;
  /** Who is told of every call. */
  tracer: Tracer | null = null;
  #nextPid = 1;
  #nextAspace = 1;
  #panicked: string | null = null;

  /** An RT-Smart without processes. */
  constructor({ kernel, loader, layout, write, hasPageCache = true }: RtSmartOptions) {
    this.kernel = kernel;
    this.realm = kernel.realm;
    this.loader = loader;
    this.layout = layout;
    this.hasPageCache = hasPageCache;
    this.sharedMemory = new SharedMemory(this.realm);
    this.files = new FileTree(this.realm, write);
  }

  /** Whether anybody wants to know of calls. */
  get watched(): boolean {
    return this.tracer !== null || this.realm.log.listening;
  }

  /** The clock, in ticks since the machine began. */
  get tick(): number {
    return Math.floor(this.realm.now / TICK);
  }

  /** How many bytes of memory are free. */
  get freeBytes(): number {
    return this.realm.memory.freeFrames * PAGE_SIZE;
  }

  /** Addresses with nothing at them. */
  createAspace(): Aspace {
    const { processor } = this.kernel.system;
    if (!processor) throw new KernelBug("programs of RT-Smart need a processor");
    const { realm, layout } = this;
    return new Aspace({
      realm,
      layout,
      createSpace: () => processor.createSpace(),
      nextIdentity: () => this.#nextAspace++,
    });
  }

  /** A process without threads, or ENOMEM. */
  createLwp(name: string, parent: Lwp | null): Lwp | number {
    if (this.lwps.size >= LWP_MAX) return Errno.ENOMEM;
    const process = Process.create(this.kernel.rootJob, name);
    if (failed(process)) return Errno.ENOMEM;
    const lwp = new Lwp(this, process, this.#takePid());
    process.personality = new RtSmartPersonality(lwp);
    lwp.parent = parent ?? this.lwps.get(1) ?? null;
    lwp.parent?.children.add(lwp);
    this.lwps.set(lwp.pid, lwp);
    return lwp;
  }

  /** A number that no thread has, or 0. */
  takeTid(): number {
    for (let tid = 1; tid <= TID_MAX; tid++) if (!this.threads.has(tid)) return tid;
    return 0;
  }

  /** A thread has ended. */
  threadGone(thread: LwpThread): void {
    this.threads.delete(thread.tid);
  }

  /** A process was waited for, or nobody ever will. */
  forget(lwp: Lwp): void {
    this.lwps.delete(lwp.pid);
    lwp.parent?.children.delete(lwp);
  }

  /** Why the kernel hangs, if it does. */
  get panicked(): string | null {
    return this.#panicked;
  }

  /** The kernel met what it did not expect: it prints its registers and loops for ever. */
  panic(reason: string): void {
    if (this.#panicked !== null) return;
    this.#panicked = reason;
    const { log } = this.realm;
    if (log.listening) {
      const process = this.kernel.system.current?.process.koid ?? 0;
      log.emit("kernel-panic", { process, reason });
    }
    this.shutDown();
  }

  /**
   * The kernel followed an address that leads nowhere: at one of a program's addresses that ends the
   * program, anywhere else the kernel itself.
   */
  kernelFault(lwp: Lwp, address: number, where: string): void {
    const { start, top } = this.layout;
    const what = `kernel fault at ${address < 0 ? "-" : ""}0x${Math.abs(address).toString(16)}`;
    if (address < start || address >= top) return this.panic(`${what} in ${where}`);
    const { log } = this.realm;
    if (log.listening) {
      log.emit("debuglog", { process: lwp.process.koid, text: `${what} in ${where}` });
    }
    lwp.exitGroup(-1);
  }

  /** End everything. */
  shutDown(): void {
    for (const lwp of [...this.lwps.values()]) {
      if (!lwp.ended) lwp.process.kill(TaskReturnCode.SYSCALL_KILL);
    }
  }

  /** A thread makes a call. */
  asked(thread: LwpThread, row: RtSmartCall): void {
    thread.callName = row.name;
    this.tracer?.entered(thread, row);
    const { log } = this.realm;
    if (!log.listening) return;
    const { context } = thread;
    const args = row.names.map((name, at) => {
      const value = argument(row, context, at);
      return [name, row.kinds[at] === "text" ? readText(thread, value) ?? value : value];
    });
    log.cause = 0;
    log.cause = log.emit("syscall", {
      process: thread.lwp.process.koid,
      thread: thread.thread.koid,
      name: row.name,
      args: Object.fromEntries(args),
    });
  }

  /** A call of a thread was answered. */
  answered(thread: LwpThread, status: number): void {
    this.tracer?.left(thread, status);
    const { log } = this.realm;
    if (!log.listening) return;
    log.emit("syscall-done", {
      process: thread.lwp.process.koid,
      thread: thread.thread.koid,
      name: thread.callName,
      status,
      outs: {},
    });
  }

  #takePid(): number {
    for (;;) {
      const pid = this.#nextPid;
      this.#nextPid = pid + 1 > PID_MAX ? 1 : pid + 1;
      if (!this.lwps.has(pid)) return pid;
    }
  }
}
