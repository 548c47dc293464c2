/**
 * Queues of messages with priorities, which are files of a file system of their own: `mq_open`.
 *
 * @module
 */
import { MESSAGE_COST } from "../bounds.ts";
import { Errno } from "../errno.ts";
import type { FileSystem } from "../fs/file_system.ts";
import type { FileTable } from "../fs/file_table.ts";
import { FileKind, Inode, type InodeOptions } from "../fs/inode.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFile } from "../fs/open_file.ts";
import type { Place } from "../fs/path_walk.ts";
import type { Socket } from "../fs/socket.ts";
import type { Group } from "../group.ts";
import { sendToGroup } from "../signal/send.ts";
import { SignalCode } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";

const STATUS_SIZE = 80;
/** What counts against its owner's limit for each message beside its bytes. */
const MESSAGE_COUNTED = 96;

/** A message. */
export interface PosixMessage {
  /** The higher, the sooner it is received. */
  readonly priority: number;
  /** What it says. */
  readonly bytes: Uint8Array;
}

/** Who is told once when a message comes to an empty queue. */
export interface QueueNotice {
  /** The process. */
  readonly group: Group;
  /** Its descriptors: when one of them leaves the queue, it is told no more. */
  readonly files: FileTable;
  /** The signal; 0 if nothing is sent. */
  readonly signal: number;
  /** What comes with it. */
  readonly value: bigint;
  /** The socket that is told instead, and what it is told, but for the last byte. */
  readonly thread?: { readonly socket: Socket; readonly cookie: Uint8Array };
}

/** The last byte of what a thread is told: a message came, or none will be told of any more. */
const Told = { WOKEN: 1, REMOVED: 2 } as const;

/** A queue. */
export class PosixQueue extends Inode {
  /** So many messages there is room for. */
  readonly messagesMax: number;
  /** So long each may be. */
  readonly messageSize: number;
  /** Who waits for a message or for room. */
  readonly queue: WaitQueue = new WaitQueue();
  /** How many wait for a message. */
  receivers = 0;
  readonly #messages: PosixMessage[] = [];
  #notice: QueueNotice | null = null;

  /** An empty queue. */
  constructor(fs: FileSystem, options: InodeOptions, messagesMax: number, messageSize: number) {
    super(fs, { ...options, mode: FileKind.REGULAR | options.mode });
    this.messagesMax = messagesMax;
    this.messageSize = messageSize;
  }

  override get size(): number {
    return STATUS_SIZE;
  }

  override open(flags: number, place: Place | null): OpenFile {
    return new OpenPosixQueue(this, flags, place);
  }

  /** How many messages wait. */
  get length(): number {
    return this.#messages.length;
  }

  /** What counts against its owner's limit. */
  get cost(): number {
    return this.messagesMax * (this.messageSize + MESSAGE_COUNTED);
  }

  /** Who is told; nobody any more once the process has ended. */
  get notice(): QueueNotice | null {
    return this.#notice?.group.ended ? null : this.#notice;
  }

  /** Let a process be told, or nobody. */
  set notice(notice: QueueNotice | null) {
    this.#notice = notice;
  }

  /** Tell a process no more, known by itself or by its descriptors, if it was to be told. */
  forget(whom: Group | FileTable): void {
    const notice = this.#notice;
    if (notice === null || (notice.group !== whom && notice.files !== whom)) return;
    this.#notice = null;
    tellThread(notice, Told.REMOVED);
  }

  override unlinked(): void {
    super.unlinked();
    if (this.openings === 0) this.empty();
  }

  /** Nobody will receive what is in it: that is lost. */
  empty(): void {
    for (const one of this.#messages.splice(0)) this.fs.memory.uncharge(costOf(one));
  }

  /** Put a message behind those of its priority; ENOMEM where the machine holds too much. */
  put(sender: Task, message: PosixMessage): number {
    if (!this.fs.memory.charge(costOf(message))) return Errno.ENOMEM;
    const behind = this.#messages.findIndex(({ priority }) => priority < message.priority);
    this.#messages.splice(behind < 0 ? this.length : behind, 0, message);
    this.modified = this.changed = this.fs.now();
    if (this.length === 1 && this.receivers === 0) this.#tell(sender);
    this.queue.wake();
    return 0;
  }

  /** Take the first message of the highest priority; null from an empty queue. */
  take(): PosixMessage | null {
    const message = this.#messages.shift() ?? null;
    if (message) {
      this.fs.memory.uncharge(costOf(message));
      this.accessed = this.changed = this.fs.now();
      this.queue.wake();
    }
    return message;
  }

  /** What it says of itself to who reads it as a file. */
  get status(): string {
    const { notice } = this;
    const bytes = this.#messages.reduce((sum, one) => sum + one.bytes.length, 0);
    const signal = notice?.signal ?? 0;
    const kind = notice?.thread ? 2 : notice && signal === 0 ? 1 : 0;
    return `QSIZE:${`${bytes}`.padEnd(10)} NOTIFY:${`${kind}`.padEnd(5)} ` +
      `SIGNO:${`${signal}`.padEnd(5)} NOTIFY_PID:${`${notice?.group.pid ?? 0}`.padEnd(6)}\n`;
  }

  #tell(sender: Task): void {
    const { notice } = this;
    this.notice = null;
    if (notice) tellThread(notice, Told.WOKEN);
    if (!notice || notice.signal === 0) return;
    sendToGroup(notice.group, {
      signal: notice.signal,
      code: SignalCode.MESGQ,
      pid: sender.group.pid,
      uid: sender.credentials.uid,
      value: notice.value,
    });
  }
}

/** How much memory a message takes. */
function costOf({ bytes }: PosixMessage): number {
  return bytes.length + MESSAGE_COST;
}

/** Tell the thread that somebody keeps for it. */
function tellThread({ thread }: QueueNotice, last: number): void {
  if (!thread) return;
  const bytes = thread.cookie.slice();
  bytes[bytes.length - 1] = last;
  thread.socket.tell(bytes);
}

/** A queue that is open. */
export class OpenPosixQueue extends OpenFile {
  override readonly inode: PosixQueue;
  override readonly queue: WaitQueue;

  /** A queue that was opened by name, or by its path. */
  constructor(inode: PosixQueue, flags: number, place: Place | null) {
    super(inode, flags, place);
    this.inode = inode;
    this.queue = inode.queue;
  }

  protected override closed(): void {
    // It is open until this is done.
    if (this.inode.links === 0 && this.inode.openings === 1) this.inode.empty();
  }

  override leftBy(table: FileTable): void {
    this.inode.forget(table);
  }

  override poll(): number {
    const { length, messagesMax } = this.inode;
    return (length > 0 ? Poll.IN | Poll.RDNORM : 0) |
      (length < messagesMax ? Poll.OUT | Poll.WRNORM : 0);
  }

  override get seekable(): boolean {
    return true;
  }

  override read(count: number, offset: number): Uint8Array | number {
    const text = new TextEncoder().encode(this.inode.status);
    return text.subarray(offset, offset + count);
  }

  override write(): number {
    return Errno.EINVAL;
  }
}
