/**
 * What modules of compiled code import, and the types in them.
 *
 * @module
 */
import { CALLEE } from "./callee.ts";
import { FLOAT } from "../interpreter/interpreter.ts";
import { HOME } from "./home.ts";
import { MISS } from "./miss.ts";
import { SETTLE, WIDE_PAIR } from "../routines.ts";
import { REGION } from "./table.ts";
import { type Import, type Signature, Type } from "../wasm.ts";

const TRAP: Signature = { params: [], results: [Type.I32] };
const LINK: Signature = { params: [Type.I32, Type.I32, Type.I32], results: [Type.I32] };
const PROBE: Signature = {
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
  PROBE,
  MISS,
  FLOAT,
  LIMITS,
  TIME,
  HOME,
  WIDE_PAIR,
  SETTLE,
];

const named = (name: string, type: Signature): Import => ({ name, type: TYPES.indexOf(type) });

/** The functions that compiled code imports, in the order of `Imported`. */
export const IMPORTS: readonly Import[] = [
  named("trap", TRAP),
  named("link", LINK),
  named("callee", CALLEE),
  named("probe", PROBE),
  named("float", FLOAT),
  named("limits", LIMITS),
  named("time", TIME),
  named("home", HOME),
];

/** Their numbers. */
export const Imported = {
  TRAP: 0,
  LINK: 1,
  CALLEE: 2,
  PROBE: 3,
  FLOAT: 4,
  LIMITS: 5,
  TIME: 6,
  HOME: 7,
} as const;
