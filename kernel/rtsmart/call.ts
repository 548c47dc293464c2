/**
 * A system call of RT-Smart, declared once: its number, its name, its arguments, its deed.
 *
 * @module
 */
import { Register } from "../abi/riscv64.ts";
import type { Context } from "../ports.ts";
import type { Answer } from "./answer.ts";
import type { LwpThread } from "./lwp_thread.ts";

/**
 * How an argument is read from its register, and how a trace shows it: 32 bits with a sign, 32 bits
 * without, 8 bits, 64 bits with a sign, or an address of the program; an object is an address of the
 * kernel, which programs hold as it is.
 */
export type ArgKind =
  | "int"
  | "fd"
  | "uint"
  | "byte"
  | "ticks"
  | "long"
  | "size"
  | "pointer"
  | "text"
  | "object";

/** A system call. */
export interface RtSmartCall {
  /** What it is called. */
  readonly name: string;
  /** Its number: one more than its place in the table. */
  readonly number: number;
  /** Its arguments' names. */
  readonly names: readonly string[];
  /** Its arguments' kinds. */
  readonly kinds: readonly ArgKind[];
  /** Why RT-Smart's call of this number is not here; absent where it is. */
  readonly absence?: string;
  /** What it does. */
  readonly run: Deed;
}

/** What a call does with its arguments. */
export type Deed = (thread: LwpThread, ...args: number[]) => Answer;

/** Declare a call. */
export function call(
  number: number,
  name: string,
  args: Readonly<Record<string, ArgKind>>,
  run: Deed,
): RtSmartCall {
  return { name, number, names: Object.keys(args), kinds: Object.values(args), run };
}

const { A0 } = Register;

/** An argument of a call, from its register. */
export function argument(row: RtSmartCall, context: Context, at: number): number {
  const register = A0 + at;
  switch (row.kinds[at]) {
    case "int":
    case "fd":
    case "ticks":
      return context.getLow(register) | 0;
    case "uint":
      return context.getLow(register);
    case "byte":
      return context.getLow(register) & 0xff;
    case "long":
    case "object":
      return signed(context, register);
    default:
      return context.get(register);
  }
}

/** A register as a signed number; exact where the kernel's addresses are. */
function signed(context: Context, register: number): number {
  const value = context.get(register);
  return value < 2 ** 53 ? value : Number(BigInt.asIntN(64, context.getBig(register)));
}

/** Do a call with the arguments that are in the registers. */
export function perform(row: RtSmartCall, thread: LwpThread): Answer {
  const { context } = thread;
  const count = row.kinds.length;
  return row.run(
    thread,
    count > 0 ? argument(row, context, 0) : 0,
    count > 1 ? argument(row, context, 1) : 0,
    count > 2 ? argument(row, context, 2) : 0,
    count > 3 ? argument(row, context, 3) : 0,
    count > 4 ? argument(row, context, 4) : 0,
    count > 5 ? argument(row, context, 5) : 0,
  );
}
