import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Right, Signal, Status, TaskReturnCode } from "../../kernel/abi.ts";
import { getInfo, setProperty, zx } from "../../kernel/client.ts";
import { failed, invariant } from "../../kernel/mod.ts";
import { JOB_HEIGHT_MAX } from "../../kernel/task/job.ts";
import { killForMemory } from "../../kernel/task/memory_shortage.ts";
import { jobOf, making, must, newJob, newProcess, signalsOf, sleeper } from "../support/making.ts";
import { ScriptKernel } from "../support/scripts.ts";

const { SYSCALL_KILL, CRITICAL_PROCESS_KILL, OOM_KILL } = TaskReturnCode;
const CHILDLESS = Signal.JOB_NO_JOBS | Signal.JOB_NO_PROCESSES;

Deno.test("zx_job_create makes a job that its parent lists", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const children = yield* must(getInfo(root, "JOB_CHILDREN"));
    const basic = yield* must(getInfo(job, "HANDLE_BASIC"));
    return [children.records[0]?.koid === basic.records[0]?.koid, basic.records[0]?.rights];
  });
  assertEquals(found, [true, DEFAULT_RIGHTS.job]);
});

Deno.test("zx_job_create needs MANAGE_JOB or WRITE on the parent", () => {
  const found = making(function* ({ root }) {
    const answers: unknown[] = [];
    for (const rights of [Right.MANAGE_JOB, Right.WRITE, Right.READ]) {
      const less = yield* must(zx.handleDuplicate({ handle: root, rights }));
      answers.push(typeof (yield* zx.jobCreate({ parent: less.out })));
    }
    return answers;
  });
  assertEquals(found, ["object", "object", "number"]);
});

Deno.test("jobs stand 32 below each other, and no further", () => {
  const found = making(function* ({ root }) {
    let parent = root;
    for (let height = 0; height < JOB_HEIGHT_MAX; height++) parent = yield* newJob(parent);
    return yield* zx.jobCreate({ parent });
  });
  assertEquals(found, Status.OUT_OF_RANGE);
});

Deno.test("a job that nobody has a handle to and nothing is in leaves the tree", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const before = (yield* must(getInfo(root, "JOB_CHILDREN"))).available;
    yield* zx.handleClose({ handle: job });
    return [before, (yield* must(getInfo(root, "JOB_CHILDREN"))).available];
  });
  assertEquals(found, [1, 0]);
});

Deno.test("a job that is killed leaves the tree while handles to it are still there", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    yield* zx.taskKill({ task: job });
    const { available } = yield* must(getInfo(root, "JOB_CHILDREN"));
    const info = yield* must(getInfo(job, "JOB"));
    return [available, info.records[0]?.exited, info.records[0]?.returnCode];
  });
  assertEquals(found, [0, true, SYSCALL_KILL]);
});

Deno.test("zx_task_kill of a job kills what is in it and below it, and nothing can be added", () => {
  const found = making(function* (maker) {
    const job = yield* newJob(maker.root);
    const below = yield* newJob(job);
    const one = sleeper(maker, jobOf(maker, job));
    const two = sleeper(maker, jobOf(maker, below));
    const idle = yield* newProcess(below);
    yield* zx.nanosleep({ deadline: 1_000_000 });
    yield* zx.taskKill({ task: job });
    const ends = [one.victim.returnCode, two.victim.returnCode];
    const added = [
      yield* zx.jobCreate({ parent: job }),
      yield* zx.jobCreate({ parent: below }),
      yield* zx.processCreate({ job: below, name: "late" }),
    ];
    const info = yield* must(getInfo(idle, "PROCESS"));
    return [ends, added, info.records[0]?.returnCode];
  });
  const { BAD_STATE } = Status;
  const expected = [[SYSCALL_KILL, SYSCALL_KILL], [BAD_STATE, BAD_STATE, BAD_STATE], SYSCALL_KILL];
  assertEquals(found, expected);
});

Deno.test("zx_task_kill of a job with nothing in it ends it", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    yield* zx.taskKill({ task: job });
    return yield* signalsOf(job);
  });
  assertEquals(found, (CHILDLESS | Signal.JOB_NO_CHILDREN | Signal.TASK_TERMINATED) >>> 0);
});

Deno.test("a chain of jobs is killed from below", () => {
  const machine = new ScriptKernel();
  const order: number[] = [];
  machine.kernel.realm.log.listen((event) => {
    if (event.kind === "job-exit") order.push(event.job);
  });
  const koids: number[] = [];
  machine.run1(function* (process) {
    const root = machine.give(process, machine.kernel.rootJob, DEFAULT_RIGHTS.job);
    let parent = root;
    let first = 0;
    for (let at = 0; at < 4; at++) {
      parent = yield* newJob(parent);
      first ||= parent;
      koids.unshift(process.handleTable.get(parent)!.object.koid);
    }
    yield* zx.taskKill({ task: first });
  });
  assertEquals(order, koids);
});

Deno.test("a job's signals say whether jobs and processes are in it", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const seen = [yield* signalsOf(job)];
    const below = yield* newJob(job);
    seen.push(yield* signalsOf(job));
    const process = yield* newProcess(job);
    seen.push(yield* signalsOf(job));
    yield* zx.handleClose({ handle: below });
    yield* zx.taskKill({ task: process });
    seen.push(yield* signalsOf(job));
    return seen.map((signals) => signals & CHILDLESS);
  });
  assertEquals(found, [CHILDLESS, Signal.JOB_NO_PROCESSES, 0, CHILDLESS]);
});

Deno.test("zx_object_wait_one on a job wakes when it is killed", () => {
  const machine = new ScriptKernel();
  const job = machine.kernel.rootJob.createJob();
  invariant(!failed(job), "the root job takes in jobs");
  const seen: number[] = [];
  machine.spawn("waiter", function* (process) {
    const handle = machine.give(process, job, DEFAULT_RIGHTS.job);
    const signals = Signal.TASK_TERMINATED;
    seen.push((yield* zx.objectWaitOne({ handle, signals })).status);
  });
  machine.spawn("killer", function* (process) {
    yield* zx.taskKill({ task: machine.give(process, job, DEFAULT_RIGHTS.job) });
  });
  machine.run();
  assertEquals(seen, [Status.OK]);
});

Deno.test("zx_object_get_info of a job for TASK_STATS answers WRONG_TYPE", () => {
  assertEquals(making(({ root }) => getInfo(root, "TASK_STATS")), Status.WRONG_TYPE);
});

Deno.test("a job's runtime is that of all that ran in it, those that have ended too", () => {
  const found = making(function* (maker) {
    const job = yield* newJob(maker.root);
    maker.machine.spawn("worker", function* () {
      for (let at = 0; at < 100; at++) yield* zx.handleClose({ handle: 0 });
    }, jobOf(maker, job));
    yield* zx.nanosleep({ deadline: 1_000_000 });
    const { records } = yield* must(getInfo(job, "TASK_RUNTIME"));
    const bare = yield* must(zx.handleDuplicate({ handle: job, rights: Right.NONE }));
    return [records[0]!.cpuTime >= 10_000, yield* getInfo(bare.out, "TASK_RUNTIME")];
  });
  assertEquals(found, [true, Status.ACCESS_DENIED]);
});

/** Make a process critical to a job and end it with a code; answers why the job ended, if it did. */
function criticalEnd(options: number, code: number): number | undefined {
  return making(function* (maker) {
    const job = yield* newJob(maker.root);
    const below = yield* newJob(job);
    const victim = maker.machine.spawn("critical", function* () {
      yield* zx.nanosleep({ deadline: 1_000_000 });
      yield* zx.processExit({ code });
    }, jobOf(maker, below));
    const process = maker.machine.give(maker.process, victim, DEFAULT_RIGHTS.process);
    yield* zx.jobSetCritical({ job, options, process });
    yield* zx.nanosleep({ deadline: 2_000_000 });
    const { records } = yield* must(getInfo(job, "JOB"));
    return records[0]!.exited ? records[0]!.returnCode : undefined;
  });
}

Deno.test("a job dies with its critical process, whatever that ends with", () => {
  assertEquals(criticalEnd(0, 0), CRITICAL_PROCESS_KILL);
  assertEquals(criticalEnd(0, 7), CRITICAL_PROCESS_KILL);
});

Deno.test("a job may live on when its critical process ends with 0", () => {
  assertEquals(criticalEnd(1, 0), undefined);
  assertEquals(criticalEnd(1, 7), CRITICAL_PROCESS_KILL);
});

Deno.test("several processes can be critical to one job, and the first that ends kills all", () => {
  const found = making(function* (maker) {
    const job = yield* newJob(maker.root);
    const victims = [1, 2, 3].map(() => sleeper(maker, jobOf(maker, job)));
    const answers: number[] = [];
    for (const { handle: process } of victims) {
      answers.push(yield* zx.jobSetCritical({ job, process }));
    }
    yield* zx.taskKill({ task: victims[1]!.handle });
    return [answers, victims.map(({ victim }) => victim.returnCode)];
  });
  const codes = [CRITICAL_PROCESS_KILL, SYSCALL_KILL, CRITICAL_PROCESS_KILL];
  assertEquals(found, [[Status.OK, Status.OK, Status.OK], codes]);
});

Deno.test("a process is critical to one job, which is above it, and still runs", () => {
  const found = making(function* (maker) {
    const job = yield* newJob(maker.root);
    const other = yield* newJob(maker.root);
    const { victim, handle: process } = sleeper(maker, jobOf(maker, job));
    const answers = [
      yield* zx.jobSetCritical({ job: other, process }),
      yield* zx.jobSetCritical({ job, process, options: 2 }),
      yield* zx.jobSetCritical({ job, process }),
      yield* zx.jobSetCritical({ job, process }),
    ];
    victim.kill();
    const late = yield* newJob(maker.root);
    return [...answers, yield* zx.jobSetCritical({ job: late, process })];
  });
  const { INVALID_ARGS, OK, ALREADY_BOUND, BAD_STATE } = Status;
  assertEquals(found, [INVALID_ARGS, INVALID_ARGS, OK, ALREADY_BOUND, BAD_STATE]);
});

Deno.test("a job can ask to be killed when memory runs out, and the deepest that asks goes first", () => {
  const found = making(function* (maker) {
    const { machine, root } = maker;
    const job = yield* newJob(root);
    const below = yield* newJob(job);
    const answers = [
      yield* setProperty(job, "JOB_KILL_ON_OOM", 1),
      yield* setProperty(below, "JOB_KILL_ON_OOM", 1),
      yield* setProperty(job, "JOB_KILL_ON_OOM", 2),
    ];
    const { records } = yield* must(getInfo(job, "JOB"));
    yield* newProcess(below);
    killForMemory(machine.kernel.rootJob);
    const ends = [jobOf(maker, below).returnCode, jobOf(maker, job).ended];
    return [...answers, records[0]!.killOnOom, ...ends];
  });
  assertEquals(found, [Status.OK, Status.OK, Status.INVALID_ARGS, true, OOM_KILL, false]);
});
