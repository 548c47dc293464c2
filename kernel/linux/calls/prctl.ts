/**
 * `prctl`: what a task says about itself, and asks of itself.
 *
 * @module
 */
import { CAPABILITY_LAST } from "../abi/capability.ts";
import { Ambient, MceKill, Mdwe, Prctl, SecureBit } from "../abi/prctl.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { bytesOf, nameOf } from "../name.ts";
import type { Mm } from "../mm/mm.ts";
import { MmFlag } from "../mm/mm_flags.ts";
import { SeccompMode } from "../abi/seccomp.ts";
import { SIGNALS } from "../abi/signal.ts";
import type { Task } from "../task.ts";
import { setSeccomp } from "./seccomp.ts";
import { writeBytes, writeWords32, writeWords64 } from "./user_data.ts";

const COMM_MAX = 15;

function prctl(
  task: Task,
  option: number,
  argument: number,
  second: number,
  third: number,
  fourth: number,
): Answer {
  const { group, mm } = task;
  switch (option) {
    case Prctl.SET_PDEATHSIG:
      if (argument > SIGNALS) return Errno.EINVAL;
      task.parentDeathSignal = argument;
      return 0;
    case Prctl.GET_PDEATHSIG:
      return writeWords32(task, argument, [task.parentDeathSignal]) ? 0 : Errno.EFAULT;
    case Prctl.GET_DUMPABLE:
      return mm.dumpable ? 1 : 0;
    case Prctl.SET_DUMPABLE:
      if (argument > 1) return Errno.EINVAL;
      mm.dumpable = argument === 1;
      return 0;
    case Prctl.SET_CHILD_SUBREAPER:
      group.isSubreaper = argument !== 0;
      return 0;
    case Prctl.GET_CHILD_SUBREAPER:
      return writeWords32(task, argument, [group.isSubreaper ? 1 : 0]) ? 0 : Errno.EFAULT;
    case Prctl.GET_KEEPCAPS:
      return task.credentials.keepsCapabilities ? 1 : 0;
    case Prctl.SET_KEEPCAPS:
      if (argument > 1) return Errno.EINVAL;
      task.credentials = { ...task.credentials, keepsCapabilities: argument === 1 };
      return 0;
    case Prctl.CAPBSET_READ:
      return argument > CAPABILITY_LAST ? Errno.EINVAL : 1;
    case Prctl.GET_SECUREBITS:
      return task.credentials.keepsCapabilities ? SecureBit.KEEP_CAPS : 0;
    case Prctl.GET_TID_ADDRESS:
      return writeWords64(task, argument, [task.clearChildTid]) ? 0 : Errno.EFAULT;
    case Prctl.GET_SECCOMP:
      return task.seccomp?.mode ?? SeccompMode.DISABLED;
    case Prctl.SET_SECCOMP:
      return setSeccomp(task, argument, second);
    default:
      return timeCommand(task, option, argument) ??
        strictCommand(task, option, [argument, second, third, fourth]);
  }
}

/** What is about time; null for the rest. */
function timeCommand(task: Task, option: number, argument: number): number | null {
  switch (option) {
    // Time is counted as it is.
    case Prctl.GET_TIMING:
      return 0;
    case Prctl.SET_TIMING:
      return argument === 0 ? 0 : Errno.EINVAL;
    case Prctl.SET_TIMERSLACK:
      task.timerSlack = argument || 50_000;
      return 0;
    case Prctl.GET_TIMERSLACK:
      return task.timerSlack;
    default:
      return null;
  }
}

/** What is refused where there are arguments that mean nothing. */
function strictCommand(task: Task, option: number, args: readonly number[]): number {
  const [first = 0, second = 0, third = 0] = args;
  const given = args.findLastIndex((argument) => argument !== 0) + 1;
  switch (option) {
    case Prctl.SET_NO_NEW_PRIVS:
      if (first !== 1 || given > 1) return Errno.EINVAL;
      task.noNewPrivileges = true;
      return 0;
    case Prctl.GET_NO_NEW_PRIVS:
      if (given > 0) return Errno.EINVAL;
      return task.noNewPrivileges ? 1 : 0;
    case Prctl.MCE_KILL_GET:
      return given > 0 ? Errno.EINVAL : MceKill.DEFAULT;
    case Prctl.CAP_AMBIENT:
      return ambientCommand(first, second, given);
    case Prctl.GET_AUXV:
      if (given > 2 || third !== 0) return Errno.EINVAL;
      return giveAuxv(task, first, second);
    default:
      return memoryCommand(task.mm, option, first, given) ?? nameCommand(task, option, first);
  }
}

/** What is about memory as a whole, which has neither large pages nor looks for some that are alike. */
function memoryCommand(mm: Mm, option: number, argument: number, given: number): number | null {
  switch (option) {
    case Prctl.SET_THP_DISABLE:
      return given > 1 ? Errno.EINVAL : setFlag(mm, MmFlag.DISABLE_THP, argument !== 0);
    case Prctl.GET_THP_DISABLE:
      return given > 0 ? Errno.EINVAL : hasFlag(mm, MmFlag.DISABLE_THP);
    case Prctl.SET_MEMORY_MERGE:
      return given > 1 ? Errno.EINVAL : setFlag(mm, MmFlag.VM_MERGE_ANY, argument !== 0);
    case Prctl.GET_MEMORY_MERGE:
      return given > 0 ? Errno.EINVAL : hasFlag(mm, MmFlag.VM_MERGE_ANY);
    case Prctl.SET_MDWE:
      return given > 1 ? Errno.EINVAL : setMdwe(mm, argument);
    case Prctl.GET_MDWE:
      return given > 0 ? Errno.EINVAL : mdweOf(mm);
    default:
      return null;
  }
}

function setFlag(mm: Mm, flag: number, isSet: boolean): number {
  mm.flags = isSet ? mm.flags | flag : mm.flags & ~flag;
  return 0;
}

function hasFlag({ flags }: Mm, flag: number): number {
  return Number((flags & flag) !== 0);
}

/** Refuse memory that is written to and executed; whoever did so cannot go back. */
function setMdwe(mm: Mm, wanted: number): number {
  const { REFUSE_EXEC_GAIN, NO_INHERIT } = Mdwe;
  if (wanted > (REFUSE_EXEC_GAIN | NO_INHERIT) || wanted === NO_INHERIT) return Errno.EINVAL;
  const before = mdweOf(mm);
  if (before !== 0 && before !== wanted) return Errno.EPERM;
  setFlag(mm, MmFlag.HAS_MDWE, (wanted & REFUSE_EXEC_GAIN) !== 0);
  return setFlag(mm, MmFlag.HAS_MDWE_NO_INHERIT, (wanted & NO_INHERIT) !== 0);
}

function mdweOf(mm: Mm): number {
  return hasFlag(mm, MmFlag.HAS_MDWE) * Mdwe.REFUSE_EXEC_GAIN +
    hasFlag(mm, MmFlag.HAS_MDWE_NO_INHERIT) * Mdwe.NO_INHERIT;
}

/** Nobody's rights are handed on to programs that ask for none. */
function ambientCommand(command: number, capability: number, given: number): number {
  const isAll = command === Ambient.CLEAR_ALL;
  if (given > (isAll ? 1 : 2) || capability > CAPABILITY_LAST) return Errno.EINVAL;
  if (isAll || command === Ambient.IS_SET || command === Ambient.LOWER) return 0;
  return command === Ambient.RAISE ? Errno.EPERM : Errno.EINVAL;
}

function giveAuxv(task: Task, address: number, size: number): number {
  const { auxv } = task.mm;
  return writeBytes(task, address, auxv.subarray(0, size)) || auxv.length;
}

function nameCommand(task: Task, option: number, address: number): number {
  if (option === Prctl.SET_NAME) {
    const bytes = task.mm.memory.stringBytes(address, COMM_MAX);
    if (typeof bytes === "number") return Errno.EFAULT;
    task.comm = nameOf(bytes);
    return 0;
  }
  if (option !== Prctl.GET_NAME) return Errno.EINVAL;
  const bytes = new Uint8Array(COMM_MAX + 1);
  bytes.set(bytesOf(task.comm));
  return writeBytes(task, address, bytes);
}

/** `prctl`, which is one call for many purposes. */
export const PRCTL_CALLS: readonly LinuxCall[] = [
  call(
    167,
    "prctl",
    {
      option: "int",
      argument: "pointer",
      second: "pointer",
      third: "pointer",
      fourth: "pointer",
    },
    prctl,
  ),
];
