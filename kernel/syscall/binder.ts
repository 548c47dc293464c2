/**
 * Putting a script's named arguments in the order of the registers; as for doing a call, each row
 * gets a function of its own where the host allows it.
 *
 * @module
 */
import type { Row } from "./row.ts";
import { takesBytes } from "./shape.ts";

/** A script's arguments by name. */
export type ScriptValues = Readonly<Record<string, unknown>>;

/**
 * Puts a script's arguments in order into a list; lengths that it need not give are counted. What the
 * call could not work with ends the script.
 */
export type Binder = (args: ScriptValues, raws: unknown[]) => void;

/** The function that orders the arguments of a row. */
export function binderOf(row: Row): Binder {
  try {
    return compiledBinder(row);
  } catch {
    return plainBinder(row);
  }
}

/** The number nearest below 2^63. */
const I64_MAX = 2 ** 63 - 1024;

/**
 * A script gave what no register, nor the memory that one points to, could hold, and what the compiler
 * would not have let pass: the kernel has no answer to it, so the script ends with this sentence.
 */
export class ScriptMistake extends TypeError {
  /** The call, which of its arguments, what it takes there, and what it was given. */
  constructor(
    { name, names }: Row,
    at: number,
    { wanted, given }: { wanted: string; given: unknown },
  ) {
    super(`${name}: ${names[at]} is ${describe(given)}; it must be ${wanted}`);
  }
}

/** The obvious one. */
export function plainBinder(row: Row): Binder {
  return (args, raws) => {
    row.kinds.forEach((kind, at) => {
      const given = args[row.names[at]!];
      const value = given === undefined ? kind.otherwise : given;
      if (kind.role === "length") raws[at] = lengthOfValue(args[kind.lengthOf!]);
      else raws[at] = isNumeric(kind) ? numberFor(row, at, value) : value;
    });
    check(row, raws);
  };
}

/** What looks as it should; else the script ends. */
function check(row: Row, raws: readonly unknown[]): void {
  const { shapes } = row;
  for (let at = 0; at < shapes.length; at++) {
    const shape = shapes[at];
    if (!shape || shape(raws[at])) continue;
    throw new ScriptMistake(row, at, { wanted: row.kinds[at]!.label, given: raws[at] });
  }
}

/** Text that says of `value` that it is a whole number as registers have them, which needs no check. */
const IS_WHOLE =
  `typeof value === "number" && value >= 0 && value < Infinity && Math.floor(value) === value`;

/** The fast one: the same, written out for one row. */
export function compiledBinder(row: Row): Binder {
  const lines = row.kinds.map((kind, at) => `raws[${at}] = ${bindText(row, kind, at)};`);
  const looks = row.shapes.flatMap((shape, at) => {
    if (!shape || isNumeric(row.kinds[at]!)) return [];
    const look = `shapes[${at}](value = raws[${at}])`;
    return [takesBytes(shape) ? `(raws[${at}] instanceof Uint8Array || ${look})` : look];
  });
  const text = `return (args, raws) => {
    let value, plain = true;
    ${lines.join("\n")}
    if (!(${["plain", ...looks].join(" && ")})) check(row, raws);
  };`;
  const otherwise = row.kinds.map((kind) => kind.otherwise);
  const make = new Function("otherwise", "lengthOf", "number", "row", "shapes", "check", text);
  return make(otherwise, lengthOfValue, numberFor, row, row.shapes, check) as Binder;
}

function bindText(row: Row, kind: Row["kinds"][number], at: number): string {
  if (kind.role === "length") return `lengthOf(args[${JSON.stringify(kind.lengthOf)}])`;
  const given = `(value = args[${JSON.stringify(row.names[at])}]) === undefined`;
  const value = `${given} ? otherwise[${at}] : value`;
  if (!isNumeric(kind)) return value;
  const number = `${IS_WHOLE} ? value : (plain = false, number(row, ${at}, value))`;
  // What is used where nothing is given is as good as what was looked at.
  if (kind.otherwise !== undefined && numberFor(row, at, kind.otherwise) === kind.otherwise) {
    return `${given} ? otherwise[${at}] : ${number}`;
  }
  return `(value = ${value}, ${number})`;
}

/** Whether a script gives a plain number for an argument. */
function isNumeric({ role, demands, width, label, within }: Row["kinds"][number]): boolean {
  if ((role !== "in" && role !== "optional") || within || width === "wide") return false;
  return demands !== undefined || width !== undefined || label === "u64" || label === "capacity";
}

/** A number as a register would have it, where a script gives a number that a register can have. */
function numberFor(row: Row, at: number, value: unknown): number {
  const kind = row.kinds[at]!;
  if (typeof value === "number") {
    if (Number.isInteger(value)) {
      return value < 0 && kind.width === undefined ? value + 2 ** 64 : value;
    }
    if (kind.label === "deadline" && !Number.isNaN(value)) return value;
    if (kind.width === "signed" && Math.abs(value) === Infinity) return Math.sign(value) * I64_MAX;
  }
  throw new ScriptMistake(row, at, { wanted: "a whole number", given: value });
}

function describe(value: unknown): string {
  if (typeof value === "number") return `${value}`;
  if (value === undefined || value === null) return "missing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function lengthOfValue(value: unknown): number {
  if (typeof value === "string") return new TextEncoder().encode(value).length;
  return value instanceof Uint8Array || Array.isArray(value) ? value.length : 0;
}
