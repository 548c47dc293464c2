/**
 * A light-weight process (`rt_lwp`): threads that share addresses, descriptors and objects.
 *
 * @module
 */
import type { UserMemory } from "../vm/user_memory.ts";
import type { Process } from "../task/process.ts";
import type { Thread } from "../task/thread.ts";
import { FdTable } from "./fs/fd_table.ts";
import type { RegularFile } from "./fs/regular_file.ts";
import type { RtObject } from "./ipc/rt_object.ts";
import { SuspendList } from "./ipc/suspend_list.ts";
import type { LwpThread } from "./lwp_thread.ts";
import type { Aspace } from "./mm/aspace.ts";
import type { RtSmart } from "./rtsmart.ts";
import { CHILD, sendSignal } from "./signal.ts";
import { SignalActions } from "./signal_action.ts";
import { SignalQueue } from "./signal_queue.ts";
import { leaveWord } from "./thread_end.ts";

/** The status of a process that the kernel took down with itself. */
const KILLED = 9;

/** Why a parent gets a signal. */
const CHILD_EXITED = 1;

/** What `load_elf` has found out of a program, and what an exec puts in place of another's. */
export interface Image {
  /** What it sees of memory. */
  aspace: Aspace;
  /** Where its heap ends. */
  endHeap: number;
  /** Where it begins to run. */
  textEntry: number;
  /** How many bytes of code it has, where the loader says so. */
  textSize: number;
  /** Where its data begins, where the loader says so. */
  dataEntry: number;
  /** How many bytes of data it has, where the loader says so. */
  dataSize: number;
  /** Where its arguments are. */
  args: number;
  /** How many bytes they take. */
  argsLength: number;
  /** The program's name. */
  cmd: string;
  /** The program's path. */
  exeFile: string;
}

/** Threads that share addresses, descriptors and objects. */
export class Lwp {
  /** The system that it lives in. */
  readonly rtsmart: RtSmart;
  /** The kernel's process; a shadow, into which an exec loads, has its caller's. */
  readonly process: Process;
  /** Its number; 0 for a shadow. */
  readonly pid: number;
  /** Who made it; null if that is nobody, or somebody who has ended. */
  parent: Lwp | null = null;
  /** The processes that it made and that were not waited for. */
  readonly children: Set<Lwp> = new Set();
  /** Its threads, the newest first. */
  readonly threads: LwpThread[] = [];
  /** Its descriptors. */
  fdt: FdTable = new FdTable();
  /** Objects of the kernel that it has made. */
  readonly objects: Set<RtObject> = new Set();
  /** Who waits for a child of it to end. */
  readonly childEnded: SuspendList = new SuspendList();
  /** What it ended with, as `waitpid` says it; -1 while it lives. */
  status = -1;
  /** The directory that its paths begin in. */
  workingDirectory = "/";
  /** What it does about signals. */
  actions: SignalActions = new SignalActions();
  /** Signals that were sent to it and wait. */
  readonly pending: SignalQueue = new SignalQueue();
  /** Whether it has executed a program. */
  didExec = false;
  /** Whether no signal ends it: it is the first process of a machine that boots. */
  isProtected = false;
  /** The program that it is. */
  image: Image;
  readonly #isShadow: boolean;

  /** A process without threads; a shadow is one without a number, for a program to be loaded into. */
  constructor(rtsmart: RtSmart, process: Process, pid: number) {
    this.rtsmart = rtsmart;
    this.process = process;
    this.pid = pid;
    this.#isShadow = pid === 0;
    const aspace = rtsmart.createAspace();
    this.image = {
      aspace,
      endHeap: rtsmart.layout.heap,
      textEntry: 0,
      textSize: 0,
      dataEntry: 0,
      dataSize: 0,
      args: 0,
      argsLength: 0,
      cmd: "",
      exeFile: "",
    };
    if (this.#isShadow) return;
    process.view = aspace;
    this.#tellSpace();
  }

  /** What it sees of memory. */
  get aspace(): Aspace {
    return this.image.aspace;
  }

  /** The bytes of what it sees. */
  get memory(): UserMemory {
    return this.image.aspace.memory;
  }

  /** Whether it has ended and waits to be waited for. */
  get ended(): boolean {
    return this.status >= 0;
  }

  /** The thread that it began with. */
  get mainThread(): LwpThread | null {
    return this.threads.at(-1) ?? null;
  }

  /** The thread that is one of the kernel's. */
  threadOf(thread: Thread): LwpThread | null {
    return this.threads.find((one) => one.thread === thread) ?? null;
  }

  /** Tell the log what is done to load a program into it. */
  step(step: string, detail = ""): void {
    const { log } = this.rtsmart.realm;
    if (log.listening) {
      log.emit("load", { process: this.process.koid, who: "kernel", step, detail });
    }
  }

  /** Tell the log that the kernel copied bytes into it. */
  copied(bytes: number, what: string): void {
    const { log } = this.rtsmart.realm;
    if (log.listening) log.emit("copy", { process: this.process.koid, bytes, what });
  }

  /** Put another one's addresses in place of its own. */
  setAspace(aspace: Aspace): void {
    this.image.aspace = aspace;
    if (this.#isShadow) return;
    this.process.view = aspace;
    this.#tellSpace();
  }

  /** Exchange programs with a shadow: the only point where an exec changes its caller. */
  swap(shadow: Lwp): void {
    const own = this.image;
    this.image = shadow.image;
    shadow.image = own;
    this.process.view = this.image.aspace;
    this.#tellSpace();
  }

  /** End all of it with a code (`sys_exit_group`). */
  exitGroup(code: number): void {
    this.#end((code & 0xff) << 8);
  }

  /** End all of it by a signal. */
  killedBy(signal: number): void {
    this.#end(signal);
  }

  /** One of its threads ends: with the first one all of it does (`sys_exit`). */
  exitThread(thread: LwpThread, code: number): void {
    if (thread === this.mainThread) this.exitGroup(code);
    else thread.thread.end();
  }

  /** It has one more object (`lwp_user_object_add`). */
  addObject(object: RtObject): number {
    object.users++;
    this.objects.add(object);
    return object.address;
  }

  /** It has an object no longer (`lwp_user_object_delete`): 0, or -1 if it never had. */
  deleteObject(address: number): number {
    const object = this.rtsmart.heap.objects.get(address);
    if (!object || !this.objects.delete(object)) return -1;
    object.leave();
    return 0;
  }

  /** It has no objects any more (`lwp_user_object_clear`). */
  clearObjects(): void {
    for (const object of [...this.objects]) object.leave();
    this.objects.clear();
  }

  /** A thread of it has ended. */
  threadEnded(thread: Thread): void {
    const one = this.threadOf(thread);
    if (!one) return;
    this.threads.splice(this.threads.indexOf(one), 1);
    // Nobody reads the memory of a process that ends as a whole.
    if (this.status < 0 && this.threads.length > 0) leaveWord(one);
    this.rtsmart.threadGone(one);
    one.delete();
  }

  /** All of it has ended. */
  processEnded(): void {
    if (this.status < 0) this.status = KILLED;
    this.clearObjects();
    this.fdt.closeAll();
    this.aspace.destroy();
    for (const child of this.children) {
      child.parent = null;
      if (child.ended) this.rtsmart.forget(child);
    }
    this.children.clear();
    if (this.parent === null || this.parent.ended) this.rtsmart.forget(this);
    else {
      this.parent.childEnded.resumeAll(0);
      sendSignal(this.parent, { signal: CHILD, code: CHILD_EXITED, pid: this.pid });
    }
  }

  /** Name a file in the log before it is read for this process. */
  named(file: RegularFile, path: string): void {
    const { log } = this.rtsmart.realm;
    if (log.listening) log.emit("object-name", { koid: file.vmo.koid, name: path });
  }

  #tellSpace(): void {
    const { log } = this.rtsmart.realm;
    if (!log.listening) return;
    log.emit("space", { process: this.process.koid, space: this.aspace.identity });
  }

  #end(status: number): void {
    if (this.status >= 0) return;
    this.status = status;
    this.process.kill((status & 0x7f) === 0 ? status >> 8 : 128 + (status & 0x7f));
  }
}
