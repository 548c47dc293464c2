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
import { small } from "./letters.ts";
import { LineEditor, type Screen, shownOf } from "./line_editor.ts";
import { OutputProcessing } from "./output_processing.ts";
import { WaitQueue } from "../wait_queue.ts";

/** The device of the machine's own terminal: 5, 1. */
const CONSOLE = deviceNumber(5, 1);
const NEWLINE = 10;
const RETURN = 13;
const MARK = 255;
const SEVEN_BITS = 127;
/** A tenth of a second. */
const TENTH = 100_000_000;
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
  /** How many points that is, where somebody has said that. */
  points: { readonly wide: number; readonly high: number } = { wide: 0, high: 0 };
  /** Whether nobody else may open it. */
  isExclusive = false;
  /** How many bytes can be shown before somebody looks. */
  room: () => number = () => Infinity;
  /** Told that what was typed has been read, or thrown away. */
  drained: () => void = () => {};
  /** Told what else happens to it than that something is shown: bits of `Packet`. */
  happened: (what: number) => void = () => {};
  readonly #linux: Linux;
  readonly #write: (bytes: Uint8Array) => void;
  #settings = freshSettings();
  readonly #editor: LineEditor;
  readonly #output = new OutputProcessing();
  #ready: Uint8Array[] = [];
  /** What is being typed and is no part of a line. */
  #keys: number[] = [];
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
    this.#editor = new LineEditor(this.#screen());
  }

  /** What the line that is typed has to do with it. */
  #screen(): Screen {
    const output = this.#output;
    return {
      flags: (at) => this.#flags(at),
      letter: (which) => this.#control(which),
      show: (bytes) => this.#echo(bytes),
      complete: (line) => void this.#ready.push(line),
      get column() {
        return output.column;
      },
    };
  }

  /** Whether somebody waits for something to be typed. */
  get wanted(): boolean {
    return !this.#hasEnded && this.#ready.length === 0 && this.queue.size > 0;
  }

  /** Whether a read would not wait. */
  get readable(): boolean {
    if (this.isByLine || this.#hasEnded) return this.#ready.length > 0 || this.#hasEnded;
    const { least, time } = this.patience;
    return this.length >= (time === 0 ? Math.max(1, least) : 1);
  }

  /** How many bytes could be read. */
  get length(): number {
    return lengthOf(this.#ready);
  }

  /** Something was typed. */
  feed(bytes: Uint8Array): void {
    for (const byte of bytes) this.#type(byte);
    if (this.#keys.length > 0) this.#ready.push(Uint8Array.from(this.#keys));
    this.#keys = [];
    this.queue.wake();
  }

  /** Nobody types any more. */
  end(): void {
    if (!this.#editor.isEmpty) this.#editor.complete();
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

  /** Whether programs get whole lines. */
  get isByLine(): boolean {
    return (this.#flags(SettingsAt.LOCAL) & TerminalLocal.ICANON) !== 0 && !this.#isExternal;
  }

  /** How programs wait that do not get lines: for so many bytes at least, and so long. */
  get patience(): { readonly least: number; readonly time: number } {
    return {
      least: this.#control(TerminalLetter.VMIN),
      time: this.#control(TerminalLetter.VTIME) * TENTH,
    };
  }

  /**
   * What was typed, or EAGAIN: where programs get no lines that is while fewer bytes are there than
   * were asked for, unless the program does not wait for more.
   */
  read(count: number, waits = true): Uint8Array | number {
    if (this.isByLine) {
      if (this.#ready.length > 0) return this.#take(count);
      return this.#hasEnded ? new Uint8Array() : Errno.EAGAIN;
    }
    const { length, patience: { least, time } } = this;
    const isPatient = length === 0 ? least > 0 || time > 0 : length < Math.min(least, count);
    const isEnough = !isPatient || this.#hasEnded || (!waits && length > 0);
    if (!isEnough) return Errno.EAGAIN;
    this.drained();
    return takeBytes(this.#ready, count);
  }

  /** Take what is left of a line. */
  #take(count: number): Uint8Array {
    const first = this.#ready[0]!;
    this.drained();
    if (first.length <= count) this.#ready.shift();
    else this.#ready[0] = first.subarray(count);
    return first.subarray(0, count);
  }

  /** Show something. */
  write(bytes: Uint8Array): void {
    const isUtf8 = (this.#flags(SettingsAt.INPUT) & TerminalInput.IUTF8) !== 0;
    this.#write(this.#output.process(bytes, this.#flags(SettingsAt.OUTPUT), isUtf8));
  }

  /** Throw away what was typed and nobody has read. */
  discard(): void {
    this.#editor.clear();
    this.#ready = [];
    this.#keys = [];
    this.drained();
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
    if (this.session === 0 && group.sid === group.pid && group.terminal === null) {
      this.attach(group);
    }
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
    const has = (flag: number) => (input & flag) !== 0;
    let byte = has(TerminalInput.ISTRIP) ? typed & SEVEN_BITS : typed;
    if (has(TerminalInput.IUCLC) && (local & TerminalLocal.IEXTEN) !== 0) byte = small(byte);
    if (this.#isExternal && byte === typed) return void this.#keys.push(byte);
    if (this.#editor.isQuoting) return this.#editor.put(byte);
    if (has(TerminalInput.IXON) && this.#flow(byte)) return;
    if ((local & TerminalLocal.ISIG) !== 0 && this.#signal(byte, local)) return;
    if (has(TerminalInput.IXON) && has(TerminalInput.IXANY)) this.#start();
    if (byte === RETURN && has(TerminalInput.IGNCR)) return;
    if (byte === RETURN && has(TerminalInput.ICRNL)) byte = NEWLINE;
    else if (byte === NEWLINE && has(TerminalInput.INLCR)) byte = RETURN;
    if ((local & TerminalLocal.ICANON) !== 0) return this.#editor.type(byte);
    if (byte === MARK && has(TerminalInput.PARMRK)) this.#keys.push(MARK);
    this.#keys.push(byte);
    if ((local & TerminalLocal.ECHO) === 0) return;
    // A newline that was typed as a return ends a line for who looks.
    const isEnd = byte === NEWLINE && typed === RETURN;
    this.#echo(isEnd ? [NEWLINE] : shownOf(byte, local));
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
    if ((local & TerminalLocal.ECHO) !== 0) this.#echo(shownOf(byte, local));
    return true;
  }

  /** Whether somebody typed that it is to stop, or to go on: it does. */
  #flow(byte: number): boolean {
    if (byte === this.#control(TerminalLetter.VSTART)) this.#start();
    else if (byte === this.#control(TerminalLetter.VSTOP)) this.#stop();
    else return false;
    return true;
  }

  /** Show bytes for what was typed, as soon as anything is shown. */
  #echo(bytes: readonly number[]): void {
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
