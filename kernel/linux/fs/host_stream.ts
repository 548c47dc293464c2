/**
 * Open files whose other end is outside the machine: what a program writes goes there at once, and
 * what comes from there waits until a program reads it.
 *
 * @module
 */
import { Errno } from "../errno.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { Poll } from "../abi/polling.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";

/** The file that is outside. */
class Outside extends Inode {
  stream: OpenFile | null = null;

  override open(): OpenFile | null {
    return this.stream;
  }
}

/** An open file whose other end is outside. */
export class HostStream extends OpenFile {
  readonly #write: (bytes: Uint8Array) => unknown;
  readonly #waiting: Uint8Array[] = [];
  #hasEnded = false;
  /** Why no more comes, as an error; 0 where all has come. */
  #failure = 0;
  #room: number;

  /**
   * A stream; `write` takes what programs write, as long as there is room, and answers false where
   * nobody wants it any more.
   */
  constructor(fs: FileSystem, write: (bytes: Uint8Array) => unknown, room = Infinity) {
    super(new Outside(fs, { mode: FileKind.FIFO | 0o600 }), OpenFlag.RDWR);
    this.#write = write;
    this.#room = room;
    (this.inode as Outside).stream = this;
    // Whoever closes it for the last time may not be the last who wants it.
    this.hold();
  }

  /** Whether somebody waits for bytes from outside. */
  get wanted(): boolean {
    return !this.#hasEnded && this.#waiting.length === 0 && this.queue.size > 0;
  }

  override get tellsOwner(): boolean {
    return true;
  }

  override get label(): string {
    return `pipe:[${this.inode.ino}]`;
  }

  /** Bytes from outside. */
  feed(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#waiting.push(bytes);
    this.queue.wake();
  }

  /** Nothing more comes from outside; or nothing could be read there, and that is the error. */
  end(failure = 0): void {
    this.#hasEnded = true;
    this.#failure = failure;
    this.queue.wake();
  }

  override poll(): number {
    const readable = this.#waiting.length > 0;
    return Poll.OUT | Poll.WRNORM | (readable ? Poll.IN | Poll.RDNORM : 0) |
      (this.#hasEnded && !readable ? Poll.HUP : 0);
  }

  override read(count: number): Uint8Array | number {
    const first = this.#waiting[0];
    if (!first && this.#failure !== 0) return this.#failure;
    if (!first) return this.#hasEnded ? new Uint8Array() : Errno.EAGAIN;
    if (first.length <= count) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  override write(bytes: Uint8Array): number {
    if (this.#room <= 0) return Errno.ENOSPC;
    const taken = bytes.subarray(0, this.#room);
    this.#room -= taken.length;
    const answer = this.#write(taken);
    if (answer === false) return Errno.EPIPE;
    return typeof answer === "number" && answer < 0 ? answer : taken.length;
  }
}
