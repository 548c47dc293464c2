/**
 * Calls about processes.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno } from "../error.ts";
import { accessX, lwpExecve, sysExecve } from "../execve.ts";
import { fork } from "../fork.ts";
import type { Strings } from "../loader.ts";
import type { Lwp } from "../lwp.ts";
import { type LwpThread, PRIORITY_MAX } from "../lwp_thread.ts";
import { sendSignal } from "../signal.ts";
import { isUserAccessible } from "../mm/user_mm.ts";
import { rawText, rawWord, readText, readWord } from "../user_data.ts";

const WNOHANG = 1;
const PRIO_PROCESS = 0;
const NO_PRIORITY = 0xff;
const STRINGS_MAX = 4096;

function exit(thread: LwpThread, code = 0): Answer {
  thread.lwp.exitThread(thread, code);
  return SILENT;
}

function exitGroup(thread: LwpThread, code = 0): Answer {
  thread.lwp.exitGroup(code);
  return SILENT;
}

/** Start a program as a child: its arguments are read where the caller says, without a check. */
function exec(thread: LwpThread, path = 0, count = 0, argv = 0, envp = 0): Answer {
  const text = readText(thread, path);
  if (!text) return Errno.EFAULT;
  const args = rawTexts(thread, argv, Math.min(count, STRINGS_MAX));
  const environment = envp === 0 ? [] : rawTexts(thread, envp, STRINGS_MAX);
  if (args === null || environment === null) return SILENT;
  const made = lwpExecve(thread.rtsmart, { path: text, args, environment, caller: thread.lwp });
  return typeof made === "number" ? made : made.pid;
}

function rawTexts(thread: LwpThread, address: number, count: number): string[] | null {
  const texts: string[] = [];
  for (let at = 0; at < count; at++) {
    const word = rawWord(thread, address + 8 * at, "lwp_argscopy");
    if (word === 0) break;
    const text = word === null ? null : rawText(thread, word, "lwp_argscopy");
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

function execve(thread: LwpThread, path = 0, argv = 0, envp = 0): Answer {
  const { lwp, rtsmart } = thread;
  const isFirst = rtsmart.loader.generation === "A";
  if (!isFirst && lwp.threads.length > 1) return Errno.EINVAL;
  // The first one asks for the file before it has looked whether there is a path to be read.
  const text = isFirst ? rawText(thread, path, "access") : readText(thread, path);
  if (text === null) return isFirst ? SILENT : Errno.EFAULT;
  const access = accessX(rtsmart, text, lwp.workingDirectory);
  if (access !== 0) return isFirst ? Errno.EACCES : access;
  if (lwp.threads.length > 1) return Errno.EINVAL;
  const args = readTexts(thread, argv);
  const environment = readTexts(thread, envp);
  if (args === null || environment === null) return Errno.EFAULT;
  const strings: Strings = { args, environment };
  const status = rtsmart.loader.check(strings);
  if (status !== 0) return status;
  return sysExecve(thread, { path: text, ...strings, caller: lwp }) ?? SILENT;
}

function readTexts(thread: LwpThread, address: number): string[] | null {
  const texts: string[] = [];
  if (address === 0) return texts;
  for (let at = 0; at < STRINGS_MAX; at++) {
    const word = readWord(thread, address + 8 * at);
    if (word === null) return null;
    if (word === 0) return texts;
    const text = readText(thread, word);
    if (text === null) return null;
    texts.push(text);
  }
  return null;
}

function waitpid(thread: LwpThread, pid = 0, status = 0, options = 0): Answer {
  const { lwp } = thread;
  if (pid === 0 || pid < -1) return Errno.ENOSYS;
  if (status !== 0 && !isUserAccessible(lwp, status, 4)) return Errno.EFAULT;
  const attempt = (why: number): Answer => {
    if (why < 0) return why;
    const wanted = [...lwp.children].filter((one) => pid === -1 || one.pid === pid);
    if (wanted.length === 0) return Errno.ECHILD;
    const ended = wanted.find((one) => one.ended);
    if (ended) return reap(thread, ended, status);
    if ((options & WNOHANG) !== 0) return 0;
    return thread.suspend({ list: lwp.childEnded, then: attempt });
  };
  return attempt(0);
}

function reap({ lwp, rtsmart }: LwpThread, child: Lwp, status: number): Answer {
  if (status !== 0) lwp.memory.writeU32(status, child.status);
  rtsmart.forget(child);
  return child.pid;
}

/** Whatever becomes of the signal, sending it to a process that there is succeeds. */
function kill(thread: LwpThread, pid = 0, signal = 0): Answer {
  if (pid <= 0) return Errno.ENOSYS;
  const lwp = thread.rtsmart.lwps.get(pid);
  if (!lwp) return Errno.ESRCH;
  sendSignal(lwp, { signal, code: 0, pid: thread.lwp.pid });
  return 0;
}

function getpriority(thread: LwpThread, which = 0, who = 0): Answer {
  const lwp = who === 0 ? thread.lwp : thread.rtsmart.lwps.get(who);
  if (which !== PRIO_PROCESS) return NO_PRIORITY;
  return lwp?.mainThread?.priority ?? NO_PRIORITY;
}

function setpriority(thread: LwpThread, which = 0, who = 0, priority = 0): Answer {
  const lwp = who === 0 ? thread.lwp : thread.rtsmart.lwps.get(who);
  if (which !== PRIO_PROCESS || !lwp || priority < 0 || priority >= PRIORITY_MAX) return -1;
  for (const one of lwp.threads) one.setPriority(priority);
  return 0;
}

/** Calls about processes. */
export const PROCESS_CALLS: readonly RtSmartCall[] = [
  call(1, "exit", { code: "int" }, exit),
  call(13, "exec", { path: "text", argc: "int", argv: "pointer", envp: "pointer" }, exec),
  call(14, "kill", { pid: "int", signal: "int" }, kill),
  call(15, "getpid", {}, (thread) => thread.lwp.pid),
  call(16, "getpriority", { which: "int", who: "int" }, getpriority),
  call(17, "setpriority", { which: "int", who: "int", priority: "int" }, setpriority),
  call(98, "exit_group", { code: "int" }, exitGroup),
  call(110, "waitpid", { pid: "int", status: "pointer", options: "int" }, waitpid),
  call(136, "fork", {}, fork),
  call(137, "execve", { path: "text", argv: "pointer", envp: "pointer" }, execve),
  call(138, "vfork", {}, fork),
];
