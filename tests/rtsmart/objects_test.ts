/**
 * Calls about kernel objects: semaphores, mutexes, events, mailboxes, message queues, threads.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import { MESSAGE_CALLS } from "../../kernel/rtsmart/calls/messages.ts";
import { SEMAPHORE_CALLS } from "../../kernel/rtsmart/calls/semaphores.ts";
import { THREAD_CALLS } from "../../kernel/rtsmart/calls/threads.ts";
import { TIMER_CALLS } from "../../kernel/rtsmart/calls/timers.ts";
import { CallCoverage, Caller } from "../support/rtsmart_caller.ts";

const FOREVER = -1;
const coverage = new CallCoverage();
const alone = () => Caller.alone({}, coverage);

/** An object that a call makes. */
function made(one: Caller, name: string, ...args: number[]): number {
  const object = one.call(name, one.text("thing"), ...args);
  assert(typeof object === "number" && object < 0, "objects have the kernel's own addresses");
  return object;
}

Deno.test("sem_take goes on while the value is above zero, and then waits as long as it was told", () => {
  const one = alone();
  const semaphore = made(one, "sem_create", 1, 0);
  assertEquals(one.call("sem_take", semaphore, 0), RtError.EOK);
  assertEquals(one.call("sem_take", semaphore, 0), RtError.ETIMEOUT);
  assertEquals(one.call("sem_take", semaphore, 5), "waits");
  one.pass(4);
  assertEquals(one.outcome, "waits");
  one.pass(1);
  assertEquals(one.outcome, RtError.ETIMEOUT);
});

Deno.test("sem_release hands the semaphore to whoever came first, or to the most urgent", () => {
  for (const [flag, expected] of [[0, ["low", "high"]], [1, ["high", "low"]]] as const) {
    const one = alone();
    const semaphore = made(one, "sem_create", 0, flag);
    const low = one.another(25);
    const high = one.another(5);
    assertEquals(low.call("sem_take", semaphore, FOREVER), "waits");
    assertEquals(high.call("sem_take", semaphore, FOREVER), "waits");
    const order: string[] = [];
    for (let times = 0; times < 2; times++) {
      assertEquals(one.call("sem_release", semaphore), RtError.EOK);
      for (const [name, who] of [["low", low], ["high", high]] as const) {
        if (who.outcome === RtError.EOK && !order.includes(name)) order.push(name);
      }
    }
    assertEquals(order, [...expected]);
  }
});

Deno.test("a semaphore counts to 65535 and no further", () => {
  const one = alone();
  const semaphore = made(one, "sem_create", 65535, 0);
  assertEquals(one.call("sem_release", semaphore), RtError.EFULL);
});

Deno.test("whoever waits for an object that is deleted is told so", () => {
  const one = alone();
  const other = one.another();
  const waits: readonly (readonly [string, number[], string, (object: number) => number[]])[] = [
    ["sem_create", [0, 0], "sem_take", (object) => [object, FOREVER]],
    ["event_create", [0], "event_recv", (object) => [object, 1, 2, FOREVER, 0]],
    ["mb_create", [1, 0], "mb_recv", (object) => [object, other.room(8), FOREVER]],
    ["mq_create", [8, 1, 0], "mq_recv", (object) => [object, other.room(8), 8, FOREVER]],
  ];
  for (const [create, args, wait, waitArgs] of waits) {
    const object = made(one, create, ...args);
    assertEquals(other.call(wait, ...waitArgs(object)), "waits");
    assertEquals(one.call(create.replace("_create", "_delete"), object), 0);
    assertEquals(other.outcome, RtError.ERROR);
    assertEquals(one.call(create.replace("_create", "_delete"), object), -1);
  }
});

Deno.test("a mutex may be taken again by its owner, 255 times in all", () => {
  const one = alone();
  const mutex = made(one, "mutex_create", 0);
  for (let times = 0; times < 255; times++) assertEquals(one.call("mutex_take", mutex, 0), 0);
  assertEquals(one.call("mutex_take", mutex, 0), RtError.EFULL);
  const other = one.another();
  assertEquals(other.call("mutex_take", mutex, 0), RtError.ETIMEOUT);
  assertEquals(other.call("mutex_release", mutex), RtError.ERROR);
  for (let times = 0; times < 255; times++) assertEquals(one.call("mutex_release", mutex), 0);
  assertEquals(other.call("mutex_take", mutex, 0), RtError.EOK);
});

Deno.test("the owner of a mutex is as urgent as whoever waits for it, until it gives it back", () => {
  const one = alone();
  const mutex = made(one, "mutex_create", 0);
  const [low, high] = [one.another(25), one.another(5)];
  assertEquals(low.call("mutex_take", mutex, 0), 0);
  assertEquals(high.call("mutex_take", mutex, FOREVER), "waits");
  assertEquals(low.thread.priority, 5);
  assertEquals(low.call("mutex_release", mutex), 0);
  assertEquals(low.thread.priority, 25);
  assertEquals(high.outcome, RtError.EOK);
});

Deno.test("a mutex whose owner ends goes to the next, and a deleted one to nobody", () => {
  const one = alone();
  const mutex = made(one, "mutex_create", 0);
  const [first, next, last] = [one.another(), one.another(), one.another()];
  assertEquals(first.call("mutex_take", mutex, 0), 0);
  assertEquals(next.call("mutex_take", mutex, FOREVER), "waits");
  assertEquals(first.call("exit", 0), "gone");
  assertEquals(next.outcome, RtError.EOK);
  assertEquals(last.call("mutex_take", mutex, FOREVER), "waits");
  assertEquals(one.call("mutex_delete", mutex), 0);
  assertEquals(last.outcome, RtError.ERROR);
  assertEquals(one.call("mutex_delete", mutex), -1);
});

Deno.test("event_recv waits for all flags or for any, and may take them away", () => {
  const one = alone();
  const event = made(one, "event_create", 0);
  const [all, any] = [one.another(), one.another()];
  const [seenByAll, seenByAny] = [all.words(-1), any.words(-1)];
  assertEquals(all.call("event_recv", event, 6, 1 | 4, FOREVER, seenByAll), "waits");
  assertEquals(any.call("event_recv", event, 3, 2, FOREVER, seenByAny), "waits");
  assertEquals(one.call("event_send", event, 2), RtError.EOK);
  assertEquals([all.outcome, any.outcome], ["waits", RtError.EOK]);
  assertEquals(any.word(seenByAny), 2);
  assertEquals(one.call("event_send", event, 4), RtError.EOK);
  assertEquals(all.outcome, RtError.EOK);
  assertEquals(all.word(seenByAll), 6);
  assertEquals(one.call("event_recv", event, 6, 2, 0, 0), RtError.ETIMEOUT);
  assertEquals(one.call("event_send", event, 0), RtError.ERROR);
  assertEquals(one.call("event_recv", event, 0, 2, 0, 0), RtError.ERROR);
  assertEquals(one.call("event_recv", event, 1, 2, 0, 16), Errno.EFAULT);
});

Deno.test("eight bytes are written where event_recv is given room for four", () => {
  const one = alone();
  const event = made(one, "event_create", 0);
  one.call("event_send", event, 1);
  const at = one.words(-1);
  assertEquals(one.call("event_recv", event, 1, 2, 0, at), 0);
  assertEquals([...one.read(at, 8)], [1, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("a mailbox holds so many words, and who finds it full or empty may wait", () => {
  const one = alone();
  const box = made(one, "mb_create", 2, 0);
  const [sender, receiver] = [one.another(), one.another()];
  const at = one.room(8);
  assertEquals(one.call("mb_send", box, 0xffff_ffff_ffff_fff1n), 0);
  assertEquals(one.call("mb_send", box, 2), 0);
  assertEquals(one.call("mb_send", box, 3), RtError.EFULL);
  assertEquals(sender.call("mb_send_wait", box, 3, 7), "waits");
  assertEquals(receiver.call("mb_send_wait", box, 3, 0), RtError.EFULL);
  for (const expected of [-15, 2, 3]) {
    assertEquals(one.call("mb_recv", box, at, 0), 0);
    assertEquals(one.word(at), expected);
    assertEquals(sender.outcome, RtError.EOK);
  }
  assertEquals(one.call("mb_recv", box, at, 0), RtError.ETIMEOUT);
  const theirs = receiver.room(8);
  assertEquals(receiver.call("mb_recv", box, theirs, FOREVER), "waits");
  assertEquals(one.call("mb_send", box, 4), 0);
  assertEquals([receiver.outcome, receiver.word(theirs)], [0, 4]);
  assertEquals(one.call("mb_recv", box, 8, 0), Errno.EFAULT);
  one.call("mb_send", box, 1);
  one.call("mb_send", box, 1);
  assertEquals(sender.call("mb_send_wait", box, 3, 7), "waits");
  one.pass(7);
  assertEquals(sender.outcome, RtError.ETIMEOUT);
});

Deno.test("a message queue copies messages, urgent ones first, cut to the receiver's room", () => {
  const one = alone();
  const queue = made(one, "mq_create", 5, 2, 0);
  const [hello, now] = [one.text("hello"), one.text("now")];
  const at = one.room(16);
  // Messages may be as long as a multiple of eight.
  assertEquals(one.call("mq_send", queue, hello, 9), RtError.ERROR);
  assertEquals(one.call("mq_send", queue, hello, 5), 0);
  assertEquals(one.call("mq_urgent", queue, now, 3), 0);
  assertEquals(one.call("mq_send", queue, hello, 5), RtError.EFULL);
  assertEquals(one.call("mq_urgent", queue, hello, 5), RtError.EFULL);
  assertEquals(one.call("mq_recv", queue, at, 16, 0), 3);
  assertEquals(one.readText(at, 3), "now");
  assertEquals(one.call("mq_recv", queue, at, 2, 0), 2);
  assertEquals(one.readText(at, 2), "he");
  assertEquals(one.call("mq_recv", queue, at, 16, 0), RtError.ETIMEOUT);
  const other = one.another();
  const theirs = other.room(8);
  assertEquals(other.call("mq_recv", queue, theirs, 8, FOREVER), "waits");
  assertEquals(one.call("mq_send", queue, hello, 5), 0);
  assertEquals(other.outcome, 5);
  assertEquals(one.call("mq_send", queue, 8, 5), Errno.EFAULT);
  assertEquals(one.call("mq_urgent", queue, hello, 0), Errno.EFAULT);
  assertEquals(one.call("mq_recv", queue, 8, 5, 0), Errno.EFAULT);
});

Deno.test("an object without a name that can be read is none", () => {
  const one = alone();
  for (const name of ["sem_create", "mutex_create", "event_create", "mb_create", "mq_create"]) {
    assertEquals(one.call(name, 8, 1, 0), 0);
    assertEquals(one.call(name, one.text(""), 1, 0), 0);
  }
  assertEquals(one.lwp.objects.size, 0);
});

Deno.test("an object may be deleted by a call for another kind, but not by another process", () => {
  const one = alone();
  const other = new Caller(one.machine, coverage);
  const mutex = made(one, "mutex_create", 0);
  assertEquals(other.call("sem_delete", mutex), -1);
  // Taking it is another matter: the address is all that it takes.
  assertEquals(other.call("mutex_take", mutex, 0), 0);
  assertEquals(one.call("sem_delete", mutex), 0);
});

Deno.test("thread_create gives a thread that thread_startup starts, on a stack whose end is code", () => {
  const one = alone();
  const args = one.words(one.text("worker"), 0x2_0000_0100, 77, 5000, 12, 10);
  const address = one.call("thread_create", args);
  assert(typeof address === "number" && address < 0);
  assertEquals(one.call("thread_find", one.text("worker")), address);
  assertEquals(one.call("thread_startup", address), 0);
  const [worker] = one.lwp.threads;
  const { context, priority, start } = worker!;
  assertEquals([context.pc, context.get(10), priority], [0x2_0000_0100, 77, 12]);
  const end = start!.stackEnd - start!.stackEnd % 8;
  assertEquals(context.get(1), end - 16);
  assertEquals(context.get(2) % 16, 0);
  // li a0, 0; li a7, 1; ecall
  assertEquals(one.word(end - 16), Number(0x00100893_00000513n));
  assertEquals(one.call("thread_delete", address), 0);
  assertEquals(worker!.thread.ended, true);
  assertEquals(one.call("thread_find", one.text("worker")), 0);
});

Deno.test("thread_create refuses a stack of nothing, one beyond memory, and a 65th thread", () => {
  const one = alone();
  const create = (size: number) =>
    one.call("thread_create", one.words(one.text("t"), 0x2_0000_0000, 0, size, 20, 10));
  assertEquals(create(0), 0);
  assertEquals(create(1 << 30), 0);
  for (let threads = 1; threads < 64; threads++) assert(create(4096) !== 0);
  assertEquals(create(4096), 0);
});

Deno.test("threads know themselves, sleep whole ticks, and keep others out of what is critical", () => {
  const one = alone();
  const other = one.another();
  assertEquals(one.call("thread_self"), one.thread.address);
  assertEquals([one.call("gettid"), other.call("gettid")], [1, 2]);
  assertEquals(one.call("thread_mdelay", 3), "waits");
  one.pass(2);
  assertEquals(one.outcome, "waits");
  one.pass(1);
  assertEquals(one.outcome, 0);
  assertEquals(one.call("thread_mdelay", -1), "waits");
  assertEquals(other.call("sched_yield"), "waits");
  other.pass(0);
  assertEquals(other.outcome, 0);
  assertEquals(other.call("enter_critical"), 0);
  const third = other.another();
  assertEquals(third.call("enter_critical"), "waits");
  assertEquals(other.call("exit_critical"), 0);
  assertEquals(third.outcome, 0);
});

Deno.test("a timer releases its semaphore when its ticks are over, once or again and again", () => {
  const one = alone();
  const semaphore = made(one, "sem_create", 0, 0);
  const take = () => one.call("sem_take", semaphore, 0);
  const once = made(one, "rt_timer_create", semaphore, 5, 0);
  assertEquals(one.call("rt_timer_stop", once), RtError.ERROR);
  assertEquals(one.call("rt_timer_start", once), 0);
  one.pass(4);
  assertEquals(take(), RtError.ETIMEOUT);
  one.pass(1);
  assertEquals([take(), take()], [0, RtError.ETIMEOUT]);
  one.pass(20);
  assertEquals(take(), RtError.ETIMEOUT);
  const often = made(one, "rt_timer_create", semaphore, 3, 2);
  assertEquals(one.call("rt_timer_start", often), 0);
  for (let times = 0; times < 3; times++) {
    one.pass(3);
    assertEquals([take(), take()], [0, RtError.ETIMEOUT]);
  }
  const at = one.words(7);
  assertEquals(one.call("rt_timer_control", often, 0, at), 0);
  assertEquals(one.call("rt_timer_control", often, 1, one.words(0)), 0);
  assertEquals(one.call("rt_timer_control", often, 2, 0), 0);
  assertEquals(one.call("rt_timer_start", often), 0);
  one.pass(7);
  assertEquals([take(), take()], [0, RtError.ETIMEOUT]);
  assertEquals(one.call("rt_timer_control", often, 3, 0), 0);
  assertEquals(one.call("rt_timer_start", often), 0);
  assertEquals(one.call("rt_timer_stop", often), 0);
  assertEquals(one.call("rt_timer_start", often), 0);
  assertEquals(one.call("rt_timer_delete", often), 0);
  assertEquals(one.call("rt_timer_delete", often), -1);
  one.pass(20);
  assertEquals(take(), RtError.ETIMEOUT);
  assertEquals(one.call("rt_timer_create", 8, semaphore, 1, 0), 0);
  assertEquals(one.call("rt_timer_control", once, 1, 0x2_1000_0000), "gone");
});

Deno.test("a timer whose semaphore is none ends the kernel when it goes off", () => {
  const one = alone();
  const timer = made(one, "rt_timer_create", 77, 2, 0);
  assertEquals(one.call("rt_timer_start", timer), 0);
  one.pass(2);
  assert(one.machine.panicked?.includes("rt_sem_release"));
  const other = alone();
  assertEquals(other.call("rt_timer_start", 0), "gone");
});

const HANGS: readonly (readonly [string, (one: Caller) => unknown, string])[] = [
  ["a flag that names no order", (one) => one.call("sem_create", one.text("s"), 0, 2), "flag =="],
  ["a value beyond 16 bits", (one) => one.call("sem_create", one.text("s"), 65536, 0), "0x10000U"],
  ["neither all nor any", (one) => {
    one.call("event_recv", made(one, "event_create", 0), 1, 0, 0, 0);
  }, "rt_event_recv: 0"],
  ["a mailbox beyond memory", (one) => one.call("mb_create", one.text("m"), 2 ** 30, 0), "RT_NULL"],
  [
    "a queue beyond memory",
    (one) => one.call("mq_create", one.text("q"), 8, 2 ** 30, 0),
    "RT_NULL",
  ],
  ["an object of another kind", (one) => {
    one.call("mutex_take", made(one, "sem_create", 0, 0), 0);
  }, "no Mutex"],
  ["an object that is gone", (one) => {
    const semaphore = made(one, "sem_create", 0, 0);
    one.call("sem_delete", semaphore);
    one.call("sem_release", semaphore);
  }, "no Semaphore"],
  ["the program's own memory", (one) => one.call("mb_send", one.words(0), 0), "no Mailbox"],
  ["a null for an event", (one) => one.call("event_send", 0, 1), "no EventFlags"],
  ["a null for a queue", (one) => one.call("mq_send", 0, one.text("a"), 1), "no MessageQueue"],
  ["an urgency beyond all", (one) => {
    one.call("thread_create", one.words(one.text("t"), 0, 0, 4096, 32, 1));
  }, "RT_THREAD_PRIORITY_MAX"],
  ["a thread started twice", (one) => one.call("thread_startup", one.thread.address), "INIT"],
  ["a thread that is none", (one) => one.call("thread_delete", 0), "no LwpThread"],
  ["a name beyond all programs", (one) => one.call("thread_find", 16), "kernel fault at 0x10"],
  ["arguments beyond all programs", (one) => one.call("thread_create", 16), "kernel fault at"],
  ["call number zero", (one) => one.number(0), "syscall id = 0!"],
];

for (const [what, give, reason] of HANGS) {
  Deno.test(`the kernel hangs when it is given ${what}`, () => {
    const one = alone();
    give(one);
    assert(one.machine.panicked?.includes(reason), `${one.machine.panicked}`);
    assertEquals(one.outcome, "gone");
  });
}

Deno.test("where the kernel follows a program's own address that leads nowhere, the program ends", () => {
  for (const name of ["sem_take", "mutex_release", "event_send", "mb_send", "thread_find"]) {
    const one = alone();
    assertEquals(one.call(name, 0x2_1000_0000, 0), "gone");
    assertEquals(one.lwp.status, 255 << 8);
    assertEquals(one.machine.panicked, null);
  }
});

Deno.test("every call about objects was answered well, and refused", () => {
  coverage.check([...SEMAPHORE_CALLS, ...MESSAGE_CALLS, ...THREAD_CALLS, ...TIMER_CALLS], [
    "thread_self",
    "gettid",
    "sched_yield",
    "thread_mdelay",
    "enter_critical",
    "exit_critical",
  ]);
});
