/**
 * `zx_object_wait_many`, `zx_object_wait_async` and `zx_object_signal_peer`.
 *
 * @module
 */
import {
  PolicyExceptionCode,
  Right,
  Signal,
  Status,
  ThreadState,
  WaitAsyncOption,
} from "../abi.ts";
import { Port } from "../ipc/port.ts";
import type { Handle } from "../object/handle.ts";
import { KernelObject } from "../object/object.ts";
import { Observer } from "../object/observer.ts";
import { Peered } from "../object/peer.ts";
import { lengthOf } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { deadline, handle, held, options, u32, u32Or, u64Exact } from "../syscall/kind.ts";
import { filled } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { offend } from "../task/enforcement.ts";
import { type WaitItem, type WaitItems, waitItems } from "./wait_items.ts";

const objectWaitMany = syscall({
  name: "zx_object_wait_many",
  about: "Wait until one of several objects has one of the signals that are waited for there.",
  args: {
    items: waitItems("count"),
    count: lengthOf("items"),
    deadline,
    pending: filled<readonly number[]>("each object's signals"),
  },
  errors: [
    "BAD_HANDLE",
    "ACCESS_DENIED",
    "NOT_SUPPORTED",
    "TIMED_OUT",
    "CANCELED",
    "INVALID_ARGS",
    "OUT_OF_RANGE",
  ],
  outsOnFailure: true,
  run({ items, deadline }, call) {
    const handles = lookUpAll(items, call);
    if (typeof handles === "number") return handles;
    if (handles.some(({ object }) => !object.waitable)) return Status.NOT_SUPPORTED;
    const observed = () => items.tell(handles.map(({ object }) => object.signals));
    if (handles.some(({ object }, at) => object.signals & items.list[at]!.signals)) {
      return observed();
    }
    const timedOut = () => {
      const status = observed();
      return status === Status.OK ? Status.TIMED_OUT : status;
    };
    if (deadline <= call.realm.now) return timedOut();
    return call.park({
      state: ThreadState.BLOCKED_WAIT_MANY,
      deadline,
      begin: (finish) => new ManyWait(items, handles, finish).begin(),
      timedOut,
    });
  },
});

const { TIMESTAMP, EDGE, BOOT_TIMESTAMP } = WaitAsyncOption;

const objectWaitAsync = syscall({
  name: "zx_object_wait_async",
  about: "Let a packet come to a port when an object has one of some signals, once.",
  args: {
    handle: held(KernelObject, Right.WAIT),
    port: handle(Port, Right.WRITE),
    key: u64Exact,
    signals: u32,
    options: options(TIMESTAMP | EDGE | BOOT_TIMESTAMP),
  },
  checks: ["options"],
  errors: ["NOT_SUPPORTED", "NO_MEMORY"],
  run({ handle: { handle, object }, port, key, signals, options }, call) {
    const stamps = TIMESTAMP | BOOT_TIMESTAMP;
    if ((options & stamps) === stamps) return Status.INVALID_ARGS;
    if (!object.waitable) return Status.NOT_SUPPORTED;
    if (port.busy) offend(call, PolicyExceptionCode.PORT_TOO_MANY_OBSERVERS, port);
    return port.waitAsync({
      handle,
      key,
      mask: signals,
      edge: (options & EDGE) !== 0,
      timestamp: (options & stamps) !== 0,
    });
  },
});

const objectSignalPeer = syscall({
  name: "zx_object_signal_peer",
  about: "Clear and then set signals that are userspace's own on an object's peer.",
  args: { handle: handle(KernelObject, Right.SIGNAL_PEER), clear: u32Or(0), set: u32Or(0) },
  errors: ["INVALID_ARGS", "NOT_SUPPORTED", "PEER_CLOSED"],
  run({ handle: object, clear, set }) {
    if (!(object instanceof Peered)) return Status.NOT_SUPPORTED;
    if ((clear | set) & ~object.userSignals) return Status.INVALID_ARGS;
    const peer = (object as Peered<never>).peer as KernelObject | null;
    if (!peer) return Status.PEER_CLOSED;
    peer.updateSignals(clear, set);
    return Status.OK;
  },
});

/** The calls of this file. */
export const WAIT_ROWS = { objectWaitMany, objectWaitAsync, objectSignalPeer };

function lookUpAll(items: WaitItems, call: Call) {
  const handles: Handle[] = [];
  const kind = held(KernelObject, Right.WAIT);
  for (const { handle } of items.list) {
    const found = kind.decode(handle, call, "items");
    if (typeof found === "number") return found as typeof Status["BAD_HANDLE" | "ACCESS_DENIED"];
    handles.push(found.handle);
  }
  return handles;
}

/** One of several observers of one call. */
class OneOfMany extends Observer {
  readonly #done: (canceled: boolean) => void;

  constructor(mask: number, done: (canceled: boolean) => void) {
    super(mask);
    this.#done = done;
  }

  onSignals(): void {
    this.#done(false);
  }

  onCancel(): void {
    this.#done(true);
  }
}

/** A call that waits for several objects: the first to be ready, or to lose its handle, ends it. */
class ManyWait {
  readonly #items: WaitItems;
  readonly #handles: readonly Handle[];
  readonly #observers: readonly OneOfMany[];
  readonly #finish: (status: number) => void;

  constructor(items: WaitItems, handles: readonly Handle[], finish: (status: number) => void) {
    this.#items = items;
    this.#handles = handles;
    this.#finish = finish;
    this.#observers = items.list.map(({ signals }: WaitItem, at) =>
      new OneOfMany(signals, (canceled) => this.#end(at, canceled))
    );
  }

  /** Begin to wait; answers how to stop. */
  begin(): () => void {
    this.#handles.forEach((handle, at) => handle.observe(this.#observers[at]!));
    return () => this.#stop();
  }

  #end(first: number, canceled: boolean): void {
    this.#stop();
    const closed = canceled ? this.#handles[first] : null;
    const pending = this.#handles.map((handle) => {
      const { signals } = handle.object;
      return handle === closed ? (signals | Signal.HANDLE_CLOSED) >>> 0 : signals;
    });
    const status = this.#items.tell(pending);
    this.#finish(status === Status.OK && canceled ? Status.CANCELED : status);
  }

  #stop(): void {
    this.#handles.forEach((handle, at) => handle.unobserve(this.#observers[at]!));
  }
}
