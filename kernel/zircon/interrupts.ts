/**
 * `zx_interrupt_*`: interrupts that programs trigger; there are none of hardware.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  failed,
  InterruptOption,
  Right,
  Status,
  ThreadState,
  TIME_INFINITE,
} from "../abi.ts";
import { Interrupt } from "../ipc/interrupt.ts";
import { Port } from "../ipc/port.ts";
import { Waiter } from "../object/waiter.ts";
import { outHandle, outNumber } from "../syscall/buffer.ts";
import { handle, handleValue, i64, options, u32Or, u64Exact } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";

const { VIRTUAL, TIMESTAMP_MONO, UNBIND } = InterruptOption;
/** Options that say how hardware signals; they are understood, and there is no hardware. */
const HARDWARE = 0xf;

const interruptCreate = syscall({
  name: "zx_interrupt_create",
  about: "Make a virtual interrupt; there is no hardware whose interrupts could be had.",
  args: {
    resource: handleValue,
    number: u32Or(0),
    options: options(VIRTUAL | TIMESTAMP_MONO | HARDWARE),
    out: outHandle,
  },
  checks: ["options"],
  errors: ["NOT_SUPPORTED", "INVALID_ARGS"],
  run({ options, out }, call) {
    if ((options & VIRTUAL) === 0) return Status.NOT_SUPPORTED;
    if ((options & HARDWARE) !== 0) return Status.INVALID_ARGS;
    return out.give(new Interrupt(call.realm, options), DEFAULT_RIGHTS.interrupt);
  },
});

const interruptBind = syscall({
  name: "zx_interrupt_bind",
  about: "Let an interrupt's triggers come to a port made for it, or, with UNBIND, no longer.",
  args: {
    handle: handle(Interrupt, Right.READ),
    port: handle(Port, Right.WRITE),
    key: u64Exact,
    options: options(UNBIND),
  },
  checks: ["options"],
  errors: ["WRONG_TYPE", "CANCELED", "BAD_STATE", "ALREADY_BOUND", "NOT_FOUND"],
  run({ handle: interrupt, port, key, options }) {
    if (options === UNBIND) return interrupt.unbind(port);
    if (!port.takesInterrupts) return Status.WRONG_TYPE;
    return interrupt.bind(port, key);
  },
});

/** A thread that waits for a trigger. */
class TriggerWait extends Waiter<number> {
  readonly #done: (timestamp: number | null) => void;

  constructor(done: (timestamp: number | null) => void) {
    super();
    this.#done = done;
  }

  onTurn(timestamp: number): void {
    this.#done(timestamp);
  }

  onGone(): void {
    this.#done(null);
  }
}

const interruptWait = syscall({
  name: "zx_interrupt_wait",
  about: "Wait until an interrupt is triggered; waiting again acknowledges it.",
  args: { handle: handle(Interrupt, Right.WAIT), timestamp: outNumber(8, true) },
  errors: ["CANCELED", "BAD_STATE"],
  run({ handle: interrupt, timestamp }, call) {
    const taken = interrupt.take();
    if (!failed(taken)) return timestamp.set(taken.timestamp);
    if (taken !== Status.SHOULD_WAIT) return taken;
    return call.park({
      state: ThreadState.BLOCKED_INTERRUPT,
      deadline: TIME_INFINITE,
      begin(finish) {
        const wait = new TriggerWait((time) =>
          finish(time === null ? Status.CANCELED : timestamp.set(time))
        );
        interrupt.wait(wait);
        return () => interrupt.unwait(wait);
      },
      timedOut: () => Status.CANCELED,
    });
  },
});

const interruptAck = syscall({
  name: "zx_interrupt_ack",
  about: "Say that an interrupt's last packet was dealt with, so that the next may come.",
  args: { handle: handle(Interrupt, Right.WRITE) },
  errors: ["CANCELED", "BAD_STATE"],
  run({ handle: interrupt }) {
    return interrupt.acknowledge();
  },
});

const interruptTrigger = syscall({
  name: "zx_interrupt_trigger",
  about: "Trigger a virtual interrupt.",
  args: { handle: handle(Interrupt, Right.SIGNAL), options: options(0), timestamp: i64 },
  checks: ["options"],
  errors: ["CANCELED"],
  run({ handle: interrupt, timestamp }) {
    return interrupt.trigger(timestamp);
  },
});

const interruptDestroy = syscall({
  name: "zx_interrupt_destroy",
  about: "Put an end to an interrupt: who waits for it is told, and its packet is taken back.",
  args: { handle: handle(Interrupt, Right.WRITE) },
  errors: ["NOT_FOUND"],
  run({ handle: interrupt }) {
    return interrupt.destroy();
  },
});

/** The calls of this file. */
export const INTERRUPT_ROWS = {
  interruptCreate,
  interruptBind,
  interruptWait,
  interruptAck,
  interruptTrigger,
  interruptDestroy,
};
