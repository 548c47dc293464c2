/**
 * Calls that make files of events, and `epoll`.
 *
 * @module
 */
import { SIGNAL_SET_SIZE } from "../abi/signal.ts";
import { EPOLL_EVENT_SIZE, EpollFlag, EpollOperation, EventFlag, Poll } from "../abi/polling.ts";
import { MILLISECOND } from "../duration.ts";
import { readSignalSet, readTime, writeBytes, writeSetting } from "./user_data.ts";
import { ClockId, TimerFileFlag } from "../abi/time.ts";
import { Capability } from "../abi/capability.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno, Restart } from "../errno.ts";
import { Epoll } from "../fs/epoll.ts";
import { EventFile, SignalFile, TimerFile } from "../fs/event_file.ts";
import { OpenFlag } from "../abi/open.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenDirectory, OpenRegular } from "../fs/open_regular.ts";
import { UNBLOCKABLE } from "../signal/signal.ts";
import type { Task } from "../task.ts";
import { blockMeanwhile } from "./polling.ts";
import { deadlineOn } from "./time.ts";

const FLAGS = OpenFlag.CLOEXEC | OpenFlag.NONBLOCK;
const TIMER_FLAGS = TimerFileFlag.ABSTIME | TimerFileFlag.CANCEL_ON_SET;
/** The clocks that wake a machine that sleeps, which not everybody may do. */
const ALARM_CLOCKS: readonly number[] = [ClockId.REALTIME_ALARM, ClockId.BOOTTIME_ALARM];
const TIMER_CLOCKS: readonly number[] = [
  ClockId.REALTIME,
  ClockId.MONOTONIC,
  ClockId.BOOTTIME,
  ...ALARM_CLOCKS,
];
const EVENTS_MAX = 1 << 20;
const NO_EVENT = new Uint8Array(EPOLL_EVENT_SIZE);

/** What can be wanted together with being the only one who is woken. */
const EXCLUSIVE_EVENTS = Poll.IN | Poll.OUT | Poll.ERR | Poll.HUP | EpollFlag.WAKEUP |
  EpollFlag.ET | EpollFlag.EXCLUSIVE;

function eventfd2(task: Task, count: number, flags: number): Answer {
  if ((flags & ~(FLAGS | EventFlag.SEMAPHORE)) !== 0) return Errno.EINVAL;
  const kept = flags & OpenFlag.NONBLOCK;
  const file = new EventFile(task.linux, count, {
    flags: kept,
    isSemaphore: (flags & EventFlag.SEMAPHORE) !== 0,
  });
  return task.addFile(file, (flags & OpenFlag.CLOEXEC) !== 0);
}

function timerfdCreate(task: Task, clock: number, flags: number): Answer {
  if ((flags & ~FLAGS) !== 0 || !TIMER_CLOCKS.includes(clock)) return Errno.EINVAL;
  if (!mayWakeBy(task, clock)) return Errno.EPERM;
  const file = new TimerFile(task.linux, clock, flags & OpenFlag.NONBLOCK);
  return task.addFile(file, (flags & OpenFlag.CLOEXEC) !== 0);
}

function mayWakeBy(task: Task, clock: number): boolean {
  return !ALARM_CLOCKS.includes(clock) || task.may(Capability.WAKE_ALARM);
}

function timerfdSettime(task: Task, fd: number, flags: number, next: number, old: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof TimerFile) || (flags & ~TIMER_FLAGS) !== 0) return Errno.EINVAL;
  const interval = readTime(task, next);
  const value = readTime(task, next + 16);
  if (interval < 0) return interval;
  if (value < 0) return value;
  if (!mayWakeBy(task, file.clock)) return Errno.EPERM;
  if (old !== 0 && !writeSetting(task, old, file.setting)) return Errno.EFAULT;
  const isAbsolute = (flags & TimerFileFlag.ABSTIME) !== 0;
  const deadline = isAbsolute ? deadlineOn(task, file.clock, value) : task.now + value;
  file.set(value === 0 ? 0 : Math.max(1, deadline), interval, flags);
  return 0;
}

function timerfdGettime(task: Task, fd: number, address: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof TimerFile)) return Errno.EINVAL;
  return writeSetting(task, address, file.setting) ? 0 : Errno.EFAULT;
}

function signalfd4(task: Task, fd: number, set: number, size: number, flags: number): Answer {
  if (size !== SIGNAL_SET_SIZE || (flags & ~FLAGS) !== 0) return Errno.EINVAL;
  const wanted = readSignalSet(task, set);
  if (typeof wanted === "number") return wanted;
  if (fd === -1) {
    const file = new SignalFile(task, wanted & ~UNBLOCKABLE, flags & OpenFlag.NONBLOCK);
    return task.addFile(file, (flags & OpenFlag.CLOEXEC) !== 0);
  }
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof SignalFile)) return Errno.EINVAL;
  file.wanted = wanted & ~UNBLOCKABLE;
  return fd;
}

function epollCreate1(task: Task, flags: number): Answer {
  if ((flags & ~OpenFlag.CLOEXEC) !== 0) return Errno.EINVAL;
  return task.addFile(new Epoll(task.linux, 0), (flags & OpenFlag.CLOEXEC) !== 0);
}

function epollCtl(task: Task, epfd: number, op: number, fd: number, address: number): Answer {
  const bytes = op === EpollOperation.DEL
    ? NO_EVENT
    : task.mm.memory.bytes(address, EPOLL_EVENT_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const epoll = task.file(epfd);
  const file = task.file(fd);
  if (!epoll || !file) return Errno.EBADF;
  if (file instanceof OpenRegular || file instanceof OpenDirectory) return Errno.EPERM;
  if (!(epoll instanceof Epoll) || epoll === file) return Errno.EINVAL;
  const view = new DataView(bytes.buffer);
  const wanted = { events: view.getUint32(0, true) | 0, data: view.getBigUint64(8, true) };
  if (op !== EpollOperation.DEL && !mayBeExclusive(op, file, wanted.events)) return Errno.EINVAL;
  const isNested = op === EpollOperation.ADD && file instanceof Epoll;
  if (isNested && epoll.wouldLoop(file)) return Errno.ELOOP;
  const interest = epoll.find(fd, file);
  if (op === EpollOperation.ADD) {
    if (interest) return Errno.EEXIST;
    return epoll.add(fd, file, wanted);
  }
  if (op !== EpollOperation.MOD && op !== EpollOperation.DEL) return Errno.EINVAL;
  if (!interest) return Errno.ENOENT;
  if (op === EpollOperation.MOD && (interest.events & EpollFlag.EXCLUSIVE) !== 0) {
    return Errno.EINVAL;
  }
  epoll.remove(interest);
  if (op === EpollOperation.MOD) epoll.add(fd, file, wanted);
  return 0;
}

/** Whether these events make sense: who wants to be the only one woken cannot want everything. */
function mayBeExclusive(op: number, file: OpenFile, events: number): boolean {
  if ((events & EpollFlag.EXCLUSIVE) === 0) return true;
  return op === EpollOperation.ADD && !(file instanceof Epoll) &&
    (events & ~EXCLUSIVE_EVENTS) === 0;
}

function epollPwait(
  task: Task,
  epfd: number,
  address: number,
  most: number,
  timeout: number,
  mask: number,
  size: number,
): Answer {
  const deadline = timeout < 0 ? Infinity : task.now + timeout * MILLISECOND;
  return waitFor(task, epfd, { address, most, deadline, mask, size });
}

function epollPwait2(
  task: Task,
  epfd: number,
  address: number,
  most: number,
  timeout: number,
  mask: number,
  size: number,
): Answer {
  const nanos = timeout === 0 ? Infinity : readTime(task, timeout);
  if (nanos < 0) return nanos;
  return waitFor(task, epfd, { address, most, deadline: task.now + nanos, mask, size });
}

function waitFor(
  task: Task,
  epfd: number,
  { address, most, deadline, mask, size }: {
    address: number;
    most: number;
    deadline: number;
    mask: number;
    size: number;
  },
): Answer {
  if (most <= 0 || most > EVENTS_MAX) return Errno.EINVAL;
  const epoll = task.file(epfd);
  if (!epoll) return Errno.EBADF;
  if (!(epoll instanceof Epoll)) return Errno.EINVAL;
  const status = blockMeanwhile(task, mask, size);
  if (status !== 0) return status;
  const attempt = (): number | null => {
    const ready = epoll.ready(most);
    if (ready.length === 0) return task.now < deadline ? null : 0;
    const bytes = new Uint8Array(ready.length * EPOLL_EVENT_SIZE);
    const view = new DataView(bytes.buffer);
    ready.forEach(({ interest, events }, at) => {
      view.setUint32(at * EPOLL_EVENT_SIZE, events, true);
      view.setBigUint64(at * EPOLL_EVENT_SIZE + 8, interest.data, true);
    });
    return writeBytes(task, address, bytes) || ready.length;
  };
  return task.block({
    site: "do_epoll_wait",
    queues: [epoll.queue],
    attempt,
    deadline,
    timedOut: () => 0,
    interrupted: () => Restart.NOHAND,
  });
}

const WAIT = { epfd: "fd", events: "pointer", most: "int" } as const;
const MASK = { mask: "pointer", size: "size" } as const;

/** Calls that make files of events. */
export const EVENT_CALLS: readonly LinuxCall[] = [
  call(19, "eventfd2", { count: "uint", flags: "uint" }, eventfd2),
  call(20, "epoll_create1", { flags: "uint" }, epollCreate1),
  call(21, "epoll_ctl", { epfd: "fd", op: "int", fd: "fd", event: "pointer" }, epollCtl),
  call(22, "epoll_pwait", { ...WAIT, timeout: "int", ...MASK }, epollPwait),
  call(74, "signalfd4", { fd: "fd", set: "pointer", size: "size", flags: "uint" }, signalfd4),
  call(85, "timerfd_create", { clock: "int", flags: "uint" }, timerfdCreate),
  call(
    86,
    "timerfd_settime",
    { fd: "fd", flags: "uint", next: "pointer", old: "pointer" },
    timerfdSettime,
  ),
  call(87, "timerfd_gettime", { fd: "fd", value: "pointer" }, timerfdGettime),
  call(441, "epoll_pwait2", { ...WAIT, timeout: "pointer", ...MASK }, epollPwait2),
];
