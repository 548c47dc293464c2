/**
 * Calls about sets of counts.
 *
 * @module
 */
import { May } from "../fs/inode.ts";
import {
  IpcCommand,
  IpcFlag,
  OPERATION_SIZE,
  PERM_SIZE,
  SEMAPHORE_FACTS_SIZE,
  SemaphoreCommand,
  SemaphoreFlag,
} from "../abi/ipc.ts";
import { Semaphores, SharedObjects } from "../bounds.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { secondsOf } from "../ipc/ipc_object.ts";
import { type Operation, SEMAPHORE_MAX, SemaphoreSet } from "../ipc/semaphores.ts";
import type { Task } from "../task.ts";
import { readTime, writeBytes } from "./user_data.ts";

function semget(task: Task, key: number, count: number, flags: number): Answer {
  if (count < 0 || count > Semaphores.IN_SET) return Errno.EINVAL;
  const found = task.linux.semaphores.obtain(
    task,
    { key, flags },
    () => count === 0 ? Errno.EINVAL : new SemaphoreSet(task, key, flags, count),
    (one) => count > one.all.length ? Errno.EINVAL : 0,
  );
  return typeof found === "number" ? found : found.id;
}

function semop(task: Task, id: number, address: number, count: number): Answer {
  return operate(task, id, { address, count, deadline: Infinity });
}

function semtimedop(task: Task, id: number, address: number, count: number, time: number): Answer {
  const nanos = time === 0 ? Infinity : readTime(task, time);
  return nanos < 0 ? nanos : operate(task, id, { address, count, deadline: task.now + nanos });
}

function operate(
  task: Task,
  id: number,
  { address, count, deadline }: { address: number; count: number; deadline: number },
): Answer {
  if (count < 1 || id < 0) return Errno.EINVAL;
  if (count > Semaphores.IN_CALL) return Errno.E2BIG;
  const operations = operationsAt(task, address, count);
  if (typeof operations === "number") return operations;
  const set = task.linux.semaphores.get(id);
  if (!set) return Errno.EINVAL;
  if (operations.some(({ at }) => at >= set.all.length)) return Errno.EFBIG;
  const writes = operations.some(({ change }) => change !== 0);
  const status = set.permission(task, writes ? May.WRITE : May.READ);
  if (status !== 0) return status;
  const wanted = set.request(task.group, operations);
  return task.block({
    site: "__do_semtimedop",
    queues: [wanted.queue],
    attempt: () => wanted.answer,
    deadline,
    timedOut: () => Errno.EAGAIN,
    interrupted: () => Errno.EINTR,
    over: () => set.forget(wanted),
  });
}

function operationsAt(task: Task, address: number, count: number): Operation[] | number {
  const bytes = task.mm.memory.bytes(address, count * OPERATION_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, one) => {
    const flags = view.getInt16(one * OPERATION_SIZE + 4, true);
    return {
      at: view.getUint16(one * OPERATION_SIZE, true),
      change: view.getInt16(one * OPERATION_SIZE + 2, true),
      isImpatient: (flags & IpcFlag.NOWAIT) !== 0,
      isUndone: (flags & SemaphoreFlag.UNDO) !== 0,
    };
  });
}

function semctl(task: Task, id: number, at: number, command: number, argument: number): Answer {
  if (command === IpcCommand.INFO || command === SemaphoreCommand.SEM_INFO) {
    return limits(task, argument);
  }
  const set = task.linux.semaphores.get(id);
  if (!set || id < 0) return Errno.EINVAL;
  switch (command) {
    case IpcCommand.RMID:
    case IpcCommand.SET:
      return change(task, set, command, argument);
    case IpcCommand.STAT:
    case SemaphoreCommand.SEM_STAT:
      return set.permission(task, May.READ) || writeBytes(task, argument, encode(set)) ||
        (command === SemaphoreCommand.SEM_STAT ? id : 0);
    case SemaphoreCommand.GETALL:
      return set.permission(task, May.READ) || getAll(task, set, argument);
    case SemaphoreCommand.SETALL:
      return set.permission(task, May.WRITE) || setAll(task, set, argument);
    default:
      return oneCommand(task, set, { at, command, value: argument | 0 });
  }
}

function change(task: Task, set: SemaphoreSet, command: number, address: number): number {
  const status = set.ownership(task);
  if (status !== 0) return status;
  if (command === IpcCommand.RMID) {
    task.linux.semaphores.remove(set);
    return 0;
  }
  const bytes = task.mm.memory.bytes(address, PERM_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  set.decode(task, new DataView(bytes.buffer));
  return 0;
}

function oneCommand(
  task: Task,
  set: SemaphoreSet,
  { at, command, value }: { at: number; command: number; value: number },
): number {
  const one = set.all[at];
  if (!one) return Errno.EINVAL;
  const status = set.permission(task, command === SemaphoreCommand.SETVAL ? May.WRITE : May.READ);
  if (status !== 0) return status;
  switch (command) {
    case SemaphoreCommand.GETVAL:
      return one.value;
    case SemaphoreCommand.GETPID:
      return one.pid;
    case SemaphoreCommand.GETNCNT:
      return set.waiting(at, false);
    case SemaphoreCommand.GETZCNT:
      return set.waiting(at, true);
    case SemaphoreCommand.SETVAL:
      if (value < 0 || value > SEMAPHORE_MAX) return Errno.ERANGE;
      set.set(at, value, task.group.pid);
      set.changed = secondsOf(task);
      return 0;
    default:
      return Errno.EINVAL;
  }
}

function getAll(task: Task, { all }: SemaphoreSet, address: number): number {
  return writeBytes(
    task,
    address,
    new Uint8Array(Uint16Array.from(all, ({ value }) => value).buffer),
  );
}

function setAll(task: Task, set: SemaphoreSet, address: number): number {
  const bytes = task.mm.memory.bytes(address, set.all.length * 2);
  if (typeof bytes === "number") return Errno.EFAULT;
  const values = new Uint16Array(bytes.slice().buffer);
  if (values.some((value) => value > SEMAPHORE_MAX)) return Errno.ERANGE;
  values.forEach((value, at) => set.set(at, value, task.group.pid));
  set.changed = secondsOf(task);
  return 0;
}

function encode(set: SemaphoreSet): Uint8Array {
  const bytes = new Uint8Array(SEMAPHORE_FACTS_SIZE);
  const view = new DataView(bytes.buffer);
  set.encode(view);
  [set.operatedAt, set.changed, set.all.length]
    .forEach((word, at) => view.setBigUint64(PERM_SIZE + at * 8, BigInt(word), true));
  return bytes;
}

function limits(task: Task, address: number): number {
  const { IN_ALL, IN_SET, IN_CALL } = Semaphores;
  const words = [
    0,
    SharedObjects.SETS,
    IN_ALL,
    IN_SET,
    IN_SET,
    IN_CALL,
    IN_CALL,
    20,
    SEMAPHORE_MAX,
  ];
  return writeBytes(
    task,
    address,
    new Uint8Array(Int32Array.from([...words, SEMAPHORE_MAX]).buffer),
  );
}

const OPERATIONS = { id: "int", operations: "pointer", count: "uint" } as const;

/** Calls about sets of counts. */
export const SEMAPHORE_CALLS: readonly LinuxCall[] = [
  call(190, "semget", { key: "int", count: "int", flags: "int" }, semget),
  call(191, "semctl", { id: "int", at: "int", command: "int", argument: "pointer" }, semctl),
  call(192, "semtimedop", { ...OPERATIONS, timeout: "pointer" }, semtimedop),
  call(193, "semop", OPERATIONS, semop),
];
