/**
 * A terminal: lines are edited until they are whole, some characters are signals, and what a program
 * writes goes out.
 *
 * @module
 */
import {
  Packet,
  SETTINGS_SIZE,
  SettingsAt,
  TerminalInput,
  TerminalLetter,
  TerminalLocal,
  TerminalOutput,
  TerminalSpeed,
} from "../abi/terminal.ts";
import { lengthOf, takeBytes } from "../pieces.ts";
import { deviceNumber } from "../device_number.ts";
import { Errno, Restart } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { Handler, SignalCode, SignalNumber } from "../abi/signal.ts";
import { isOrphaned } from "../orphaned.ts";
import { sendToGroup } from "../signal/send.ts";
import { isIn } from "../signal/signal.ts";
import { WaitQueue } from "../wait_queue.ts";

/** The device of the machine's own terminal: 5, 1. */
const CONSOLE = deviceNumber(5, 1);
const CARET = 94;
const NEWLINE = 10;
const RETURN = 13;
const TAB = 9;
const SPACE = 32;
const DELETE = 127;
const XON = 17;
const XOFF = 19;

/** What a terminal begins with: the settings that Linux gives a new one. */
function freshSettings(): Uint8Array {
  const settings = new Uint8Array(SETTINGS_SIZE);
  const view = new DataView(settings.buffer);
  view.setUint32(SettingsAt.INPUT, TerminalInput.IXON | TerminalInput.ICRNL, true);
  view.setUint32(SettingsAt.OUTPUT, TerminalOutput.OPOST | TerminalOutput.ONLCR, true);
  view.setUint32(SettingsAt.CONTROL, 0o260 | TerminalSpeed.B38400, true);
  view.setUint32(
    SettingsAt.LOCAL,
    0o105060 | TerminalLocal.ISIG | TerminalLocal.ICANON | TerminalLocal.ECHO,
    true,
  );
  settings.set([3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22], SettingsAt.LETTERS);
  return settings;
}

/** A terminal, however many have it open. */
export class Terminal {
  /** The number of its device. */
  readonly device: number;
  /** Who waits for what is typed. */
  readonly queue: WaitQueue = new WaitQueue();
  /** The process group that signals go to; 0 while there is none. */
  foreground = 0;
  /** The session that it controls; 0 while there is none. */
  session = 0;
  /** Its lines and columns. */
  size: { readonly rows: number; readonly columns: number } = { rows: 24, columns: 80 };
  /** Told what else happens to it than that something is shown: bits of `Packet`. */
  happened: (what: number) => void = () => {};
  readonly #linux: Linux;
  readonly #write: (bytes: Uint8Array) => void;
  #settings = freshSettings();
  #line: number[] = [];
  #ready: Uint8Array[] = [];
  #hasEnded = false;
  /** Whether it shows nothing, and whether a program wants that, whatever who types wants. */
  #isStopped = false;
  #isHeld = false;
  /** What is typed meanwhile and to be seen later. */
  #echoes: number[] = [];

  /** A terminal; `write` takes what it shows. The machine's own unless its device is another. */
  constructor(linux: Linux, write: (bytes: Uint8Array) => void, device: number = CONSOLE) {
    this.device = device;
    this.#linux = linux;
    this.#write = write;
  }

  /** Whether somebody waits for something to be typed. */
  get wanted(): boolean {
    return !this.#hasEnded && this.#ready.length === 0 && this.queue.size > 0;
  }

  /** Whether a read would not wait. */
  get readable(): boolean {
    return this.#ready.length > 0 || this.#hasEnded;
  }

  /** How many bytes could be read. */
  get length(): number {
    return lengthOf(this.#ready);
  }

  /** Something was typed. */
  feed(bytes: Uint8Array): void {
    for (const byte of bytes) this.#type(byte);
    this.queue.wake();
  }

  /** Nobody types any more. */
  end(): void {
    if (this.#line.length > 0) this.#release();
    this.#hasEnded = true;
    this.queue.wake();
  }

  /** It has another size: those in front are told, if it is another one. */
  resize({ rows, columns }: { readonly rows: number; readonly columns: number }): void {
    if (rows === this.size.rows && columns === this.size.columns) return;
    this.size = { rows, columns };
    for (const group of [...this.#linux.groups.values()]) {
      if (group.ended || this.foreground === 0 || group.pgid !== this.foreground) continue;
      sendToGroup(group, { signal: SignalNumber.SIGWINCH, code: SignalCode.KERNEL });
    }
  }

  /** Whether a program that is not in front may not write. */
  get stopsWriters(): boolean {
    return (this.#flags(SettingsAt.LOCAL) & TerminalLocal.TOSTOP) !== 0;
  }

  /** Whether those in front want to know that somebody wants them to stop, or can be let go on. */
  get takesStop(): boolean {
    if ((this.#flags(SettingsAt.LOCAL) & TerminalLocal.ISIG) === 0) return true;
    return [...this.#linux.groups.values()].some((group) =>
      group.pgid === this.foreground && !group.ended &&
      (group.handlers.get(SignalNumber.SIGTSTP).handler !== Handler.DFL || !isOrphaned(group))
    );
  }

  /** Whether the running program is in front: 0; otherwise its group gets a signal, or EIO. */
  mayUse(signal: number): number {
    const task = this.#linux.current;
    const group = task?.group;
    if (!group || group.terminal !== this || group.pgid === this.foreground) return 0;
    const isIgnored = group.handlers.get(signal).handler === Handler.IGN;
    const isDeaf = isIgnored || isIn(task.blocked, signal);
    if (isDeaf) return signal === SignalNumber.SIGTTIN ? Errno.EIO : 0;
    if (isOrphaned(group)) return Errno.EIO;
    for (const one of [...this.#linux.groups.values()]) {
      if (one.pgid === group.pgid) sendToGroup(one, { signal, code: SignalCode.KERNEL });
    }
    return Restart.SYS;
  }

  /** What was typed, or EAGAIN. */
  read(count: number): Uint8Array | number {
    const isByLine = (this.#flags(SettingsAt.LOCAL) & TerminalLocal.ICANON) !== 0;
    if (this.#ready.length === 0) {
      const isPatient = isByLine || this.#control(TerminalLetter.VMIN) > 0;
      return this.#hasEnded || !isPatient ? new Uint8Array() : Errno.EAGAIN;
    }
    return isByLine ? this.#take(count) : takeBytes(this.#ready, count);
  }

  /** Take what is left of a line. */
  #take(count: number): Uint8Array {
    const first = this.#ready[0]!;
    if (first.length <= count) this.#ready.shift();
    else this.#ready[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  /** Show something. */
  write(bytes: Uint8Array): void {
    const flags = this.#flags(SettingsAt.OUTPUT);
    const isChanged = (flags & TerminalOutput.OPOST) !== 0 && (flags & TerminalOutput.ONLCR) !== 0;
    if (!isChanged || !bytes.includes(NEWLINE)) return this.#write(bytes);
    const shown: number[] = [];
    for (const byte of bytes) {
      if (byte === NEWLINE) shown.push(RETURN);
      shown.push(byte);
    }
    this.#write(Uint8Array.from(shown));
  }

  /** Throw away what was typed and nobody has read. */
  discard(): void {
    this.#line = [];
    this.#ready = [];
    this.happened(Packet.FLUSHREAD);
  }

  /** Show nothing more until it is told to go on, or go on. */
  hold(isHeld: boolean): void {
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#stop();
    else this.#start();
  }

  /** Whether it shows nothing now. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  #stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.happened(Packet.STOP);
  }

  /** Go on, unless a program does not want that. */
  #start(): void {
    if (!this.#isStopped || this.#isHeld) return;
    this.#isStopped = false;
    this.happened(Packet.START);
    if (this.#echoes.length > 0) this.write(Uint8Array.from(this.#echoes));
    this.#echoes = [];
    this.queue.wake();
  }

  /** Tell who types to stop, or to go on, if there is a letter for that. */
  tell(which: number): void {
    const letter = this.#control(which);
    if (letter !== 0) this.#write(Uint8Array.of(letter));
  }

  /** What it does with what is typed and shown: a `struct termios`. */
  get settings(): Uint8Array {
    return this.#settings.slice();
  }

  set settings(settings: Uint8Array) {
    const couldStop = this.#stopsByUsualLetters;
    const wasExternal = this.#isExternal;
    this.#settings = settings;
    if ((this.#flags(SettingsAt.INPUT) & TerminalInput.IXON) === 0) this.#start();
    const canStop = this.#stopsByUsualLetters;
    if (couldStop !== canStop) this.happened(canStop ? Packet.DOSTOP : Packet.NOSTOP);
    if (wasExternal || this.#isExternal) this.happened(Packet.IOCTL);
  }

  /** Whether who types can stop it with the letters that everybody knows for that. */
  get #stopsByUsualLetters(): boolean {
    return (this.#flags(SettingsAt.INPUT) & TerminalInput.IXON) !== 0 &&
      this.#control(TerminalLetter.VSTOP) === XOFF && this.#control(TerminalLetter.VSTART) === XON;
  }

  /** Whether somebody else edits its lines. */
  get #isExternal(): boolean {
    return (this.#flags(SettingsAt.LOCAL) & TerminalLocal.EXTPROC) !== 0;
  }

  /** Control the session of somebody who leads one that has no terminal, unless it has another. */
  adopt(group: Group): void {
    const isFree = ![...this.#linux.groups.values()].some((one) => one.terminal === this);
    if (isFree && group.sid === group.pid && group.terminal === null) this.attach(group);
  }

  /** Let it control a session. */
  attach(group: Group): void {
    group.terminal = this;
    this.session = group.sid;
    this.foreground = group.pgid;
  }

  #type(typed: number): void {
    const input = this.#flags(SettingsAt.INPUT);
    const local = this.#flags(SettingsAt.LOCAL);
    if ((input & TerminalInput.IXON) !== 0 && this.#flow(typed)) return;
    let byte = typed;
    if (byte === RETURN && (input & TerminalInput.ICRNL) !== 0) byte = NEWLINE;
    if ((local & TerminalLocal.ISIG) !== 0 && this.#signal(byte, local)) return;
    const anyStarts = TerminalInput.IXON | TerminalInput.IXANY;
    if ((input & anyStarts) === anyStarts) this.#start();
    if ((local & TerminalLocal.ICANON) === 0) {
      this.#ready.push(Uint8Array.of(byte));
      return this.#echo(byte, local);
    }
    if (byte === this.#control(TerminalLetter.VERASE)) {
      const erased = this.#line.pop();
      if (erased === undefined) return;
      for (const _ of echoOf(erased, local)) this.#echoBytes([8, 32, 8], local);
      return;
    }
    if (byte === this.#control(TerminalLetter.VKILL)) {
      this.#line = [];
      return;
    }
    if (byte === this.#control(TerminalLetter.VEOF)) return this.#release();
    this.#line.push(byte);
    this.#echo(byte, local);
    if (byte === NEWLINE) this.#release();
  }

  #release(): void {
    this.#ready.push(Uint8Array.from(this.#line));
    this.#line = [];
  }

  #signal(byte: number, local: number): boolean {
    const signal = byte === this.#control(TerminalLetter.VINTR)
      ? SignalNumber.SIGINT
      : byte === this.#control(TerminalLetter.VQUIT)
      ? SignalNumber.SIGQUIT
      : byte === this.#control(TerminalLetter.VSUSP)
      ? SignalNumber.SIGTSTP
      : 0;
    if (signal === 0) return false;
    for (const group of [...this.#linux.groups.values()]) {
      if (group.pgid === this.foreground) sendToGroup(group, { signal, code: SignalCode.KERNEL });
    }
    if ((local & TerminalLocal.NOFLSH) === 0) {
      this.#echoes = [];
      this.happened(Packet.FLUSHWRITE);
      this.discard();
    }
    if ((this.#flags(SettingsAt.INPUT) & TerminalInput.IXON) !== 0) this.#start();
    this.#echo(byte, local);
    return true;
  }

  /** Whether somebody typed that it is to stop, or to go on: it does. */
  #flow(byte: number): boolean {
    if (byte === this.#control(TerminalLetter.VSTART)) this.#start();
    else if (byte === this.#control(TerminalLetter.VSTOP)) this.#stop();
    else return false;
    return true;
  }

  #echo(byte: number, local: number): void {
    this.#echoBytes(echoOf(byte, local), local);
  }

  #echoBytes(bytes: readonly number[], local: number): void {
    if ((local & TerminalLocal.ECHO) === 0) return;
    if (this.#isStopped) this.#echoes.push(...bytes);
    else this.write(Uint8Array.from(bytes));
  }

  #control(which: number): number {
    return this.#settings[SettingsAt.LETTERS + which]!;
  }

  #flags(at: number): number {
    return new DataView(this.#settings.buffer).getUint32(at, true);
  }
}

/** What is shown of a byte that was typed: of one that nobody would see, what is typed for it. */
function echoOf(byte: number, local: number): readonly number[] {
  const isUnseen = byte === DELETE || (byte < SPACE && byte !== TAB && byte !== NEWLINE);
  return isUnseen && (local & TerminalLocal.ECHOCTL) !== 0 ? [CARET, byte ^ 64] : [byte];
}
