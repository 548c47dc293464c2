/**
 * Calls about queues of messages with types.
 *
 * @module
 */
import { May } from "../fs/inode.ts";
import { SharedObjects } from "../bounds.ts";
import {
  IpcCommand,
  IpcFlag,
  PERM_SIZE,
  QUEUE_FACTS_SIZE,
  QueueCommand,
  ReceiveFlag,
} from "../abi/ipc.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import { secondsOf } from "../ipc/ipc_object.ts";
import { MESSAGE_MAX, MessageQueue, QUEUE_BYTES } from "../ipc/message_queue.ts";
import type { Task } from "../task.ts";
import { readSigned64, writeBytes, writeWords64 } from "./user_data.ts";

function msgget(task: Task, key: number, flags: number): Answer {
  const make = () => new MessageQueue(task, key, flags);
  const found = task.linux.messageQueues.obtain(task, { key, flags }, make, () => 0);
  return typeof found === "number" ? found : found.id;
}

function msgsnd(task: Task, id: number, address: number, length: number, flags: number): Answer {
  const type = readSigned64(task, address);
  if (type === null) return Errno.EFAULT;
  if (length > MESSAGE_MAX || id < 0 || type < 1) return Errno.EINVAL;
  const bytes = length === 0 ? new Uint8Array() : task.mm.memory.bytes(address + 8, length);
  if (typeof bytes === "number") return Errno.EFAULT;
  const queue = task.linux.messageQueues.get(id);
  if (!queue) return Errno.EINVAL;
  return task.block({
    site: "do_msgsnd",
    queues: [queue.queue],
    attempt: () => {
      if (queue.isRemoved) return Errno.EIDRM;
      const status = queue.permission(task, May.WRITE);
      if (status !== 0) return status;
      if (!queue.hasRoomFor(length)) return (flags & IpcFlag.NOWAIT) !== 0 ? Errno.EAGAIN : null;
      const put = queue.put({ type, bytes: bytes.slice() });
      if (put !== 0) return put;
      queue.sent = { at: secondsOf(task), pid: task.group.pid };
      return 0;
    },
    interrupted: () => Errno.EINTR,
  });
}

function msgrcv(
  task: Task,
  id: number,
  address: number,
  length: number,
  type: number,
  flags: number,
): Answer {
  if ((flags & ReceiveFlag.COPY) !== 0) return Errno.ENOSYS;
  if (id < 0 || length >= 2 ** 63) return Errno.EINVAL;
  const queue = task.linux.messageQueues.get(id);
  if (!queue) return Errno.EINVAL;
  return task.block({
    site: "do_msgrcv",
    queues: [queue.queue],
    attempt: () => {
      if (queue.isRemoved) return Errno.EIDRM;
      const status = queue.permission(task, May.READ);
      if (status !== 0) return status;
      const found = queue.find(type, (flags & ReceiveFlag.EXCEPT) !== 0);
      if (!found) return (flags & IpcFlag.NOWAIT) !== 0 ? Errno.ENOMSG : null;
      if (found.bytes.length > length && (flags & ReceiveFlag.NOERROR) === 0) return Errno.E2BIG;
      queue.take(found);
      queue.received = { at: secondsOf(task), pid: task.group.pid };
      const bytes = found.bytes.subarray(0, length);
      if (!writeWords64(task, address, [found.type])) return Errno.EFAULT;
      return writeBytes(task, address + 8, bytes) || bytes.length;
    },
    interrupted: () => Errno.EINTR,
  });
}

function msgctl(task: Task, id: number, command: number, address: number): Answer {
  if (command === IpcCommand.INFO || command === QueueCommand.MSG_INFO) {
    return limits(task, address);
  }
  const queue = task.linux.messageQueues.get(id);
  if (!queue || id < 0) return Errno.EINVAL;
  if (command === IpcCommand.STAT || command === QueueCommand.MSG_STAT) {
    return queue.permission(task, May.READ) || writeBytes(task, address, encode(queue)) ||
      (command === QueueCommand.MSG_STAT ? id : 0);
  }
  if (command !== IpcCommand.RMID && command !== IpcCommand.SET) return Errno.EINVAL;
  const status = queue.ownership(task);
  if (status !== 0) return status;
  if (command === IpcCommand.RMID) {
    task.linux.messageQueues.remove(queue);
    return 0;
  }
  const bytes = task.mm.memory.bytes(address, QUEUE_FACTS_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const room = Number(view.getBigUint64(88, true));
  if (room > QUEUE_BYTES && !task.may(Capability.SYS_RESOURCE)) return Errno.EPERM;
  queue.room = Math.min(room, 1 << 24);
  queue.decode(task, view);
  queue.queue.wake();
  return 0;
}

function encode(queue: MessageQueue): Uint8Array {
  const bytes = new Uint8Array(QUEUE_FACTS_SIZE);
  const view = new DataView(bytes.buffer);
  queue.encode(view);
  const { sent, received, changed, length, room } = queue;
  [sent.at, received.at, changed, queue.bytes, length, room]
    .forEach((word, at) => view.setBigUint64(PERM_SIZE + at * 8, BigInt(word), true));
  view.setInt32(96, sent.pid, true);
  view.setInt32(100, received.pid, true);
  return bytes;
}

function limits(task: Task, address: number): number {
  const words = Int32Array.from([0, 0, MESSAGE_MAX, QUEUE_BYTES, SharedObjects.QUEUES, 0, 0, 0]);
  return writeBytes(task, address, new Uint8Array(words.buffer));
}

const MESSAGE = { id: "int", message: "pointer", length: "size" } as const;

/** Calls about queues of messages with types. */
export const MESSAGE_QUEUE_CALLS: readonly LinuxCall[] = [
  call(186, "msgget", { key: "int", flags: "int" }, msgget),
  call(187, "msgctl", { id: "int", command: "int", buffer: "pointer" }, msgctl),
  call(188, "msgrcv", { ...MESSAGE, type: "long", flags: "int" }, msgrcv),
  call(189, "msgsnd", { ...MESSAGE, flags: "int" }, msgsnd),
];
