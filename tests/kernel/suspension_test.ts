import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Right, Signal, Status, ThreadState } from "../../kernel/abi.ts";
import { getInfo, type Operation, zx } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { Counter } from "../support/counter.ts";
import { type Maker, making, must, newProcess, signalsOf } from "../support/making.ts";

const { THREAD_RUNNING, THREAD_SUSPENDED, TASK_TERMINATED } = Signal;

function* hold(task: number): Operation<number> {
  return (yield* must(zx.taskSuspendToken({ task }))).token;
}

function* release(token: number): Operation<void> {
  yield* zx.handleClose({ handle: token });
}

/** A counter, tried and killed. */
function counting<T>(body: (counter: Counter, maker: Maker) => Operation<T>): T {
  return making(function* (maker) {
    const counter = new Counter(maker);
    yield* counter.moving();
    const found = yield* body(counter, maker);
    counter.process.kill();
    return found;
  });
}

Deno.test("a suspended thread does not run, says so, and goes on when the token is closed", () => {
  const found = counting(function* (counter) {
    const [task] = counter.threads;
    const seen: unknown[] = [yield* counter.moving(), yield* signalsOf(task!)];
    const token = yield* hold(task!);
    seen.push(yield* counter.moving(), yield* signalsOf(task!));
    seen.push((yield* must(getInfo(task!, "THREAD"))).records[0]!.state);
    yield* release(token);
    seen.push(yield* counter.moving(), yield* signalsOf(task!));
    return seen;
  });
  const running = [[true], THREAD_RUNNING];
  assertEquals(found, [...running, [false], THREAD_SUSPENDED, ThreadState.SUSPENDED, ...running]);
});

Deno.test("a suspended process holds all its threads still", () => {
  const found = counting(function* (counter) {
    counter.add();
    counter.add();
    const token = yield* hold(counter.handle);
    const held = yield* counter.moving();
    yield* release(token);
    return [held, yield* counter.moving()];
  });
  assertEquals(found, [[false, false, false], [true, true, true]]);
});

Deno.test("a task that is suspended twice goes on when both tokens are closed", () => {
  for (const part of ["thread", "process"] as const) {
    const found = counting(function* (counter) {
      const task = part === "thread" ? counter.threads[0]! : counter.handle;
      const tokens = [yield* hold(task), yield* hold(task)];
      const seen = [yield* counter.moving()];
      for (const token of tokens) {
        yield* release(token);
        seen.push(yield* counter.moving());
      }
      return seen.flat();
    });
    assertEquals(found, [false, false, true]);
  }
});

Deno.test("a thread and its process can be suspended in either order, and both must be let go", () => {
  for (const order of ["thread first", "process first"]) {
    const found = counting(function* (counter) {
      const tasks = [counter.threads[0]!, counter.handle];
      if (order === "process first") tasks.reverse();
      const tokens = [yield* hold(tasks[0]!), yield* hold(tasks[1]!)];
      yield* release(tokens[0]!);
      const held = yield* counter.moving();
      yield* release(tokens[1]!);
      return [...held, ...yield* counter.moving()];
    });
    assertEquals(found, [false, true], order);
  }
});

Deno.test("a thread that comes into a suspended process is suspended too, as often as the process", () => {
  const found = counting(function* (counter) {
    const tokens = [yield* hold(counter.handle), yield* hold(counter.handle)];
    counter.add();
    const seen = [yield* counter.moving()];
    yield* release(tokens[0]!);
    seen.push(yield* counter.moving());
    yield* release(tokens[1]!);
    seen.push(yield* counter.moving());
    return seen;
  });
  assertEquals(found, [[false, false], [false, false], [true, true]]);
});

Deno.test("a thread that is suspended before it is started does not run until it is let go", () => {
  const found = counting(function* (counter) {
    const thread = counter.add(false);
    const handle = counter.threads[1]!;
    const token = yield* hold(handle);
    const seen: unknown[] = [yield* signalsOf(handle)];
    counter.start(thread, 1);
    seen.push(yield* counter.moving(), yield* signalsOf(handle));
    yield* release(token);
    return [...seen, yield* counter.moving()];
  });
  assertEquals(found, [0, [true, false], THREAD_SUSPENDED, [true, true]]);
});

Deno.test("a thread that was suspended and let go before it was started runs when it is started", () => {
  const found = counting(function* (counter) {
    const thread = counter.add(false);
    yield* release(yield* hold(counter.threads[1]!));
    counter.start(thread, 1);
    return yield* counter.moving();
  });
  assertEquals(found, [true, true]);
});

Deno.test("a process that is suspended before it is started holds its first thread still", () => {
  const found = making(function* ({ machine, process, root }) {
    const handle = yield* newProcess(root);
    const thread = (yield* must(zx.threadCreate({ process: handle, name: "first" }))).out;
    const tokens = [yield* hold(thread), yield* hold(handle)];
    const seen: string[] = [];
    const entry = machine.kernel.system.scripts.register(function* () {
      seen.push("runs");
      yield* zx.nanosleep({ deadline: 0 });
    });
    const start = { process: handle, thread, entry, stack: 0, arg1: 0, arg2: 0 };
    const status = yield* zx.processStart(start);
    const { realm } = machine.kernel;
    for (const token of tokens) {
      yield* zx.nanosleep({ deadline: realm.now + 100_000 });
      seen.push(process.ended ? "ended" : "held");
      yield* release(token);
    }
    yield* zx.nanosleep({ deadline: realm.now + 100_000 });
    return [status, ...seen];
  });
  assertEquals(found, [Status.OK, "held", "held", "runs"]);
});

Deno.test("a suspended thread or process can be killed", () => {
  const found = counting(function* (counter) {
    const [task] = counter.threads;
    yield* hold(task!);
    yield* hold(counter.handle);
    yield* zx.taskKill({ task: counter.handle });
    return [yield* signalsOf(task!), yield* signalsOf(counter.handle)];
  });
  assertEquals(found, [TASK_TERMINATED, TASK_TERMINATED]);
});

Deno.test("suspending a process while one of its threads dies holds the others still", () => {
  const found = counting(function* (counter) {
    const thread = counter.add();
    const token = yield* hold(counter.handle);
    thread.end();
    const held = yield* counter.moving();
    yield* release(token);
    return [held, yield* counter.moving()];
  });
  assertEquals(found, [[false, false], [true, false]]);
});

Deno.test("zx_task_suspend answers BAD_STATE for what has ended", () => {
  const found = counting(function* (counter) {
    counter.process.kill();
    const [task] = counter.threads;
    return [
      yield* zx.taskSuspend({ task: task! }),
      yield* zx.taskSuspend({ task: counter.handle }),
    ];
  });
  assertEquals(found, [Status.BAD_STATE, Status.BAD_STATE]);
});

Deno.test("zx_task_suspend answers NOT_SUPPORTED for the calling thread and its process", () => {
  const found = making(function* ({ machine, process, root }) {
    const [own] = process.threads;
    const self = machine.give(process, process, DEFAULT_RIGHTS.process);
    const thread = machine.give(process, own!, DEFAULT_RIGHTS.thread);
    return [
      yield* zx.taskSuspend({ task: self }),
      yield* zx.taskSuspend({ task: thread }),
      yield* zx.taskSuspend({ task: root }),
    ];
  });
  assertEquals(found, [Status.NOT_SUPPORTED, Status.NOT_SUPPORTED, Status.WRONG_TYPE]);
});

Deno.test("zx_task_suspend needs WRITE on the task", () => {
  const found = counting(function* (counter) {
    const { out } = yield* must(
      zx.handleDuplicate({ handle: counter.threads[0]!, rights: Right.READ | Right.INSPECT }),
    );
    return yield* zx.taskSuspend({ task: out });
  });
  assertEquals(found, Status.ACCESS_DENIED);
});

/** Suspend a thread that waits in a call, let it go, then let the call end; what it answered. */
function suspendedIn(
  wait: (maker: Maker) => {
    readonly call: () => Operation<unknown>;
    readonly end: () => Operation<unknown>;
  },
): unknown {
  return making(function* (maker) {
    const { call, end } = wait(maker);
    let answer: unknown = "none";
    const waiter = maker.machine.spawn("waiter", function* () {
      answer = yield* call();
    });
    const [thread] = waiter.threads;
    const task = maker.machine.give(maker.process, thread!, DEFAULT_RIGHTS.thread);
    const { realm } = maker.machine.kernel;
    yield* zx.nanosleep({ deadline: realm.now + 10_000 });
    const token = yield* hold(task);
    yield* zx.nanosleep({ deadline: realm.now + 10_000 });
    const held = (yield* must(getInfo(task, "THREAD"))).records[0]!.state;
    yield* release(token);
    yield* zx.nanosleep({ deadline: realm.now + 10_000 });
    const waiting = (yield* must(getInfo(task, "THREAD"))).records[0]!.state;
    invariant(answer === "none", "the call still waits");
    yield* end();
    yield* zx.nanosleep({ deadline: realm.now + 1_000_000 });
    return [held, waiting, answer];
  });
}

Deno.test("a thread that sleeps can be suspended and still wakes at its time", () => {
  const found = suspendedIn(({ machine: { kernel } }) => ({
    call: () => zx.nanosleep({ deadline: kernel.realm.now + 500_000 }),
    end: () => zx.nanosleep({ deadline: kernel.realm.now + 600_000 }),
  }));
  assertEquals(found, [ThreadState.SUSPENDED, ThreadState.BLOCKED_SLEEPING, Status.OK]);
});

Deno.test("a thread that waits for a port's packet can be suspended and still gets it", () => {
  const found = suspendedIn(({ machine, process }) => {
    let port = 0;
    return {
      *call() {
        port = (yield* must(zx.portCreate({}))).out;
        const { packet } = yield* must(zx.portWait({ handle: port }));
        return packet.key;
      },
      *end() {
        const waiter = [...machine.kernel.rootJob.processes].find(({ name }) => name === "waiter")!;
        const { object } = waiter.handleTable.get(port)!;
        const handle = machine.give(process, object, DEFAULT_RIGHTS.port);
        const packet = { key: 7n };
        yield* zx.portQueue({ handle, packet });
      },
    };
  });
  assertEquals(found, [ThreadState.SUSPENDED, ThreadState.BLOCKED_PORT, 7n]);
});

Deno.test("a thread that is suspended signals who waits for that, once and again", () => {
  const found = counting(function* (counter) {
    const [handle] = counter.threads;
    const port = (yield* must(zx.portCreate({}))).out;
    const seen: number[] = [];
    for (const signals of [THREAD_SUSPENDED, THREAD_RUNNING, THREAD_SUSPENDED]) {
      const wait = { handle: handle!, port, key: 1n, signals };
      yield* zx.objectWaitAsync(wait);
      if (signals === THREAD_SUSPENDED) seen.push(yield* hold(handle!));
      else yield* release(seen.shift()!);
      const { packet } = yield* must(zx.portWait({ handle: port, deadline: Infinity }));
      const { body } = packet;
      invariant("observed" in body && (body.observed & signals) !== 0, "it says what happened");
    }
    return yield* signalsOf(handle!);
  });
  assertEquals(found, THREAD_SUSPENDED);
});

Deno.test("a thread that was never started has no signals and dies with its last handle", () => {
  const found = making(function* ({ root }) {
    const process = yield* newProcess(root);
    const { out: handle } = yield* must(zx.threadCreate({ process, name: "idle" }));
    const seen = [yield* signalsOf(handle)];
    seen.push((yield* must(getInfo(process, "PROCESS_THREADS"))).available);
    yield* zx.handleClose({ handle });
    seen.push((yield* must(getInfo(process, "PROCESS_THREADS"))).available);
    return seen;
  });
  assertEquals(found, [0, 1, 0]);
});

Deno.test("a thread is made only in a process that lives", () => {
  const found = counting(function* (counter) {
    counter.process.kill();
    const thread = Thread.create(counter.process, "late");
    return [thread, yield* zx.threadCreate({ process: counter.handle, name: "late" })];
  });
  assertEquals(found, [Status.BAD_STATE, Status.BAD_STATE]);
});

Deno.test("a thread that waits for the answer to a call can be suspended and still gets it", () => {
  const found = suspendedIn(({ machine, process }) => {
    let server = 0;
    return {
      *call() {
        const { out0: handle, out1 } = yield* must(zx.channelCreate({}));
        server = out1;
        const args = { bytes: new Uint8Array(4) };
        return (yield* must(zx.channelCall({ handle, args }))).bytes.length;
      },
      *end() {
        const waiter = [...machine.kernel.rootJob.processes].find(({ name }) => name === "waiter")!;
        const { object } = waiter.handleTable.get(server)!;
        const handle = machine.give(process, object, DEFAULT_RIGHTS.channel);
        const { bytes } = yield* must(zx.channelRead({ handle }));
        yield* zx.channelWrite({ handle, bytes: Uint8Array.of(...bytes, 1, 2), handles: [] });
      },
    };
  });
  assertEquals(found, [ThreadState.SUSPENDED, ThreadState.BLOCKED_CHANNEL, 6]);
});

Deno.test("a script has no registers: its suspended thread's state is NOT_SUPPORTED", () => {
  const found = counting(function* (counter) {
    const thread = counter.threads[0]!;
    yield* hold(thread);
    return [
      yield* zx.threadReadState({ thread, kind: 0 }),
      yield* zx.threadWriteState({ thread, kind: 0, buffer: new Uint8Array(256) }),
    ];
  });
  assertEquals(found, [Status.NOT_SUPPORTED, Status.NOT_SUPPORTED]);
});
