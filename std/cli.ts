/**
 * The part of `@std/cli` that this project uses, over `node:util`, so that nothing is fetched.
 *
 * To use the registry's package instead, set `"@std/cli": "jsr:@std/cli@1"` in `deno.json`.
 *
 * @module
 */
import { parseArgs as nodeParseArgs } from "node:util";

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
  const rest = options.stopEarly ? splitEarly(words, options) : { head: [...words], tail: [] };
  const { values, positionals, tokens } = nodeParseArgs({
    args: rest.head,
    options: declared(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const known = new Set([...(options.boolean ?? []), ...(options.string ?? [])]);
  for (const token of tokens) {
    if (token.kind === "option" && !known.has(token.name)) options.unknown?.(token.rawName);
  }
  return {
    ...values as Record<string, string | boolean | string[]>,
    _: [...positionals, ...rest.tail],
  };
}

interface Declaration {
  type: "boolean" | "string";
  multiple: boolean;
  short?: string;
}

function declared(options: ParseOptions): Record<string, Declaration> {
  const all: Record<string, Declaration> = {};
  const add = (name: string, type: "boolean" | "string") => {
    const multiple = options.collect?.includes(name) ?? false;
    const short = options.alias?.[name];
    all[name] = short ? { type, multiple, short } : { type, multiple };
  };
  for (const name of options.boolean ?? []) add(name, "boolean");
  for (const name of options.string ?? []) add(name, "string");
  return all;
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
