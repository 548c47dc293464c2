import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  ExceptionChannelType,
  ExceptionState,
  ExceptionStrategy,
  ExceptionType,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  Right,
  Signal,
  Status,
  TaskReturnCode,
  ThreadState,
} from "../../kernel/abi.ts";
import { failed, invariant } from "../../kernel/mod.ts";
import { type Program, setProperty, zx } from "../../kernel/client.ts";
import type { Job } from "../../kernel/task/job.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ScriptKernel } from "../support/scripts.ts";
import { mapPage } from "../support/subjects.ts";

const GARBAGE = 0x1233;
const ALL = DEFAULT_RIGHTS.job | DEFAULT_RIGHTS.process;
const { TRY_NEXT, HANDLED, THREAD_EXIT } = ExceptionState;
const POLICY = ExceptionType.POLICY_ERROR.toString(16);

/** A machine with a job in which a condition has an action, using bad handles unless told. */
function strictJob(
  action: number = PolicyAction.DENY_EXCEPTION,
  condition: number = PolicyCondition.BAD_HANDLE,
) {
  const machine = new ScriptKernel();
  const job = machine.kernel.rootJob.createJob();
  invariant(!failed(job), "the root job takes in jobs");
  job.hold();
  job.setPolicy(JobPolicy.ABSOLUTE, [{ condition, action, override: JobPolicy.OVERRIDE_DENY }]);
  return { machine, job };
}

/** A program that uses a handle that it does not have, and says what it got. */
function* offender(seen: unknown[]): Program {
  seen.push(yield* zx.handleDuplicate({ handle: GARBAGE, rights: Right.SAME_RIGHTS }));
}

interface Handler {
  readonly name: string;
  readonly task: Process | Job;
  readonly options?: number;
  readonly answer: number;
  readonly strategy?: number;
}

/** A process that answers each exception of a task the same way, and says when it saw one. */
function handle(machine: ScriptKernel, seen: unknown[], handler: Handler): void {
  const { name, task, options = 0, answer, strategy } = handler;
  machine.spawn(name, function* (process) {
    const held = machine.give(process, task, ALL);
    const channel = yield* zx.taskCreateExceptionChannel({ task: held, options });
    invariant(!failed(channel), "nobody listens yet");
    for (;;) {
      const signals = Signal.READABLE | Signal.PEER_CLOSED;
      const { observed } = yield* zx.objectWaitOne({ handle: channel.out, signals });
      if ((observed & Signal.READABLE) === 0) return;
      const message = yield* zx.channelRead({ handle: channel.out });
      invariant(!failed(message), "what is readable can be read");
      const type = new DataView(message.bytes.buffer).getUint32(16, true);
      seen.push(`${name} ${type.toString(16)}`);
      const [exception] = message.handles;
      yield* setProperty(exception!, "EXCEPTION_STATE", answer);
      if (strategy) yield* setProperty(exception!, "EXCEPTION_STRATEGY", strategy);
      yield* zx.handleClose({ handle: exception! });
    }
  });
  machine.kernel.run({ until: machine.kernel.realm.now + 100_000 });
}

/** A process that offends once the handlers are there. */
function lateOffender(machine: ScriptKernel, job: Job, seen: unknown[]): Process {
  return machine.spawn("offender", function* () {
    yield* zx.nanosleep({ deadline: 1_000_000 });
    yield* offender(seen);
  }, job);
}

Deno.test("an exception that nobody handles kills the process with EXCEPTION_KILL", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  const process = machine.spawn("offender", () => offender(seen), job);
  machine.run();
  assertEquals(process.returnCode, TaskReturnCode.EXCEPTION_KILL);
  assertEquals([process.state, seen.length], ["dead", 0]);
});

Deno.test("an exception that its handler resumes lets the thread go on with the call's answer", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  handle(machine, seen, { name: "job", task: job, answer: HANDLED });
  const process = machine.spawn("offender", () => offender(seen), job);
  machine.run();
  assertEquals(seen, [`job ${POLICY}`, Status.BAD_HANDLE]);
  assertEquals(process.returnCode, 0);
});

Deno.test("an exception is offered to the process before its job, and to the jobs up to the root", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  handle(machine, seen, { name: "root", task: machine.kernel.rootJob, answer: HANDLED });
  handle(machine, seen, { name: "job", task: job, answer: TRY_NEXT });
  const process = lateOffender(machine, job, seen);
  handle(machine, seen, { name: "process", task: process, answer: TRY_NEXT });
  machine.run();
  assertEquals(seen, [`process ${POLICY}`, `job ${POLICY}`, `root ${POLICY}`, Status.BAD_HANDLE]);
});

Deno.test("a debugger sees an exception first, and again after the process if it wants", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  handle(machine, seen, { name: "job", task: job, answer: HANDLED });
  const process = lateOffender(machine, job, seen);
  const strategy = ExceptionStrategy.SECOND_CHANCE;
  handle(machine, seen, {
    name: "debugger",
    task: process,
    options: 1,
    answer: TRY_NEXT,
    strategy,
  });
  machine.run();
  const order = [`debugger ${POLICY}`, `debugger ${POLICY}`, `job ${POLICY}`, Status.BAD_HANDLE];
  const exiting = `debugger ${ExceptionType.THREAD_EXITING.toString(16)}`;
  assertEquals(seen, [...order, exiting]);
});

Deno.test("a handler that answers THREAD_EXIT ends the thread and with the last one the process", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  handle(machine, seen, { name: "job", task: job, answer: THREAD_EXIT });
  const process = machine.spawn("offender", () => offender(seen), job);
  machine.run();
  assertEquals([seen, process.returnCode, process.state], [[`job ${POLICY}`], 0, "dead"]);
});

Deno.test("closing an exception channel counts as passing on what waits in it", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  machine.spawn("listener", function* (process) {
    const task = machine.give(process, job, ALL);
    const channel = yield* zx.taskCreateExceptionChannel({ task });
    invariant(!failed(channel), "nobody listens yet");
    yield* zx.objectWaitOne({ handle: channel.out, signals: Signal.READABLE });
    seen.push(yield* zx.handleClose({ handle: channel.out }));
  });
  const process = lateOffender(machine, job, seen);
  machine.run();
  assertEquals([seen, process.returnCode], [[Status.OK], TaskReturnCode.EXCEPTION_KILL]);
});

Deno.test("a thread that waits for its handler is BLOCKED_EXCEPTION and knows by which channel", () => {
  const { machine, job } = strictJob();
  machine.spawn("listener", function* (process) {
    yield* zx.taskCreateExceptionChannel({ task: machine.give(process, job, ALL) });
    yield* zx.nanosleep({ deadline: 1_000_000_000 });
  });
  const process = machine.spawn("offender", () => offender([]), job);
  machine.kernel.run({ until: 1_000_000 });
  const [thread] = process.threads;
  assertEquals(thread!.state, ThreadState.BLOCKED_EXCEPTION);
  assertEquals(thread!.exception!.channel, ExceptionChannelType.JOB);
  process.kill();
  assertEquals(thread!.state, ThreadState.DEAD);
});

Deno.test("zx_task_create_exception_channel answers ALREADY_BOUND while somebody listens", () => {
  const { machine, job } = strictJob();
  const found = machine.run1(function* (process) {
    const task = machine.give(process, job, ALL);
    const first = yield* zx.taskCreateExceptionChannel({ task });
    const second = yield* zx.taskCreateExceptionChannel({ task });
    invariant(!failed(first), "nobody listens yet");
    yield* zx.handleClose({ handle: first.out });
    const third = yield* zx.taskCreateExceptionChannel({ task });
    return { second, third: typeof third };
  });
  assertEquals(found, { second: Status.ALREADY_BOUND, third: "object" });
});

Deno.test("an exception channel is PEER_CLOSED once its task is gone", () => {
  const machine = new ScriptKernel();
  const victim = machine.spawn("victim", function* () {
    yield* zx.nanosleep({});
  });
  const found = machine.run1(function* (process) {
    const task = machine.give(process, victim, ALL);
    const channel = yield* zx.taskCreateExceptionChannel({ task });
    invariant(!failed(channel), "nobody listens yet");
    yield* zx.taskKill({ task });
    const signals = Signal.PEER_CLOSED;
    const { status } = yield* zx.objectWaitOne({ handle: channel.out, signals });
    return { status, again: yield* zx.taskCreateExceptionChannel({ task }) };
  });
  assertEquals(found, { status: Status.OK, again: Status.BAD_STATE });
});

Deno.test("ALLOW_EXCEPTION raises an exception and does what was asked", () => {
  const { machine, job } = strictJob(PolicyAction.ALLOW_EXCEPTION, PolicyCondition.NEW_EVENT);
  const seen: unknown[] = [];
  handle(machine, seen, { name: "job", task: job, answer: HANDLED });
  machine.spawn("maker", function* () {
    seen.push(typeof (yield* zx.eventCreate({})));
  }, job);
  machine.run();
  assertEquals(seen, [`job ${POLICY}`, "object"]);
});

Deno.test("DENY_EXCEPTION raises an exception and refuses what was asked", () => {
  const { machine, job } = strictJob(PolicyAction.DENY_EXCEPTION, PolicyCondition.NEW_EVENT);
  const seen: unknown[] = [];
  handle(machine, seen, { name: "job", task: job, answer: HANDLED });
  machine.spawn("maker", function* () {
    seen.push(yield* zx.eventCreate({}));
  }, job);
  machine.run();
  assertEquals(seen, [`job ${POLICY}`, Status.ACCESS_DENIED]);
});

Deno.test("KILL ends the process with POLICY_KILL at once", () => {
  const { machine, job } = strictJob(PolicyAction.KILL);
  const seen: unknown[] = [];
  const process = machine.spawn("offender", () => offender(seen), job);
  machine.run();
  assertEquals([process.returnCode, seen.length], [TaskReturnCode.POLICY_KILL, 0]);
});

Deno.test("closing the invalid handle or checking a value never offends against BAD_HANDLE", () => {
  const { machine, job } = strictJob(PolicyAction.KILL);
  const seen: unknown[] = [];
  const process = machine.spawn("careful", function* () {
    seen.push(yield* zx.handleClose({ handle: 0 }));
    seen.push(yield* zx.handleCheckValid({ handle: GARBAGE }));
    seen.push(yield* zx.handleDuplicate({ handle: 0, rights: Right.SAME_RIGHTS }));
  }, job);
  machine.run();
  assertEquals(seen, [Status.OK, Status.BAD_HANDLE, Status.BAD_HANDLE]);
  assertEquals(process.returnCode, 0);
});

Deno.test("a job debugger sees processes start before their first instruction", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  handle(machine, seen, { name: "debugger", task: job, options: 1, answer: HANDLED });
  const process = machine.spawn("program", function* () {
    seen.push("runs");
    yield* zx.nanosleep({ deadline: 0 });
  }, job);
  machine.run();
  const starting = `debugger ${ExceptionType.PROCESS_STARTING.toString(16)}`;
  assertEquals([seen, process.state], [[starting, "runs"], "dead"]);
});

Deno.test("a process's debugger sees each thread start before it runs, and end after it ran", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  const process = machine.spawn("program", function* () {
    yield* zx.nanosleep({ deadline: 1_000_000 });
    seen.push("first");
    machine.thread(process, second());
    yield* zx.nanosleep({ deadline: 2_000_000 });
  }, job);
  function* second(): Program {
    seen.push("second");
    yield* zx.nanosleep({ deadline: 0 });
  }
  // What a handler says of these two kinds is not heeded.
  handle(machine, seen, { name: "debugger", task: process, options: 1, answer: THREAD_EXIT });
  machine.run();
  const [starting, exiting] = [ExceptionType.THREAD_STARTING, ExceptionType.THREAD_EXITING]
    .map((type) => `debugger ${type.toString(16)}`);
  assertEquals(seen, ["first", starting, "second", exiting, exiting]);
  assertEquals([process.state, process.returnCode], ["dead", 0]);
});

Deno.test("a debugger sees a thread end that unmaps its stack, or wakes who waits for it, with its last call", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  const exiting = `debugger ${ExceptionType.THREAD_EXITING.toString(16)}`;
  const process: Process = machine.spawn("program", function* () {
    yield* zx.nanosleep({ deadline: 1_000_000 });
    const handle = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
    const address = mapPage(process);
    machine.thread(
      process,
      (function* () {
        yield* zx.futexWakeHandleCloseThreadExit({ address, count: 1, value: 0, handle: 0 });
      })(),
    );
    yield* zx.vmarUnmapHandleCloseThreadExit({ handle, address, length: 4096, close: 0 });
  }, job);
  handle(machine, seen, { name: "debugger", task: process, options: 1, answer: HANDLED });
  machine.run();
  assertEquals(seen.filter((one) => one === exiting).length, 2);
});

Deno.test("zx_thread_raise_exception shows job debuggers what a thread has come to", () => {
  const { machine, job } = strictJob();
  const seen: unknown[] = [];
  handle(machine, seen, { name: "debugger", task: job, options: 1, answer: HANDLED });
  machine.spawn("program", function* () {
    seen.push(yield* zx.threadRaiseException({ options: 1, type: ExceptionType.USER }));
    seen.push(yield* zx.threadRaiseException({ options: 0, type: ExceptionType.USER }));
  }, job);
  machine.run();
  const user = `debugger ${ExceptionType.USER.toString(16)}`;
  assertEquals(seen.slice(1), [user, Status.OK, Status.INVALID_ARGS]);
});

Deno.test("exceptions leave nothing behind", () => {
  const { machine, job } = strictJob();
  const { realm } = machine.kernel;
  const before = realm.census();
  handle(machine, [], { name: "job", task: job, answer: TRY_NEXT });
  for (let at = 0; at < 10; at++) machine.spawn("offender", () => offender([]), job);
  machine.run();
  job.kill();
  machine.run();
  assertEquals([realm.census(), realm.handles], [before, 0]);
});
