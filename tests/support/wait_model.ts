/**
 * What waiting is, written down as plainly as possible: signals, timers, ports and threads that wait.
 * The kernel is held against it.
 *
 * @module
 */
import { PacketType, Signal, Status } from "../../kernel/abi.ts";

/** What can be waited for. */
export type WaitableKind = "event" | "eventPair" | "timer";

/** Somebody who waits for signals of one object by one handle. */
interface ModelWait {
  readonly mask: number;
  readonly edge: boolean;
  readonly by: ModelHandle;
  readonly fire: (signals: number) => void;
  readonly cancel: (signals: number) => void;
}

/** Those who wait for the same stand in one line; the lines stand in the order they came up. */
interface ModelLine {
  readonly mask: number;
  readonly edge: boolean;
  waits: ModelWait[];
}

/** An object with signals. */
export interface Waitable {
  readonly kind: WaitableKind;
  signals: number;
  peer: Waitable | null;
  handles: number;
  alarm: ModelAlarm | null;
  readonly lines: ModelLine[];
}

/** Something that happens at a time. */
interface ModelAlarm {
  readonly time: number;
  readonly order: number;
  readonly ring: () => void;
}

/** What comes out of a port. */
export interface ModelPacket {
  readonly key: bigint;
  readonly type: number;
  /** For a signal: what was waited for, what was there, and when; else the first byte of the data. */
  readonly said: readonly number[];
  readonly source: ModelWait | null;
}

/** A port: packets, those who stand in line for one, and the waits that may become packets. */
export interface ModelPort {
  handles: number;
  packets: ModelPacket[];
  waiters: ((packet: ModelPacket | null) => void)[];
  asked: { readonly key: bigint; readonly wait: ModelWait }[];
}

/** A handle to one or the other. */
export interface ModelHandle {
  readonly object?: Waitable;
  readonly port?: ModelPort;
}

/** How a blocked thread's call ended: its status, and the signals that it saw or the packet it got. */
export type Ending = readonly [status: number, ...found: unknown[]];

const OWN = (Signal.USER_ALL | Signal.SIGNALED) >>> 0;

/** Everything that waits and is waited for. */
export class WaitModel {
  /** The time. */
  now = 0;
  /** How the calls of blocked threads ended, by the thread's number. */
  readonly endings = new Map<number, Ending>();
  #alarms: ModelAlarm[] = [];
  #order = 0;

  /** A new object, or two of a pair. */
  create(kind: WaitableKind): ModelHandle[] {
    const make = (): Waitable => {
      return { kind, signals: 0, peer: null, handles: 1, alarm: null, lines: [] };
    };
    const one = make();
    if (kind !== "eventPair") return [{ object: one }];
    const other = make();
    one.peer = other;
    other.peer = one;
    return [{ object: one }, { object: other }];
  }

  /** A new port. */
  createPort(): ModelHandle {
    return { port: { handles: 1, packets: [], waiters: [], asked: [] } };
  }

  /** Another handle to the same. */
  duplicate({ object, port }: ModelHandle): ModelHandle {
    if (object) object.handles++;
    if (port) port.handles++;
    return { ...(object ? { object } : {}), ...(port ? { port } : {}) };
  }

  /** A handle is closed, and everybody who waits by it is told. */
  close(handle: ModelHandle): void {
    const { object, port } = handle;
    if (object) {
      const waits = object.lines.flatMap(({ waits }) => waits.filter(({ by }) => by === handle));
      for (const wait of waits) {
        remove(object, wait);
        wait.cancel((object.signals | Signal.HANDLE_CLOSED) >>> 0);
      }
      if (--object.handles === 0) this.#gone(object);
    }
    if (port && --port.handles === 0) {
      for (const waiter of port.waiters.splice(0)) waiter(null);
      for (const { wait } of port.asked.splice(0)) remove(wait.by.object!, wait);
      port.packets = [];
    }
  }

  /** Signals are changed by a program, on an object or its peer. */
  signal(object: Waitable, how: { set: number; clear: number; peer: boolean }): number {
    if (how.peer && object.kind !== "eventPair") return Status.ACCESS_DENIED;
    const own = object.kind === "timer" ? Signal.USER_ALL >>> 0 : OWN;
    if (((how.set | how.clear) & ~own) !== 0) return Status.INVALID_ARGS;
    const target = how.peer ? object.peer : object;
    if (!target) return Status.PEER_CLOSED;
    this.#change(target, how.clear, how.set);
    return Status.OK;
  }

  /** A timer is set. */
  setTimer(timer: Waitable, deadline: number): void {
    this.cancelTimer(timer);
    if (deadline <= this.now) return this.#change(timer, 0, Signal.SIGNALED);
    timer.alarm = this.alarm(deadline, () => {
      timer.alarm = null;
      this.#change(timer, 0, Signal.SIGNALED);
    });
  }

  /** A timer is taken back. */
  cancelTimer(timer: Waitable): void {
    this.silence(timer.alarm);
    timer.alarm = null;
    this.#change(timer, Signal.SIGNALED, 0);
  }

  /** Let a packet come when an object has some signals. */
  waitAsync(
    by: ModelHandle,
    port: ModelPort,
    how: { key: bigint; mask: number; edge: boolean; stamp: boolean },
  ): void {
    const { key, mask, edge, stamp } = how;
    const object = by.object!;
    const wait: ModelWait = {
      mask,
      edge,
      by,
      fire: (signals) => {
        const said = [mask, signals, stamp ? this.now : 0];
        this.#deliver(port, { key, type: PacketType.SIGNAL_ONE, said, source: wait });
      },
      cancel: () => forget(port, wait),
    };
    port.asked.push({ key, wait });
    if (!edge && (object.signals & mask) !== 0) wait.fire(object.signals);
    else add(object, wait);
  }

  /** Take back the waits by one handle under one key, or by any; answers whether there was one. */
  cancel(port: ModelPort, key: bigint, by: ModelHandle | null): boolean {
    const hit = ({ key: its, wait }: ModelPort["asked"][number]) =>
      its === key && (by === null || wait.by === by);
    const ended = port.asked.filter(hit).map(({ wait }) => wait);
    for (const wait of ended) {
      remove(wait.by.object!, wait);
      forget(port, wait);
    }
    const kept = port.packets.filter((packet) => {
      if (packet.source !== null) return !ended.includes(packet.source);
      return by !== null || packet.key !== key;
    });
    const found = ended.length > 0 || kept.length < port.packets.length;
    port.packets = kept;
    return found;
  }

  /** A program's own packet. */
  queue(port: ModelPort, key: bigint, byte: number): void {
    this.#deliver(port, { key, type: PacketType.USER, said: [byte], source: null });
  }

  /** The packet that is due. */
  take(port: ModelPort): ModelPacket | null {
    const packet = port.packets.shift() ?? null;
    if (packet?.source) forget(port, packet.source);
    return packet;
  }

  /** A thread waits for one or several objects. */
  block(
    thread: number,
    items: readonly { readonly by: ModelHandle; readonly mask: number }[],
    deadline: number,
  ): void {
    const all = () => items.map(({ by }) => by.object!.signals);
    if (items.some(({ by, mask }) => by.object!.signals & mask)) {
      return this.#end(thread, Status.OK, ...all());
    }
    if (deadline <= this.now) return this.#end(thread, Status.TIMED_OUT, ...all());
    const stop = () => {
      waits.forEach((wait) => remove(wait.by.object!, wait));
      this.silence(alarm);
    };
    const waits = items.map(({ by, mask }): ModelWait => ({
      mask,
      edge: false,
      by,
      fire: () => {
        stop();
        this.#end(thread, Status.OK, ...all());
      },
      cancel: (signals) => {
        stop();
        this.#end(
          thread,
          Status.CANCELED,
          ...all().map((had, n) => items[n]!.by === by ? signals : had),
        );
      },
    }));
    const alarm = this.alarm(deadline, () => {
      stop();
      this.#end(thread, Status.TIMED_OUT, ...all());
    });
    for (const wait of waits) add(wait.by.object!, wait);
  }

  /** A thread waits for a packet. */
  blockOnPort(thread: number, port: ModelPort, deadline: number): void {
    const packet = this.take(port);
    if (packet) return this.#end(thread, Status.OK, packetOf(packet));
    if (deadline <= this.now) return this.#end(thread, Status.TIMED_OUT);
    const waiter = (packet: ModelPacket | null) => {
      this.silence(alarm);
      if (packet) this.#end(thread, Status.OK, packetOf(packet));
      else this.#end(thread, Status.CANCELED);
    };
    const alarm = this.alarm(deadline, () => {
      port.waiters = port.waiters.filter((one) => one !== waiter);
      this.#end(thread, Status.TIMED_OUT);
    });
    port.waiters.push(waiter);
  }

  /** Let time pass, and everything happen that is due. */
  pass(until: number): void {
    for (;;) {
      const [next] = this.#alarms.sort((a, b) => a.time - b.time || a.order - b.order);
      if (!next || next.time > until) break;
      this.#alarms.shift();
      this.now = next.time;
      next.ring();
    }
    this.now = until;
  }

  /** Something is to happen at a time. */
  alarm(time: number, ring: () => void): ModelAlarm {
    const alarm = { time, ring, order: this.#order++ };
    if (time < Infinity) this.#alarms.push(alarm);
    return alarm;
  }

  /** It is not to happen any more. */
  silence(alarm: ModelAlarm | null): void {
    this.#alarms = this.#alarms.filter((one) => one !== alarm);
  }

  #end(thread: number, ...ending: [number, ...unknown[]]): void {
    this.endings.set(thread, ending);
  }

  #change(object: Waitable, clear: number, set: number): void {
    const before = object.signals;
    const signals = ((before & ~clear) | set) >>> 0;
    if (signals === before) return;
    object.signals = signals;
    for (const line of object.lines) {
      const hit = line.edge ? signals & ~before : signals;
      if ((line.mask & hit) === 0) continue;
      for (const wait of line.waits.slice()) {
        if (!line.waits.includes(wait)) continue;
        line.waits = line.waits.filter((one) => one !== wait);
        wait.fire(signals);
      }
    }
  }

  #gone(object: Waitable): void {
    this.silence(object.alarm);
    const { peer } = object;
    if (!peer) return;
    peer.peer = object.peer = null;
    this.#change(peer, 0, Signal.PEER_CLOSED);
  }

  #deliver(port: ModelPort, packet: ModelPacket): void {
    const waiter = port.waiters.shift();
    if (!waiter) return void port.packets.push(packet);
    if (packet.source) forget(port, packet.source);
    waiter(packet);
  }
}

/** A packet as it is compared: without who sent it. */
export function packetOf({ key, type, said }: ModelPacket): unknown {
  return [key, type, ...said];
}

function add(object: Waitable, wait: ModelWait): void {
  const { mask, edge } = wait;
  let line = object.lines.find((one) => one.mask === mask && one.edge === edge);
  if (!line) object.lines.push(line = { mask, edge, waits: [] });
  line.waits.push(wait);
}

function remove(object: Waitable, wait: ModelWait): void {
  for (const line of object.lines) line.waits = line.waits.filter((one) => one !== wait);
}

function forget(port: ModelPort, wait: ModelWait): void {
  port.asked = port.asked.filter((one) => one.wait !== wait);
}
