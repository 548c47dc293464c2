/**
 * Signals of RT-Smart: what is done about them, which are held back, and what handlers find.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { SIGNAL_CALLS } from "../../kernel/rtsmart/calls/signals.ts";
import { Errno } from "../../kernel/rtsmart/error.ts";
import { CallCoverage, Caller } from "../support/rtsmart_caller.ts";

const NOWHERE = 16;
const USR1 = 10;
const USR2 = 12;
const CHLD = 17;
const HANDLER = 0x2_0000_0100;
const RESTART = 0x1000_0000;
const NODEFER = 0x4000_0000;
const RA = 1;
const SP = 2;
const A0 = 10;
const A1 = 11;

const coverage = new CallCoverage();
const alone = () => Caller.alone({}, coverage);
const bit = (signal: number) => 1n << BigInt(signal - 1);

/** Give a signal a handler. */
function handle(one: Caller, signal: number, flags = 0, mask = 0n): void {
  assertEquals(one.call("sigaction", signal, one.words(HANDLER, flags, 0, mask), 0, 8), 0);
}

/** The signal whose handler a thread is about to run; 0 if it runs none. */
function entered({ thread: { context } }: Caller): number {
  return context.pc === HANDLER ? context.get(A0) : 0;
}

/** Send a process a signal from itself. */
function raise(one: Caller, signal: number): void {
  one.call("kill", one.lwp.pid, signal);
}

/** What a child is, as a caller. */
function child(one: Caller): Caller {
  const pid = one.call("fork");
  assert(typeof pid === "number" && pid > 0);
  return new Caller(one.machine, coverage, one.machine.rtsmart.lwps.get(pid)!.mainThread!);
}

Deno.test("a handler finds the signal, who sent it, and the way back to the kernel on its stack", () => {
  const one = alone();
  const { context } = one.thread;
  handle(one, USR1);
  const [sp, pc] = [context.get(SP), context.pc];
  raise(one, USR1);
  assertEquals(entered(one), USR1);
  const at = context.get(SP);
  assert(at < sp && context.get(RA) === at && context.get(A1) === at + 16);
  // li a7, 0xfe; ecall
  assertEquals([...one.read(at, 8)], [0x93, 0x08, 0xe0, 0x0f, 0x73, 0, 0, 0]);
  assertEquals(one.word(at + 16) & 0xffffffff, USR1);
  assertEquals(one.word(at + 32), one.lwp.pid);
  one.number(0xfe);
  assertEquals([context.get(SP), context.pc, context.get(A0)], [sp, pc, 0]);
  coverage.note("sigreturn", 0, false);
});

Deno.test("sigreturn believes what lies on the stack, and without a stack it ends the program with 1", () => {
  const one = alone();
  handle(one, USR1);
  raise(one, USR1);
  const { context } = one.thread;
  one.lwp.memory.writeU64(context.get(SP) + 144, 0x4444);
  one.number(0xfe);
  assertEquals(context.pc, 0x4444);
  context.set(SP, NOWHERE);
  assertEquals(one.number(0xfe), "gone");
  assertEquals(one.lwp.status, 1 << 8);
  coverage.note("sigreturn", "gone", false);
  const other = alone();
  handle(other, USR1);
  other.thread.context.set(SP, NOWHERE);
  raise(other, USR1);
  assertEquals(other.lwp.status, 1 << 8);
});

Deno.test("a handler's own signal is held back while it runs, unless its flags say otherwise", () => {
  const one = alone();
  handle(one, USR1, 0, bit(USR2));
  handle(one, USR2);
  raise(one, USR1);
  const old = one.words(0);
  const mask = () => {
    assertEquals(one.call("sigprocmask", 0, 0, old, 8), 0);
    return BigInt(one.word(old));
  };
  assertEquals(mask(), bit(USR1) | bit(USR2));
  const open = alone();
  handle(open, USR1, NODEFER);
  raise(open, USR1);
  assertEquals(open.thread.blocked, 0n);
});

Deno.test("signals that are held back wait, each once, and come in the order of their numbers", () => {
  const one = alone();
  for (const signal of [USR1, USR2]) handle(one, signal);
  const both = one.words(bit(USR1) | bit(USR2));
  assertEquals(one.call("thread_sigprocmask", 0, both, 0, 8), 0);
  for (const signal of [USR2, USR1, USR1]) raise(one, signal);
  assertEquals(entered(one), 0);
  const set = one.words(0);
  assertEquals(one.call("sigpending", set, 8), 0);
  assertEquals(BigInt(one.word(set)), bit(USR1) | bit(USR2));
  one.call("sigprocmask", 1, both, 0, 8);
  assertEquals(entered(one), USR1);
  one.number(0xfe);
  assertEquals(entered(one), USR2);
  one.number(0xfe);
  assertEquals(entered(one), 0);
});

Deno.test("a signal that is held back and has no handler ends the process when it no longer is", () => {
  const one = alone();
  const set = one.words(bit(USR1));
  one.call("sigprocmask", 2, set, 0, 8);
  raise(one, USR1);
  assertEquals(one.lwp.ended, false);
  assertEquals(one.call("sigprocmask", 2, one.words(0), 0, 8), "gone");
  assertEquals(one.lwp.status, USR1);
});

Deno.test("a signal ends a call that waits with EINTR, or the call is made once more", () => {
  for (const [flags, again] of [[0, false], [RESTART, true]] as const) {
    const one = alone();
    handle(one, USR1, flags);
    const semaphore = one.call("sem_create", one.text("never"), 0, 0) as number;
    const { context } = one.thread;
    const pc = context.pc;
    assertEquals(one.call("sem_take", semaphore, -1), "waits");
    const sender = new Caller(one.machine, coverage);
    assertEquals(sender.call("tkill", one.thread.tid, USR1), 0);
    assertEquals(one.outcome, USR1);
    assertEquals(entered(one), USR1);
    one.number(0xfe);
    assertEquals(context.pc, again ? pc - 4 : pc);
    const answer = Number(BigInt.asIntN(64, context.getBig(A0)));
    assertEquals(answer, again ? semaphore : Errno.EINTR);
  }
});

Deno.test("a sleeper whom a signal wakes is told how much time was left", () => {
  const one = alone();
  handle(one, USR1);
  const left = one.words(0, 0);
  assertEquals(one.call("nanosleep", one.words(2, 0), left), "waits");
  one.pass(500);
  const sender = new Caller(one.machine, coverage);
  sender.call("kill", one.lwp.pid, USR1);
  assertEquals(one.outcome, USR1);
  assertEquals([one.word(left), one.word(left + 8)], [1, 500_000_000]);
});

Deno.test("sigtimedwait takes a signal that waits or comes, and no handler runs", () => {
  const one = alone();
  const set = one.words(bit(USR1));
  const info = one.room(128);
  one.call("sigprocmask", 0, set, 0, 8);
  raise(one, USR1);
  assertEquals(one.call("sigtimedwait", set, info, 0, 8), USR1);
  assertEquals(one.word(info), USR1);
  assertEquals(one.word(info + 16), one.lwp.pid);
  const sender = new Caller(one.machine, coverage);
  assertEquals(one.call("sigtimedwait", set, 0, one.words(9, 0), 8), "waits");
  sender.call("tkill", one.thread.tid, USR1);
  assertEquals(one.outcome, USR1);
  assertEquals(one.call("sigtimedwait", set, 0, one.words(0, 0), 8), Errno.EAGAIN);
  assertEquals(one.call("sigtimedwait", set, 0, one.words(1, 0), 8), "waits");
  one.pass(1001);
  assertEquals(one.outcome, Errno.EAGAIN);
});

Deno.test("a parent hears of a child that has ended, if it has a handler for that", () => {
  const one = alone();
  handle(one, CHLD);
  const other = child(one);
  assertEquals(other.call("exit_group", 0), "gone");
  one.call("getpid");
  assertEquals(entered(one), CHLD);
  assertEquals(one.word(one.thread.context.get(A1) + 16), other.lwp.pid);
});

Deno.test("a child has its parent's handlers and masks, and an exec leaves none of them", () => {
  const one = alone();
  handle(one, USR1);
  one.call("sigprocmask", 0, one.words(bit(USR2)), 0, 8);
  const other = child(one);
  raise(other, USR1);
  assertEquals(entered(other), USR1);
  const argv = one.words(one.text("caller"), 0);
  assertEquals(one.thread.blocked, bit(USR2));
  one.call("execve", one.text("/bin/caller"), argv, one.words(0));
  assertEquals(one.thread.blocked, 0n);
  raise(one, USR1);
  assertEquals(one.lwp.status, USR1);
});

Deno.test("ignored signals vanish, and nobody handles or holds back SIGKILL", () => {
  const one = alone();
  assertEquals(one.call("sigaction", USR1, one.words(1, 0, 0, 0), 0, 8), 0);
  raise(one, USR1);
  assertEquals(one.lwp.ended, false);
  for (const signal of [9, 19]) {
    assertEquals(one.call("sigaction", signal, one.words(HANDLER, 0, 0, 0), 0, 8), Errno.EINVAL);
  }
  one.call("sigprocmask", 0, one.words(-1), 0, 8);
  raise(one, 9);
  assertEquals(one.lwp.status, 9);
});

Deno.test("calls about signals refuse what makes no sense", () => {
  const one = alone();
  const set = one.words(0);
  const action = one.words(HANDLER, 0, 0, 0);
  const refusals: readonly (readonly [string, readonly number[], number])[] = [
    ["sigaction", [USR1, action, 0, 0], Errno.EINVAL],
    ["sigaction", [USR1, 0, 0, 8], Errno.EINVAL],
    ["sigaction", [65, action, 0, 8], Errno.EINVAL],
    ["sigaction", [USR1, NOWHERE, 0, 8], Errno.EFAULT],
    ["sigaction", [USR1, action, NOWHERE, 8], Errno.EFAULT],
    ["sigprocmask", [3, set, 0, 8], Errno.EINVAL],
    ["sigprocmask", [0, 0, 0, 8], Errno.EINVAL],
    ["sigprocmask", [0, NOWHERE, 0, 8], Errno.EFAULT],
    ["thread_sigprocmask", [0, set, 0, 0], Errno.EINVAL],
    ["sigpending", [set, 0], Errno.EINVAL],
    ["sigpending", [NOWHERE, 8], Errno.EFAULT],
    ["tkill", [99, USR1], Errno.ESRCH],
    ["tkill", [one.thread.tid, 65], Errno.EINVAL],
    ["sigtimedwait", [set, 0, 0, 0], Errno.EINVAL],
    ["sigtimedwait", [NOWHERE, 0, 0, 8], Errno.EFAULT],
    ["sigtimedwait", [set, NOWHERE, 0, 8], Errno.EFAULT],
    ["sigtimedwait", [set, 0, NOWHERE, 8], Errno.EFAULT],
  ];
  for (const [name, args, error] of refusals) {
    assertEquals(one.call(name, ...args), error, `${name} ${args}`);
  }
  assertEquals(one.call("tkill", one.thread.tid, 0), 0);
  const old = one.words(1, 1, 1, 1);
  assertEquals(one.call("sigaction", USR1, 0, old, 8), 0);
  assertEquals(one.word(old), 0);
});

Deno.test("every call about signals was answered well and refused", () => {
  coverage.check(SIGNAL_CALLS);
});
