/**
 * What `strace` would print of a Linux program: each call with its arguments and its answer.
 *
 * @module
 */
import { type ArgKind, argument, type LinuxCall } from "../kernel/linux/call.ts";
import { errnoName, Restart } from "../kernel/linux/errno.ts";
import { nameOf } from "../kernel/linux/name.ts";
import type { SigInfo } from "../kernel/linux/signal/siginfo.ts";
import { signalName } from "../kernel/linux/signal/signal.ts";
import type { Task } from "../kernel/linux/task.ts";
import type { Tracer } from "../kernel/linux/tracer.ts";
import { flagsText } from "./strace_flags.ts";

const TEXT_MAX = 32;
const AT_FDCWD = -100;
const ANSWER_COLUMN = 39;

/** Calls whose answer is an address. */
const ADDRESS_ANSWERS: ReadonlySet<string> = new Set(["brk", "mmap", "mremap"]);

/** Writes what `strace` would. */
export class StraceText implements Tracer {
  readonly #write: (line: string) => void;
  readonly #begun = new Map<number, string>();
  #several = false;

  /** Lines go to `write`, each with its end. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  entered(task: Task, row: LinuxCall): void {
    if (this.#begun.size > 0 || task.linux.tasks.size > 1) this.#several = true;
    const args = row.kinds.map((kind, at) => argumentText(task, row, { kind, at }));
    // A mode is only there for a file that is made.
    if (row.name === "openat" && !args[2]!.includes("O_CREAT")) args.pop();
    this.#begun.set(task.tid, `${row.name}(${args.join(", ")}`);
    if (row.name === "exit_group" || row.name === "exit") this.#finish(task, "?");
  }

  left(task: Task, answer: number): void {
    if (this.#begun.has(task.tid)) this.#finish(task, answerText(task, answer));
  }

  unknown(task: Task, number: number): void {
    this.#line(task, `syscall_${number}(...)`, "-1 ENOSYS (Function not implemented)");
  }

  signal(task: Task, info: SigInfo): void {
    const name = signalName(info.signal);
    const address = info.address === undefined ? "" : `, si_addr=0x${info.address.toString(16)}`;
    const prefix = this.#several ? `[pid ${task.tid}] ` : "";
    this.#write(`${prefix}--- ${name} {si_signo=${name}, si_code=${info.code}${address}} ---\n`);
  }

  #finish(task: Task, answer: string): void {
    const begun = this.#begun.get(task.tid)!;
    this.#begun.delete(task.tid);
    this.#line(task, `${begun})`, answer);
  }

  #line(task: Task, text: string, answer: string): void {
    const prefix = this.#several ? `[pid ${task.tid}] ` : "";
    this.#write(`${prefix}${text.padEnd(ANSWER_COLUMN)} = ${answer}\n`);
  }
}

function answerText(task: Task, answer: number): string {
  if (answer <= Restart.SYS && answer >= Restart.BLOCK) return `? ${errnoName(answer)}`;
  if (answer < 0 && answer > -4096) return `-1 ${errnoName(answer)} (${errorText(answer)})`;
  return ADDRESS_ANSWERS.has(task.callName) ? `0x${answer.toString(16)}` : `${answer}`;
}

function argumentText(
  task: Task,
  row: LinuxCall,
  { kind, at }: { readonly kind: ArgKind; readonly at: number },
): string {
  const value = argument(row, task.context, at);
  if (kind === "pointer") return value === 0 ? "NULL" : `0x${value.toString(16)}`;
  if (kind === "path") return pathText(task, value);
  if (kind === "dirfd") return value === AT_FDCWD ? "AT_FDCWD" : `${value}`;
  if (kind === "signal") return value === 0 ? "0" : signalName(value);
  if (kind === "mode") return `0${value.toString(8)}`;
  if (kind.startsWith("flags:")) return flagsText(kind.slice(6), value);
  if (row.name === "write" && row.names[at] === "buffer") return bufferText(task, row, at);
  if (row.name === "mmap" && row.names[at] === "offset") {
    return value === 0 ? "0" : `0x${value.toString(16)}`;
  }
  return `${value}`;
}

function pathText(task: Task, address: number): string {
  if (address === 0) return "NULL";
  const bytes = task.mm.memory.stringBytes(address, 4096);
  return typeof bytes === "number" ? `0x${address.toString(16)}` : quoted(nameOf(bytes), false);
}

function bufferText(task: Task, row: LinuxCall, at: number): string {
  const address = argument(row, task.context, at);
  const length = argument(row, task.context, at + 1);
  const bytes = task.mm.memory.bytes(address, Math.min(length, TEXT_MAX));
  if (typeof bytes === "number") return `0x${address.toString(16)}`;
  return quoted(nameOf(bytes), length > TEXT_MAX);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\t": "\\t",
  "\r": "\\r",
  "\\": "\\\\",
  '"': '\\"',
};

function quoted(text: string, isCut: boolean): string {
  // Whatever is no printable ASCII is written as a number.
  const shown = [...text].map((one) => {
    const code = one.charCodeAt(0);
    return ESCAPES[one] ?? (code >= 32 && code < 127 ? one : `\\${code.toString(8)}`);
  });
  return `"${shown.join("")}"${isCut ? "..." : ""}`;
}

const ERROR_TEXTS: Readonly<Record<string, string>> = {
  EPERM: "Operation not permitted",
  ENOENT: "No such file or directory",
  ESRCH: "No such process",
  EINTR: "Interrupted system call",
  EIO: "Input/output error",
  ENXIO: "No such device or address",
  E2BIG: "Argument list too long",
  ENOEXEC: "Exec format error",
  EBADF: "Bad file descriptor",
  ECHILD: "No child processes",
  EAGAIN: "Resource temporarily unavailable",
  ENOMEM: "Cannot allocate memory",
  EACCES: "Permission denied",
  EFAULT: "Bad address",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  ENODEV: "No such device",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EINVAL: "Invalid argument",
  EMFILE: "Too many open files",
  ENOTTY: "Inappropriate ioctl for device",
  ETXTBSY: "Text file busy",
  ENOSPC: "No space left on device",
  ESPIPE: "Illegal seek",
  EPIPE: "Broken pipe",
  ERANGE: "Numerical result out of range",
  ENAMETOOLONG: "File name too long",
  ENOSYS: "Function not implemented",
  ENOTEMPTY: "Directory not empty",
  ELOOP: "Too many levels of symbolic links",
  ETIMEDOUT: "Connection timed out",
};

function errorText(answer: number): string {
  return ERROR_TEXTS[errnoName(answer)] ?? "Error";
}
