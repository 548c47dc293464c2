/**
 * A terminal that a program has open.
 *
 * @module
 */
import { Ioctl } from "../abi/ioctl.ts";
import { OpenFlag } from "../abi/open.ts";
import { Poll } from "../abi/polling.ts";
import { SignalNumber } from "../abi/signal.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Task } from "../task.ts";
import type { WaitQueue } from "../wait_queue.ts";
import type { Device } from "./device.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";
import type { Terminal } from "./terminal.ts";
import { terminalIoctl } from "./terminal_ioctl.ts";
import { control, typeFor } from "./terminal_session.ts";

/** A terminal that is open. */
export class OpenTerminal extends OpenFile {
  /** The terminal. */
  readonly terminal: Terminal;
  override readonly queue: WaitQueue;
  /** Whether who reads now has waited long enough for what is still missing. */
  #isLate = false;

  /** A terminal that was just opened. */
  constructor(terminal: Terminal, inode: Device, flags: number, place: Place | null) {
    super(inode, flags, place);
    this.terminal = terminal;
    this.queue = terminal.queue;
  }

  override get tellsOwner(): boolean {
    return true;
  }

  override get label(): string {
    return "/dev/tty";
  }

  /** Somebody has opened it: it controls his session, where he can read it and lets it. */
  adopt(group: Group, flags: number): void {
    if (this.readable && (flags & OpenFlag.NOCTTY) === 0) this.terminal.adopt(group);
  }

  override poll(): number {
    const { terminal } = this;
    const input = terminal.readable ? Poll.IN | Poll.RDNORM : 0;
    const isShown = !terminal.isStopped && terminal.room() > 0;
    return isShown ? Poll.OUT | Poll.WRNORM | input : input;
  }

  /** Whether who reads takes fewer bytes than he would like. */
  private get isHurried(): boolean {
    return this.nonBlocking || this.#isLate;
  }

  /** Read what is there, without waiting for more. */
  late<T>(read: () => T): T {
    this.#isLate = true;
    try {
      return read();
    } finally {
      this.#isLate = false;
    }
  }

  override read(count: number): Uint8Array | number {
    const { terminal } = this;
    return terminal.mayUse(SignalNumber.SIGTTIN) || terminal.read(count, !this.isHurried);
  }

  override write(bytes: Uint8Array): number {
    const { terminal } = this;
    const status = terminal.stopsWriters ? terminal.mayUse(SignalNumber.SIGTTOU) : 0;
    if (status !== 0) return status;
    const room = terminal.isStopped ? 0 : terminal.room();
    if (room <= 0 && bytes.length > 0) return Errno.EAGAIN;
    const taken = bytes.subarray(0, room);
    terminal.write(taken);
    return taken.length;
  }

  override ioctl(task: Task, request: number, argument: number): number {
    const { terminal, readable } = this;
    if (request === Ioctl.TIOCSTI) return typeFor(terminal, task, argument);
    return request === Ioctl.TIOCSCTTY
      ? control(terminal, task, { insists: argument === 1, readable })
      : terminalIoctl(terminal, task, request, argument);
  }
}
