import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  Right,
  Signal,
  Status,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import { explain } from "../../kernel/denial.ts";
import { type Denial, failed, invariant } from "../../kernel/mod.ts";
import type { Job } from "../../kernel/task/job.ts";
import type { Process } from "../../kernel/task/process.ts";
import { must } from "../support/making.ts";
import { ScriptKernel } from "../support/scripts.ts";

/** What a process's last refused call was refused for. */
function denialOf(body: (machine: ScriptKernel, process: Process) => Operation<unknown>): Denial {
  const machine = new ScriptKernel();
  return machine.run1(function* (process) {
    yield* body(machine, process);
    const { denial } = [...process.threads][0]!;
    invariant(denial, "something was refused");
    return denial;
  });
}

Deno.test("a handle without a right says which it lacks, which it has, and the least that would do", () => {
  const denial = denialOf((machine, process) => {
    const parent = machine.give(process, machine.kernel.rootJob, Right.INSPECT | Right.DUPLICATE);
    return zx.jobCreate({ parent });
  });
  assertEquals(denial, {
    syscall: "zx_job_create",
    status: Status.ACCESS_DENIED,
    argument: "parent",
    koid: 1024,
    type: "job",
    wanted: "MANAGE_JOB",
    held: "DUPLICATE|INSPECT",
    rule: "zx_job_create needs MANAGE_JOB on parent",
    grant: "MANAGE_JOB",
  });
  assertEquals(
    explain(denial),
    "zx_job_create answered ACCESS_DENIED because of parent (job 1024): zx_job_create needs " +
      "MANAGE_JOB on parent; it takes MANAGE_JOB, and there is DUPLICATE|INSPECT. What would do: " +
      "MANAGE_JOB.",
  );
});

Deno.test("a handle to something else says what it names and what it should", () => {
  const { status, wanted, held } = denialOf((machine, process) => {
    const job = machine.give(process, machine.kernel.rootJob, ~0);
    return zx.threadCreate({ process: job, name: "thread" });
  });
  assertEquals([status, wanted, held], [Status.WRONG_TYPE, "Process", "job"]);
});

Deno.test("a value that is no handle says so", () => {
  const { status, held } = denialOf(() => zx.taskKill({ task: 0x123 }));
  assertEquals([status, held], [Status.BAD_HANDLE, "0x123, which names nothing in this process"]);
});

Deno.test("a policy that denies says which job set it, by its name where it has one", () => {
  const machine = new ScriptKernel();
  const job = machine.kernel.rootJob.createJob();
  invariant(!failed(job), "the root job takes in jobs");
  assertEquals(deniedBelow(machine, job), `job ${job.koid} set NEW_EVENT to DENY for all below it`);
  const named = machine.kernel.rootJob.createJob();
  invariant(!failed(named), "the root job takes in jobs");
  named.name = "sandbox";
  assertEquals(deniedBelow(machine, named), "job sandbox set NEW_EVENT to DENY for all below it");
});

/** The rule that denies an event to a process in a job below one whose policy forbids it. */
function deniedBelow(machine: ScriptKernel, job: Job): string {
  const entry = { condition: PolicyCondition.NEW_EVENT, action: PolicyAction.DENY, override: 0 };
  job.setPolicy(JobPolicy.ABSOLUTE, [entry]);
  const below = job.createJob();
  invariant(!failed(below), "a job takes in jobs");
  let found: Denial | null = null;
  machine.spawn("maker", function* (process) {
    yield* zx.eventCreate({});
    found = [...process.threads][0]!.denial;
  }, below);
  machine.run();
  const { koid, rule, grant } = found! as Denial;
  assertEquals(koid, below.koid);
  assertEquals(grant, "a process in a job whose policy allows NEW_EVENT");
  return rule;
}

Deno.test("options that nobody knows say which there are, and what was given", () => {
  const denial = denialOf(() => zx.eventCreate({ options: 0x10000 }));
  assertEquals(
    explain(denial),
    "zx_event_create answered INVALID_ARGS because of options: zx_event_create wants options to be " +
      "0; it takes 0, and there is 0x10000. What would do: options that is 0.",
  );
});

Deno.test("a deed that cannot be done says on what, with which arguments, and where it is so", () => {
  const denial = denialOf(function* () {
    const { out0 } = yield* must(zx.fifoCreate({ count: 4, size: 8 }));
    return yield* zx.fifoRead({ handle: out0, elementSize: 4, count: 1 });
  });
  const { status, argument, type, held } = denial;
  assertEquals([status, argument, type], [Status.OUT_OF_RANGE, "handle", "fifo"]);
  assertStringIncludes(held, "elementSize 4");
});

Deno.test("a call that knows more exactly when it refuses says that", () => {
  const { rule, argument } = denialOf(function* (machine, process) {
    const { rootJob } = machine.kernel;
    const job = machine.give(process, rootJob, DEFAULT_RIGHTS.job);
    const { process: other } = yield* must(zx.processCreate({ job, name: "" }));
    const { out: thread } = yield* must(zx.threadCreate({ process: other, name: "" }));
    const start = { entry: 0x400000, stack: 0, arg1: 0, arg2: 0 };
    return yield* zx.threadStart({ thread, ...start });
  });
  assertEquals(argument, "thread");
  assertStringIncludes(
    rule,
    "zx_thread_start answers BAD_STATE where the thread was started before",
  );
});

Deno.test("what is only news is no refusal", () => {
  const machine = new ScriptKernel();
  const denial = machine.run1(function* (process) {
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    yield* zx.channelRead({ handle: out0 });
    yield* zx.handleClose({ handle: out1 });
    yield* zx.channelRead({ handle: out0 });
    yield* zx.nanosleep({ deadline: 1 });
    return [...process.threads][0]!.denial;
  });
  assertEquals(denial, null);
});

Deno.test("a call that is refused after it has waited says why, too", () => {
  const { status, syscall } = denialOf(function* (machine, process) {
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    machine.thread(process, answering(out1));
    const args = { bytes: new Uint8Array(4), bytesMax: 4 };
    return yield* zx.channelCall({ handle: out0, args });
  });
  assertEquals([syscall, status], ["zx_channel_call", Status.BUFFER_TOO_SMALL]);
});

/** Answer one call with more than was asked for. */
function* answering(handle: number): Program {
  yield* zx.objectWaitOne({ handle, signals: Signal.READABLE });
  const { bytes } = yield* must(zx.channelRead({ handle }));
  yield* zx.channelWrite({ handle, bytes: new Uint8Array([...bytes, 5, 6]), handles: [] });
}
