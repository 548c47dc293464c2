/**
 * What a script's values must look like before a call works with them. The compiler sees to it in
 * TypeScript that was checked; whoever was not checked is refused, and the kernel never meets a value
 * that it has no operation for.
 *
 * @module
 */

/** Whether a value looks as it should. */
export type Shape = (value: unknown) => boolean;

/** A whole number, or infinity, which stands for never and for as many as there can be. */
export function isNumber(value: unknown): boolean {
  return Number.isInteger(value) || value === Infinity;
}

/** The same, not less than zero. */
export function isCount(value: unknown): boolean {
  return isNumber(value) && (value as number) >= 0;
}

/** A number that is exact however large it is. */
export function isExact(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

/** A number that is exact and comes as one. */
export function isBig(value: unknown): boolean {
  return typeof value === "bigint";
}

/** Bytes. */
export function isBytes(value: unknown): boolean {
  return value instanceof Uint8Array;
}

/** Text. */
export function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** A list of values that each look so. */
export function listOf(shape: Shape): Shape {
  return (value) => {
    if (!Array.isArray(value)) return false;
    // By index: a list may have holes, which `every` would pass over.
    for (let at = 0; at < value.length; at++) {
      if (!shape(value[at])) return false;
    }
    return true;
  };
}

/** One or the other. */
export function either(first: Shape, second: Shape): Shape {
  const shape: Shape = (value) => first(value) || second(value);
  if (takesBytes(first) || takesBytes(second)) TAKING_BYTES.add(shape);
  return shape;
}

/** Shapes besides `isBytes` that any bytes have. */
const TAKING_BYTES = new WeakSet<Shape>();

/** Whether any bytes look so. */
export function takesBytes(shape: Shape): boolean {
  return shape === isBytes || TAKING_BYTES.has(shape);
}

/** The same, or nothing at all. */
export function maybe(shape: Shape): Shape {
  return (value) => value === undefined || shape(value);
}

/** An object whose fields look so; it may have others. */
export function withFields(fields: Readonly<Record<string, Shape>>): Shape {
  const all = Object.entries(fields);
  return (value) => {
    if (typeof value !== "object" || value === null) return false;
    return all.every(([name, shape]) => shape((value as Record<string, unknown>)[name]));
  };
}

/** A value that looks like this one, which is one of its sort: numbers, bytes, and fields of them. */
export function like(sample: unknown): Shape {
  if (typeof sample === "bigint") return isBig;
  if (sample instanceof Uint8Array) return isBytes;
  if (Array.isArray(sample)) return listOf(like(sample[0]));
  if (typeof sample !== "object" || sample === null) return isNumber;
  const fields = Object.entries(sample).map(([name, value]) => [name, like(value)] as const);
  return withFields(Object.fromEntries(fields));
}
