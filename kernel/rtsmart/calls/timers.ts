/**
 * Calls about timers.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { RtError } from "../error.ts";
import { objectAt } from "../ipc/object_lookup.ts";
import { Semaphore } from "../ipc/semaphore.ts";
import { SoftTimer, TimerCommand } from "../ipc/soft_timer.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { rawWord, readText } from "../user_data.ts";
import { deleteObject } from "./semaphores.ts";

/** The kernel's clock goes half around before it is taken for a negative time. */
const TICKS_MAX = 2 ** 31;

/** The semaphore that is released is only looked at when the timer goes off. */
function timerCreate(thread: LwpThread, name = 0, data = 0, ticks = 0, flag = 0): Answer {
  const text = readText(thread, name);
  if (!text) return 0;
  const { rtsmart, lwp } = thread;
  const fire = () => {
    const semaphore = rtsmart.heap.objects.get(data);
    if (semaphore instanceof Semaphore) semaphore.release();
    else rtsmart.panic("assertion failed at function rt_sem_release: this is no Semaphore");
  };
  return lwp.addObject(
    new SoftTimer(rtsmart.heap, text, { realm: rtsmart.realm, ticks, flag, fire }),
  );
}

function timerStart(thread: LwpThread, object = 0): Answer {
  const timer = objectAt(thread, object, { type: SoftTimer, where: "rt_timer_start" });
  return timer?.start() ?? SILENT;
}

function timerStop(thread: LwpThread, object = 0): Answer {
  const timer = objectAt(thread, object, { type: SoftTimer, where: "rt_timer_stop" });
  return timer?.stop() ?? SILENT;
}

/** What it is given or gives is where the program says, without a check. */
function timerControl(thread: LwpThread, object = 0, command = 0, argument = 0): Answer {
  const timer = objectAt(thread, object, { type: SoftTimer, where: "rt_timer_control" });
  if (!timer) return SILENT;
  if (command === TimerCommand.SET_ONESHOT) timer.isPeriodic = false;
  else if (command === TimerCommand.SET_PERIODIC) timer.isPeriodic = true;
  else if (command === TimerCommand.GET_TIME) {
    if (thread.lwp.memory.writeU32(argument, timer.ticks) === 0) return RtError.EOK;
    thread.rtsmart.kernelFault(thread.lwp, argument, "rt_timer_control");
    return SILENT;
  } else if (command === TimerCommand.SET_TIME) {
    const word = rawWord(thread, argument, "rt_timer_control");
    if (word === null) return SILENT;
    timer.ticks = Number(BigInt.asUintN(32, BigInt(word))) % TICKS_MAX;
  }
  return RtError.EOK;
}

/** Calls about timers. */
export const TIMER_CALLS: readonly RtSmartCall[] = [
  call(
    111,
    "rt_timer_create",
    { name: "text", semaphore: "object", time: "uint", flag: "byte" },
    timerCreate,
  ),
  call(112, "rt_timer_delete", { timer: "object" }, deleteObject),
  call(113, "rt_timer_start", { timer: "object" }, timerStart),
  call(114, "rt_timer_stop", { timer: "object" }, timerStop),
  call(
    115,
    "rt_timer_control",
    { timer: "object", command: "int", argument: "pointer" },
    timerControl,
  ),
];
