/**
 * What `strace` would print of a Linux program: each call with its arguments and its answer, each
 * signal, each end.
 *
 * A line is written whole where nothing comes between a call and its answer. A call that waits is
 * written as far as it is known, and another task's line breaks it in two, as in `strace -f`.
 *
 * @module
 */
import { codeOf, isDumped, signalOf } from "../../kernel/linux/exit_status.ts";
import { Register } from "../../kernel/abi/riscv64.ts";
import type { LinuxCall } from "../../kernel/linux/call.ts";
import type { SigInfo } from "../../kernel/linux/signal/siginfo.ts";
import type { Task } from "../../kernel/linux/task.ts";
import type { Tracer } from "../../kernel/linux/tracer.ts";
import { answerText } from "./answer_text.ts";
import { headText, tailText } from "./call_text.ts";
import { quoted } from "./quoted.ts";
import { Seen } from "./seen.ts";
import { addressText, hexText, signalText } from "./shape.ts";
import { sigInfoText } from "./signal_shapes.ts";

/** Where answers stand, if the call is not longer. */
const ANSWER_COLUMN = 40;
const ARGUMENTS = 6;
const { A0 } = Register;

/** A program that was started from outside. */
export interface Started {
  /** Its path. */
  readonly path: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its environment. */
  readonly environment: readonly string[];
}

/** A line: whose, what stands before it, and what it says. */
interface Line {
  readonly tid: number;
  readonly prefix: string;
  readonly text: string;
}

/** Writes what `strace` would. */
export class StraceText implements Tracer {
  readonly #write: (text: string) => void;
  readonly #begun = new Map<number, Seen>();
  readonly #codes = new Map<number, number>();
  /** What happened while a call was at work: it is told once that is over. */
  readonly #later: Line[] = [];
  /** Signals that came while their task's call was at rest: they are seen behind it. */
  readonly #signals = new Map<number, Line[]>();
  /** The line that has no end yet. */
  #open: { readonly tid: number; text: string; shown: number } | null = null;
  #isAtWork = false;

  /** Text goes to `write`: lines, or parts of them where a call waits. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** A program from outside has begun: the call that nobody made. */
  started(task: Task, { path, args, environment }: Started): void {
    const text = (one: string) => quoted(new TextEncoder().encode(one));
    const many = environment.length === 1 ? "1 var" : `${environment.length} vars`;
    const where = addressText(task.mm.stackStart + 8 * (args.length + 2));
    const shown = `execve(${text(path)}, [${args.map(text).join(", ")}], ${where} /* ${many} */)`;
    this.#tell(task, `${padded(shown)}= 0`);
  }

  entered(task: Task, row: LinuxCall): void {
    const seen = new Seen(task, row);
    this.#begin({ tid: task.tid, prefix: prefixOf(task), text: headText(seen) });
    this.#begun.set(task.tid, seen);
    this.#isAtWork = true;
    if (row.name !== "exit_group" && row.name !== "exit") return;
    this.#codes.set(task.tid, seen.int(0) & 0xff);
    this.#finish(task, "?");
  }

  waits(task: Task): void {
    if (this.#open?.tid === task.tid) this.#show();
    this.#tellLater();
  }

  left(task: Task, answer: number): void {
    const seen = this.#begun.get(task.tid);
    if (!seen) return;
    seen.answer = answer;
    this.#finish(task, answerText(seen));
  }

  unknown(task: Task, number: number): void {
    const args = Array.from(
      { length: ARGUMENTS },
      (_, at) => hexText(task.context.getBig(A0 + at)),
    );
    const text = `syscall_0x${number.toString(16)}(${args.join(", ")})`;
    this.#tell(task, `${padded(text)}= -1 ENOSYS (Function not implemented)`);
  }

  signal(task: Task, info: SigInfo): void {
    const text = `--- ${signalText(info.signal)} ${sigInfoText(info)} ---`;
    const waiting = this.#begun.get(task.tid);
    if (!waiting) return this.#tell(task, text);
    const behind = this.#signals.get(task.tid) ?? [];
    behind.push({ tid: task.tid, prefix: prefixOf(task), text });
    this.#signals.set(task.tid, behind);
  }

  stopped(task: Task, signal: number): void {
    this.#tell(task, `--- stopped by ${signalText(signal)} ---`);
  }

  began(task: Task): void {
    this.#tellAs({ tid: task.tid, prefix: "strace: ", text: `Process ${task.tid} attached` });
  }

  ended(task: Task, status: number): void {
    const code = status < 0 ? this.#codes.get(task.tid) ?? 0 : codeOf(status);
    this.#codes.delete(task.tid);
    if (this.#begun.has(task.tid)) this.#finish(task, "?");
    const signal = status < 0 ? 0 : signalOf(status);
    const core = isDumped(status) ? " (core dumped)" : "";
    const how = signal === 0 ? `exited with ${code}` : `killed by ${signalText(signal)}${core}`;
    this.#tell(task, `+++ ${how} +++`);
  }

  renumbered(task: Task, before: number): void {
    const seen = this.#begun.get(before);
    if (!seen) return;
    this.#breakOpen();
    this.#begun.delete(before);
    this.#begun.set(task.tid, seen);
  }

  #finish(task: Task, answer: string): void {
    const { tid } = task;
    const seen = this.#begun.get(tid)!;
    this.#begun.delete(tid);
    // A call that never answers does not put anything down either.
    const tail = seen.answer === null ? "" : tailText(seen);
    const text = this.#open?.tid === tid ? null : `<... ${seen.row.name} resumed>`;
    if (text !== null) this.#begin({ tid, prefix: prefixOf(task), text });
    const open = this.#open!;
    open.text = `${padded(`${open.text}${tail})`)}= ${answer}`;
    this.#end();
    this.#tellLater();
    for (const line of this.#signals.get(tid) ?? []) this.#tellAs(line);
    this.#signals.delete(tid);
  }

  /** A line of a task's own. */
  #tell(task: Task, text: string): void {
    this.#tellAs({ tid: task.tid, prefix: prefixOf(task), text });
  }

  #tellAs(line: Line): void {
    if (this.#isAtWork) {
      this.#later.push(line);
      return;
    }
    this.#begin(line);
    this.#end();
  }

  #tellLater(): void {
    this.#isAtWork = false;
    for (const line of this.#later.splice(0)) this.#tellAs(line);
  }

  #begin({ tid, prefix, text }: Line): void {
    this.#breakOpen();
    this.#open = { tid, text: prefix + text, shown: 0 };
  }

  #end(): void {
    this.#open!.text += "\n";
    this.#show();
    this.#open = null;
  }

  #show(): void {
    const open = this.#open!;
    if (open.shown < open.text.length) this.#write(open.text.slice(open.shown));
    open.shown = open.text.length;
  }

  /** Another line begins before the last one has its end. */
  #breakOpen(): void {
    if (this.#open === null) return;
    this.#open.text += " <unfinished ...>";
    this.#end();
  }
}

function prefixOf(task: Task): string {
  return task.linux.tasks.size > 1 ? `[pid ${String(task.tid).padStart(5)}] ` : "";
}

function padded(text: string): string {
  return `${text} `.padEnd(ANSWER_COLUMN);
}
