/**
 * What modules of compiled code import, and the types in them.
 *
 * @module
 */
import { CALLEE } from "./callee.ts";
import { FLOAT } from "../interpreter/interpreter.ts";
import { HOME } from "./home.ts";
import { MISS } from "./miss.ts";
import { SEEK } from "./seek.ts";
import { SETTLE, WIDE_PAIR } from "../routines.ts";
import { REGION } from "./table.ts";
import { type Import, type Signature, Type } from "../wasm.ts";

const TRAP: Signature = { params: [], results: [Type.I32] };
/** Address, and place that asks; gives the function's place in the table, or 0. */
export const LINK: Signature = { params: [Type.I32, Type.I32, Type.I32], results: [Type.I32] };
/** Address in two halves, kind of access with the span behind 8 bits, place; gives whether it is fine. */
export const PROBE: Signature = {
  params: [Type.I32, Type.I32, Type.I32, Type.I32],
  results: [Type.I32],
};
const LIMITS: Signature = { params: [], results: [] };
const TIME: Signature = { params: [], results: [Type.I64] };

/** The types in every module of compiled code; the first is that of its function. */
export const TYPES: readonly Signature[] = [
  REGION,
  TRAP,
  LINK,
  CALLEE,
  SEEK,
  MISS,
  FLOAT,
  LIMITS,
  TIME,
  HOME,
  WIDE_PAIR,
  SETTLE,
];

/** What compiled code imports, by name. */
const FUNCTIONS = {
  trap: TRAP,
  link: LINK,
  callee: CALLEE,
  seek: SEEK,
  float: FLOAT,
  limits: LIMITS,
  time: TIME,
  home: HOME,
};

/** The functions that compiled code imports. */
export const IMPORTS: readonly Import[] = Object.entries(FUNCTIONS)
  .map(([name, type]) => ({ name, type: TYPES.indexOf(type) }));

/** Their numbers. */
export const Imported = Object.fromEntries(
  Object.keys(FUNCTIONS).map((name, at) => [name, at]),
) as Readonly<Record<keyof typeof FUNCTIONS, number>>;
