/**
 * Attacks by means of tasks, exceptions and time.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  ExceptionState,
  failed,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  Right,
  Signal,
  TaskReturnCode,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { attack, type Attacker } from "../support/attack.ts";
import { answer, listen, take } from "../support/handling.ts";
import { must } from "../support/making.ts";
import { ScriptKernel } from "../support/scripts.ts";

/** Raise an exception: a call that does not exist. */
function* offend(): Program {
  yield { call: "nonsense" };
}

/** A thousand and more processes, each of which handles what the one before it raised. */
function* chain(attacker: Attacker, handles: "channels" | "exceptions"): Operation<Process[]> {
  const all: Process[] = [];
  for (let at = 0; at < 4000; at++) {
    const below = all.at(-1);
    const { process, handle } = attacker.spawn(function* (process) {
      const deadline = 1e9 + at * 1000;
      if (below) {
        const task = attacker.machine.give(process, below, DEFAULT_RIGHTS.process);
        const channel = yield* listen(task);
        yield* zx.handleClose({ handle: task });
        yield* zx.nanosleep({ deadline });
        if (handles === "exceptions") yield* zx.channelRead({ handle: channel });
      } else yield* zx.nanosleep({ deadline });
      yield* offend();
    });
    yield* zx.handleClose({ handle });
    all.push(process);
  }
  yield* zx.nanosleep({ deadline: 2e9 });
  return all;
}

for (const handles of ["channels", "exceptions"] as const) {
  Deno.test(`4000 processes that hold each other's ${handles} fall one after the other`, () => {
    const alive = attack(function* (attacker) {
      const all = yield* chain(attacker, handles);
      all.at(-1)!.kill();
      return all.filter(({ state }) => state !== "dead").length;
    });
    assertEquals(alive, 0);
  });
}

Deno.test("a thread that raises exceptions while its own process handles them goes on", () => {
  const found = attack(function* ({ self, machine, process }) {
    const channel = yield* listen(self);
    const replies: unknown[] = [];
    machine.thread(
      process,
      (function* (): Program {
        for (let at = 0; at < 300; at++) replies.push(yield { call: "nonsense" });
      })(),
    );
    for (let at = 0; at < 300; at++) {
      yield* answer((yield* take(channel)).exception, ExceptionState.HANDLED);
    }
    return replies.length;
  });
  assertEquals(found >= 299, true);
});

Deno.test("a process whose only handler is itself, in an exception, is stuck alone and can be killed", () => {
  const state = attack(function* (attacker) {
    const { process } = attacker.spawn(function* (process) {
      const self = attacker.machine.give(process, process, DEFAULT_RIGHTS.process);
      yield* listen(self);
      yield* offend();
    });
    yield* zx.nanosleep({ deadline: 1e9 });
    return process.state;
  });
  assertEquals(state, "running");
});

Deno.test("exceptions that are closed, killed, suspended and answered in any order leave nothing", () => {
  const codes = attack(function* (attacker) {
    const codes: number[] = [];
    for (let at = 0; at < 64; at++) {
      const { process, handle } = attacker.spawn(function* () {
        yield* offend();
      });
      const channel = yield* listen(handle);
      const { exception } = yield* take(channel);
      const { out: thread } = yield* must(zx.exceptionGetThread({ exception }));
      if (at & 1) yield* zx.taskSuspend({ task: thread });
      if (at & 2) yield* zx.handleClose({ handle: channel });
      if (at & 4) yield* zx.taskKill({ task: handle });
      if (at & 8) yield* zx.taskSuspend({ task: handle });
      if (at & 16) yield* answer(exception, ExceptionState.THREAD_EXIT);
      else if (at & 32) yield* zx.handleClose({ handle: exception });
      yield* zx.handleClose({ handle: thread });
      codes.push(process.returnCode);
    }
    return codes;
  });
  const { SYSCALL_KILL, EXCEPTION_KILL } = TaskReturnCode;
  const known = new Set<number>([0, SYSCALL_KILL, EXCEPTION_KILL]);
  assertEquals(codes.filter((code) => !known.has(code)), []);
});

Deno.test("suspended threads that are killed from all sides end once", () => {
  const states = attack(function* (attacker) {
    const states: string[] = [];
    for (let at = 0; at < 50; at++) {
      const { process, handle } = attacker.spawn(function* () {
        yield* zx.nanosleep({});
      });
      yield* zx.nanosleep({ deadline: 0 });
      const tokens: number[] = [];
      for (let n = 0; n <= at % 5; n++) {
        tokens.push((yield* must(zx.taskSuspend({ task: handle }))).token);
      }
      if (at % 2) yield* zx.handleClose({ handle: tokens[0]! });
      yield* zx.taskKill({ task: handle });
      for (const token of tokens) yield* zx.handleClose({ handle: token });
      states.push(process.state);
    }
    return [...new Set(states)];
  });
  assertEquals(states, ["dead"]);
});

Deno.test("a tree of jobs 32 deep, each with processes, is killed from its root by one who is in it", () => {
  const left = attack(function* (attacker) {
    let { job } = attacker;
    const all: Process[] = [];
    while (job.height > 0) {
      const below = job.createJob();
      if (failed(below)) break;
      job = below;
      for (let at = 0; at < 3; at++) {
        all.push(attacker.machine.spawn("leaf", function* () {
          yield* zx.nanosleep({});
        }, job));
      }
    }
    const top = [...attacker.job.jobs][0]!;
    attacker.machine.spawn("saw", function* (process) {
      const task = attacker.machine.give(process, top, DEFAULT_RIGHTS.job);
      yield* zx.taskKill({ task });
    }, job);
    yield* zx.nanosleep({ deadline: 1e9 });
    return all.filter(({ state }) => state !== "dead").length + attacker.job.jobs.size;
  });
  assertEquals(left, 0);
});

Deno.test("processes that are critical to the jobs they are in fall with all above them, once", () => {
  const codes = attack(function* (attacker) {
    const top = attacker.job.createJob();
    if (failed(top)) return [];
    let job = top;
    const all: Process[] = [];
    for (let at = 0; at < 20; at++) {
      const below = job.createJob();
      if (failed(below)) break;
      const process = attacker.machine.spawn("critical", function* () {
        yield* zx.nanosleep({});
      }, below);
      const handle = attacker.take(process, DEFAULT_RIGHTS.process);
      const critical = attacker.take(job, DEFAULT_RIGHTS.job);
      yield* zx.jobSetCritical({ job: critical, options: 0, process: handle });
      all.push(process);
      job = below;
    }
    yield* zx.nanosleep({ deadline: 1e6 });
    all.at(-1)!.kill();
    return [...new Set(all.map(({ returnCode }) => returnCode))].sort();
  });
  assertEquals(codes, [TaskReturnCode.SYSCALL_KILL, TaskReturnCode.CRITICAL_PROCESS_KILL].sort());
});

Deno.test("scripts whose programs throw are killed for it, however many", () => {
  const machine = new ScriptKernel();
  for (let at = 0; at < 2000; at++) {
    machine.spawn("thrower", function* () {
      throw new Error(`${at}`);
    });
  }
  assertEquals(machine.kernel.run(), "idle");
  assertEquals(machine.kernel.system.failures.length, 1000);
  assertEquals(machine.kernel.realm.census().process, undefined);
});

Deno.test("who sleeps until the far future and never rests then does not stop the time for others", () => {
  const far = 2 ** 62;
  const machine = new ScriptKernel();
  let woken = 0;
  machine.spawn("restless", function* () {
    yield* zx.nanosleep({ deadline: far });
    for (;;) yield* zx.handleClose({ handle: 0 });
  });
  machine.spawn("sleeper", function* () {
    for (let at = 0; at < 5; at++) {
      yield* zx.nanosleep({ deadline: far + at * 1_000_000 });
      woken++;
    }
  });
  machine.kernel.run({ stop: () => woken === 5 || machine.kernel.system.syscalls > 100_000 });
  assertEquals(woken, 5);
});

Deno.test("a thousand threads that wake each other through one word take turns, and none is lost", () => {
  const woken = attack(function* (attacker) {
    const vmo = (yield* must(zx.vmoCreate({ size: 4096 }))).out;
    const options = 3;
    const map = { handle: attacker.root, options, vmo, length: 4096 };
    const { mappedAddress: word } = yield* must(zx.vmarMap(map));
    let woken = 0;
    for (let at = 0; at < 1000; at++) {
      attacker.thread((function* (): Program {
        yield* zx.futexWait({ address: word, value: 0 });
        woken++;
        yield* zx.futexWake({ address: word, count: 2 });
      })());
    }
    yield* zx.nanosleep({ deadline: 1e9 });
    yield* zx.futexRequeue({
      address: word,
      wakeCount: 0,
      value: 0,
      toAddress: word + 4,
      requeueCount: 500,
    });
    yield* zx.futexWake({ address: word, count: 1 });
    yield* zx.nanosleep({ deadline: 2e9 });
    const half = woken;
    yield* zx.futexWake({ address: word + 4, count: 2 ** 32 - 1 });
    yield* zx.nanosleep({ deadline: 3e9 });
    return [half, woken];
  });
  assertEquals(woken, [500, 1000]);
});

Deno.test("what a policy forbids, a job's every process is refused, whoever set it and however deep", () => {
  const seen = attack(function* (attacker) {
    const seen: unknown[] = [];
    for (const action of Object.values(PolicyAction)) {
      const job = attacker.job.createJob();
      if (failed(job)) return seen;
      const entry = { condition: PolicyCondition.NEW_ANY, action, override: 1 };
      job.setPolicy(JobPolicy.ABSOLUTE, [entry]);
      const process = attacker.machine.spawn("bound", function* () {
        for (let at = 0; at < 100; at++) yield* zx.eventCreate({});
        yield* zx.nanosleep({});
      }, job);
      yield* zx.nanosleep({ deadline: attacker.process.realm.now + 1e8 });
      seen.push([process.state, process.returnCode]);
    }
    return seen;
  });
  const { EXCEPTION_KILL, POLICY_KILL } = TaskReturnCode;
  assertEquals(seen, [
    ["running", 0],
    ["running", 0],
    ["dead", EXCEPTION_KILL],
    ["dead", EXCEPTION_KILL],
    ["dead", POLICY_KILL],
  ]);
});

Deno.test("a program that kills its own job in the middle of a wait for it is gone, and nothing with it", () => {
  const found = attack(function* (attacker) {
    const below = attacker.job.createJob();
    if (failed(below)) return 0;
    const process = attacker.machine.spawn("suicide", function* (process) {
      const task = attacker.machine.give(process, below, DEFAULT_RIGHTS.job);
      const { out: port } = yield* must(zx.portCreate({}));
      const wait = { handle: task, port, key: 1n, signals: Signal.TASK_TERMINATED };
      yield* zx.objectWaitAsync(wait);
      yield* zx.handleDuplicate({ handle: task, rights: Right.SAME_RIGHTS });
      yield* zx.taskKill({ task });
      throw new Error("nobody comes here");
    }, below);
    yield* zx.nanosleep({ deadline: 1e9 });
    return process.returnCode;
  });
  assertEquals(found, TaskReturnCode.SYSCALL_KILL);
});
