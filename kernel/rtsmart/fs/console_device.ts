/**
 * The console, what programs write goes outside at once, what comes from outside waits to be read.
 *
 * @module
 */
import { Errno } from "../error.ts";
import { SuspendList } from "../ipc/suspend_list.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { FileKind, Node } from "./node.ts";
import { OpenFile } from "./open_file.ts";

/** `TIOCGWINSZ`: how large the terminal is. */
const TIOCGWINSZ = 0x5413;

const ROWS = 24;
const COLUMNS = 80;

/** The console as a device. */
export class ConsoleDevice extends Node {
  /** Who waits for bytes from outside. */
  readonly waiting: SuspendList = new SuspendList();
  readonly #write: (bytes: Uint8Array) => void;
  readonly #input: Uint8Array[] = [];
  #hasEnded = false;

  /** A console; `write` takes what programs write. */
  constructor(ino: number, write: (bytes: Uint8Array) => void) {
    super(ino, FileKind.DEVICE | 0o666);
    this.#write = write;
  }

  /** Whether somebody waits for bytes from outside. */
  get wanted(): boolean {
    return !this.#hasEnded && this.waiting.size > 0;
  }

  /** Bytes from outside. */
  feed(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#input.push(bytes);
    this.waiting.resumeAll(0);
  }

  /** Nothing more comes from outside. */
  end(): void {
    this.#hasEnded = true;
    this.waiting.resumeAll(0);
  }

  /** Bytes that came, or EAGAIN. */
  take(count: number): Uint8Array | number {
    const first = this.#input[0];
    if (!first) return this.#hasEnded ? new Uint8Array() : Errno.EAGAIN;
    if (first.length <= count) this.#input.shift();
    else this.#input[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  /** Let bytes go outside. */
  say(bytes: Uint8Array): void {
    this.#write(bytes);
  }

  override open(flags: number, path: string): OpenFile {
    return new OpenConsole(this, flags, path);
  }
}

class OpenConsole extends OpenFile {
  readonly #device: ConsoleDevice;
  override readonly waiting: SuspendList;

  constructor(device: ConsoleDevice, flags: number, path: string) {
    super(device, flags, path);
    this.#device = device;
    this.waiting = device.waiting;
  }

  override read(count: number): Uint8Array | number {
    return this.#device.take(count);
  }

  override write(bytes: Uint8Array): number {
    this.#device.say(bytes);
    return bytes.length;
  }

  override control(thread: LwpThread, command: number, argument: number): number {
    if (command !== TIOCGWINSZ) return Errno.ENOTTY;
    const size = new Uint8Array(8);
    const view = new DataView(size.buffer);
    view.setUint16(0, ROWS, true);
    view.setUint16(2, COLUMNS, true);
    return thread.lwp.memory.write(argument, size) === 0 ? 0 : Errno.EFAULT;
  }
}
