/**
 * Numbers that have names, and how a trace writes them.
 *
 * @module
 */

/** The names of numbers, without what they all begin with. */
export interface FlagSet {
  /** What every name begins with. */
  readonly prefix: string;
  /** The numbers. */
  readonly names: Readonly<Record<string, number>>;
}

/** The names of numbers, in the order in which they are written. */
export function flagSet(prefix: string, names: Readonly<Record<string, number>>): FlagSet {
  return { prefix, names };
}

/** The same numbers with something before their names, where not all of a set begin alike. */
export function prefixed<Prefix extends string, Name extends string>(
  prefix: Prefix,
  names: Readonly<Record<Name, number>>,
): Readonly<Record<`${Prefix}${Name}`, number>> {
  const whole: Partial<Record<string, number>> = {};
  for (const name in names) whole[prefix + name] = names[name];
  return whole as Record<`${Prefix}${Name}`, number>;
}

/** A mask of bits by name; what has none stands behind as a number. */
export function maskText({ prefix, names }: FlagSet, value: number): string {
  const found: string[] = [];
  let rest = value >>> 0;
  let zero = "0";
  for (const [name, bits] of Object.entries(names)) {
    if (bits === 0) zero = prefix + name;
    else if ((rest & bits) >>> 0 === bits) {
      found.push(prefix + name);
      rest = (rest & ~bits) >>> 0;
    }
  }
  if (rest === 0) return found.length > 0 ? found.join("|") : zero;
  const number = `0x${rest.toString(16)}`;
  return found.length > 0 ? [...found, number].join("|") : `${number} /* ${prefix}??? */`;
}

/** The name of a number among several; nothing where it has none. */
export function nameIn<Name extends string>(
  names: Readonly<Record<Name, number>>,
  value: number,
): Name | undefined {
  for (const name in names) if (names[name] === value) return name;
  return undefined;
}

/** One of several by its name. */
export function nameText({ prefix, names }: FlagSet, value: number): string {
  const name = nameIn(names, value);
  return name !== undefined ? prefix + name : `0x${(value >>> 0).toString(16)} /* ${prefix}??? */`;
}
