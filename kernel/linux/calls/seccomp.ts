/**
 * Calls with which a task has its own calls filtered from now on.
 *
 * @module
 */
import { BPF_MAXINSNS, BpfSize } from "../abi/bpf.ts";
import { Capability } from "../abi/capability.ts";
import {
  SeccompAction,
  SeccompFlag,
  SeccompMode,
  SeccompOperation,
  SeccompSize,
} from "../abi/seccomp.ts";
import type { Answer } from "../answer.ts";
import { FILTER_PATH_MAX } from "../bounds.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { SeccompListener } from "../fs/seccomp_listener.ts";
import { ClassicProgram } from "../seccomp/classic_program.ts";
import { SeccompFilter, STRICT } from "../seccomp/filter.ts";
import { Notifications } from "../seccomp/notifications.ts";
import type { Task } from "../task.ts";
import { writeBytes } from "./user_data.ts";

const FLAGS = Object.values(SeccompFlag).reduce<number>((all, flag) => all | flag, 0);
const ACTIONS: readonly number[] = Object.values(SeccompAction);
const POINTER_AT = 8;

function seccomp(task: Task, operation: number, flags: number, address: number): Answer {
  switch (operation) {
    case SeccompOperation.SET_MODE_STRICT:
      return flags !== 0 || address !== 0 ? Errno.EINVAL : setStrict(task);
    case SeccompOperation.SET_MODE_FILTER:
      return setFilter(task, flags, address);
    case SeccompOperation.GET_ACTION_AVAIL: {
      if (flags !== 0) return Errno.EINVAL;
      const action = task.mm.memory.readU32(address);
      if (action < 0) return Errno.EFAULT;
      return ACTIONS.includes(action) ? 0 : Errno.EOPNOTSUPP;
    }
    case SeccompOperation.GET_NOTIF_SIZES: {
      if (flags !== 0) return Errno.EINVAL;
      const { NOTIF, NOTIF_RESP, DATA } = SeccompSize;
      const sizes = Uint16Array.of(NOTIF, NOTIF_RESP, DATA);
      return writeBytes(task, address, new Uint8Array(sizes.buffer));
    }
    default:
      return Errno.EINVAL;
  }
}

/** The same as `prctl` is asked for it. */
export function setSeccomp(task: Task, mode: number, address: number): number {
  if (mode === SeccompMode.STRICT) return setStrict(task);
  return mode === SeccompMode.FILTER ? setFilter(task, 0, address) : Errno.EINVAL;
}

function mayHave({ seccomp }: Task, mode: number): boolean {
  return seccomp === null || seccomp.mode === mode;
}

function setStrict(task: Task): number {
  if (!mayHave(task, SeccompMode.STRICT)) return Errno.EINVAL;
  task.seccomp = STRICT;
  return 0;
}

function setFilter(task: Task, flags: number, address: number): number {
  const { TSYNC, TSYNC_ESRCH, NEW_LISTENER, WAIT_KILLABLE_RECV } = SeccompFlag;
  const has = (flag: number) => (flags & flag) !== 0;
  if ((flags & ~FLAGS) !== 0) return Errno.EINVAL;
  if (has(TSYNC) && has(NEW_LISTENER) && !has(TSYNC_ESRCH)) return Errno.EINVAL;
  if (has(WAIT_KILLABLE_RECV) && !has(NEW_LISTENER)) return Errno.EINVAL;
  const program = readProgram(task, address);
  if (typeof program === "number") return program;
  const filter = new SeccompFilter(program, task.seccomp?.filter ?? null, task.linux.filters);
  if (!has(NEW_LISTENER)) return attach(task, filter, flags);
  const first = new DataView(task.linux.randomBytes(8).buffer).getBigUint64(0, true);
  const notifications = new Notifications(first, has(WAIT_KILLABLE_RECV));
  const listener = task.addFile(new SeccompListener(task, filter, notifications), true);
  if (listener < 0) return listener;
  const isSecond = task.seccomp?.filter?.hasListener ?? false;
  const status = isSecond ? Errno.EBUSY : attach(task, filter, flags);
  if (status !== 0) task.files.close(listener);
  else filter.notifications = notifications;
  return status === 0 ? listener : status;
}

/** The program of a filter that is asked for by somebody who may, or why there is none. */
function readProgram(task: Task, address: number): ClassicProgram | number {
  const { memory } = task.mm;
  const bytes = memory.bytes(address, BpfSize.PROGRAM);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const length = view.getUint16(0, true);
  if (length === 0 || length > BPF_MAXINSNS) return Errno.EINVAL;
  if (!task.noNewPrivileges && !task.may(Capability.SYS_ADMIN)) return Errno.EACCES;
  const place = Number(view.getBigUint64(POINTER_AT, true));
  if (place === 0) return Errno.EINVAL;
  const instructions = memory.bytes(place, length * BpfSize.FILTER);
  return typeof instructions === "number" ? Errno.EFAULT : ClassicProgram.from(instructions);
}

/** Put a filter before those that a task has; answers 0, why not, or who of the others cannot. */
function attach(task: Task, filter: SeccompFilter, flags: number): number {
  if (!mayHave(task, SeccompMode.FILTER)) return Errno.EINVAL;
  if (filter.pathLength > FILTER_PATH_MAX) return Errno.ENOMEM;
  const isForAll = (flags & SeccompFlag.TSYNC) !== 0;
  const other = isForAll ? [...task.group.tasks.values()].find((one) => !follows(one, task)) : null;
  if (other) return (flags & SeccompFlag.TSYNC_ESRCH) !== 0 ? Errno.ESRCH : other.tid;
  if (!filter.settle()) return Errno.ENOMEM;
  const count = (task.seccomp?.count ?? 0) + 1;
  task.seccomp = { mode: SeccompMode.FILTER, filter, count };
  if (isForAll) {
    for (const one of task.group.tasks.values()) {
      if (one !== task) follow(one, task);
    }
  }
  return 0;
}

/** Whether a task has no filters that another one has not, so that it can have the same. */
function follows(task: Task, leader: Task): boolean {
  if (task === leader || task.seccomp === null) return true;
  const { filter } = task.seccomp;
  return filter !== null && (leader.seccomp?.filter?.includes(filter) ?? false);
}

/** Have the calls of a task filtered as those of another one are. */
function follow(task: Task, { seccomp, noNewPrivileges }: Task): void {
  seccomp!.filter!.hold();
  task.seccomp?.filter?.drop();
  task.seccomp = seccomp;
  if (noNewPrivileges) task.noNewPrivileges = true;
}

/** How a task's calls are filtered. */
export const SECCOMP_CALLS: readonly LinuxCall[] = [
  call(277, "seccomp", { operation: "uint", flags: "uint", argument: "pointer" }, seccomp),
];
