/**
 * Who hears of an exception first. A watcher listens at a ward as its debugger, at its thread, its
 * process, its job and the job above. Asked: in which order, and does the outermost hear of it?
 *
 * Expected: debugger, thread, process, the debugger once more if it wants that, then job by job. In
 * the twin the process's handler handles it, and nobody farther out hears of it. Try: the debugger.
 *
 * @module
 */
import { ExceptionState, ExceptionStrategy, failed, type Program } from "@zandbox/zandbox";
import { receive, Right, type Scenario, scenario, Signal, zx } from "@zandbox/zandbox";

const [THREADS, STATE, STRATEGY] = [4, 16, 18];
const ORDER = "012034"; // 0 the debugger, 1 thread, 2 process, 3 job, 4 the job above

/** Listens in five ways, and writes down which of them hears of it; one may handle it. */
function watcher(handler: number) {
  return function* (ward: number, inner: number, outer: number, log: number, go: number): Program {
    const info = yield* zx.objectGetInfo({ handle: ward, topic: THREADS, bufferSize: 8 });
    const koid = failed(info) ? 0 : new DataView(info.buffer.buffer).getUint32(0, true);
    const child = yield* zx.objectGetChild({ handle: ward, koid, rights: Right.SAME_RIGHTS });
    const items: { handle: number; signals: number }[] = [];
    for (const [at, task] of [ward, failed(child) ? 0 : child.out, ward, inner, outer].entries()) {
      const made = yield* zx.taskCreateExceptionChannel({ task, options: at === 0 ? 1 : 0 });
      if (!failed(made)) items.push({ handle: made.out, signals: Signal.READABLE });
    }
    yield* zx.channelWrite({ handle: go });
    for (let offset = 0; offset < ORDER.length; offset++) {
      const { pending } = yield* zx.objectWaitMany({ items });
      const at = pending.findIndex((signals) => signals & Signal.READABLE);
      const message = yield* zx.channelRead({ handle: items[at]!.handle });
      const handle = failed(message) ? 0 : message.handles[0]!;
      yield* zx.vmoWrite({ handle: log, offset, buffer: new TextEncoder().encode(`${at}`) });
      const set = (property: number, value: number) =>
        zx.objectSetProperty({ handle, property, value: Uint8Array.of(value, 0, 0, 0) });
      if (at === handler) return void (yield* set(STATE, ExceptionState.HANDLED));
      if (at === 0) yield* set(STRATEGY, ExceptionStrategy.SECOND_CHANCE);
      yield* zx.handleClose({ handle });
    }
  };
}

function order(who: string, handler: number): Scenario {
  return scenario(`an exception that ${who} handles`, (world) => {
    const [outer, log, [go, started]] = [world.job("outer"), world.vmo("log"), world.channel("go")];
    const inner = world.job("inner", { NEW_EVENT: "DENY_EXCEPTION" }, outer);
    const ward = world.program("ward", [started], function* (started) {
      yield* receive(started);
      yield* zx.eventCreate(); // raises an exception
    }, { job: inner });
    world.program("watcher", [ward, inner, outer, log.only("WRITE"), go], watcher(handler));
    world.always("the nearer hear of it first", (view) => ORDER.startsWith(view.text(log)));
    world.eventually("the outer job hears of it", (view) => view.text(log).endsWith("4"));
  });
}

export default order("nobody", -1);
/** One on the way handles it, and those farther out never hear of it: violated. */
export const twin: Scenario = order("the process", 2);
