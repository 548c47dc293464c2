/**
 * A system call of Linux, declared once: its number, its name, its arguments, its deed.
 *
 * @module
 */
import { Register } from "../abi/riscv64.ts";
import type { Context } from "../ports.ts";
import type { Answer } from "./answer.ts";
import type { Task } from "./task.ts";

/**
 * How an argument is read from its register, and how a trace shows it: 32 bits with a sign, 32 bits
 * without, 64 bits with a sign, or an address.
 */
export type ArgKind = PlainKind | `flags:${string}`;

/** The kinds that say enough by themselves; of flags only their table says what they are. */
export type PlainKind =
  | "int"
  | "fd"
  | "dirfd"
  | "uint"
  | "mode"
  | "long"
  | "size"
  | "pointer"
  | "path"
  | "signal"
  | "pid";

/** A system call. */
export interface LinuxCall {
  /** What it is called. */
  readonly name: string;
  /** Its number. */
  readonly number: number;
  /** Its arguments' names. */
  readonly names: readonly string[];
  /** Its arguments' kinds. */
  readonly kinds: readonly ArgKind[];
  /** How each argument is read. */
  readonly widths: readonly Width[];
  /** What it does. */
  readonly run: Deed;
  /** Why it does nothing else than fail, if that is so. */
  readonly absence: string | null;
}

/** What a call does with its arguments. */
export type Deed = (
  task: Task,
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
) => Answer;

type Width = 0 | 1 | 2 | 3;
const SIGNED_LOW = 0;
const LOW = 1;
const SIGNED = 2;
const WHOLE = 3;

const WIDTHS: Readonly<Record<PlainKind, Width>> = {
  int: SIGNED_LOW,
  fd: SIGNED_LOW,
  dirfd: SIGNED_LOW,
  uint: LOW,
  mode: LOW,
  long: SIGNED,
  size: WHOLE,
  pointer: WHOLE,
  path: WHOLE,
  signal: SIGNED_LOW,
  pid: SIGNED_LOW,
};

/** Whether a kind says enough by itself. */
export function isPlain(kind: ArgKind): kind is PlainKind {
  return kind in WIDTHS;
}

/** Declare a call. */
export function call(
  number: number,
  name: string,
  args: Readonly<Record<string, ArgKind>>,
  run: Deed,
  absence: string | null = null,
): LinuxCall {
  const kinds = Object.values(args);
  const widths = kinds.map((kind) => isPlain(kind) ? WIDTHS[kind] : SIGNED);
  return { name, number, names: Object.keys(args), kinds, widths, run, absence };
}

const { A0 } = Register;

/** An argument of a call, from its register. */
export function argument(row: LinuxCall, context: Context, at: number): number {
  const register = A0 + at;
  switch (row.widths[at]) {
    case undefined:
      return 0;
    case SIGNED_LOW:
      return context.getLow(register) | 0;
    case LOW:
      return context.getLow(register);
    case SIGNED:
      return context.getSigned(register);
    default:
      return context.get(register);
  }
}

/** Do a call with the arguments that are in the registers. */
export function perform(row: LinuxCall, task: Task): Answer {
  const { context } = task;
  const count = row.widths.length;
  return row.run(
    task,
    count > 0 ? argument(row, context, 0) : 0,
    count > 1 ? argument(row, context, 1) : 0,
    count > 2 ? argument(row, context, 2) : 0,
    count > 3 ? argument(row, context, 3) : 0,
    count > 4 ? argument(row, context, 4) : 0,
    count > 5 ? argument(row, context, 5) : 0,
  );
}
