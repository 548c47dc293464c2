/**
 * One Linux: its processes, its files, its binary formats, on a kernel that knows none of these.
 *
 * @module
 */
import { deviceNumber } from "./device_number.ts";
import { FIRST_PID, PID_MAX, Semaphores, SharedObjects, TASKS_MAX } from "./bounds.ts";
import { FileSystemKind } from "./abi/stat.ts";
import { failed, TaskReturnCode } from "../abi.ts";
import { KernelBug } from "../invariant.ts";
import type { Kernel } from "../kernel.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Process } from "../task/process.ts";
import { Thread } from "../task/thread.ts";
import type { AuthorityWitness } from "./authority_witness.ts";
import type { BinaryFormat } from "./binary_format.ts";
import { CALLS } from "./calls.ts";
import { shownArgument } from "./calls/shown_argument.ts";
import type { LinuxCall } from "./call.ts";
import { Errno } from "./errno.ts";
import { FileLocks } from "./file_locks.ts";
import { FileSystem } from "./fs/file_system.ts";
import { Directory } from "./fs/directory.ts";
import type { OpenRegular } from "./fs/open_regular.ts";
import { InFlight } from "./fs/in_flight.ts";
import { Ports } from "./fs/ports.ts";
import { type Room, roomIn } from "./fs/room.ts";
import type { Socket } from "./fs/socket.ts";
import { Futexes } from "./futex.ts";
import { Group, type GroupOptions } from "./group.ts";
import { IpcTable } from "./ipc/ipc_object.ts";
import type { MessageQueue } from "./ipc/message_queue.ts";
import type { SemaphoreSet } from "./ipc/semaphores.ts";
import type { SharedMemory } from "./ipc/shared_memory.ts";
import { MachineMemory } from "./machine_memory.ts";
import { Mm } from "./mm/mm.ts";
import { LinuxPersonality } from "./personality.ts";
import { FilterSpace } from "./seccomp/filter.ts";
import { QueuedSignals } from "./signal/queued_signals.ts";
import { sendToGroup } from "./signal/send.ts";
import { SignalCode, SignalNumber } from "./abi/signal.ts";
import type { SigInfo } from "./signal/siginfo.ts";
import { signalName } from "./signal/signal.ts";
import type { Task } from "./task.ts";
import type { Tracer } from "./tracer.ts";
import { internalFile } from "./fs/internal_file.ts";

/** The vDSO as a file, and where in it the return from a handler is. */
export interface VdsoImage {
  /** The file. */
  readonly bytes: Uint8Array;
  /** Where the code is that returns from a handler. */
  readonly sigreturn: number;
}

/** What a Linux is made of. */
export interface LinuxOptions {
  /** The kernel that it stands on. */
  readonly kernel: Kernel;
  /** What it maps into every process. */
  readonly vdso: VdsoImage;
  /** Seconds since 1970 when the machine began. */
  readonly epoch?: number;
  /** Whether addresses are left to chance. */
  readonly randomize?: boolean;
}

/** One Linux. */
export class Linux {
  /** The kernel that it stands on. */
  readonly kernel: Kernel;
  /** The ground that objects stand on. */
  readonly realm: Realm;
  /** How much memory there is, and how much of it the kernel holds for programs. */
  readonly memory: MachineMemory;
  /** What it maps into every process. */
  readonly vdso: VdsoImage;
  /** The vDSO's pages. */
  readonly vdsoFile: OpenRegular;
  /** The pages that the vDSO reads the time of day from. */
  readonly vvarFile: OpenRegular;
  /** Seconds since 1970 when the machine began. */
  readonly epoch: number;
  /** Whether addresses are left to chance. */
  readonly randomize: boolean;
  /** Its calls by number. */
  readonly calls: readonly (LinuxCall | undefined)[] = CALLS;
  /** Its processes by number. */
  readonly groups: Map<number, Group> = new Map();
  /** Its tasks by number. */
  readonly tasks: Map<number, Task> = new Map();
  /** The formats of programs, in the order they are tried. */
  readonly formats: BinaryFormat[] = [];
  /** Who waits at words of memory. */
  readonly futexes: Futexes = new Futexes();
  /** How many signals wait for each user. */
  readonly queuedSignals: QueuedSignals = new QueuedSignals();
  /** Who has locked which part of which file. */
  readonly locks: FileLocks = new FileLocks();
  /** Memory that processes find by a key. */
  readonly sharedMemory: IpcTable<SharedMemory> = new IpcTable(SharedObjects.MEMORIES);
  /** Counts that processes find by a key. */
  readonly semaphores: IpcTable<SemaphoreSet> = new IpcTable(SharedObjects.SETS, Semaphores.IN_ALL);
  /** Queues that processes find by a key. */
  readonly messageQueues: IpcTable<MessageQueue> = new IpcTable(SharedObjects.QUEUES);
  /** Sockets whose names are no paths, by what they are found by. */
  readonly namedSockets: Map<string, Socket> = new Map();
  /** The ports that sockets of the network have. */
  readonly ports: Ports = new Ports();
  /** Sockets on their way in messages. */
  readonly inFlight: InFlight = new InFlight();
  /** Room for the filters of its tasks' calls. */
  readonly filters: FilterSpace = new FilterSpace();
  /** The file system that pipes without a name are in. */
  readonly pipeFs: FileSystem;
  /** The directory above all others. */
  readonly root: Directory;
  /** The file system that everything is in that nobody mounted. */
  readonly rootFs: FileSystem;
  /** The directories at which other file systems begin, in the order they were mounted. */
  readonly mounted: Directory[] = [];
  /** Queues of messages with priorities, by name. */
  readonly queueNames: Directory;
  /** What the machine is called. */
  hostname = "zandbox";
  /** The network that it belongs to. */
  domainname = "(none)";
  /** Whether `execve` leaves sockets open that it should close, as zCore does. */
  leaksSockets = false;
  /** Seconds that somebody has set the time of day ahead. */
  calendarShift = 0;
  /** How often a task was ended because there was no memory for it. */
  shortages = 0;
  /** How often another task's turn came. */
  switches = 0;
  /** Who is told of every call. */
  tracer: Tracer | null = null;
  /** Who judges how authority spreads. */
  witness: AuthorityWitness | null = null;
  readonly #unknown = new Set<number>();
  #nextPid = FIRST_PID;
  #made = 0;
  #lastRan: Task | null = null;
  #panicked: string | null = null;
  #nextDevice = 1;
  #nextMm = 1;

  /** A Linux without processes. */
  constructor({ kernel, vdso, epoch = 1_735_689_600, randomize = false }: LinuxOptions) {
    this.kernel = kernel;
    this.realm = kernel.realm;
    this.memory = new MachineMemory(kernel.realm.memory);
    this.vdso = vdso;
    this.epoch = epoch;
    this.randomize = randomize;
    this.rootFs = this.createFileSystem(
      "tmpfs",
      FileSystemKind.TMPFS_MAGIC,
      roomIn(kernel.realm.memory.totalFrames),
    );
    this.pipeFs = this.createFileSystem("pipefs", FileSystemKind.PIPEFS_MAGIC);
    this.root = new Directory(this.rootFs, { mode: 0o755 });
    const queueFs = this.createFileSystem("mqueue", FileSystemKind.MQUEUE_MAGIC);
    this.queueNames = new Directory(queueFs, { mode: 0o1777 });
    this.vdsoFile = internalFile(this.rootFs, "[vdso]", vdso.bytes).hold();
    const facts = new Uint8Array(2 * PAGE_SIZE);
    new DataView(facts.buffer).setBigInt64(0, BigInt(epoch), true);
    this.vvarFile = internalFile(this.rootFs, "[vvar]", facts).hold();
  }

  /** The task that runs. */
  get current(): Task | null {
    const thread = this.kernel.system.current;
    if (!thread) return null;
    for (const task of this.tasks.values()) if (task.thread === thread) return task;
    return null;
  }

  /** How many processes and threads there have been. */
  get made(): number {
    return this.#made;
  }

  /** Whether somebody listens to calls. */
  get watched(): boolean {
    return this.tracer !== null || this.realm.log.listening;
  }

  /** A file system with a device number of its own. */
  createFileSystem(type: string, magic: number, room: Room | null = null): FileSystem {
    const { realm, memory, epoch } = this;
    const device = deviceNumber(0, this.#nextDevice++);
    return new FileSystem({ realm, memory, epoch, type, magic, device, room });
  }

  /** Make a format known: before those that are, as `register_binfmt` and `insert_binfmt` do. */
  registerFormat(format: BinaryFormat, first = false): void {
    if (first) this.formats.unshift(format);
    else this.formats.push(format);
  }

  /** Addresses with nothing at them. */
  createMm(): Mm {
    const { processor } = this.kernel.system;
    if (!processor) throw new KernelBug("programs of Linux need a processor");
    return new Mm({
      realm: this.realm,
      createSpace: () => processor.createSpace(),
      nextIdentity: () => this.#nextMm++,
    });
  }

  /** A process without tasks, or EAGAIN. */
  createGroup(
    name: string,
    options: Omit<GroupOptions, "pid" | "process">,
    pid = 0,
  ): Group | number {
    if (this.tasks.size >= TASKS_MAX || this.groups.size >= TASKS_MAX) return Errno.EAGAIN;
    const process = Process.create(this.kernel.rootJob, name);
    if (failed(process)) return Errno.EAGAIN;
    const group = new Group(this, { ...options, pid: this.nextPid(pid), process });
    process.personality = new LinuxPersonality(group);
    this.groups.set(group.pid, group);
    const { log } = this.realm;
    if (log.listening) log.emit("space", { process: process.koid, space: options.mm.identity });
    return group;
  }

  /** A thread with registers that are all zero, or EAGAIN. */
  createThread(group: Group, name: string): Thread | number {
    if (this.tasks.size >= TASKS_MAX) return Errno.EAGAIN;
    const thread = Thread.create(group.process, name);
    return failed(thread) ? Errno.EAGAIN : thread;
  }

  /** A number that no task, process, process group or session has: a wanted one, where that is not 0. */
  nextPid(wanted = 0): number {
    for (;;) {
      const pid = wanted || this.#nextPid;
      this.#made++;
      if (pid === wanted) return pid;
      this.#nextPid = pid + 1 >= PID_MAX ? 300 : pid + 1;
      if (!this.isNumberOf(pid)) return pid;
    }
  }

  /** Whether a task, process, process group or session has a number. */
  isNumberOf(pid: number): boolean {
    if (this.tasks.has(pid) || this.groups.has(pid)) return true;
    for (const { pgid, sid } of this.groups.values()) if (pgid === pid || sid === pid) return true;
    return false;
  }

  /** Let others run before the running task goes on. */
  yield(): void {
    // A deadline that has come ends the turn.
    this.realm.timeouts.set(this.realm.now, () => {});
  }

  /** A process was waited for, or nobody ever will. */
  forget(group: Group): void {
    group.pending.clear();
    this.groups.delete(group.pid);
  }

  /**
   * A task's turn begins: whoever had the one before had to stop for it, unless it rests; false if
   * that was the same.
   */
  turns(task: Task): boolean {
    const before = this.#lastRan;
    if (before === task) return false;
    if (before?.thread.runnable) before.usage.preemptions++;
    this.#lastRan = task;
    this.switches++;
    return true;
  }

  /** A task has nothing to do until something happens. */
  rests(task: Task): void {
    task.usage.waits++;
    this.#lastRan = null;
  }

  /** Why this kernel ended, if it did as the one that it is to be like. */
  get panicked(): string | null {
    return this.#panicked;
  }

  /** End as a kernel does that met what it did not expect: nothing runs any more. */
  panic(reason: string): void {
    this.#panicked = reason;
    const { log } = this.realm;
    if (log.listening) {
      log.emit("kernel-panic", { process: this.current?.group.process.koid ?? 0, reason });
    }
    this.shutDown();
  }

  /** End everything. */
  shutDown(): void {
    for (const group of [...this.groups.values()]) {
      if (!group.ended) group.process.kill(TaskReturnCode.SYSCALL_KILL);
    }
  }

  /** A process has ended: if it led a session, those in front of its terminal are told. */
  terminalLost({ pid, sid, terminal }: Group): void {
    if (terminal === null || pid !== sid) return;
    const { foreground } = terminal;
    for (const one of [...this.groups.values()]) {
      if (one.terminal === terminal) one.terminal = null;
      if (one.ended || one.pgid !== foreground) continue;
      for (const signal of [SignalNumber.SIGHUP, SignalNumber.SIGCONT]) {
        sendToGroup(one, { signal, code: SignalCode.KERNEL });
      }
    }
    terminal.foreground = terminal.session = 0;
  }

  /** A task made a call that there is none of. */
  unknownCall(task: Task, number: number): void {
    this.tracer?.unknown(task, number);
    this.missing(task, number, `${number}`);
  }

  /** Say so once that there is no such call. */
  missing(task: Task, number: number, name: string): void {
    if (this.#unknown.has(number)) return;
    this.#unknown.add(number);
    this.say(`${task.comm}[${task.tid}]: system call ${name} is not implemented`);
  }

  /** Write a line to the kernel's log. */
  say(text: string): void {
    const { log } = this.realm;
    if (log.listening) log.emit("debuglog", { process: 0, text });
  }

  /** A task makes a call. */
  asked(task: Task, row: LinuxCall): void {
    task.callName = row.name;
    this.tracer?.entered(task, row);
    const { log } = this.realm;
    if (!log.listening) return;
    const args = row.names.map((name, at) => [name, shownArgument(task, row, at)]);
    log.cause = 0;
    log.cause = log.emit("syscall", {
      process: task.group.process.koid,
      thread: task.thread.koid,
      name: row.name,
      args: Object.fromEntries(args),
    });
  }

  /** A call of a task was answered. */
  answered(task: Task, status: number): void {
    this.tracer?.left(task, status);
    const { log } = this.realm;
    if (!log.listening) return;
    log.emit("syscall-done", {
      process: task.group.process.koid,
      thread: task.thread.koid,
      name: task.callName,
      status,
      outs: {},
    });
  }

  /** An instruction of a task caused a signal. */
  faulted(task: Task, info: SigInfo): void {
    const { log } = this.realm;
    if (!log.listening) return;
    log.emit("exception", {
      process: task.group.process.koid,
      thread: task.thread.koid,
      type: info.signal,
      channel: signalName(info.signal),
      pc: task.context.pc,
      address: info.address ?? 0,
    });
  }

  /** A number of pages that chance chooses, below a power of two. */
  randomPages(bits: number): number {
    return this.randomize ? this.realm.entropy.next() % 2 ** bits : 0;
  }

  /** Bytes that chance chooses. */
  randomBytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; at++) bytes[at] = this.realm.entropy.next() & 0xff;
    return bytes;
  }
}
