/**
 * Pipes: bytes from writers to readers, in order, with room for 64 KiB; with a name they are fifos.
 *
 * @module
 */
import { PIPE_BYTES_MAX, PipeCost } from "../bounds.ts";
import { Ioctl } from "../abi/ioctl.ts";
import type { ByteSlab } from "../../object/byte_slab.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import type { MachineMemory } from "../machine_memory.ts";
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

/** The page that there is none of. */
const NO_PAGE = new Uint8Array(0);

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
  /** Those of them that are read one at a time. */
  readonly #packets = new Set<Uint8Array>();
  /** A page that the last piece is in, with room behind it. */
  #page: Uint8Array = NO_PAGE;
  #length = 0;
  /** How much room packets take beyond their bytes: each has a page of its own. */
  #slack = 0;
  #capacity = CAPACITY;
  #cost = 0;
  readonly #slab: ByteSlab;
  readonly #memory: MachineMemory;

  /** An empty pipe. */
  constructor(fs: FileSystem, options: Partial<InodeOptions> = {}) {
    super(fs, { ...options, mode: FileKind.FIFO | ((options.mode ?? 0o600) & 0o7777) });
    this.#slab = fs.realm.slab;
    this.#memory = fs.memory;
  }

  /** Have the machine hold it; answers false where it holds too much already. */
  charge(): boolean {
    if (!this.#memory.charge(PipeCost.PIPE)) return false;
    this.#cost = PipeCost.PIPE;
    return true;
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

  /** How many bytes can be put in. */
  get room(): number {
    return this.#capacity - this.#length - this.#slack;
  }

  /** Have room for more or fewer bytes; answers for how many, or why not. */
  setCapacity(bytes: number): number {
    if (bytes > 2 ** 31) return Errno.EINVAL;
    const wanted = Math.max(PAGE_SIZE, 2 ** Math.ceil(Math.log2(Math.max(1, bytes))));
    if (wanted > PIPE_BYTES_MAX) return Errno.EPERM;
    if (wanted < this.#length + this.#slack) return Errno.EBUSY;
    this.#capacity = wanted;
    this.queue.wake();
    return wanted;
  }

  /** Take bytes out: of a packet, as many as are wanted, and nothing else. */
  take(count: number): Uint8Array {
    const first = this.#pieces[0];
    if (!first) return new Uint8Array();
    if (this.#packets.delete(first)) {
      this.#slack -= PAGE_SIZE - first.length;
      this.#leave(first);
      return first.subarray(0, count);
    }
    if (first.length > count) {
      this.#pieces[0] = first.subarray(count);
      this.#length -= count;
      return first.subarray(0, count);
    }
    this.#leave(first);
    const next = this.#pieces[0];
    if (first.length === count || !next || this.#packets.has(next)) return first;
    const more = this.take(count - first.length);
    const whole = new Uint8Array(first.length + more.length);
    whole.set(first);
    whole.set(more, first.length);
    return whole;
  }

  /** Bytes that `take` would take out, which stay. */
  peek(count: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(count, this.#length));
    let at = 0;
    for (const piece of this.#pieces) {
      if (at >= bytes.length || (at > 0 && this.#packets.has(piece))) break;
      const part = piece.subarray(0, bytes.length - at);
      bytes.set(part, at);
      at += part.length;
      if (this.#packets.has(piece)) break;
    }
    return bytes.subarray(0, at);
  }

  /** Put bytes in, as many as there is room for; ENOMEM where the machine holds too much. */
  put(bytes: Uint8Array): number {
    const count = Math.min(this.room, bytes.length);
    if (count <= 0 || (count < bytes.length && bytes.length <= PIPE_BUF)) return 0;
    if (this.#putBehind(bytes, count)) return count;
    const isSmall = count < PAGE_SIZE / 2 && this.#pieces.length > 0;
    const piece = isSmall ? new Uint8Array(PAGE_SIZE) : this.#slab.copy(bytes, 0, count);
    if (!this.#memory.charge(piece.buffer.byteLength + PipeCost.PIECE)) return Errno.ENOMEM;
    if (isSmall) piece.set(bytes.subarray(0, count));
    this.#page = isSmall ? piece : NO_PAGE;
    this.#pieces.push(isSmall ? piece.subarray(0, count) : piece);
    this.#length += count;
    return count;
  }

  /** Put bytes in as packets of a page at most; ENOMEM where the machine holds too much. */
  putPackets(bytes: Uint8Array): number {
    let done = 0;
    while (done < bytes.length && this.room >= PAGE_SIZE) {
      const packet = bytes.slice(done, done + PAGE_SIZE);
      if (!this.#memory.charge(packet.length + PipeCost.PIECE)) return done || Errno.ENOMEM;
      this.#page = NO_PAGE;
      this.#pieces.push(packet);
      this.#packets.add(packet);
      this.#length += packet.length;
      this.#slack += PAGE_SIZE - packet.length;
      done += packet.length;
    }
    return done;
  }

  /** Nobody has it open any more: what is in it is lost. */
  empty(): void {
    for (let first = this.#pieces[0]; first; first = this.#pieces[0]) this.#leave(first);
    this.#packets.clear();
    this.#slack = 0;
    this.#memory.uncharge(this.#cost);
    this.#cost = 0;
  }

  /** Put bytes into the page that the last piece is in; answers whether they fit there. */
  #putBehind(bytes: Uint8Array, count: number): boolean {
    if (this.#page === NO_PAGE) return false;
    const at = this.#pieces.length - 1;
    const last = this.#pieces[at];
    const end = last ? last.byteOffset + last.length : PAGE_SIZE;
    if (!last || end + count > PAGE_SIZE) return false;
    this.#page.set(bytes.subarray(0, count), end);
    this.#pieces[at] = this.#page.subarray(last.byteOffset, end + count);
    this.#length += count;
    return true;
  }

  /** The first piece is taken out. */
  #leave(first: Uint8Array): void {
    this.#pieces.shift();
    if (this.#pieces.length === 0) this.#page = NO_PAGE;
    this.#length -= first.length;
    this.#memory.uncharge(first.buffer.byteLength + PipeCost.PIECE);
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
    const { length, room, readers, writers, opened } = this.inode;
    let ready = 0;
    if (this.readable) {
      if (length > 0) ready |= Poll.IN | Poll.RDNORM;
      if (writers === 0 && opened.writers > 0) ready |= Poll.HUP;
    }
    if (this.writable) {
      if (room >= PIPE_BUF) ready |= Poll.OUT | Poll.WRNORM;
      if (readers === 0) ready |= Poll.ERR;
    }
    return ready;
  }

  override read(count: number): Uint8Array | number {
    const pipe = this.inode;
    if (count === 0) return new Uint8Array();
    if (pipe.length === 0) return pipe.writers === 0 ? new Uint8Array() : Errno.EAGAIN;
    const wasFull = pipe.room < PIPE_BUF;
    const bytes = pipe.take(count);
    if (wasFull) pipe.queue.wake(Poll.OUT | Poll.WRNORM);
    return bytes;
  }

  override write(bytes: Uint8Array): number {
    const pipe = this.inode;
    if (pipe.readers === 0) return Errno.EPIPE;
    if (bytes.length === 0) return 0;
    const isPacket = (this.flags & OpenFlag.DIRECT) !== 0;
    const count = isPacket ? pipe.putPackets(bytes) : pipe.put(bytes);
    if (count <= 0) return count || Errno.EAGAIN;
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
    if (pipe.readers === 0 && pipe.writers === 0) pipe.empty();
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
