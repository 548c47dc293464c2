/**
 * `zx_object_*`: what can be asked of any object.
 *
 * @module
 */
import { Right, Status, ThreadState } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import { Observer } from "../object/observer.ts";
import type { Handle } from "../object/handle.ts";
import type { Timeout } from "../object/timeout.ts";
import { type OutNumber, outNumber } from "../syscall/buffer.ts";
import { type Call, PARKED } from "../syscall/call.ts";
import { deadline, handle, held, u32, u32Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import type { Park } from "../task/thread.ts";

/** A call that waits by one handle: it is ended by the object, by the handle, or by time. */
class OneWait extends Observer implements Park {
  readonly state = ThreadState.BLOCKED_WAIT_ONE;
  #call: Call;
  #handle: Handle;
  #observed: OutNumber;
  #timeout: Timeout | null = null;

  private constructor(call: Call, handle: Handle, observed: OutNumber) {
    super(0);
    this.#call = call;
    this.#handle = handle;
    this.#observed = observed;
  }

  /** What a thread waits with; it waits for one thing at a time, so this may be its last wait's. */
  static of(call: Call, handle: Handle, observed: OutNumber): OneWait {
    const { thread } = call;
    const last = thread.lastWait;
    if (!(last instanceof OneWait)) return thread.lastWait = new OneWait(call, handle, observed);
    last.#call = call;
    last.#handle = handle;
    last.#observed = observed;
    return last;
  }

  /** Begin to wait. */
  begin(mask: number, deadline: number): void {
    const { thread, realm } = this.#call;
    this.mask = mask;
    thread.wait(this);
    if (deadline < Infinity) {
      this.#timeout = realm.timeouts.set(deadline, () => {
        this.#handle.unobserve(this);
        this.#end(this.#handle.object.signals, Status.TIMED_OUT);
      });
    }
    this.#handle.observe(this);
  }

  onSignals(signals: number): void {
    this.#end(signals, Status.OK);
  }

  onCancel(signals: number): void {
    this.#end(signals, Status.CANCELED);
  }

  abort(): void {
    this.#stopTime();
    this.#handle.unobserve(this);
  }

  #end(signals: number, answer: Status): void {
    this.#stopTime();
    const status = this.#observed.set(signals);
    this.#call.finish(status === Status.OK ? answer : status);
  }

  #stopTime(): void {
    if (this.#timeout === null) return;
    this.#call.realm.timeouts.cancel(this.#timeout);
    this.#timeout = null;
  }
}

const objectWaitOne = syscall({
  name: "zx_object_wait_one",
  about: "Wait until an object has one of some signals.",
  args: {
    handle: held(KernelObject, Right.WAIT),
    signals: u32,
    deadline,
    observed: outNumber(4, true),
  },
  errors: ["NOT_SUPPORTED", "TIMED_OUT", "CANCELED", "INVALID_ARGS"],
  outsOnFailure: true,
  run({ handle: { handle, object }, signals, deadline, observed }, call) {
    if (!object.waitable) return Status.NOT_SUPPORTED;
    if (object.signals & signals) return observed.set(object.signals);
    if (deadline <= call.realm.now) {
      const status = observed.set(object.signals);
      return status === Status.OK ? Status.TIMED_OUT : status;
    }
    OneWait.of(call, handle, observed).begin(signals, deadline);
    return PARKED;
  },
});

const objectSignal = syscall({
  name: "zx_object_signal",
  about: "Clear and then set signals that are userspace's own on an object.",
  args: { handle: handle(KernelObject, Right.SIGNAL), clear: u32Or(0), set: u32Or(0) },
  errors: ["INVALID_ARGS"],
  run({ handle: object, clear, set }) {
    if ((clear | set) & ~object.userSignals) return Status.INVALID_ARGS;
    object.updateSignals(clear, set);
    return Status.OK;
  },
});

/** The calls of this file. */
export const OBJECT_ROWS = { objectWaitOne, objectSignal };
