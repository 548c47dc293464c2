/**
 * What every command has in common: its help, its flags, and one sentence with an exit code where
 * something is wrong.
 *
 * @module
 */
import { type Args, parseArgs } from "@std/cli";
import { KernelBug } from "../kernel/invariant.ts";

/** Exit codes that every command shares. */
export const Exit = {
  /** All went well. */
  ok: 0,
  /** The thing was tried and failed. */
  failed: 1,
  /** The command was called wrongly. */
  usage: 2,
  /** The kernel has broken its own rules. */
  kernelBug: 3,
} as const;

/** Something a person can act on; ends the command with a sentence and no stack trace. */
export class CommandError extends Error {
  /** The code the command ends with. */
  readonly exitCode: number;

  /** Make an error from its sentence; the code is that of wrong usage unless told. */
  constructor(message: string, exitCode: number = Exit.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** How a command introduces itself and which flags it takes. */
export interface CommandOptions {
  /** How it is called, such as `deno task run FILE [ARGS…]`. */
  readonly usage: string;
  /** What it does, in a sentence or two. */
  readonly about: string;
  /**
   * Each flag with what it means; `name=TEXT` takes a value, `name=TEXT…` one each time it is there,
   * `name` alone is there or not.
   */
  readonly flags: Readonly<Record<string, string>>;
  /** One call that works. */
  readonly example: string;
  /** Whether the words behind the first plain one belong to somebody else. */
  readonly stopEarly?: boolean;
  /** Whether its flags may stand behind those words too, before a `--`. */
  readonly flagsAnywhere?: boolean;
  /** How many plain words it takes; any number unless told. */
  readonly operands?: number;
}

/** Run a command: print its help where asked, turn its errors into a sentence and an exit code. */
export async function command(
  options: CommandOptions,
  main: (args: Args) => number | Promise<number>,
): Promise<void> {
  try {
    const args = readArgs(Deno.args, options);
    if (args.help) {
      print(helpOf(options));
      return;
    }
    Deno.exitCode = await main(args);
  } catch (error) {
    const told = error instanceof KernelBug
      ? new CommandError(`the kernel is wrong: ${error.message}`, Exit.kernelBug)
      : error;
    if (!(told instanceof CommandError)) throw error;
    printError(told.message);
    Deno.exitCode = told.exitCode;
  }
}

/** Write a line to standard output. */
export function print(text: string): void {
  printBytes(new TextEncoder().encode(`${text}\n`));
}

/** Write bytes, to standard output unless told. */
export function printBytes(
  bytes: Uint8Array,
  to: { writeSync(bytes: Uint8Array): number } = Deno.stdout,
): void {
  try {
    for (let done = 0; done < bytes.length;) done += to.writeSync(bytes.subarray(done));
  } catch (error) {
    // Whoever read this has seen enough.
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(Exit.ok);
    const why = error instanceof Error ? error.message : `${error}`;
    throw new CommandError(`what is to be shown cannot be written: ${why}`, Exit.failed);
  }
}

/** Read from standard input what comes next; null where nothing more comes. */
export function readInto(piece: Uint8Array): number | null {
  try {
    return Deno.stdin.readSync(piece);
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`;
    throw new CommandError(`standard input cannot be read: ${why}`);
  }
}

/** Write a line to standard error. */
export function printError(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Read words as the command's flags; what it does not take is refused in a sentence. */
export function readArgs(words: readonly string[], options: CommandOptions): Args {
  const names = Object.keys(options.flags).map((flag) => flag.split("="));
  const args = parseArgs(options.flagsAnywhere ? flagsFirst(words, options) : words, {
    boolean: ["help", ...names.filter((parts) => parts.length === 1).map(([name]) => name!)],
    string: names.filter((parts) => parts.length === 2).map(([name]) => name!),
    collect: names.filter(([, value]) => value?.endsWith("…")).map(([name]) => name!),
    alias: { help: "h" },
    stopEarly: options.stopEarly ?? false,
    unknown: (flag) => {
      throw new CommandError(`unknown flag ${flag}: ${options.usage} (--help lists the flags)`);
    },
  });
  for (const [name, value] of [...names, ["help"]]) {
    if (value === undefined && typeof args[name!] === "string") {
      throw new CommandError(`--${name} takes no value: it is there, or it is not`);
    }
    if (value !== undefined && isEmpty(args[name!])) {
      throw new CommandError(`--${name} needs a value: --${name}=${value.replace("…", "")}`);
    }
  }
  const stray = options.operands === undefined ? undefined : args._[options.operands];
  if (stray === undefined || args.help) return args;
  throw new CommandError(`nothing is done with ${stray}: ${options.usage}`);
}

/** A command's own flags before all other words; what is behind `--` is none of them. */
function flagsFirst(words: readonly string[], { flags }: CommandOptions): string[] {
  const takesValue = new Map(
    Object.keys(flags).map((flag) => [flag.split("=")[0], /=/.test(flag)]),
  );
  takesValue.set("help", false);
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const [own, others]: [string[], string[]] = [[], []];
  for (let at = 0; at < end; at++) {
    const word = words[at]!;
    const known = /^--([^=]+)(=?)/.exec(word);
    const isOwn = known !== null && takesValue.has(known[1]);
    (isOwn || (others.length === 0 && word.startsWith("-")) ? own : others).push(word);
    if (isOwn && known[2] === "" && takesValue.get(known[1]) && at + 1 < end) {
      own.push(words[++at]!);
    }
  }
  return [...own, ...others, ...words.slice(end + 1)];
}

/** Whether a flag that takes a value stands there without one. */
function isEmpty(value: Args[string]): boolean {
  if (Array.isArray(value)) return value.some((one) => isEmpty(one));
  return value === "" || value === true;
}

/** What `--help` prints. */
export function helpOf({ usage, about, flags, example }: CommandOptions): string {
  const rows = Object.entries({ ...flags, help: "print this" }).map(([flag, meaning]) => {
    return `  --${flag.padEnd(18)} ${meaning}`;
  });
  return `${about}\n\nusage: ${usage}\n\n${rows.join("\n")}\n\nexample: ${example}`;
}
