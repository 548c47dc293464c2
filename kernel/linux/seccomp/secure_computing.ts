/**
 * What becomes of the calls of a task that filters them.
 *
 * @module
 */
import { Register } from "../../abi/riscv64.ts";
import { Resource } from "../abi/process.ts";
import {
  AUDIT_ARCH_RISCV64,
  MAX_ERRNO,
  SeccompAction,
  SeccompMode,
  SeccompPart,
} from "../abi/seccomp.ts";
import { OwnCode, SignalNumber } from "../abi/signal.ts";
import { type Answer, SILENT } from "../answer.ts";
import { Errno } from "../errno.ts";
import { killed } from "../exit_status.ts";
import { forceSignal } from "../signal/send.ts";
import type { SigInfo } from "../signal/siginfo.ts";
import type { Task } from "../task.ts";
import { CallData } from "./call_data.ts";
import { actionOf, type Seccomp } from "./filter.ts";

const { A0 } = Register;

/** All that a task may call in the strict mode: read, write, exit, rt_sigreturn. */
const STRICT_CALLS: readonly number[] = [63, 64, 93, 139];

/** Make a call as far as a task's filters let it; `goOn` makes it. */
export function secureComputing(
  task: Task,
  { seccomp, number, goOn }: {
    readonly seccomp: Seccomp;
    readonly number: number;
    readonly goOn: () => Answer;
  },
): Answer {
  const { filter } = seccomp;
  if (seccomp.mode === SeccompMode.STRICT || filter === null) {
    return strictly(task, number, goOn);
  }
  const verdict = filter.judge(number, () => new CallData(task));
  const action = actionOf(verdict.answer) >>> 0;
  if (action === SeccompAction.ALLOW) return goOn();
  const data = verdict.answer & SeccompPart.DATA;
  tell(task, number, { action, data });
  switch (action) {
    case SeccompAction.LOG:
      return goOn();
    case SeccompAction.ERRNO:
      return answered(task, -Math.min(data, MAX_ERRNO));
    case SeccompAction.TRAP:
      forceSignal(task, aboutCall(task, number, data));
      return SILENT;
    case SeccompAction.TRACE:
      // No task is traced by another one.
      return answered(task, Errno.ENOSYS);
    case SeccompAction.USER_NOTIF:
      return verdict.filter?.notifications?.ask(task, new CallData(task), goOn) ??
        answered(task, Errno.ENOSYS);
    default:
      return kill(task, action === SeccompAction.KILL_THREAD);
  }
}

/** Make a call if it is one of the few that there are in the strict mode. */
function strictly(task: Task, number: number, goOn: () => Answer): Answer {
  if (STRICT_CALLS.includes(number)) return goOn();
  tell(task, number, { action: SeccompAction.KILL_THREAD, data: 0 });
  task.group.endTask(task, killed(SignalNumber.SIGKILL, false));
  return SILENT;
}

/** Answer a number, whatever others mean by it who would have a call made again. */
function answered(task: Task, answer: number): Answer {
  task.context.set(A0, answer);
  return SILENT;
}

/** End a task that made a call, or the whole process; its registers are as they were before. */
function kill(task: Task, isOne: boolean): Answer {
  const { group } = task;
  const signal = SignalNumber.SIGSYS;
  if (isOne && group.tasks.size > 1) {
    group.endTask(task, killed(signal, false));
    return SILENT;
  }
  task.linux.tracer?.left(task, task.context.getSigned(A0));
  group.killedBy(signal, group.limits.soft(Resource.CORE) > 0);
  return SILENT;
}

/** What comes with the signal of a call that was refused. */
function aboutCall(task: Task, number: number, data: number): SigInfo {
  return {
    signal: SignalNumber.SIGSYS,
    code: OwnCode.SYS.SECCOMP,
    errno: data,
    address: task.context.pc,
    call: { number: number | 0, architecture: AUDIT_ARCH_RISCV64 },
  };
}

const NAMES = new Map<number, string>(
  Object.entries(SeccompAction).map(([name, action]) => [action, name.toLowerCase()]),
);

function tell(
  { linux, group, thread }: Task,
  call: number,
  { action, data }: { readonly action: number; readonly data: number },
): void {
  const { log } = linux.realm;
  if (!log.listening) return;
  const name = NAMES.get(action) ?? "kill_process";
  log.emit("seccomp", {
    process: group.process.koid,
    thread: thread.koid,
    call,
    action: name,
    data,
  });
}
