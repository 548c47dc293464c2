/**
 * Calls as a script sees them: named arguments in, a failure or named results out, types and all.
 *
 * @module
 */
import { type Failure, Status, type StatusName } from "../abi.ts";
import type { Request } from "../task/thread.ts";
import { Asking } from "./asking.ts";
import type { Call } from "./call.ts";
import { binderOf, type ScriptValues } from "./binder.ts";
import type { Kind, KindRole } from "./kind.ts";
import { RegisterWidth } from "./register_width.ts";
import type { KindErrors, Kinds, Row } from "./row.ts";

type ScriptOf<K> = K extends Kind<unknown, infer S, KindRole, StatusName> ? S : never;

type NamesOf<K extends Kinds, Role extends KindRole> = {
  [N in keyof K]: K[N]["role"] extends Role ? N : never;
}[keyof K];

/** What a script gives to a call. */
export type ScriptArgs<K extends Kinds> =
  & { readonly [N in NamesOf<K, "in">]: ScriptOf<K[N]> }
  & { readonly [N in NamesOf<K, "optional">]?: ScriptOf<K[N]> };

/** What a script gets from a call that succeeded. */
export type ScriptOuts<K extends Kinds> = { readonly [N in NamesOf<K, "out">]: ScriptOf<K[N]> };

/** A system call under way: `yield*` it for its result. */
export type Operation<T> = Generator<Request, T, unknown>;

/** Arguments, which may be left out altogether where none of them must be given. */
export type ScriptGiven<K extends Kinds> = [NamesOf<K, "in">] extends [never]
  ? [args?: ScriptArgs<K>]
  : [args: ScriptArgs<K>];

/** What one call looks like in a client. */
export type ScriptCall<R> = R extends Row<infer K, infer E>
  ? R extends { readonly outsOnFailure: true }
    ? (...given: ScriptGiven<K>) => Operation<{ readonly status: Status } & ScriptOuts<K>>
  : (...given: ScriptGiven<K>) => Operation<ScriptResult<K, E>>
  : never;

/** A failure among those the row declares; or OK where there are no results, or the results. */
export type ScriptResult<K extends Kinds, E extends StatusName> =
  | Exclude<typeof Status[E | KindErrors<K>], 0>
  | ([NamesOf<K, "out">] extends [never] ? typeof Status["OK"] : ScriptOuts<K>);

/** All calls of a table, for a script. */
export type ClientOf<T extends Readonly<Record<string, unknown>>> = {
  readonly [N in keyof T]: ScriptCall<T[N]>;
};

/** Make the client of a table. */
export function clientOf<T extends Readonly<Record<string, unknown>>>(rows: T): ClientOf<T> {
  const calls = Object.keys(rows).map((call) => [
    call,
    (args: Record<string, unknown> = {}): Asking => new Asking({ call, args }),
  ]);
  return Object.fromEntries(calls) as ClientOf<T>;
}

/** All calls of a table as machine code makes them: registers in, a status out. */
export type RawClientOf<T extends Readonly<Record<string, unknown>>> = {
  readonly [N in keyof T]: (...registers: readonly number[]) => Operation<number>;
};

/** Make the raw client of a table. */
export function rawClientOf<T extends Readonly<Record<string, unknown>>>(
  rows: T,
): RawClientOf<T> {
  const calls = Object.keys(rows).map((call) => [
    call,
    (...registers: number[]): Asking => new Asking({ call, registers }),
  ]);
  return Object.fromEntries(calls) as RawClientOf<T>;
}

/** Put registers where the row expects them. */
export function bindRegisters(row: Row, registers: readonly number[], raws: unknown[]): void {
  for (let at = 0; at < row.widths.length; at++) {
    raws[at] = asWide(row.widths[at]!, registerOf(registers[row.registers[at]!]));
  }
}

function asWide(width: RegisterWidth, value: number): unknown {
  if (width === RegisterWidth.LOW) return value >>> 0;
  if (width === RegisterWidth.WIDE) return BigInt(Math.abs(value) === Infinity ? 0 : value);
  // As a register has it: what is negative to whoever reads it so has its highest bit set.
  if (width === RegisterWidth.SIGNED) return value >= 2 ** 63 ? value - 2 ** 64 : value;
  return value < 0 ? Math.max(0, value + 2 ** 64) : value;
}

/** A register holds whole numbers. */
function registerOf(given: unknown): number {
  return typeof given === "number" ? Math.trunc(given) || 0 : 0;
}

/** Put a script's arguments where the row expects them. */
export function bindScriptArgs(row: Row, args: ScriptValues, raws: unknown[]): void {
  (row.binder ??= binderOf(row))(args, raws);
}

/** The results of calls that have none. */
const NO_OUTS: Record<string, unknown> = Object.freeze({});

/** Where the results of a row are to be collected. */
export function newOuts(row: Row): Record<string, unknown> {
  return row.hasOuts ? {} : NO_OUTS;
}

/** What a script gets for an answer. */
export function scriptResult(call: Call, answer: number): unknown {
  const outs = call.outs!;
  if (call.row.outsOnFailure) return { status: answer, ...outs };
  if (answer < Status.OK) return answer as Failure;
  return call.row.hasOuts ? outs : answer;
}
