import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Right, Status } from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { failed, invariant } from "../../kernel/mod.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { ScriptKernel } from "../support/scripts.ts";
import { mapPage, NOWHERE } from "../support/subjects.ts";

/** A process with one word of memory that its threads wait on, and what they did in order. */
class Word {
  readonly machine = new ScriptKernel();
  readonly process: Process;
  readonly address: number;
  readonly seen: unknown[] = [];

  constructor(program: (word: Word) => Program) {
    // The program begins when the machine runs, and all of this is there.
    const begin = () => program(this);
    this.process = this.machine.spawn("futexes", function* () {
      yield* begin();
    });
    this.address = mapPage(this.process);
  }

  /** Another thread of the process; answers a handle to it. */
  thread(program: () => Program): number {
    const thread = Thread.create(this.process, "thread");
    invariant(!failed(thread), "a process that runs takes in threads");
    thread.start({ kind: "script", script: program(), reply: undefined });
    return this.machine.give(this.process, thread, DEFAULT_RIGHTS.thread);
  }

  /** A thread that waits on the word and says how that ended. */
  waiter(name: string, { offset = 0, value = 0, owner = 0, deadline = Infinity } = {}): number {
    const { address, seen } = this;
    return this.thread(function* () {
      const status = yield* zx.futexWait({ address: address + offset, value, owner, deadline });
      seen.push(`${name} ${status}`);
    });
  }

  /** Let everything run, and say what was seen. */
  run(): unknown[] {
    this.machine.run();
    return this.seen;
  }
}

/** Let the other threads run until they wait. */
function settle() {
  return zx.nanosleep({ deadline: 1_000_000 });
}

Deno.test("zx_futex_wake wakes who waits, the first first, and no more than it is told", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    for (const name of ["one", "two", "three"]) word.waiter(name);
    yield* settle();
    yield* zx.futexWake({ address, count: 2 });
    yield* zx.nanosleep({ deadline: 2_000_000 });
    seen.push("then");
    yield* zx.futexWake({ address, count: 100 });
  });
  assertEquals(word.run(), ["one 0", "two 0", "then", "three 0"]);
});

Deno.test("zx_futex_wake on another word wakes nobody", () => {
  const word: Word = new Word(function* ({ address }) {
    word.waiter("waiter", { deadline: 3_000_000 });
    yield* settle();
    yield* zx.futexWake({ address: address + 4, count: 1 });
  });
  assertEquals(word.run(), [`waiter ${Status.TIMED_OUT}`]);
});

Deno.test("zx_futex_wait answers BAD_STATE when the word has another value", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    seen.push(yield* zx.futexWait({ address, value: 1 }));
  });
  assertEquals(word.run(), [Status.BAD_STATE]);
});

Deno.test("zx_futex_wait answers TIMED_OUT at its deadline, and at once when that has passed", () => {
  const word: Word = new Word(function* ({ address, seen, machine }) {
    seen.push(yield* zx.futexWait({ address, value: 0, deadline: 0 }));
    seen.push(yield* zx.futexWait({ address, value: 0, deadline: 5_000_000 }));
    seen.push(machine.kernel.realm.now >= 5_000_000);
  });
  assertEquals(word.run(), [Status.TIMED_OUT, Status.TIMED_OUT, true]);
});

Deno.test("zx_futex_wait answers INVALID_ARGS for an address that is no word of the process", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    for (const bad of [address + 1, address + 2, NOWHERE, 0, 2 ** 40]) {
      seen.push(yield* zx.futexWait({ address: bad, value: 0, deadline: 0 }));
    }
    seen.push(yield* zx.futexWake({ address: address + 1, count: 1 }));
    seen.push(yield* zx.futexGetOwner({ address: address + 1 }));
  });
  assertEquals(new Set(word.run()), new Set([Status.INVALID_ARGS]));
});

Deno.test("zx_futex_requeue wakes some and lets others wait on another word", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    for (const name of ["one", "two", "three"]) word.waiter(name);
    yield* settle();
    const toAddress = address + 4;
    const counts = { wakeCount: 1, requeueCount: 1 };
    seen.push(yield* zx.futexRequeue({ address, value: 0, toAddress, ...counts }));
    yield* zx.nanosleep({ deadline: 2_000_000 });
    yield* zx.futexWake({ address: toAddress, count: 9 });
    yield* zx.nanosleep({ deadline: 3_000_000 });
    yield* zx.futexWake({ address, count: 9 });
  });
  assertEquals(word.run(), [Status.OK, "one 0", "two 0", "three 0"]);
});

Deno.test("zx_futex_requeue answers BAD_STATE when the word has another value", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    const counts = { wakeCount: 1, requeueCount: 1 };
    seen.push(yield* zx.futexRequeue({ address, value: 7, toAddress: address + 4, ...counts }));
  });
  assertEquals(word.run(), [Status.BAD_STATE]);
});

Deno.test("zx_futex_requeue answers INVALID_ARGS from a word to itself", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    const counts = { wakeCount: 1, requeueCount: 1 };
    seen.push(yield* zx.futexRequeue({ address, value: 0, toAddress: address, ...counts }));
    seen.push(yield* zx.futexRequeue({ address, value: 0, toAddress: address + 1, ...counts }));
  });
  assertEquals(word.run(), [Status.INVALID_ARGS, Status.INVALID_ARGS]);
});

Deno.test("a thread that was moved to another word and timed out no longer waits there", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    word.waiter("moved", { deadline: 2_000_000 });
    yield* settle();
    const counts = { wakeCount: 0, requeueCount: 9 };
    yield* zx.futexRequeue({ address, value: 0, toAddress: address + 4, ...counts });
    yield* zx.nanosleep({ deadline: 3_000_000 });
    yield* zx.futexWake({ address: address + 4, count: 1 });
    seen.push(word.process.futexes.size);
  });
  assertEquals(word.run(), [`moved ${Status.TIMED_OUT}`, 0]);
});

Deno.test("a thread that is suspended while it waits on a word still waits when it goes on", () => {
  const word: Word = new Word(function* ({ address, seen }) {
    const task = word.waiter("waiter");
    yield* settle();
    const token = yield* zx.taskSuspendToken({ task });
    invariant(!failed(token), "another thread can be suspended");
    yield* zx.handleClose({ handle: token.token });
    yield* zx.nanosleep({ deadline: 2_000_000 });
    seen.push("goes on");
    yield* zx.futexWake({ address, count: 1 });
  });
  assertEquals(word.run(), ["goes on", "waiter 0"]);
});

Deno.test("a word's owner is who the last waiter said, and nobody once it is woken", () => {
  const word: Word = new Word(function* ({ address, seen, process }) {
    const owner = word.thread(function* () {
      yield* zx.nanosleep({ deadline: 9_000_000 });
    });
    word.waiter("waiter", { owner });
    yield* settle();
    const koid = process.handleTable.get(owner)!.object.koid;
    const found = yield* zx.futexGetOwner({ address });
    seen.push(failed(found) ? found : found.koid === koid);
    yield* zx.futexWake({ address, count: 1 });
    seen.push(yield* zx.futexGetOwner({ address }));
  });
  assertEquals(word.run(), [true, { koid: 0 }, "waiter 0"]);
});

Deno.test("zx_futex_wake_single_owner hands the word to the one that it wakes", () => {
  const word: Word = new Word(function* ({ address, seen, process }) {
    const first = word.waiter("first");
    word.waiter("second");
    yield* settle();
    const koid = process.handleTable.get(first)!.object.koid;
    yield* zx.futexWakeSingleOwner({ address });
    const found = yield* zx.futexGetOwner({ address });
    seen.push(failed(found) ? found : found.koid === koid);
    yield* zx.futexWake({ address, count: 9 });
  });
  assertEquals(word.run(), [true, "first 0", "second 0"]);
});

Deno.test("an owner must be a running thread of the process that does not wait itself", () => {
  const word: Word = new Word(function* ({ address, seen, process, machine }) {
    const waiting = word.waiter("waiter", { deadline: 3_000_000 });
    const idle = Thread.create(process, "idle");
    invariant(!failed(idle), "a process that runs takes in threads");
    const self = [...process.threads][0]!;
    yield* settle();
    for (const thread of [idle, self]) {
      const owner = machine.give(process, thread, Right.NONE);
      seen.push(yield* zx.futexWait({ address, value: 0, owner, deadline: 2_000_000 }));
    }
    for (const owner of [waiting, machine.give(process, process, Right.NONE), 0x1233]) {
      seen.push(yield* zx.futexWait({ address, value: 0, owner, deadline: 2_000_000 }));
    }
  });
  const { INVALID_ARGS, WRONG_TYPE, BAD_HANDLE, TIMED_OUT } = Status;
  const refusals = [INVALID_ARGS, INVALID_ARGS, INVALID_ARGS, WRONG_TYPE, BAD_HANDLE];
  assertEquals(word.run(), [...refusals, `waiter ${TIMED_OUT}`]);
});

Deno.test("a word's value is looked at before its owner, and an owner that is about to end is nobody", () => {
  const word: Word = new Word(function* ({ address, seen, process, machine }) {
    const ended = word.thread(function* () {});
    yield* settle();
    for (const owner of [0x1233, machine.give(process, process, Right.NONE), ended]) {
      const requeue = { address, wakeCount: 1, toAddress: address + 4, requeueCount: 1, owner };
      for (const value of [1, 0]) {
        seen.push(yield* zx.futexWait({ address, value, owner, deadline: 2_000_000 }));
        seen.push(yield* zx.futexRequeue({ ...requeue, value }));
      }
    }
  });
  const { BAD_STATE, BAD_HANDLE, WRONG_TYPE, TIMED_OUT, OK } = Status;
  assertEquals(word.run(), [
    ...[BAD_STATE, BAD_STATE, BAD_HANDLE, BAD_HANDLE],
    ...[BAD_STATE, BAD_STATE, WRONG_TYPE, WRONG_TYPE],
    ...[BAD_STATE, BAD_STATE, TIMED_OUT, OK],
  ]);
});

Deno.test("a thread that ends with zx_futex_wake_handle_close_thread_exit leaves a value and wakes", () => {
  const word: Word = new Word(function* ({ address, seen, process, machine }) {
    word.waiter("joiner");
    yield* settle();
    const handle = machine.give(process, process, Right.NONE);
    word.thread(function* () {
      yield* zx.futexWakeHandleCloseThreadExit({ address, count: 1, value: 77, handle });
      seen.push("never");
    });
    yield* zx.nanosleep({ deadline: 2_000_000 });
    seen.push(process.memory.readU32(address), yield* zx.handleCheckValid({ handle }));
  });
  assertEquals(word.run(), ["joiner 0", 77, Status.BAD_HANDLE]);
});
