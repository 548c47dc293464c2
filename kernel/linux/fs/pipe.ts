/**
 * Pipes: bytes from writers to readers, in order, with room for 64 KiB; with a name they are fifos.
 *
 * @module
 */
import { PIPE_BYTES_MAX } from "../bounds.ts";
import { Ioctl } from "../abi/ioctl.ts";
import type { ByteSlab } from "../../object/byte_slab.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode, type InodeOptions } from "./inode.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";

/** So many bytes are written as a whole or not at all. */
export const PIPE_BUF = PAGE_SIZE;

/** The file system of those without. */
const PIPE_FS = "pipefs";

const CAPACITY = 16 * PAGE_SIZE;

/** A pipe, with a name or without. */
export class Pipe extends Inode {
  /** How many have it open for reading. */
  readers = 0;
  /** How many have it open for writing. */
  writers = 0;
  /** How often it was opened for each; who waits for the other end looks here. */
  readonly opened: { readers: number; writers: number } = { readers: 0, writers: 0 };
  /** Who waits for bytes, for room, or for the other end. */
  readonly queue: WaitQueue = new WaitQueue();
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #capacity = CAPACITY;
  readonly #slab: ByteSlab;

  /** An empty pipe. */
  constructor(fs: FileSystem, options: Partial<InodeOptions> = {}) {
    super(fs, { ...options, mode: FileKind.FIFO | ((options.mode ?? 0o600) & 0o7777) });
    this.#slab = fs.realm.slab;
  }

  /** Whether it has a name, and who opens it so waits for somebody at the other end. */
  get isNamed(): boolean {
    return this.fs.type !== PIPE_FS;
  }

  /** How many bytes are in it. */
  get length(): number {
    return this.#length;
  }

  /** How many bytes it has room for. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Have room for more or fewer bytes; answers for how many, or why not. */
  setCapacity(bytes: number): number {
    if (bytes > 2 ** 31) return Errno.EINVAL;
    const wanted = Math.max(PAGE_SIZE, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
    if (wanted > PIPE_BYTES_MAX) return Errno.EPERM;
    if (wanted < this.#length) return Errno.EBUSY;
    this.#capacity = wanted;
    this.queue.wake();
    return wanted;
  }

  /** Take bytes out. */
  take(count: number): Uint8Array {
    const first = this.#pieces[0];
    if (!first) return new Uint8Array();
    let taken = first;
    if (first.length <= count) this.#pieces.shift();
    else {
      taken = first.subarray(0, count);
      this.#pieces[0] = first.subarray(count);
    }
    this.#length -= taken.length;
    if (taken.length < count && this.#length > 0) {
      const more = this.take(count - taken.length);
      const whole = new Uint8Array(taken.length + more.length);
      whole.set(taken);
      whole.set(more, taken.length);
      taken = whole;
    }
    return taken;
  }

  /** Bytes that `take` would take out, which stay. */
  peek(count: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(count, this.#length));
    let at = 0;
    for (const piece of this.#pieces) {
      if (at >= bytes.length) break;
      const part = piece.subarray(0, bytes.length - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** Put bytes in, as many as there is room for. */
  put(bytes: Uint8Array): number {
    const room = this.#capacity - this.#length;
    const count = Math.min(room, bytes.length);
    if (count < bytes.length && bytes.length <= PIPE_BUF) return 0;
    if (count > 0) {
      this.#pieces.push(this.#slab.copy(bytes, 0, count));
    }
    this.#length += count;
    return count;
  }
}

/** One end of a pipe. */
export class PipeEnd extends OpenFile {
  declare readonly inode: Pipe;
  override readonly queue: WaitQueue;

  /** An end that was just opened. */
  constructor(pipe: Pipe, flags: number, place: Place | null = null) {
    super(pipe, flags, place);
    this.queue = pipe.queue;
    if (this.readable) {
      pipe.readers++;
      pipe.opened.readers++;
    }
    if (this.writable) {
      pipe.writers++;
      pipe.opened.writers++;
    }
    pipe.queue.wake();
  }

  override get tellsOwner(): boolean {
    return true;
  }

  override get label(): string {
    return `pipe:[${this.inode.ino}]`;
  }

  override get readSite(): string {
    return "pipe_read";
  }

  override get writeSite(): string {
    return "pipe_write";
  }

  override poll(): number {
    const { length, capacity, readers, writers, opened } = this.inode;
    let ready = 0;
    if (this.readable) {
      if (length > 0) ready |= Poll.IN | Poll.RDNORM;
      if (writers === 0 && opened.writers > 0) ready |= Poll.HUP;
    }
    if (this.writable) {
      if (capacity - length >= PIPE_BUF) ready |= Poll.OUT | Poll.WRNORM;
      if (readers === 0) ready |= Poll.ERR;
    }
    return ready;
  }

  override read(count: number): Uint8Array | number {
    const pipe = this.inode;
    if (count === 0) return new Uint8Array();
    if (pipe.length === 0) return pipe.writers === 0 ? new Uint8Array() : Errno.EAGAIN;
    const wasFull = pipe.capacity - pipe.length < PIPE_BUF;
    const bytes = pipe.take(count);
    if (wasFull) pipe.queue.wake(Poll.OUT | Poll.WRNORM);
    return bytes;
  }

  override write(bytes: Uint8Array): number {
    const pipe = this.inode;
    if (pipe.readers === 0) return Errno.EPIPE;
    if (bytes.length === 0) return 0;
    const count = pipe.put(bytes);
    if (count === 0) return Errno.EAGAIN;
    pipe.queue.wake(Poll.IN | Poll.RDNORM);
    return count;
  }

  override ioctl(task: Task, request: number, argument: number): number {
    if (request !== Ioctl.FIONREAD) return Errno.ENOTTY;
    return task.mm.memory.writeU32(argument, this.inode.length) === 0 ? 0 : Errno.EFAULT;
  }

  protected override closed(): void {
    const pipe = this.inode;
    if (this.readable) pipe.readers--;
    if (this.writable) pipe.writers--;
    pipe.queue.wake();
  }
}

/** Both ends of a pipe without a name. */
export function createPipe(fs: FileSystem, flags: number): readonly [PipeEnd, PipeEnd] {
  const pipe = new Pipe(fs);
  const kept = flags & (OpenFlag.NONBLOCK | OpenFlag.DIRECT);
  const reader = new PipeEnd(pipe, OpenFlag.RDONLY | kept);
  return [reader, new PipeEnd(pipe, OpenFlag.WRONLY | kept)];
}
