/**
 * `zx_job_*` and `zx_task_kill`: trees of processes, their policy, and their end.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, JobPolicy, Right, Status, TaskOption } from "../abi.ts";
import { lengthOf, outHandle } from "../syscall/buffer.ts";
import { handle, options, u32Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";
import { TaskGroup } from "../task/task.ts";
import { policyEntries } from "./policy_entries.ts";

const jobCreate = syscall({
  name: "zx_job_create",
  about: "Make a job below another.",
  args: { parent: handle(Job, Right.MANAGE_JOB, Right.WRITE), options: options(0), out: outHandle },
  checks: ["options"],
  errors: ["OUT_OF_RANGE", "BAD_STATE"],
  run({ parent, out }) {
    const job = parent.createJob();
    if (failed(job)) return job;
    return out.give(job, DEFAULT_RIGHTS.job);
  },
});

const jobSetPolicy = syscall({
  name: "zx_job_set_policy",
  about: "Say what processes in a job, and in jobs below it, may do; while nothing is in it yet.",
  args: {
    job: handle(Job, Right.SET_POLICY),
    options: u32Or(JobPolicy.RELATIVE),
    topic: u32Or(JobPolicy.BASIC_V2),
    policy: policyEntries("topic", "count"),
    count: lengthOf("policy"),
  },
  errors: ["INVALID_ARGS", "OUT_OF_RANGE", "NOT_SUPPORTED", "ALREADY_EXISTS", "BAD_STATE"],
  why: {
    ALREADY_EXISTS: "a job above forbids to change what a condition does",
    BAD_STATE: "the job has processes or jobs below it, or has ended",
    NOT_SUPPORTED: "an action is none that policies know",
  },
  run({ job, options, topic, policy }) {
    if (options > JobPolicy.ABSOLUTE) return Status.INVALID_ARGS;
    if (topic !== JobPolicy.TIMER_SLACK) return job.setPolicy(options, policy.entries);
    if (options !== JobPolicy.RELATIVE) return Status.INVALID_ARGS;
    return job.setTimerSlack(policy.slack!);
  },
});

const jobSetCritical = syscall({
  name: "zx_job_set_critical",
  about: "Let a job die when a process below it does.",
  args: {
    job: handle(Job, Right.DESTROY),
    options: options(TaskOption.JOB_CRITICAL_RETCODE_NONZERO),
    process: handle(Process, Right.WAIT),
  },
  checks: ["options"],
  errors: ["INVALID_ARGS", "ALREADY_BOUND", "BAD_STATE"],
  run({ job, options, process }) {
    return process.makeCritical({ job, onlyIfFailed: options !== 0 });
  },
});

const taskKill = syscall({
  name: "zx_task_kill",
  about: "Kill a process, or a job with everything in it.",
  args: { task: handle(TaskGroup, Right.DESTROY) },
  errors: [],
  run({ task }) {
    task.kill();
    return Status.OK;
  },
});

/** The calls of this file. */
export const JOB_ROWS = { jobCreate, jobSetPolicy, jobSetCritical, taskKill };
