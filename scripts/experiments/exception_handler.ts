/**
 * Exceptions. A watcher handles a ward's exceptions, and can take a handle to the ward out of each.
 * Asked: does the watcher get more of the ward that way than it was given?
 *
 * Expected: no: what comes out of an exception has the rights of the handle with which the watcher
 * began to listen, so without DESTROY it cannot end the ward. In the twin it listens with DESTROY,
 * and can. Try: `--once --explain` names the right that is missing.
 *
 * @module
 */
import { ExceptionState, failed, receive, type Scenario, scenario } from "@zandbox/zandbox";
import { TaskReturnCode, zx } from "@zandbox/zandbox";

const EXCEPTION_STATE = 16;
const NEEDED = ["DUPLICATE", "TRANSFER", "INSPECT", "ENUMERATE", "MANAGE_THREAD"] as const;

function exceptionHandler(mayDestroy: boolean): Scenario {
  return scenario(`exceptions watched ${mayDestroy ? "with" : "without"} DESTROY`, (world) => {
    const job = world.job("under watch", { NEW_EVENT: "DENY_EXCEPTION" });
    const [ready, started] = world.channel("start");
    const ward = world.program("ward", [started], function* (started) {
      yield* receive(started);
      yield* zx.eventCreate(); // raises an exception, and is denied when somebody has handled it
    }, { job });
    const watched = mayDestroy ? ward.only(...NEEDED, "DESTROY") : ward.only(...NEEDED);
    world.program("watcher", [watched, ready], function* (task, ready) {
      const exceptions = yield* zx.taskCreateExceptionChannel({ task });
      yield* zx.channelWrite({ handle: ready });
      const message = failed(exceptions) ? exceptions : yield* receive(exceptions.out);
      if (failed(message)) return;
      const exception = message.handles[0]!;
      const process = yield* zx.exceptionGetProcess({ exception });
      if (!failed(process)) yield* zx.taskKill({ task: process.out });
      const handled = Uint8Array.of(ExceptionState.HANDLED, 0, 0, 0);
      yield* zx.objectSetProperty({ handle: exception, property: EXCEPTION_STATE, value: handled });
    });
    world.never("the watcher ends the ward", (view) => {
      return view.exitCode("ward") === TaskReturnCode.SYSCALL_KILL;
    });
    world.sometimes("the watcher tries", (view) => view.did("watcher", "taskKill") !== undefined);
    world.sometimes("the ward comes to its own end", (view) => view.exitCode("ward") === 0);
  });
}

/** A watcher with the rights to watch: holds. */
export default exceptionHandler(false);
/** A watcher with the right to end its ward as well: violated. */
export const twin: Scenario = exceptionHandler(true);
