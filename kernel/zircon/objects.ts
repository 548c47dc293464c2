/**
 * `zx_object_*`: what can be asked of any object.
 *
 * @module
 */
import { Right, Status, ThreadState } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import { Observer } from "../object/observer.ts";
import { outNumber } from "../syscall/buffer.ts";
import { deadline, handle, held, u32, u32Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";

/** Waits by one handle and tells a call what it saw. */
class OneWait extends Observer {
  readonly #done: (signals: number, canceled: boolean) => void;

  constructor(mask: number, done: (signals: number, canceled: boolean) => void) {
    super(mask);
    this.#done = done;
  }

  onSignals(signals: number): void {
    this.#done(signals, false);
  }

  onCancel(signals: number): void {
    this.#done(signals, true);
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
    return call.park({
      state: ThreadState.BLOCKED_WAIT_ONE,
      deadline,
      begin(finish) {
        const wait = new OneWait(signals, (seen, canceled) => {
          const status = observed.set(seen);
          finish(status === Status.OK && canceled ? Status.CANCELED : status);
        });
        handle.observe(wait);
        return () => handle.unobserve(wait);
      },
      timedOut() {
        const status = observed.set(object.signals);
        return status === Status.OK ? Status.TIMED_OUT : status;
      },
    });
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
