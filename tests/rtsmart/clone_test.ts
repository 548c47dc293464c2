/**
 * Calls that C libraries make threads with.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CLONE_CALLS } from "../../kernel/rtsmart/calls/clone.ts";
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import { CallCoverage, Caller } from "../support/rtsmart_caller.ts";

const FLAGS = 0x100 | 0x200 | 0x400 | 0x10000 | 0x40000;
const SETTLS = 0x80000;
const PARENT_SETTID = 0x100000;
const CHILD_CLEARTID = 0x200000;
const Op = { WAIT: 128, WAKE: 129, REQUEUE: 131, CMP_REQUEUE: 132, SHARED_WAIT: 0, SHARED_WAKE: 1 };
const NOWHERE = 16;
const coverage = new CallCoverage();
const alone = () => Caller.alone({}, coverage);

Deno.test("clone makes a thread that goes on at the same place, on its own stack, with 0", () => {
  const one = alone();
  const [tid, clear] = [one.words(-1), one.words(-1)];
  const flags = FLAGS | SETTLS | PARENT_SETTID | CHILD_CLEARTID;
  const made = one.call("clone", one.words(flags, 0x2_8000_0000, tid, 0x1234, clear));
  assertEquals(made, 2);
  assertEquals(one.lwp.memory.readU32(tid), 2);
  const { context } = one.lwp.threads[0]!;
  assertEquals([2, 4, 10, 17].map((at) => context.get(at)), [0x2_8000_0000, 0x1234, 0, 0]);
  assertEquals(context.pc, one.thread.context.pc);
  const other = new Caller(one.machine, coverage, one.lwp.threads[0]!);
  assertEquals(one.call("futex", clear, Op.WAIT, -1, 0, 0, 0), "waits");
  assertEquals(other.call("exit", 0), "gone");
  assertEquals(one.outcome, 0);
  assertEquals(one.lwp.memory.readU32(clear), 0);
});

Deno.test("clone refuses whatever is no thread of the same process", () => {
  const one = alone();
  assertEquals(one.call("clone", NOWHERE), Errno.EFAULT);
  assertEquals(one.call("clone", one.words(0x100, 0x2_8000_0000, 0, 0, 0)), Errno.EINVAL);
  assertEquals(one.call("clone", one.words(FLAGS, 0, 0, 0, 0)), Errno.EINVAL);
  const told = one.words(FLAGS | PARENT_SETTID, 0x2_8000_0000, NOWHERE, 0, 0);
  assertEquals(one.call("clone", told), Errno.EFAULT);
  for (let threads = 1; threads < 64; threads++) one.another();
  assertEquals(one.call("clone", one.words(FLAGS, 0x2_8000_0000, 0, 0, 0)), Errno.ENOMEM);
});

Deno.test("set_tid_address answers the thread's number, and its word is cleared at its end", () => {
  const one = alone();
  const other = one.another();
  const word = one.words(7);
  assertEquals(other.call("set_tid_address", word), 2);
  other.call("exit", 0);
  assertEquals(one.word(word), 0);
});

Deno.test("futex waits while a word is what it was said to be, and is woken or late", () => {
  const one = alone();
  const [first, next] = [one.another(), one.another()];
  const word = one.words(5);
  assertEquals(first.call("futex", word, Op.WAIT, 4, 0, 0, 0), Errno.EAGAIN);
  assertEquals(first.call("futex", word, Op.WAIT, 5, 0, 0, 0), "waits");
  assertEquals(next.call("futex", word, Op.WAIT, 5, next.words(0, 3_000_000), 0, 0), "waits");
  assertEquals(one.call("futex", word, Op.WAKE, 1, 0, 0, 0), 1);
  assertEquals([first.outcome, next.outcome], [0, "waits"]);
  one.pass(3);
  assertEquals(next.outcome, RtError.ETIMEOUT);
  assertEquals(one.call("futex", word, Op.WAKE, 9, 0, 0, 0), 0);
  assertEquals(one.machine.rtsmart.futexes.size, 0);
  assertEquals(one.call("futex", NOWHERE, Op.WAKE, 1, 0, 0, 0), Errno.EFAULT);
  assertEquals(one.call("futex", word, Op.WAIT, 5, NOWHERE, 0, 0), Errno.EINVAL);
  assertEquals(one.call("futex", word, Op.WAIT, 5, one.words(0, 0), 0, 0), Errno.ETIMEDOUT);
  assertEquals(one.call("futex", word, 128 + 9, 5, 0, 0, 0), Errno.ENOSYS);
});

Deno.test("futex lets those who wait at one word wait at another", () => {
  const one = alone();
  const waiters = [one.another(), one.another(), one.another()];
  const [word, other] = [one.words(1), one.words(2)];
  for (const who of waiters) assertEquals(who.call("futex", word, Op.WAIT, 1, 0, 0, 0), "waits");
  assertEquals(one.call("futex", word, Op.CMP_REQUEUE, 1, 9, other, 7), Errno.EAGAIN);
  assertEquals(one.call("futex", word, Op.REQUEUE, 1, 9, NOWHERE, 0), Errno.EFAULT);
  assertEquals(one.call("futex", word, Op.CMP_REQUEUE, 1, 9, other, 1), 3);
  assertEquals(waiters.map(({ outcome }) => outcome), [0, "waits", "waits"]);
  assertEquals(one.call("futex", word, Op.WAKE, 9, 0, 0, 0), 0);
  assertEquals(one.call("futex", other, Op.WAKE, 9, 0, 0, 0), 2);
  assertEquals(waiters.map(({ outcome }) => outcome), [0, 0, 0]);
});

Deno.test("a word in shared memory is the same for processes that map it at different addresses", () => {
  const one = alone();
  const other = new Caller(one.machine, coverage);
  one.call("shmget", 3, 4096, 1);
  const here = one.call("shmat", 0, 0x2_5000_0000) as number;
  const there = other.call("shmat", 0, 0) as number;
  assert(here !== there);
  assertEquals(one.call("futex", here + 8, Op.SHARED_WAIT, 0, 0, 0, 0), "waits");
  assertEquals(other.call("futex", there + 8, Op.WAKE, 1, 0, 0, 0), 0);
  assertEquals(other.call("futex", there + 8, Op.SHARED_WAKE, 1, 0, 0, 0), 1);
  assertEquals(one.outcome, 0);
});

Deno.test("every call that makes threads was answered well, and refused", () => {
  coverage.check(CLONE_CALLS, ["set_tid_address"]);
});
