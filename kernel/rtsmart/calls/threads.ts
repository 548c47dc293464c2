/**
 * Calls about threads.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { RtError } from "../error.ts";
import { objectAt } from "../ipc/object_lookup.ts";
import { TICK } from "../ipc/suspend_list.ts";
import { LwpThread, PRIORITY_MAX } from "../lwp_thread.ts";
import { mapUser } from "../mm/user_mm.ts";
import { createThread, startUser } from "../threads.ts";
import { rawText, rawWord } from "../user_data.ts";

/** Where in the array that `thread_create` is given each argument is. */
const Place = { NAME: 0, ENTRY: 1, PARAMETER: 2, STACK_SIZE: 3, PRIORITY: 4 } as const;

/** The array and the name in it are read where the program says they are, without a check. */
function threadCreate(thread: LwpThread, args = 0): Answer {
  const { lwp, rtsmart } = thread;
  const word = (place: number) => rawWord(thread, args + 8 * place, "sys_thread_create");
  const size = word(Place.STACK_SIZE);
  if (size === null) return SILENT;
  const stack = size <= 0 ? -1 : mapUser(lwp, 0, size, "[thread stack]");
  if (stack < 0) return 0;
  const [at, entry, parameter, priority] = [
    word(Place.NAME),
    word(Place.ENTRY),
    word(Place.PARAMETER),
    word(Place.PRIORITY),
  ];
  if (at === null || entry === null || parameter === null || priority === null) return SILENT;
  const name = rawText(thread, at, "rt_thread_create");
  if (name === null) return SILENT;
  if ((priority & 0xff) >= PRIORITY_MAX) {
    rtsmart.panic("assertion failed at function _thread_init: priority < RT_THREAD_PRIORITY_MAX");
    return SILENT;
  }
  const made = createThread(lwp, { name, priority: priority & 0xff });
  if (made === null) return 0;
  made.start = { entry, parameter, stackEnd: stack + size };
  return made.address;
}

function threadDelete(thread: LwpThread, object = 0): Answer {
  const other = objectAt(thread, object, { type: LwpThread, where: "rt_thread_delete" });
  if (!other) return SILENT;
  other.thread.end();
  return RtError.EOK;
}

function threadStartup(thread: LwpThread, object = 0): Answer {
  const other = objectAt(thread, object, { type: LwpThread, where: "rt_thread_startup" });
  if (!other) return SILENT;
  if (other.thread.started) {
    thread.rtsmart.panic("assertion failed at function rt_thread_startup: RT_THREAD_INIT");
    return SILENT;
  }
  startUser(other);
  return RtError.EOK;
}

function threadFind(thread: LwpThread, name = 0): Answer {
  const text = rawText(thread, name, "rt_thread_find");
  if (text === null) return SILENT;
  const { threads } = thread.rtsmart;
  return [...threads.values()].find((one) => one.label === text)?.address ?? 0;
}

function threadMdelay(thread: LwpThread, milliseconds = 0): Answer {
  const ticks = milliseconds <= 0 ? 0 : Math.ceil(milliseconds * 1_000_000 / TICK);
  if (milliseconds < 0) return thread.suspend({ then: (why) => why });
  return sleep(thread, ticks);
}

/** Let time pass, or, if none is to, others run. */
function sleep(thread: LwpThread, ticks: number): Answer {
  const { now } = thread.thread.realm;
  const then = (why: number) => why === RtError.EINTR ? why : RtError.EOK;
  return ticks > 0 ? thread.suspend({ ticks, then }) : thread.suspend({ deadline: now, then });
}

function enterCritical(thread: LwpThread): Answer {
  return thread.rtsmart.criticalLock.take(thread, -1);
}

function exitCritical(thread: LwpThread): Answer {
  return thread.rtsmart.criticalLock.release();
}

/** Calls about threads. */
export const THREAD_CALLS: readonly RtSmartCall[] = [
  call(40, "thread_create", { args: "pointer" }, threadCreate),
  call(41, "thread_delete", { thread: "object" }, threadDelete),
  call(42, "thread_startup", { thread: "object" }, threadStartup),
  call(43, "thread_self", {}, (thread) => thread.address),
  call(50, "enter_critical", {}, enterCritical),
  call(51, "exit_critical", {}, exitCritical),
  call(68, "thread_find", { name: "text" }, threadFind),
  call(102, "thread_mdelay", { milliseconds: "int" }, threadMdelay),
  call(139, "gettid", {}, (thread) => thread.tid),
  call(184, "sched_yield", {}, (thread) => sleep(thread, 0)),
];
