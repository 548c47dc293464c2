/**
 * Pseudo terminals: a terminal whose keys and screen are a program's, behind `/dev/ptmx`.
 *
 * @module
 */
import { Ioctl } from "../abi/ioctl.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import { sendToGroup } from "../signal/send.ts";
import { SignalCode, SignalNumber } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { WaitQueue } from "../wait_queue.ts";
import { deviceNumber } from "../device_number.ts";
import { Device } from "./device.ts";
import type { Directory } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { Poll } from "../abi/polling.ts";
import { Packet } from "../abi/terminal.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";
import { joined, takeBytes } from "../pieces.ts";
import { OpenTerminal } from "./open_terminal.ts";
import { Terminal } from "./terminal.ts";
import { flush, terminalIoctl } from "./terminal_ioctl.ts";
import { control, mayOpen } from "./terminal_session.ts";

/** What a packet of what was written begins with. */
const DATA = Uint8Array.of(Packet.DATA);
const SLAVE_MAJOR = 136;
const TERMINALS_MAX = 4096;
/** So many bytes wait on either side for somebody to take them; those who write more wait. */
const WAITING_MAX = 1 << 16;
/** What happens to a terminal and makes something else as if it had not. */
const OPPOSITES = [Packet.STOP | Packet.START, Packet.NOSTOP | Packet.DOSTOP];

/** A terminal of a program. */
class PseudoTerminal {
  readonly number: number;
  readonly terminal: Terminal;
  /** Who waits for something to be shown. */
  readonly queue = new WaitQueue();
  isLocked = true;
  /** What has happened that who reads has not been told; null unless he wants to be told. */
  news: number | null = null;
  /** How many have the terminal open; negative while nobody ever had. */
  users = -1;
  readonly #shown: Uint8Array[] = [];
  #length = 0;

  constructor(linux: Linux, number: number) {
    this.number = number;
    this.terminal = new Terminal(
      linux,
      (bytes) => this.#show(bytes),
      deviceNumber(SLAVE_MAJOR, number),
    );
    const { terminal } = this;
    terminal.happened = (what) => this.#happened(what);
    terminal.room = () => WAITING_MAX - this.#length;
    terminal.drained = () => this.queue.wake();
  }

  get length(): number {
    return this.#length;
  }

  /** How many more keys can be typed before somebody reads some. */
  get room(): number {
    return WAITING_MAX - this.terminal.length;
  }

  take(count: number): Uint8Array {
    const taken = takeBytes(this.#shown, count);
    this.#length -= taken.length;
    this.terminal.queue.wake();
    return taken;
  }

  /** Throw away what nobody has looked at. */
  discard(): void {
    this.#shown.length = 0;
    this.#length = 0;
    this.terminal.queue.wake();
  }

  #happened(what: number): void {
    if (this.news === null) return;
    const undone = OPPOSITES.find((both) => (both & what) !== 0) ?? 0;
    this.news = this.news & ~undone | what;
    this.queue.wake();
  }

  #show(bytes: Uint8Array): void {
    // What was typed is shown to nobody who has so much to look at yet.
    if (this.#length >= 2 * WAITING_MAX) return;
    this.#shown.push(bytes.slice());
    this.#length += bytes.length;
    this.queue.wake();
  }
}

/** Where the side of the programs is. */
interface Peer extends Place {
  /** The device. */
  readonly inode: Device;
}

/** The side of the keys and the screen. */
class Master extends OpenFile {
  readonly pair: PseudoTerminal;
  /** Where the other side is. */
  readonly peer: Peer;
  readonly #linux: Linux;
  readonly #closed: () => void;
  override readonly queue: WaitQueue;

  constructor(
    linux: Linux,
    inode: Device,
    { flags, place, pair, peer, closed }: {
      flags: number;
      place: Place | null;
      pair: PseudoTerminal;
      peer: Peer;
      closed: () => void;
    },
  ) {
    super(inode, flags, place);
    this.#linux = linux;
    this.pair = pair;
    this.peer = peer;
    this.queue = pair.queue;
    this.#closed = closed;
  }

  override get tellsOwner(): boolean {
    return true;
  }

  override poll(): number {
    const { length, news, room, users } = this.pair;
    return (room > 0 ? Poll.OUT | Poll.WRNORM : 0) |
      (length > 0 || news ? Poll.IN | Poll.RDNORM : 0) |
      (news ? Poll.PRI : 0) |
      (users === 0 ? Poll.HUP : 0);
  }

  override read(count: number): Uint8Array | number {
    const { pair } = this;
    const { news } = pair;
    if (news) {
      pair.news = Packet.DATA;
      return Uint8Array.of(news);
    }
    if (pair.length > 0) {
      return news === null ? pair.take(count) : joined([DATA, pair.take(count - 1)]);
    }
    return this.pair.users === 0 ? Errno.EIO : Errno.EAGAIN;
  }

  override write(bytes: Uint8Array): number {
    const { room, terminal } = this.pair;
    if (room <= 0 && bytes.length > 0) return Errno.EAGAIN;
    const taken = bytes.subarray(0, room);
    terminal.feed(taken);
    return taken.length;
  }

  override ioctl(task: Task, request: number, argument: number): number {
    const { memory } = task.mm;
    const { pair } = this;
    const tell = (value: number) => memory.writeU32(argument, value) === 0 ? 0 : Errno.EFAULT;
    switch (request >>> 0) {
      case Ioctl.TIOCGPTN:
        return tell(pair.number);
      case Ioctl.TIOCGPTLCK:
        return tell(Number(pair.isLocked));
      case Ioctl.TIOCGPKT:
        return tell(Number(pair.news !== null));
      case Ioctl.TIOCSPTLCK:
      case Ioctl.TIOCPKT: {
        const value = memory.readU32(argument);
        if (value < 0) return Errno.EFAULT;
        if (request === Ioctl.TIOCPKT) pair.news = value === 0 ? null : pair.news ?? Packet.DATA;
        else pair.isLocked = value !== 0;
        return 0;
      }
      case Ioctl.TIOCGPTPEER:
        return this.#openPeer(task, argument);
      case Ioctl.TCSBRK:
      case Ioctl.TCSBRKP:
        return 0;
      case Ioctl.TCFLSH:
        return flush(argument, () => pair.discard());
      case Ioctl.FIONREAD:
        return tell(pair.length);
      case Ioctl.TIOCGPGRP:
        return tell(pair.terminal.foreground);
      case Ioctl.TIOCGSID:
        return pair.terminal.session === 0 ? Errno.ENOTTY : tell(pair.terminal.session);
      case Ioctl.TIOCSCTTY:
        return control(pair.terminal, task, { insists: argument === 1, readable: this.readable });
      default:
        return terminalIoctl(pair.terminal, task, request, argument);
    }
  }

  /** Open the other side as whoever found it by its name would have it, whatever that name is. */
  #openPeer(task: Task, flags: number): number {
    const { peer } = this;
    const opened = peer.inode.open(flags & ~OpenFlag.NOCTTY, peer);
    if (typeof opened === "number") return opened;
    if (opened instanceof OpenTerminal) opened.adopt(task.group, flags);
    return task.addFile(opened, (flags & OpenFlag.CLOEXEC) !== 0);
  }

  protected override closed(): void {
    const { terminal } = this.pair;
    terminal.end();
    for (const group of [...this.#linux.groups.values()]) {
      if (group.terminal !== terminal) continue;
      group.terminal = null;
      if (group.sid !== group.pid) continue;
      for (const signal of [SignalNumber.SIGHUP, SignalNumber.SIGCONT]) {
        sendToGroup(group, { signal, code: SignalCode.KERNEL });
      }
    }
    this.#closed();
  }
}

/** The side of the programs. */
class Slave extends OpenTerminal {
  readonly #pair: PseudoTerminal;

  constructor(pair: PseudoTerminal, inode: Device, flags: number, place: Place | null) {
    super(pair.terminal, inode, flags, place);
    this.#pair = pair;
    pair.users = Math.max(0, pair.users) + 1;
  }

  protected override closed(): void {
    this.#pair.users--;
    this.#pair.queue.wake();
  }
}

/** Let programs make terminals: `/dev/ptmx`, and a directory of those that there are. */
export function showPseudoTerminals(
  linux: Linux,
  { fs, devices, terminals }: { fs: FileSystem; devices: Directory; terminals: Directory },
): void {
  const taken = new Set<number>();
  devices.put(
    "ptmx",
    new Device(fs, deviceNumber(5, 2), (inode, flags, place) => {
      let number = 0;
      while (taken.has(number)) number++;
      if (number >= TERMINALS_MAX) return Errno.ENOSPC;
      taken.add(number);
      const pair = new PseudoTerminal(linux, number);
      const name = `${number}`;
      const peer = {
        directory: terminals,
        name,
        inode: slaveDevice(linux, fs, pair),
        slash: false,
      };
      terminals.put(name, peer.inode);
      const closed = () => {
        taken.delete(number);
        terminals.take(name);
      };
      return new Master(linux, inode, { flags, place, pair, peer, closed });
    }),
  );
}

/** The terminal of whoever opens it: `/dev/tty`. */
export function controllingTerminal(linux: Linux, fs: FileSystem): Device {
  return new Device(fs, deviceNumber(5, 0), (inode, flags, place) => {
    const terminal = linux.current?.group.terminal;
    return terminal ? new OpenTerminal(terminal, inode, flags, place) : Errno.ENXIO;
  });
}

function slaveDevice(linux: Linux, fs: FileSystem, pair: PseudoTerminal): Device {
  return new Device(
    fs,
    deviceNumber(SLAVE_MAJOR, pair.number),
    (inode, flags, place) =>
      pair.isLocked
        ? Errno.EIO
        : mayOpen(pair.terminal, linux.current) || new Slave(pair, inode, flags, place),
    0o620,
  );
}
