/**
 * What `strace` would print of a program of RT-Smart: each call with its arguments and its answer.
 *
 * @module
 */
import { type ArgKind, argument, type RtSmartCall } from "../../kernel/rtsmart/call.ts";
import { errorName } from "../../kernel/rtsmart/error.ts";
import type { LwpThread } from "../../kernel/rtsmart/lwp_thread.ts";
import { textOf } from "../../kernel/rtsmart/text.ts";
import type { Tracer } from "../../kernel/rtsmart/tracer.ts";

const TEXT_MAX = 32;
const ANSWER_COLUMN = 39;
const ERRORS_FROM = -4096;

/** Calls whose answer is an address, or an object's. */
const ADDRESS_ANSWERS = /_create$|^(brk|mmap2|shmat|thread_self|thread_find)$/;

/** Writes what `strace` would. */
export class RtSmartStrace implements Tracer {
  readonly #write: (line: string) => void;
  readonly #begun = new Map<number, string>();
  #several = false;

  /** Lines go to `write`, each with its end. */
  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  entered(thread: LwpThread, row: RtSmartCall): void {
    if (thread.rtsmart.threads.size > 1) this.#several = true;
    const args = row.kinds.map((kind, at) => argumentText(thread, row, { kind, at }));
    this.#begun.set(thread.tid, `${row.name}(${args.join(", ")}`);
    if (row.name === "exit" || row.name === "exit_group") this.#finish(thread, "?");
  }

  left(thread: LwpThread, answer: number): void {
    if (this.#begun.has(thread.tid)) this.#finish(thread, answerText(thread, answer));
  }

  unknown(thread: LwpThread, number: number): void {
    this.#line(thread, `syscall_${number}(...)`, "-1 ENOSYS");
  }

  faulted(thread: LwpThread, why: string): void {
    this.#write(`${this.#prefix(thread)}--- ${why}: User Fault, killing thread ---\n`);
  }

  #finish(thread: LwpThread, answer: string): void {
    const begun = this.#begun.get(thread.tid)!;
    this.#begun.delete(thread.tid);
    this.#line(thread, `${begun})`, answer);
  }

  #line(thread: LwpThread, text: string, answer: string): void {
    this.#write(`${this.#prefix(thread)}${text.padEnd(ANSWER_COLUMN)} = ${answer}\n`);
  }

  #prefix({ lwp, tid }: LwpThread): string {
    return this.#several ? `[pid ${lwp.pid} tid ${tid}] ` : "";
  }
}

function answerText(thread: LwpThread, answer: number): string {
  const row = thread.rtsmart.calls.find((one) => one?.name === thread.callName);
  const why = row?.absence ? `, which is not here: ${row.absence}` : "";
  if (answer < 0 && answer > ERRORS_FROM) return `${answer} ${errorName(answer)}${why}`;
  return ADDRESS_ANSWERS.test(thread.callName) ? hex(answer) : `${answer}`;
}

function argumentText(
  thread: LwpThread,
  row: RtSmartCall,
  { kind, at }: { readonly kind: ArgKind; readonly at: number },
): string {
  const value = argument(row, thread.context, at);
  if (kind === "text") return quotedText(thread, value);
  if (kind === "ticks" && value === -1) return "RT_WAITING_FOREVER";
  if (row.name === "write" && row.names[at] === "buffer") {
    return bufferText(thread, value, argument(row, thread.context, at + 1));
  }
  return kind === "pointer" || kind === "object" ? hex(value) : `${value}`;
}

function quotedText(thread: LwpThread, address: number): string {
  const bytes = thread.lwp.memory.stringBytes(address, 4096);
  return typeof bytes === "number" ? hex(address) : JSON.stringify(textOf(bytes));
}

function bufferText(thread: LwpThread, address: number, length: number): string {
  const bytes = thread.lwp.memory.bytes(address, Math.min(length, TEXT_MAX));
  if (typeof bytes === "number") return hex(address);
  return JSON.stringify(textOf(bytes)) + (length > TEXT_MAX ? "..." : "");
}

/** An address; the kernel's own in 64 bits. */
function hex(value: number): string {
  if (value === 0) return "NULL";
  return `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;
}
