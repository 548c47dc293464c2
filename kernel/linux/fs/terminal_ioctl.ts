/**
 * What programs ask of terminals: their settings, what they hold back and throw away, and whom they
 * control.
 *
 * @module
 */
import { Flow, Flush, Ioctl } from "../abi/ioctl.ts";
import { SignalNumber } from "../abi/signal.ts";
import {
  OLD_SETTINGS_SIZE,
  Packet,
  SETTINGS_SIZE,
  SettingsAt,
  TerminalLetter,
  WINDOW_SIZE,
} from "../abi/terminal.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import type { Terminal } from "./terminal.ts";
import { sessionRequest } from "./terminal_session.ts";

const { INPUT, OUTPUT, CONTROL, LOCAL } = SettingsAt;
/** What both kinds of settings begin with, and the letters that the older one has. */
const FLAGS = [INPUT, OUTPUT, CONTROL, LOCAL];
const OLD_LETTERS_AT = 9;
const OLD_LETTERS = 8;

/** Do what a task asks of a terminal. */
export function terminalIoctl(
  terminal: Terminal,
  task: Task,
  request: number,
  argument: number,
): number {
  const { memory } = task.mm;
  switch (request) {
    case Ioctl.TCGETS:
      return memory.write(argument, terminal.settings) === 0 ? 0 : Errno.EFAULT;
    case Ioctl.TCGETA:
      return memory.write(argument, oldSettings(terminal)) === 0 ? 0 : Errno.EFAULT;
    case Ioctl.TIOCGLCKTRMIOS:
      // Nothing is ever kept from being changed.
      return memory.write(argument, new Uint8Array(SETTINGS_SIZE)) === 0 ? 0 : Errno.EFAULT;
    case Ioctl.TIOCGWINSZ:
      return memory.write(argument, encodedSize(terminal)) === 0 ? 0 : Errno.EFAULT;
    case Ioctl.TIOCSWINSZ:
      return setSize(terminal, memory.bytes(argument, WINDOW_SIZE));
    case Ioctl.FIONREAD:
      return memory.writeU32(argument, terminal.length) === 0 ? 0 : Errno.EFAULT;
    case Ioctl.TIOCOUTQ:
      // What is shown is shown at once.
      return memory.writeU32(argument, 0) === 0 ? 0 : Errno.EFAULT;
    default:
      return change(terminal, task, request, argument) ??
        sessionRequest(terminal, task, request, argument);
  }
}

/** Change what only those in front may; null if that is not what is asked. */
function change(terminal: Terminal, task: Task, request: number, argument: number): number | null {
  const { memory } = task.mm;
  const allowed = (use: () => number) => terminal.mayUse(SignalNumber.SIGTTOU) || use();
  switch (request) {
    case Ioctl.TCSETS:
    case Ioctl.TCSETSW:
    case Ioctl.TCSETSF:
      return allowed(() => {
        const settings = memory.bytes(argument, SETTINGS_SIZE);
        return setSettings(terminal, settings, request === Ioctl.TCSETSF);
      });
    case Ioctl.TCSETA:
    case Ioctl.TCSETAW:
    case Ioctl.TCSETAF:
      return allowed(() => {
        const settings = newSettings(terminal, memory.bytes(argument, OLD_SETTINGS_SIZE));
        return setSettings(terminal, settings, request === Ioctl.TCSETAF);
      });
    case Ioctl.TCSBRK:
    case Ioctl.TCSBRKP:
      return allowed(() => 0);
    case Ioctl.TCFLSH:
      return allowed(() => {
        const discarded = () => terminal.happened(Packet.FLUSHWRITE);
        return flush(argument, () => terminal.discard(), discarded);
      });
    case Ioctl.TCXONC:
      return allowed(() => flow(terminal, argument));
    default:
      return null;
  }
}

/** Have what is asked for thrown away: what was shown has been already seen by who looks. */
export function flush(which: number, discard: () => void, discarded?: () => void): number {
  if (which !== Flush.IFLUSH && which !== Flush.OFLUSH && which !== Flush.IOFLUSH) {
    return Errno.EINVAL;
  }
  if (which !== Flush.OFLUSH) discard();
  if (which !== Flush.IFLUSH) discarded?.();
  return 0;
}

function flow(terminal: Terminal, action: number): number {
  switch (action) {
    case Flow.OOFF:
    case Flow.OON:
      terminal.hold(action === Flow.OOFF);
      return 0;
    case Flow.IOFF:
    case Flow.ION:
      terminal.tell(action === Flow.IOFF ? TerminalLetter.VSTOP : TerminalLetter.VSTART);
      return 0;
    default:
      return Errno.EINVAL;
  }
}

function setSettings(
  terminal: Terminal,
  settings: Uint8Array | number,
  isAfresh: boolean,
): number {
  if (typeof settings === "number") return Errno.EFAULT;
  if (isAfresh) terminal.discard();
  terminal.settings = settings;
  return 0;
}

/** A terminal's settings as a `struct termio`. */
function oldSettings({ settings }: Terminal): Uint8Array {
  const bytes = new Uint8Array(OLD_SETTINGS_SIZE);
  const [from, to] = [new DataView(settings.buffer), new DataView(bytes.buffer)];
  FLAGS.forEach((at) => to.setUint16(at / 2, from.getUint16(at, true), true));
  const { LETTERS } = SettingsAt;
  bytes.set(settings.subarray(LETTERS, LETTERS + OLD_LETTERS), OLD_LETTERS_AT);
  return bytes;
}

/** A terminal's settings with what a `struct termio` changes about them. */
function newSettings(
  terminal: Terminal,
  old: Uint8Array | number,
): Uint8Array | number {
  if (typeof old === "number") return old;
  const { settings } = terminal;
  const [from, to] = [new DataView(old.buffer), new DataView(settings.buffer)];
  FLAGS.forEach((at) => to.setUint16(at, from.getUint16(at / 2, true), true));
  const letters = old.subarray(OLD_LETTERS_AT, OLD_LETTERS_AT + OLD_LETTERS);
  settings.set(letters, SettingsAt.LETTERS);
  return settings;
}

function setSize(terminal: Terminal, bytes: Uint8Array | number): number {
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  terminal.points = { wide: view.getUint16(4, true), high: view.getUint16(6, true) };
  terminal.resize({ rows: view.getUint16(0, true), columns: view.getUint16(2, true) });
  return 0;
}

function encodedSize({ size, points }: Terminal): Uint8Array {
  const bytes = new Uint8Array(WINDOW_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, size.rows, true);
  view.setUint16(2, size.columns, true);
  view.setUint16(4, points.wide, true);
  view.setUint16(6, points.high, true);
  return bytes;
}
