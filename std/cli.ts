/**
 * The part of `@std/cli` that this project uses, so that nothing is fetched. Node's `util` would do,
 * but every command waits for it to load.
 *
 * To use the registry's package instead, set `"@std/cli": "jsr:@std/cli@1"` in `deno.json`.
 *
 * @module
 */

/** How a command line is read. */
export interface ParseOptions {
  /** Flags that are there or not. */
  readonly boolean?: readonly string[];
  /** Flags that carry text. */
  readonly string?: readonly string[];
  /** Flags that may be given more than once. */
  readonly collect?: readonly string[];
  /** Short names: `{ help: "h" }`. */
  readonly alias?: Readonly<Record<string, string>>;
  /** Whether everything after the first word that is no flag is left alone. */
  readonly stopEarly?: boolean;
  /** Called with each flag that is not declared. */
  readonly unknown?: (flag: string) => void;
}

/** What a command line said: flags by name, the other words in `_`. */
export interface Args {
  /** The words that are not flags. */
  readonly _: string[];
  /** A flag's value, where it was given. */
  readonly [flag: string]: string | boolean | string[] | undefined;
}

/** Read a command line. */
export function parseArgs(words: readonly string[], options: ParseOptions = {}): Args {
  const { head, tail } = options.stopEarly ? splitEarly(words, options) : { head: words, tail: [] };
  const read = [...readWords(head, options)];
  const flags = read.filter((one) => typeof one !== "string");
  const known = [...options.boolean ?? [], ...options.string ?? []];
  for (const { name, written } of flags) if (!known.includes(name)) options.unknown?.(written);
  const values: Record<string, string | boolean | string[]> = {};
  for (const { name, value = true } of flags) {
    if (!options.collect?.includes(name)) values[name] = value;
    // One that was given no value is true in a list as well; whoever reads it finds that.
    else values[name] = [...values[name] as string[] ?? [], value as string];
  }
  return { ...values, _: [...read.filter((one) => typeof one === "string"), ...tail] };
}

/** A flag on a command line. */
interface Flag {
  readonly name: string;
  /** Its name as it was written, short or long, with the dashes. */
  readonly written: string;
  readonly value?: string | undefined;
}

/** Flags and plain words, in the order in which they stand. */
function* readWords(words: readonly string[], options: ParseOptions): Generator<Flag | string> {
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") return yield* rest;
    if (word === "-" || !word.startsWith("-")) yield word;
    else if (word.startsWith("--")) yield longFlag(word, rest, options);
    else yield* shortFlags(word.slice(1), rest, options);
  }
}

/** `--name=value`, `--name value` or `--name`; a value behind it is taken from the rest. */
function longFlag(word: string, rest: string[], options: ParseOptions): Flag {
  // The first character belongs to the name, whatever it is.
  const equals = word.indexOf("=", 3);
  const written = equals < 0 ? word : word.slice(0, equals);
  const name = written.slice(2);
  if (equals >= 0) return { name, written, value: word.slice(equals + 1) };
  return { name, written, value: options.string?.includes(name) ? rest.shift() : undefined };
}

/** `-x`, or several in one word; for one that takes a value the rest of the word is it, or the next. */
function* shortFlags(letters: string, rest: string[], options: ParseOptions): Generator<Flag> {
  const names = [...options.boolean ?? [], ...options.string ?? []];
  let at = 0;
  for (const letter of letters) {
    at += letter.length;
    const name = names.find((name) => options.alias?.[name] === letter) ?? letter;
    const written = `-${letter}`;
    if (options.string?.includes(name)) {
      return yield { name, written, value: letters.slice(at) || rest.shift() };
    }
    yield { name, written };
  }
}

/** Flags before the first plain word are ours; it and all behind it belong to somebody else. */
function splitEarly(words: readonly string[], options: ParseOptions) {
  const takesValue = (word: string) =>
    options.string?.some((name) => word === `--${name}` || word === `-${options.alias?.[name]}`);
  let at = 0;
  while (at < words.length && words[at]!.startsWith("-") && words[at] !== "--") {
    at += takesValue(words[at]!) ? 2 : 1;
  }
  const tail = words.slice(words[at] === "--" ? at + 1 : at);
  return { head: words.slice(0, at), tail };
}
