/**
 * The system calls of machine code, as the event log tells of them: what a script's request says by
 * itself.
 *
 * @module
 */
import { rightNames } from "../../kernel/abi.ts";
import type { HandleMove, KernelEvent } from "../../kernel/events.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import type { SyscallTable } from "../../kernel/syscall/table.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Thread } from "../../kernel/task/thread.ts";
import { noteCall, type NotedCall, type ObjectFact } from "../step.ts";

/** A call of machine code. */
export interface MachineCall {
  /** What was asked. */
  readonly noted: NotedCall;
  /** The answer; undefined while it waits. */
  readonly reply: Readonly<Record<string, unknown>> | undefined;
  /** The objects whose handles it got. */
  readonly got: readonly ObjectFact[];
}

interface Heard {
  readonly event: number;
  readonly noted: NotedCall;
  reply: Readonly<Record<string, unknown>> | undefined;
  readonly got: ObjectFact[];
  readonly sent: ObjectFact[];
}

/** Rows by their names in the ABI, each with the name that scripts have for it. */
export type CallNames = ReadonlyMap<string, { readonly row: Row; readonly call: string }>;

/** The names of a table's calls. */
export function callNames(table: SyscallTable): CallNames {
  return new Map(table.rows.map((row) => [row.name, { row, call: scriptName(row.name) }]));
}

/** Deadlines from here on are never reached. */
const FOREVER = 2 ** 63 - 1024;

/** The calls in which handles that a process loses are on their way to another. */
const SENDS = /^channel(Write|Call)/;

/** Knows the last call of each thread that executes machine code. */
export class MachineCalls {
  /** Whether anybody will ask for the calls; their names are told all the same. */
  noting = true;
  readonly #calls = new Map<number, Heard>();
  readonly #rows: CallNames;
  readonly #processes = new Map<number, Process>();
  readonly #onCall: (name: string) => void;
  /** The call under way. */
  #current: Heard | null = null;

  /** Each call's name is told as scripts have it. */
  constructor(rows: CallNames, onCall: (name: string) => void) {
    this.#rows = rows;
    this.#onCall = onCall;
  }

  /** Know the calls of a process. */
  add(process: Process): void {
    this.#processes.set(process.koid, process);
  }

  /** Hear of an event. */
  readonly heard = (event: KernelEvent): void => {
    if (event.kind === "syscall") this.#began(event);
    else if (event.kind === "syscall-done") {
      const call = this.#calls.get(event.thread);
      if (call) call.reply = { ...event.outs, status: event.status };
    } else if (event.kind === "handle-lose" || event.kind === "handle-gain") {
      const call = this.#current;
      if (!call || event.cause !== call.event) return;
      if (event.kind === "handle-gain") call.got.push(factOfMove(event));
      else if (SENDS.test(call.noted.request.call)) call.sent.push(factOfMove(event));
    }
  };

  /** Take the call that a thread made last, once it is answered; while it waits it stays. */
  take({ koid, park }: Thread): MachineCall | undefined {
    const call = this.#calls.get(koid);
    if (!call) return undefined;
    if (park === null) this.#calls.delete(koid);
    return { ...call, noted: { ...call.noted, sent: call.sent } };
  }

  /** Whether a thread's call is known and not taken. */
  has({ koid }: Thread): boolean {
    return this.#calls.has(koid);
  }

  #began(event: KernelEvent & { readonly kind: "syscall" }): void {
    this.#current = null;
    const process = this.#processes.get(event.process);
    const found = this.#rows.get(event.name);
    if (!process || !found) return;
    this.#onCall(found.call);
    if (!this.noting) return;
    const noted = noteCall(process, found.row, {
      call: found.call,
      args: plainArgs(found.row, event.args),
    });
    this.#current = { event: event.seq, noted, reply: undefined, got: [], sent: [] };
    this.#calls.set(event.thread, this.#current);
  }
}

/** Arguments that say something by themselves: no addresses of memory, no deadline that never comes. */
function plainArgs(row: Row, args: Readonly<Record<string, unknown>>) {
  const told = row.names.filter((name, at) => {
    const { label } = row.kinds[at]!;
    if (label === "deadline") return Number(args[name]) < FOREVER;
    return /handle( \(|$)|^[ui]\d+$|^options/.test(label);
  });
  return Object.fromEntries(told.map((name) => [name, args[name]]));
}

function factOfMove({ koid, type, name, rights }: HandleMove): ObjectFact {
  return { koid, type, name, rights: rightNames(rights), related: 0 };
}

/** The name that scripts have for a call, such as `channelWrite` for `zx_channel_write`. */
export function scriptName(name: string): string {
  return name.slice(3).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
