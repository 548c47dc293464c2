/**
 * Calls about memory that processes find by a key.
 *
 * @module
 */
import { May } from "../fs/inode.ts";
import { SharedObjects } from "../bounds.ts";
import { AttachFlag, IpcCommand, MEMORY_FACTS_SIZE, MemoryCommand, PERM_SIZE } from "../abi/ipc.ts";
import { Access, PAGE_SIZE } from "../../ports.ts";
import { MapFlag } from "../abi/memory.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { SharedMemory } from "../ipc/shared_memory.ts";
import { pageUp } from "../mm/layout.ts";
import { unmap } from "../mm/map.ts";
import { mmap } from "../mm/mmap.ts";
import type { Task } from "../task.ts";
import { writeBytes } from "./user_data.ts";

const DESTROYED = 0o1000;

function shmget(task: Task, key: number, size: number, flags: number): Answer {
  const table = task.linux.sharedMemory;
  const found = table.obtain(
    task,
    { key, flags },
    () => {
      if (size < 1 || size > task.linux.memory.total) return size < 1 ? Errno.EINVAL : Errno.ENOMEM;
      return new SharedMemory(task, key, flags, size);
    },
    (one) => size > one.size ? Errno.EINVAL : 0,
  );
  return typeof found === "number" ? found : found.id;
}

/** The segment of a number; one that goes with the last who uses it may be gone. */
function segmentOf(task: Task, id: number): SharedMemory | null {
  const found = task.linux.sharedMemory.get(id);
  if (!found?.isDoomed || found.attached > 0) return found;
  task.linux.sharedMemory.remove(found);
  return null;
}

function shmat(task: Task, id: number, address: number, flags: number): Answer {
  const segment = segmentOf(task, id);
  if (!segment) return Errno.EINVAL;
  let at = address;
  if (at % PAGE_SIZE !== 0) {
    if ((flags & AttachFlag.RND) === 0) return Errno.EINVAL;
    at -= at % PAGE_SIZE;
  }
  if ((flags & AttachFlag.REMAP) !== 0 && at === 0) return Errno.EINVAL;
  const isReadOnly = (flags & AttachFlag.RDONLY) !== 0;
  const status = segment.permission(task, isReadOnly ? May.READ : May.READ | May.WRITE);
  if (status !== 0) return status;
  const { mm } = task;
  const length = pageUp(segment.size);
  const isTaken = at !== 0 && mm.vmas.within(at, at + length).length > 0;
  if (isTaken && (flags & AttachFlag.REMAP) === 0) return Errno.EINVAL;
  const prot = Access.READ | (isReadOnly ? 0 : Access.WRITE) |
    ((flags & AttachFlag.EXEC) !== 0 ? Access.EXECUTE : 0);
  const start = mmap(mm, {
    address: at,
    length,
    prot,
    flags: MapFlag.SHARED | (at === 0 ? 0 : MapFlag.FIXED),
    file: segment.file,
    offset: 0,
    shared: task.linux.rootFs,
  });
  if (start >= 0) segment.attach(task);
  return start;
}

function shmdt(task: Task, address: number): Answer {
  const { mm, linux } = task;
  const first = mm.vmas.at(address);
  if (!first || first.start !== address || first.offset !== 0) return Errno.EINVAL;
  for (const segment of linux.sharedMemory.all()) {
    if (segment.file !== first.file) continue;
    unmap(mm, address, address + pageUp(segment.size));
    segment.detach(task);
    segmentOf(task, segment.id);
    return 0;
  }
  return Errno.EINVAL;
}

function shmctl(task: Task, id: number, command: number, address: number): Answer {
  if (command === IpcCommand.INFO || command === MemoryCommand.SHM_INFO) {
    return limits(task, address);
  }
  const segment = segmentOf(task, id);
  if (!segment || id < 0) return Errno.EINVAL;
  if (command === IpcCommand.STAT || command === MemoryCommand.SHM_STAT) {
    const status = segment.permission(task, May.READ);
    return status || writeBytes(task, address, encode(segment)) ||
      (command === MemoryCommand.SHM_STAT ? id : 0);
  }
  const owns = segment.ownership(task);
  if (command === MemoryCommand.SHM_LOCK || command === MemoryCommand.SHM_UNLOCK) return owns;
  if (owns !== 0) return owns;
  if (command === IpcCommand.RMID) {
    segment.isDoomed = true;
    segment.key = 0;
    segmentOf(task, id);
    return 0;
  }
  if (command !== IpcCommand.SET) return Errno.EINVAL;
  const bytes = task.mm.memory.bytes(address, PERM_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  segment.decode(task, new DataView(bytes.buffer));
  return 0;
}

function limits(task: Task, address: number): number {
  const bytes = new Uint8Array(72);
  const view = new DataView(bytes.buffer);
  [
    task.linux.memory.total,
    1,
    SharedObjects.MEMORIES,
    SharedObjects.MEMORIES,
    task.linux.memory.total / PAGE_SIZE,
  ]
    .forEach((word, at) => view.setBigUint64(at * 8, BigInt(word), true));
  return writeBytes(task, address, bytes);
}

function encode(segment: SharedMemory): Uint8Array {
  const bytes = new Uint8Array(MEMORY_FACTS_SIZE);
  const view = new DataView(bytes.buffer);
  segment.encode(view);
  if (segment.isDoomed) view.setUint32(20, segment.mode | DESTROYED, true);
  const words = [segment.size, segment.attachedAt, segment.detachedAt, segment.changed];
  words.forEach((word, at) => view.setBigUint64(PERM_SIZE + at * 8, BigInt(word), true));
  view.setInt32(80, segment.makerPid, true);
  view.setInt32(84, segment.lastPid, true);
  view.setBigUint64(88, BigInt(segment.attached), true);
  return bytes;
}

/** Calls about memory that processes find by a key. */
export const SHARED_MEMORY_CALLS: readonly LinuxCall[] = [
  call(194, "shmget", { key: "int", size: "size", flags: "int" }, shmget),
  call(195, "shmctl", { id: "int", command: "int", buffer: "pointer" }, shmctl),
  call(196, "shmat", { id: "int", address: "pointer", flags: "int" }, shmat),
  call(197, "shmdt", { address: "pointer" }, shmdt),
];
