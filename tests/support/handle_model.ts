/**
 * What handles, rights, signals and messages are, written down as plainly as possible: the kernel is
 * held against it.
 *
 * @module
 */
import { DEFAULT_RIGHTS, Right, Signal, Status } from "../../kernel/abi.ts";

/** What an object is. */
export type ModelKind = "event" | "eventPair" | "channel";

/** An object: its signals, its peer, and for a channel the handles in each message that waits. */
export interface ModelObject {
  readonly kind: ModelKind;
  signals: number;
  peer: ModelObject | null;
  readonly messages: ModelHandle[][];
  handles: number;
}

/** A handle. */
export interface ModelHandle {
  readonly object: ModelObject;
  readonly rights: number;
}

const OWN: Record<ModelKind, number> = {
  event: Signal.USER_ALL | Signal.SIGNALED,
  eventPair: Signal.USER_ALL | Signal.SIGNALED,
  channel: Signal.USER_ALL,
};

/** One process's handles by any name, and every object they lead to. */
export class HandleModel {
  readonly #handles = new Map<number, ModelHandle>();

  /** The names of its handles. */
  get names(): number[] {
    return [...this.#handles.keys()];
  }

  /** What a name stands for. */
  get(name: number): ModelHandle | undefined {
    return this.#handles.get(name);
  }

  /** A new object, or two. */
  create(kind: ModelKind): ModelHandle[] {
    const make = (): ModelObject => ({
      kind,
      signals: kind === "channel" ? Signal.WRITABLE : 0,
      peer: null,
      messages: [],
      handles: 0,
    });
    const [one, other] = [make(), make()];
    const rights = DEFAULT_RIGHTS[kind];
    if (kind === "event") return [this.#refer(one, rights)];
    one.peer = other;
    other.peer = one;
    return [this.#refer(one, rights), this.#refer(other, rights)];
  }

  /** Let a name stand for a handle. */
  name(name: number, handle: ModelHandle): void {
    this.#handles.set(name, handle);
  }

  /** Close a handle. */
  close(name: number): number {
    const handle = this.#take(name);
    if (!handle) return Status.BAD_HANDLE;
    this.#drop(handle);
    return Status.OK;
  }

  /** Another handle to the same object, or a status. */
  duplicate(name: number, rights: number): ModelHandle | number {
    const handle = this.get(name);
    if (!handle) return Status.BAD_HANDLE;
    if (!(handle.rights & Right.DUPLICATE)) return Status.ACCESS_DENIED;
    const granted = rights === Right.SAME_RIGHTS ? handle.rights : rights;
    if (granted & ~handle.rights) return Status.INVALID_ARGS;
    return this.#refer(handle.object, granted);
  }

  /** A handle in place of another, which is gone either way. */
  replace(name: number, rights: number): ModelHandle | number {
    const handle = this.#take(name);
    if (!handle) return Status.BAD_HANDLE;
    const granted = rights === Right.SAME_RIGHTS ? handle.rights : rights;
    const made = granted & ~handle.rights ? null : this.#refer(handle.object, granted);
    this.#drop(handle);
    return made ?? Status.INVALID_ARGS;
  }

  /** Change an object's signals, or its peer's. */
  signal(name: number, { set, clear, peer }: { set: number; clear: number; peer: boolean }) {
    const handle = this.get(name);
    if (!handle) return Status.BAD_HANDLE;
    const right = peer ? Right.SIGNAL_PEER : Right.SIGNAL;
    if (!(handle.rights & right)) return Status.ACCESS_DENIED;
    const { object } = handle;
    if (peer && object.kind === "event") return Status.NOT_SUPPORTED;
    if ((set | clear) & ~OWN[object.kind]) return Status.INVALID_ARGS;
    const target = peer ? object.peer : object;
    if (!target) return Status.PEER_CLOSED;
    target.signals = ((target.signals & ~clear) | set) >>> 0;
    return Status.OK;
  }

  /** What a wait that does not wait answers. */
  poll(name: number, mask: number): { status: number; observed?: number } {
    const handle = this.get(name);
    if (!handle) return { status: Status.BAD_HANDLE };
    if (!(handle.rights & Right.WAIT)) return { status: Status.ACCESS_DENIED };
    const { signals } = handle.object;
    return { status: signals & mask ? Status.OK : Status.TIMED_OUT, observed: signals };
  }

  /** Send handles; they are gone whatever it answers. */
  write(name: number, names: readonly number[]): number {
    const channel = this.#channel(name, Right.WRITE);
    const moved = names.map((one) => this.#take(one));
    const status = typeof channel === "number" ? channel : refusal(channel, moved);
    if (status === Status.OK && typeof channel !== "number") {
      const { peer } = channel;
      if (peer) {
        peer.messages.push(moved as ModelHandle[]);
        peer.signals = (peer.signals | Signal.READABLE) >>> 0;
        return Status.OK;
      }
    }
    for (const handle of moved) if (handle) this.#drop(handle);
    return status === Status.OK ? Status.PEER_CLOSED : status;
  }

  /** The handles of the message that came first, or a status. */
  read(name: number): ModelHandle[] | number {
    const channel = this.#channel(name, Right.READ);
    if (typeof channel === "number") return channel;
    const message = channel.messages.shift();
    if (!message) return channel.peer ? Status.SHOULD_WAIT : Status.PEER_CLOSED;
    if (channel.messages.length === 0) {
      channel.signals = (channel.signals & ~Signal.READABLE) >>> 0;
    }
    return message;
  }

  #channel(name: number, right: number): ModelObject | number {
    const handle = this.get(name);
    if (!handle) return Status.BAD_HANDLE;
    if (handle.object.kind !== "channel") return Status.WRONG_TYPE;
    return handle.rights & right ? handle.object : Status.ACCESS_DENIED;
  }

  #refer(object: ModelObject, rights: number): ModelHandle {
    object.handles++;
    return { object, rights };
  }

  #take(name: number): ModelHandle | null {
    const handle = this.#handles.get(name) ?? null;
    this.#handles.delete(name);
    return handle;
  }

  #drop({ object }: ModelHandle): void {
    if (--object.handles > 0) return;
    const { peer } = object;
    if (peer) {
      peer.peer = object.peer = null;
      peer.signals = ((peer.signals & ~Signal.WRITABLE) | Signal.PEER_CLOSED) >>> 0;
    }
    for (const message of object.messages.splice(0)) {
      for (const handle of message) this.#drop(handle);
    }
  }
}

function refusal(channel: ModelObject, moved: readonly (ModelHandle | null)[]): number {
  for (const handle of moved) {
    if (!handle) return Status.BAD_HANDLE;
    if (handle.object === channel) return Status.NOT_SUPPORTED;
    if (!(handle.rights & Right.TRANSFER)) return Status.ACCESS_DENIED;
  }
  return Status.OK;
}
