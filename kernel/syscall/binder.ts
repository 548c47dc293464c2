/**
 * Putting a script's named arguments in the order of the registers; as for doing a call, each row
 * gets a function of its own where the host allows it.
 *
 * @module
 */
import type { Row } from "./row.ts";

/** A script's arguments by name. */
export type ScriptValues = Readonly<Record<string, unknown>>;

/** Puts a script's arguments in order; lengths that it need not give are counted. */
export type Binder = (args: ScriptValues) => unknown[];

/** The function that orders the arguments of a row. */
export function binderOf(row: Row): Binder {
  try {
    return compiledBinder(row);
  } catch {
    return plainBinder(row);
  }
}

/** The obvious one. */
export function plainBinder(row: Row): Binder {
  return (args) =>
    row.kinds.map((kind, at) => {
      if (kind.role === "length") return lengthOfValue(args[kind.lengthOf!]);
      const value = args[row.names[at]!];
      return value === undefined ? kind.otherwise : value;
    });
}

/** The fast one: the same, written out for one row. */
export function compiledBinder(row: Row): Binder {
  const values = row.kinds.map((kind, at) => {
    if (kind.role === "length") return `lengthOf(args[${JSON.stringify(kind.lengthOf)}])`;
    const given = `args[${JSON.stringify(row.names[at])}]`;
    return `(value = ${given}) === undefined ? otherwise[${at}] : value`;
  });
  const text = `return (args) => { let value; return [${values.join(", ")}]; };`;
  const otherwise = row.kinds.map((kind) => kind.otherwise);
  return new Function("otherwise", "lengthOf", text)(otherwise, lengthOfValue) as Binder;
}

function lengthOfValue(value: unknown): number {
  if (typeof value === "string") return new TextEncoder().encode(value).length;
  return value instanceof Uint8Array || Array.isArray(value) ? value.length : 0;
}
