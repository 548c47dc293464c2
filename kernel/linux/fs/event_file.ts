/**
 * Files that are nothing but a count or a queue of events: eventfd, timerfd, signalfd.
 *
 * @module
 */
import { Ioctl } from "../abi/ioctl.ts";
import { SECOND } from "../duration.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { RepeatingTimer } from "../repeating_timer.ts";
import type { SigInfo } from "../signal/siginfo.ts";
import type { SignalSet } from "../signal/signal.ts";
import type { Task } from "../task.ts";
import type { WaitQueue } from "../wait_queue.ts";
import { FileKind, Inode } from "./inode.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";

const COUNT_SIZE = 8;
const COUNT_MAX = 0xfffffffffffffffen;
const SIGNALFD_SIZE = 128;

/** The file behind a descriptor that has no file. */
export class AnonymousInode extends Inode {
  /** A file without a name. */
  constructor(linux: Linux) {
    super(linux.pipeFs, { mode: FileKind.REGULAR | 0o600 });
  }
}

/** A file that events come from: it has no position, which nobody who seeks minds. */
export abstract class EventSource extends OpenFile {
  /** A file without a name. */
  constructor(linux: Linux, flags: number) {
    super(new AnonymousInode(linux), flags);
  }

  override get ignoresSeeks(): boolean {
    return true;
  }
}

/** A count that readers take and writers add to. */
export class EventFile extends EventSource {
  readonly #isSemaphore: boolean;
  #count: bigint;

  /** A count that begins with a number. */
  constructor(linux: Linux, count: number, options: { flags: number; isSemaphore: boolean }) {
    super(linux, OpenFlag.RDWR | options.flags);
    this.#count = BigInt(count);
    this.#isSemaphore = options.isSemaphore;
  }

  override get label(): string {
    return "anon_inode:[eventfd]";
  }

  override get facts(): string {
    const count = this.#count.toString(16).padStart(16);
    return `eventfd-count: ${count}\neventfd-id: ${this.inode.ino}\n` +
      `eventfd-semaphore: ${this.#isSemaphore ? 1 : 0}\n`;
  }

  override get readSite(): string {
    return "do_wait_intr_irq";
  }

  override get writeSite(): string {
    return "do_wait_intr_irq";
  }

  override poll(): number {
    return (this.#count > 0n ? Poll.IN | Poll.RDNORM : 0) |
      (this.#count < COUNT_MAX ? Poll.OUT | Poll.WRNORM : 0);
  }

  override read(count: number): Uint8Array | number {
    if (count < COUNT_SIZE) return Errno.EINVAL;
    if (this.#count === 0n) return Errno.EAGAIN;
    const taken = this.#isSemaphore ? 1n : this.#count;
    this.#count -= taken;
    this.queue.wake(Poll.OUT | Poll.WRNORM);
    return encodeCount(taken);
  }

  override write(bytes: Uint8Array): number {
    if (bytes.length < COUNT_SIZE) return Errno.EINVAL;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const added = view.getBigUint64(0, true);
    if (added > COUNT_MAX) return Errno.EINVAL;
    if (this.#count + added > COUNT_MAX) return Errno.EAGAIN;
    this.#count += added;
    this.queue.wake(Poll.IN | Poll.RDNORM);
    return COUNT_SIZE;
  }
}

/** A timer that is read: how often it went off. */
export class TimerFile extends EventSource {
  /** The clock that it goes by. */
  readonly clock: number;
  readonly #timer: RepeatingTimer;
  /** How often it went off, as a reader is told. */
  #expired = 0;
  /** How often it did as far as it was looked at: since it went off once, nobody has. */
  #ticks = 0;
  #isUnseen = false;
  #settimeFlags = 0;

  /** A timer that is not set. */
  constructor(linux: Linux, clock: number, flags: number) {
    super(linux, OpenFlag.RDWR | flags);
    this.clock = clock;
    this.#timer = new RepeatingTimer(linux.realm, (times) => {
      this.#expired += times;
      if (!this.#isUnseen) this.#ticks++;
      this.#isUnseen = true;
      this.queue.wake();
    });
  }

  override get label(): string {
    return "anon_inode:[timerfd]";
  }

  override get facts(): string {
    const { left, interval } = this.setting;
    const flags = this.#settimeFlags.toString(8).padStart(2, "0");
    return `clockid: ${this.clock}\nticks: ${this.#ticks}\nsettime flags: ${flags}\n` +
      `it_value: ${timeText(this.#isUnseen ? 0 : left)}\nit_interval: ${timeText(interval)}\n`;
  }

  /** How long until it goes off, and how often after that, in nanoseconds. */
  get setting(): { readonly left: number; readonly interval: number } {
    return this.#timer.setting;
  }

  /** Let it go off at a time, and again after each interval; never for a deadline of 0. */
  set(deadline: number, interval: number, flags: number): void {
    this.#setTicks(0);
    this.#settimeFlags = flags;
    this.#timer.set(deadline, interval);
  }

  /** Let it have gone off so often, as programs ask that are put back where they were. */
  override ioctl(task: Task, request: number, argument: number): number {
    if (request !== Ioctl.TFD_IOC_SET_TICKS) return Errno.ENOTTY;
    const ticks = task.mm.memory.readU64(argument);
    if (ticks < 0) return Errno.EFAULT;
    if (ticks === 0) return Errno.EINVAL;
    this.#setTicks(ticks);
    this.queue.wake();
    return 0;
  }

  #setTicks(ticks: number): void {
    this.#expired = this.#ticks = ticks;
    this.#isUnseen = false;
  }

  override get readSite(): string {
    return "do_wait_intr_irq";
  }

  override poll(): number {
    return this.#expired > 0 ? Poll.IN | Poll.RDNORM : 0;
  }

  override read(count: number): Uint8Array | number {
    if (count < COUNT_SIZE) return Errno.EINVAL;
    if (this.#expired === 0) return Errno.EAGAIN;
    const expired = this.#expired;
    this.#setTicks(0);
    return encodeCount(BigInt(expired));
  }

  protected override closed(): void {
    this.#timer.stop();
  }
}

/** Signals of a process that are read. */
export class SignalFile extends EventSource {
  /** The signals that are read. */
  wanted: SignalSet;
  readonly #group: Group;
  readonly #reader: () => Task | null;
  override readonly queue: WaitQueue;

  /** The signals of a set; `reader` is the task that reads. */
  constructor(task: Task, wanted: SignalSet, flags: number) {
    super(task.linux, OpenFlag.RDWR | flags);
    this.wanted = wanted;
    this.#group = task.group;
    this.#reader = () => task.linux.current;
    this.queue = task.group.signalArrived;
  }

  override get label(): string {
    return "anon_inode:[signalfd]";
  }

  override get facts(): string {
    return `sigmask:\t${this.wanted.toString(16).padStart(16, "0")}\n`;
  }

  override get readSite(): string {
    return "signalfd_read_iter";
  }

  override poll(): number {
    const pending = this.#group.pending.set | (this.#reader()?.pending.set ?? 0n);
    return (pending & this.wanted) !== 0n ? Poll.IN | Poll.RDNORM : 0;
  }

  override read(count: number): Uint8Array | number {
    if (count < SIGNALFD_SIZE) return Errno.EINVAL;
    const reader = this.#reader();
    const others = ~this.wanted;
    const found: SigInfo[] = [];
    while (found.length < Math.floor(count / SIGNALFD_SIZE)) {
      const info = reader?.pending.take(others) ?? this.#group.pending.take(others);
      if (!info) break;
      found.push(info);
    }
    for (const task of this.#group.tasks.values()) task.recalculate();
    if (found.length === 0) return Errno.EAGAIN;
    const bytes = new Uint8Array(found.length * SIGNALFD_SIZE);
    found.forEach((info, at) => putSignal(new DataView(bytes.buffer, at * SIGNALFD_SIZE), info));
    return bytes;
  }
}

function putSignal(view: DataView, info: SigInfo): void {
  view.setUint32(0, info.signal, true);
  view.setInt32(4, info.errno ?? 0, true);
  view.setInt32(8, info.code, true);
  view.setUint32(12, info.pid ?? 0, true);
  view.setUint32(16, info.uid ?? 0, true);
  view.setInt32(40, info.status ?? 0, true);
  view.setInt32(44, Number(BigInt.asIntN(32, info.value ?? 0n)), true);
  view.setBigUint64(48, BigInt.asUintN(64, info.value ?? 0n), true);
  view.setBigUint64(56, BigInt(info.ticks?.user ?? 0), true);
  view.setBigUint64(64, BigInt(info.ticks?.system ?? 0), true);
}

function timeText(nanos: number): string {
  return `(${Math.floor(nanos / SECOND)}, ${nanos % SECOND})`;
}

function encodeCount(count: bigint): Uint8Array {
  const bytes = new Uint8Array(COUNT_SIZE);
  new DataView(bytes.buffer).setBigUint64(0, count, true);
  return bytes;
}
