import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  Right,
  Signal,
  Status,
  SystemEventKind,
  TaskReturnCode,
  VmoOp,
} from "../../kernel/abi.ts";
import { type Operation, setProperty, zx } from "../../kernel/client.ts";
import { failed, invariant } from "../../kernel/mod.ts";
import type { Job } from "../../kernel/task/job.ts";
import { made, newVmo, PAGE } from "../support/memory.ts";
import { ScriptKernel } from "../support/scripts.ts";

function jobBelow(parent: Job): Job {
  const job = parent.createJob();
  invariant(!failed(job), "the job takes in jobs");
  job.hold();
  return job;
}

/** Commit so many pages; answers OK or why not. */
function* commit(pages: number): Operation<number> {
  const handle = yield* newVmo(pages * PAGE);
  const range = { handle, op: VmoOp.COMMIT, offset: 0, size: pages * PAGE };
  const result = yield* zx.vmoOpRange(range);
  return typeof result === "number" ? result : Status.OK;
}

Deno.test("when memory runs out, the deepest job that is marked for it is killed, and one is enough", () => {
  const machine = new ScriptKernel({ frames: 100 });
  const { rootJob, realm } = machine.kernel;
  const upper = jobBelow(rootJob);
  const lower = jobBelow(upper);
  const hog = function* (pages: number) {
    yield* commit(pages);
    yield* zx.nanosleep({ deadline: Infinity });
  };
  const spared = machine.spawn("spared", () => hog(10), upper);
  const victim = machine.spawn("victim", () => hog(60), lower);
  for (const one of [spared, victim]) one.hold();
  const statuses = machine.run1(function* (process) {
    for (const job of [upper, lower]) {
      const handle = machine.give(process, job, Right.SET_PROPERTY);
      assertEquals(yield* setProperty(handle, "JOB_KILL_ON_OOM", 1), Status.OK);
    }
    yield* zx.nanosleep({ deadline: realm.now + 1e6 });
    const first = yield* commit(50);
    yield* zx.nanosleep({ deadline: realm.now + 1e6 });
    return [first, yield* commit(50)];
  });
  assertEquals(statuses, [Status.NO_MEMORY, Status.OK]);
  assertEquals([victim.state, victim.returnCode], ["dead", TaskReturnCode.OOM_KILL]);
  assertEquals(lower.returnCode, TaskReturnCode.OOM_KILL);
  assertEquals(spared.state, "running");
});

Deno.test("without a job that is marked, who wants memory is refused and nobody dies", () => {
  const machine = new ScriptKernel({ frames: 20 });
  const other = machine.spawn("other", function* () {
    yield* zx.nanosleep({ deadline: 1e9 });
  });
  other.hold();
  assertEquals(machine.run1(() => commit(50)), Status.NO_MEMORY);
  assertEquals(other.returnCode, 0);
});

Deno.test("zx_system_get_event answers events that follow how short memory is, one at a time", () => {
  const machine = new ScriptKernel({ frames: 128 });
  const { rootJob: root, realm } = machine.kernel;
  machine.run1(function* (process) {
    const rootJob = machine.give(process, root, DEFAULT_RIGHTS.job);
    const events: number[] = [];
    for (const kind of [1, 2, 3, 4, 5]) {
      events.push(made(yield* zx.systemGetEvent({ rootJob, kind })).out);
    }
    const holding = function* () {
      yield* zx.nanosleep({ deadline: realm.now + 1e6 });
      const found: number[] = [];
      for (const [at, handle] of events.entries()) {
        const wait = { handle, signals: Signal.SIGNALED, deadline: 0 };
        if ((yield* zx.objectWaitOne(wait)).status === Status.OK) found.push(at + 1);
      }
      return found;
    };
    const { OUT_OF_MEMORY, MEMORY_PRESSURE_NORMAL, MEMORY_PRESSURE_WARNING } = SystemEventKind;
    const { MEMORY_PRESSURE_CRITICAL, IMMINENT_OUT_OF_MEMORY } = SystemEventKind;
    assertEquals(yield* holding(), [MEMORY_PRESSURE_NORMAL]);
    yield* commit(realm.memory.freeFrames - 10);
    assertEquals(yield* holding(), [MEMORY_PRESSURE_WARNING]);
    yield* commit(7);
    assertEquals(yield* holding(), [MEMORY_PRESSURE_CRITICAL]);
    yield* commit(2);
    assertEquals(yield* holding(), [IMMINENT_OUT_OF_MEMORY]);
    const level = () => machine.kernel.system.events.level;
    const greedy = yield* zx.vmoCreate({ size: 9 * PAGE });
    const range = { handle: made(greedy).out, op: VmoOp.COMMIT, offset: 0, size: 9 * PAGE };
    assertEquals(yield* zx.vmoOpRange(range), Status.NO_MEMORY);
    const oom = { handle: events[OUT_OF_MEMORY - 1]!, signals: Signal.SIGNALED };
    const seen = yield* zx.objectWaitOne({ ...oom, deadline: realm.now + 1e6 });
    assertEquals(seen.status, Status.OK);
    assert(level() === OUT_OF_MEMORY || level() === IMMINENT_OUT_OF_MEMORY);
    const signal = { handle: events[0]!, clear: 0, set: Signal.SIGNALED };
    assertEquals(yield* zx.objectSignal(signal), Status.ACCESS_DENIED);
  });
});
