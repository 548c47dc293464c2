/**
 * A system call, declared once: its name, its arguments with what they demand, its errors, its deed.
 *
 * Dispatch, tracing, the manual, the client's types and the refusal tests are computed from rows.
 *
 * @module
 */
import type { Status, StatusName } from "../abi.ts";
import type { Call, Parked } from "./call.ts";
import type { Binder } from "./binder.ts";
import type { Kind, KindRole } from "./kind.ts";
import { type Performer, performerOf } from "./performer.ts";
import type { RegisterReader } from "./register_reader.ts";
import { RegisterWidth } from "./register_width.ts";
import { explainRefusal } from "./refusal.ts";
import { either, isCount, isNumber, type Shape } from "./shape.ts";

/** Arguments by name, in the order of the registers. */
export type Kinds = Readonly<Record<string, Kind<unknown, unknown, KindRole, StatusName>>>;

/** What a row's deed is given. */
export type Values<K extends Kinds> = {
  readonly [N in keyof K]: K[N] extends Kind<infer T, unknown, KindRole, StatusName> ? T : never;
};

/** The errors that decoding the arguments can end with. */
export type KindErrors<K extends Kinds> = {
  [N in keyof K]: K[N]["errors"][number];
}[keyof K];

/** A number of things, where a call answers one in place of a status. */
export type Count = number & { readonly count: true };

/** Answer a number of things. */
export function count(things: number): Count {
  return things as Count;
}

/** What a row's deed may answer: nothing but what is declared. */
export type RowAnswer<E extends StatusName> =
  | typeof Status["OK"]
  | typeof Status[E]
  | Parked
  | Count;

/** What is written down of a call. */
export interface RowOptions<K extends Kinds, E extends StatusName> {
  /** Its name in the ABI. */
  readonly name: string;
  /** What it does, in one sentence for the manual. */
  readonly about: string;
  /** Its arguments. */
  readonly args: K;
  /** How it can fail beyond what its arguments' kinds say. */
  readonly errors: readonly E[];
  /** The order in which arguments are checked, where it is not the order of the registers. */
  readonly checks?: readonly string[];
  /** Whether its results are there even when it fails, as the observed signals of a wait. */
  readonly outsOnFailure?: boolean;
  /** For its own errors: when it answers them, as in "it answers BAD_STATE where ...". */
  readonly why?: { readonly [N in StatusName]?: string };
  /** For its own errors: the least that would have changed the answer. */
  readonly grants?: { readonly [N in StatusName]?: string };
  /** What it does. */
  run(args: Values<K>, call: Call): RowAnswer<E | KindErrors<K>>;
}

/** A call with what follows from its declaration. */
export interface Row<K extends Kinds = Kinds, E extends StatusName = StatusName>
  extends RowOptions<K, E> {
  /** The arguments' names; the first of them are registers, the rest are checks. */
  readonly names: readonly string[];
  /** The arguments' kinds in the same order. */
  readonly kinds: readonly Kind<unknown, unknown, KindRole, StatusName>[];
  /** The order to decode them in, as indexes. */
  readonly order: readonly number[];
  /** For each argument, which register it is in; -1 for what is in none. */
  readonly registers: readonly number[];
  /** How each argument's register is read. */
  readonly widths: readonly RegisterWidth[];
  /** For each argument, how what a script gives must look; null for what it does not give. */
  readonly shapes: readonly (Shape | null)[];
  /** What does its calls; made when it is first called. */
  performer: Performer | null;
  /** What reads its arguments from registers, where that is to come first; made when it first does. */
  reader: RegisterReader | null;
  /** What puts a script's arguments where they belong; made when a script first calls. */
  binder: Binder | null;
  /** Whether it answers more than a status. */
  readonly hasOuts: boolean;
}

const WIDTHS = {
  plain: RegisterWidth.PLAIN,
  low: RegisterWidth.LOW,
  signed: RegisterWidth.SIGNED,
  wide: RegisterWidth.WIDE,
};

/** Declare a call. */
export function syscall<
  const K extends Kinds,
  const E extends StatusName,
  const F extends boolean = false,
>(
  options: RowOptions<K, E> & {
    readonly checks?: readonly (keyof K & string)[];
    readonly outsOnFailure?: F;
  },
): Row<K, E> & { readonly outsOnFailure: F } {
  const names = Object.keys(options.args);
  const kinds = Object.values(options.args);
  const first = (options.checks ?? []).map((name) => names.indexOf(name));
  const order = [...first, ...names.keys().filter((at) => !first.includes(at))];
  let register = 0;
  const registers = kinds.map((kind) => kind.role === "check" || kind.within ? -1 : register++);
  const outsOnFailure = (options.outsOnFailure ?? false) as F;
  const hasOuts = kinds.some((kind) => kind.role === "out");
  const widths = kinds.map(({ width }) => WIDTHS[width ?? "plain"]);
  const made = { widths, shapes: kinds.map(shapeOf), performer: null, reader: null, binder: null };
  return { ...options, names, kinds, order, registers, outsOnFailure, hasOuts, ...made };
}

function shapeOf({ role, width, shape, otherwise }: Kinds[string]): Shape | null {
  return shapeIn(role, shape ?? (width === undefined ? isCount : isNumber), otherwise);
}

function shapeIn(role: KindRole, shape: Shape, otherwise: unknown): Shape | null {
  if (role === "in") return shape;
  return role === "optional" ? either((value) => value === otherwise, shape) : null;
}

/** Do a call: decode its arguments, and do the deed unless one of them is refused. */
export function perform(row: Row, call: Call): number | Parked {
  const answer = (row.performer ??= performerOf(row))(call);
  if (typeof answer === "number" && answer < 0) explainRefusal(call, answer);
  return answer;
}

/** Every error a call can answer, for the manual: its kinds' first, then its own. */
export function errorsOf(row: Row): StatusName[] {
  return [...new Set([...row.kinds.flatMap((kind) => kind.errors), ...row.errors])];
}
