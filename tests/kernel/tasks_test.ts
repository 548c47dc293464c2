import { assertEquals } from "@std/assert";
import { Right, Signal, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { ScriptKernel } from "../support/scripts.ts";

Deno.test("zx_handle_duplicate answers a handle with fewer rights and refuses one with more", () => {
  const machine = new ScriptKernel();
  const found = machine.run1(function* (process) {
    const job = machine.give(process, machine.kernel.rootJob, Right.DUPLICATE | Right.INSPECT);
    const less = yield* zx.handleDuplicate({ handle: job, rights: Right.INSPECT });
    const more = yield* zx.handleDuplicate({ handle: job, rights: Right.MANAGE_JOB });
    return { less: typeof less, more };
  });
  assertEquals(found, { less: "object", more: Status.INVALID_ARGS });
});

Deno.test("zx_nanosleep lets the time pass that it was asked for, and no thread waits for it", () => {
  const machine = new ScriptKernel();
  const order: string[] = [];
  machine.spawn("late", function* () {
    yield* zx.nanosleep({ deadline: 2_000_000 });
    order.push(`late at ${machine.kernel.realm.now}`);
  });
  machine.spawn("early", function* () {
    yield* zx.nanosleep({ deadline: 1_000_000 });
    order.push(`early at ${machine.kernel.realm.now}`);
  });
  machine.run();
  assertEquals(order, ["early at 1000000", "late at 2000000"]);
});

Deno.test("zx_object_wait_one wakes with the signals that were there", () => {
  const machine = new ScriptKernel();
  const { rootJob } = machine.kernel;
  const seen: unknown[] = [];
  machine.spawn("waiter", function* (process) {
    const job = machine.give(process, rootJob, Right.WAIT);
    seen.push(yield* zx.objectWaitOne({ handle: job, signals: Signal.USER_0 }));
  });
  machine.spawn("signaller", function* (process) {
    const job = machine.give(process, rootJob, Right.SIGNAL);
    yield* zx.objectSignal({ handle: job, set: Signal.USER_0 | Signal.USER_1 });
  });
  machine.run();
  const observed = Signal.JOB_NO_JOBS | Signal.USER_0 | Signal.USER_1;
  assertEquals(seen, [{ status: Status.OK, observed }]);
});

Deno.test("zx_object_wait_one answers TIMED_OUT with the signals of that moment", () => {
  const machine = new ScriptKernel();
  const found = machine.run1(function* (process) {
    const job = machine.give(process, machine.kernel.rootJob, Right.WAIT);
    return yield* zx.objectWaitOne({ handle: job, signals: Signal.USER_0, deadline: 5000 });
  });
  assertEquals(found, { status: Status.TIMED_OUT, observed: Signal.JOB_NO_JOBS });
});

Deno.test("a process ends with its last thread, and its handles go with it", () => {
  const machine = new ScriptKernel();
  const before = machine.kernel.realm.census();
  machine.spawn("short", function* (process) {
    const job = machine.give(process, machine.kernel.rootJob, Right.MANAGE_JOB);
    yield* zx.jobCreate({ parent: job });
  });
  machine.run();
  assertEquals(machine.kernel.realm.census(), before);
  assertEquals(machine.kernel.realm.handles, 0);
});
