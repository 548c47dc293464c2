/**
 * Whose a terminal is: the session that it controls, who is in front there, and who else may open it.
 *
 * @module
 */
import { Capability } from "../abi/capability.ts";
import { Ioctl } from "../abi/ioctl.ts";
import { SignalNumber } from "../abi/signal.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import type { Terminal } from "./terminal.ts";

/** Do what a task asks about whose a terminal is. */
export function sessionRequest(
  terminal: Terminal,
  task: Task,
  request: number,
  argument: number,
): number {
  const { group, linux } = task;
  const tell = (value: number) => task.mm.memory.writeU32(argument, value) === 0 ? 0 : Errno.EFAULT;
  switch (request >>> 0) {
    case Ioctl.TIOCNOTTY:
      if (group.terminal !== terminal) return Errno.ENOTTY;
      linux.terminalLost(group);
      group.terminal = null;
      return 0;
    case Ioctl.TIOCGPGRP:
      return group.terminal === terminal ? tell(terminal.foreground) : Errno.ENOTTY;
    case Ioctl.TIOCSPGRP:
      return setForeground(terminal, task, argument);
    case Ioctl.TIOCGSID:
      return group.terminal === terminal ? tell(terminal.session) : Errno.ENOTTY;
    case Ioctl.TIOCEXCL:
    case Ioctl.TIOCNXCL:
      terminal.isExclusive = request === Ioctl.TIOCEXCL;
      return 0;
    case Ioctl.TIOCGEXCL:
      return tell(Number(terminal.isExclusive));
    default:
      return Errno.ENOTTY;
  }
}

function setForeground(terminal: Terminal, task: Task, argument: number): number {
  const { group, linux } = task;
  if (group.terminal !== terminal) return Errno.ENOTTY;
  const pgid = task.mm.memory.readU32(argument);
  if (pgid < 0) return Errno.EFAULT;
  const members = [...linux.groups.values()].filter((one) => one.pgid === pgid);
  if (members.length === 0) return Errno.ESRCH;
  if (!members.some(({ sid }) => sid === group.sid)) return Errno.EPERM;
  const status = terminal.mayUse(SignalNumber.SIGTTOU);
  if (status !== 0) return status;
  terminal.foreground = pgid;
  return 0;
}

/**
 * Let a terminal control the session that a task leads: one that is free, or another session's if the
 * task insists and may.
 */
export function control(
  terminal: Terminal,
  task: Task,
  { insists, readable }: { readonly insists: boolean; readonly readable: boolean },
): number {
  const { group, linux } = task;
  const isLeader = group.sid === group.pid;
  if (isLeader && terminal.session === group.sid) return 0;
  if (!isLeader || group.terminal !== null) return Errno.EPERM;
  const isMighty = task.may(Capability.SYS_ADMIN);
  if (terminal.session !== 0) {
    if (!insists || !isMighty) return Errno.EPERM;
    for (const one of linux.groups.values()) if (one.terminal === terminal) one.terminal = null;
  }
  if (!readable && !isMighty) return Errno.EPERM;
  terminal.attach(group);
  return 0;
}

/** Type a byte in somebody else's place. */
export function typeFor(terminal: Terminal, task: Task, argument: number): number {
  const isOwn = task.group.terminal === terminal;
  if (!isOwn && !task.may(Capability.SYS_ADMIN)) return Errno.EPERM;
  const byte = task.mm.memory.bytes(argument, 1);
  if (typeof byte === "number") return Errno.EFAULT;
  terminal.feed(byte);
  return 0;
}

/** Whether a task may open a terminal that somebody may have wanted for himself: 0, or EBUSY. */
export function mayOpen(terminal: Terminal, task: Task | null): number {
  const isKept = terminal.isExclusive && !(task?.may(Capability.SYS_ADMIN) ?? true);
  return isKept ? Errno.EBUSY : 0;
}
