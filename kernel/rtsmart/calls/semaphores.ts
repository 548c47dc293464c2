/**
 * Calls about semaphores and mutexes.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Mutex } from "../ipc/mutex.ts";
import { objectAt } from "../ipc/object_lookup.ts";
import { Semaphore, SEMAPHORE_MAX } from "../ipc/semaphore.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { isGoodFlag } from "./object_flags.ts";
import { readText } from "../user_data.ts";

function semCreate(thread: LwpThread, name = 0, value = 0, flag = 0): Answer {
  const text = readText(thread, name);
  if (!text) return 0;
  if (value > SEMAPHORE_MAX) {
    thread.rtsmart.panic("assertion failed at function rt_sem_create: value < 0x10000U");
    return SILENT;
  }
  if (!isGoodFlag(thread, flag, "rt_sem_create")) return SILENT;
  return thread.lwp.addObject(new Semaphore(thread.rtsmart.heap, text, { value, flag }));
}

function semTake(thread: LwpThread, object = 0, ticks = 0): Answer {
  const semaphore = objectAt(thread, object, { type: Semaphore, where: "rt_sem_take" });
  return semaphore?.take(thread, ticks) ?? SILENT;
}

function semRelease(thread: LwpThread, object = 0): Answer {
  const semaphore = objectAt(thread, object, { type: Semaphore, where: "rt_sem_release" });
  return semaphore?.release() ?? SILENT;
}

function mutexCreate(thread: LwpThread, name = 0): Answer {
  const text = readText(thread, name);
  return text ? thread.lwp.addObject(new Mutex(thread.rtsmart.heap, text)) : 0;
}

function mutexTake(thread: LwpThread, object = 0, ticks = 0): Answer {
  const mutex = objectAt(thread, object, { type: Mutex, where: "rt_mutex_take" });
  return mutex?.take(thread, ticks) ?? SILENT;
}

function mutexRelease(thread: LwpThread, object = 0): Answer {
  const mutex = objectAt(thread, object, { type: Mutex, where: "rt_mutex_release" });
  return mutex?.release(thread) ?? SILENT;
}

/** Let a process have an object no longer, whatever it is. */
export function deleteObject(thread: LwpThread, object = 0): Answer {
  return thread.lwp.deleteObject(object);
}

/** Calls about semaphores and mutexes. */
export const SEMAPHORE_CALLS: readonly RtSmartCall[] = [
  call(18, "sem_create", { name: "text", value: "uint", flag: "byte" }, semCreate),
  call(19, "sem_delete", { semaphore: "object" }, deleteObject),
  call(20, "sem_take", { semaphore: "object", time: "ticks" }, semTake),
  call(21, "sem_release", { semaphore: "object" }, semRelease),
  call(22, "mutex_create", { name: "text", flag: "byte" }, mutexCreate),
  call(23, "mutex_delete", { mutex: "object" }, deleteObject),
  call(24, "mutex_take", { mutex: "object", time: "ticks" }, mutexTake),
  call(25, "mutex_release", { mutex: "object" }, mutexRelease),
];
