/**
 * Handling exceptions in a test: listen, take what comes, answer it.
 *
 * @module
 */
import { Signal, Status } from "../../kernel/abi.ts";
import { type Operation, setProperty, zx } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import { must } from "./making.ts";

/** An exception that was taken from a channel. */
export interface Taken {
  /** The handle to it; closing it answers. */
  readonly exception: number;
  /** The process's koid. */
  readonly pid: number;
  /** The thread's koid. */
  readonly tid: number;
  /** What kind of exception it is. */
  readonly type: number;
}

/** Listen for exceptions of a task. */
export function* listen(task: number, options = 0): Operation<number> {
  return (yield* must(zx.taskCreateExceptionChannel({ task, options }))).out;
}

/** Wait for the next exception. */
export function* take(channel: number): Operation<Taken> {
  const signals = Signal.READABLE | Signal.PEER_CLOSED;
  const { status } = yield* zx.objectWaitOne({ handle: channel, signals });
  invariant(status === Status.OK, "an exception comes");
  const { bytes, handles } = yield* must(zx.channelRead({ handle: channel }));
  const view = new DataView(bytes.buffer);
  const [pid, tid] = [0, 8].map((at) => Number(view.getBigUint64(at, true)));
  return { exception: handles[0]!, pid: pid!, tid: tid!, type: view.getUint32(16, true) };
}

/** Answer an exception. */
export function* answer(exception: number, state: number): Operation<void> {
  yield* setProperty(exception, "EXCEPTION_STATE", state);
  yield* zx.handleClose({ handle: exception });
}
