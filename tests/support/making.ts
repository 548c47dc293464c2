/**
 * A process that makes jobs and processes: what tests of tasks begin with.
 *
 * @module
 */
import { DEFAULT_RIGHTS } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import { Job } from "../../kernel/task/job.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ScriptKernel } from "./scripts.ts";

/** Who makes jobs: a process with a handle to the root job. */
export interface Maker {
  readonly machine: ScriptKernel;
  readonly process: Process;
  readonly root: number;
}

export function making<T>(body: (maker: Maker) => Operation<T>): T {
  const machine = new ScriptKernel();
  return machine.run1((process) => {
    const root = machine.give(process, machine.kernel.rootJob, DEFAULT_RIGHTS.job);
    return body({ machine, process, root });
  });
}

/** The results of a call that must succeed. */
export function* must<T extends object>(call: Operation<T | number>): Operation<T> {
  const found = yield* call;
  invariant(typeof found === "object", `the call succeeds: ${found}`);
  return found;
}

export function* newJob(parent: number): Operation<number> {
  return (yield* must(zx.jobCreate({ parent }))).out;
}

export function* newProcess(job: number): Operation<number> {
  return (yield* must(zx.processCreate({ job, name: "process" }))).process;
}

export function* signalsOf(handle: number): Operation<number> {
  const { observed } = yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 });
  return observed;
}

/** Start a process in a job that sleeps for ever, and take a handle to it. */
export function sleeper(
  { machine, process }: Maker,
  job: Job,
): { victim: Process; handle: number } {
  const victim = machine.spawn("sleeper", function* () {
    yield* zx.nanosleep({});
  }, job);
  return { victim, handle: machine.give(process, victim, DEFAULT_RIGHTS.process) };
}

export function jobOf({ process }: Maker, handle: number): Job {
  const { object } = process.handleTable.get(handle)!;
  invariant(object instanceof Job, "a handle to a job");
  return object;
}
