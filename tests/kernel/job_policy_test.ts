import { assertEquals } from "@std/assert";
import { JobPolicy, PolicyAction, PolicyCondition, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import type { Job } from "../../kernel/task/job.ts";
import { jobOf, making, newJob, newProcess } from "../support/making.ts";

Deno.test("a child keeps what its parent's policy forbids to change, and may change the rest", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const { OVERRIDE_ALLOW, OVERRIDE_DENY, ABSOLUTE, RELATIVE } = JobPolicy;
    const { NEW_VMO, NEW_PORT } = PolicyCondition;
    const { DENY, ALLOW } = PolicyAction;
    yield* zx.jobSetPolicy({
      job,
      policy: [
        { condition: NEW_VMO, action: DENY, override: OVERRIDE_DENY },
        { condition: NEW_PORT, action: DENY, override: OVERRIDE_ALLOW },
      ],
    });
    const below = yield* newJob(job);
    const vmo = [{ condition: NEW_VMO, action: ALLOW }];
    const port = [{ condition: NEW_PORT, action: ALLOW }];
    return [
      yield* zx.jobSetPolicy({ job: below, options: ABSOLUTE, policy: vmo }),
      yield* zx.jobSetPolicy({ job: below, options: RELATIVE, policy: vmo }),
      yield* zx.jobSetPolicy({ job: below, options: ABSOLUTE, policy: port }),
      yield* zx.jobSetPolicy({
        job: below,
        options: ABSOLUTE,
        policy: [{ condition: NEW_VMO, action: DENY, override: OVERRIDE_DENY }],
      }),
    ];
  });
  assertEquals(found, [Status.ALREADY_EXISTS, Status.OK, Status.OK, Status.OK]);
});

Deno.test("zx_job_set_policy is all or nothing, and only for a job with nothing in it", () => {
  const found = making(function* ({ machine, process, root }) {
    const job = yield* newJob(root);
    const policy = [
      { condition: PolicyCondition.NEW_EVENT, action: PolicyAction.DENY },
      { condition: 99, action: PolicyAction.DENY },
    ];
    const wrong = yield* zx.jobSetPolicy({ job, policy });
    const object = process.handleTable.get(job)!.object as Job;
    const kept = object.policy.action(PolicyCondition.NEW_EVENT);
    yield* newProcess(job);
    const late = yield* zx.jobSetPolicy({ job, policy: policy.slice(0, 1) });
    return [wrong, kept, late, machine.kernel.rootJob.ended];
  });
  assertEquals(found, [Status.INVALID_ARGS, PolicyAction.ALLOW, Status.BAD_STATE, false]);
});

Deno.test("zx_job_set_policy refuses what it does not know, too much and nothing", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const entry = { condition: PolicyCondition.NEW_EVENT, action: PolicyAction.DENY };
    const many = (count: number) => new Array(count).fill(entry);
    return [
      yield* zx.jobSetPolicy({ job, topic: 77, policy: [entry] }),
      yield* zx.jobSetPolicy({ job, options: 2, policy: [entry] }),
      yield* zx.jobSetPolicy({ job, policy: [{ ...entry, action: 5 }] }),
      yield* zx.jobSetPolicy({ job, policy: [{ ...entry, override: 2 }] }),
      yield* zx.jobSetPolicy({ job, policy: [] }),
      yield* zx.jobSetPolicy({ job, policy: many(33) }),
      yield* zx.jobSetPolicy({ job, policy: many(19) }),
    ];
  });
  const { INVALID_ARGS, NOT_SUPPORTED, OUT_OF_RANGE } = Status;
  const expected = [INVALID_ARGS, INVALID_ARGS, NOT_SUPPORTED, INVALID_ARGS];
  assertEquals(found, [...expected, INVALID_ARGS, INVALID_ARGS, OUT_OF_RANGE]);
});

Deno.test("NEW_ANY says the same of everything that can be made, and a later entry may differ", () => {
  const found = making(function* (maker) {
    const job = yield* newJob(maker.root);
    yield* zx.jobSetPolicy({
      job,
      policy: [
        { condition: PolicyCondition.NEW_ANY, action: PolicyAction.DENY },
        { condition: PolicyCondition.NEW_EVENT, action: PolicyAction.ALLOW },
      ],
    });
    const answers: unknown[] = [];
    maker.machine.spawn("maker", function* () {
      answers.push(typeof (yield* zx.eventCreate({})));
      answers.push(yield* zx.channelCreate({}), yield* zx.portCreate({}));
    }, jobOf(maker, job));
    yield* zx.nanosleep({ deadline: 1_000_000 });
    return answers;
  });
  assertEquals(found, ["object", Status.ACCESS_DENIED, Status.ACCESS_DENIED]);
});

const SLACK = { topic: JobPolicy.TIMER_SLACK } as const;

Deno.test("timer slack is inherited and only grows", () => {
  const found = making(function* (maker) {
    const job = yield* newJob(maker.root);
    yield* zx.jobSetPolicy({ job, ...SLACK, policy: { minimum: 500, mode: 2 } });
    const below = yield* newJob(job);
    const status = yield* zx.jobSetPolicy({
      job: below,
      ...SLACK,
      policy: { minimum: 1, mode: 1 },
    });
    return [status, jobOf(maker, below).timerSlack];
  });
  assertEquals(found, [Status.OK, { minimum: 500, mode: 1 }]);
});

Deno.test("timer slack is one entry, relative, not negative, with a mode that there is", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const good = { minimum: 5, mode: 0 };
    return [
      yield* zx.jobSetPolicy({ job, ...SLACK, policy: [] }),
      yield* zx.jobSetPolicy({ job, ...SLACK, options: JobPolicy.ABSOLUTE, policy: good }),
      yield* zx.jobSetPolicy({ job, ...SLACK, policy: { minimum: -1, mode: 0 } }),
      yield* zx.jobSetPolicy({ job, ...SLACK, policy: { minimum: 5, mode: 3 } }),
    ];
  });
  assertEquals(new Set(found), new Set([Status.INVALID_ARGS]));
});

Deno.test("timer slack is set only while nothing is in the job", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    yield* newJob(job);
    return yield* zx.jobSetPolicy({ job, ...SLACK, policy: { minimum: 5, mode: 0 } });
  });
  assertEquals(found, Status.BAD_STATE);
});
