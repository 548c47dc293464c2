/**
 * `deno task exec`: run a program, that is, an ELF file.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename } from "@std/path";
import { command, CommandError, readInto } from "./command.ts";
import type { BelowRoot } from "./exec/below_root.ts";

/** What the command line asks for. */
export interface ExecRequest {
  /** The program's file. */
  readonly file: string;
  /** Where it lies below the root, if it was named by that. */
  readonly path?: string;
  /** Its bytes. */
  readonly image: Uint8Array;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Where chance begins. */
  readonly seed: number;
  /** How much memory the machine has, where that was told. */
  readonly memory: { readonly memoryBytes?: number };
  /** The folder whose files the program finds, where one was named. */
  readonly root: string | undefined;
  /** Which of RT-Smart's loaders; the later one unless told. */
  readonly generation: string | undefined;
  /** Folders of the host, by the path where the program finds their files. */
  readonly binds: Readonly<Record<string, string>>;
  /** What is added to the program's environment, as `NAME=value`. */
  readonly environment: readonly string[];
  /** Whether every system call is to be shown, as `strace` does. */
  readonly strace: boolean;
  /** Whether the steps of loading are to be shown. */
  readonly story: boolean;
  /** What stands on standard input, where that is no terminal. */
  readonly stdin: () => Uint8Array;
}

/** Runs a program; answers the exit code of the command. */
type Model = (request: ExecRequest) => number | Promise<number>;

/** The ways to load a program, by name; each has a kernel of its own, which the others do without. */
const MODELS: Readonly<Record<string, () => Promise<Model>>> = {
  zircon: async () => (await import("./exec/zircon.ts")).execZircon,
  linux: async () => (await import("./exec/linux.ts")).execLinux,
  rtsmart: async () => (await import("./exec/rtsmart.ts")).execRtSmart,
};

/** Flags that only one of the models understands. */
const FLAG_OWNERS: Readonly<Record<string, string>> = {
  bind: "linux",
  env: "linux",
  generation: "rtsmart",
  story: "rtsmart",
};

/** What every program's machine code is for. */
const MACHINES: Readonly<Record<number, string>> = {
  3: "x86",
  40: "ARM",
  62: "x86-64",
  183: "AArch64",
};
const RISCV = 243;

/** Less than this is not enough for a kernel with its files. */
const MEMORY_MIN = 16 * 2 ** 20;
/** With what the processor has for itself this is all that 32 bits can address. */
const MEMORY_MAX = 3968 * 2 ** 20;

if (import.meta.main) {
  await command({
    usage: "deno task exec [FLAGS] FILE [ARGS…]",
    about:
      "Runs a RISC-V program and ends with its exit code. Where nobody types, idle time is skipped.",
    flags: {
      "model=NAME": `how to load it: ${Object.keys(MODELS).join(", ")} (zircon unless told)`,
      "root=DIR": "files for the program: libraries below lib/, programs by their path there",
      "generation=A|B":
        "which of RT-Smart's loaders: the first, or the later one, B unless told (rtsmart)",
      "memory=SIZE": "memory of the machine, such as 512M or 2G (256M unless told)",
      "bind=HOST:GUEST…": "show a folder at a path (linux); changes stay with the program",
      "env=VARIABLE…": "add NAME=value to the program's environment (linux)",
      strace: "show every system call, on standard error",
      story: "show the steps of loading, on standard error (rtsmart)",
      "seed=N": "where chance begins: addresses, handle values (1 unless told)",
    },
    example: "deno task exec guests/hello/hello",
    stopEarly: true,
  }, async (args) => {
    const [file, ...rest] = args._;
    if (!file) throw new CommandError("no program named: deno task exec FILE [ARGS…]");
    const name = typeof args.model === "string" ? args.model : "zircon";
    const model = MODELS[name];
    if (!model) {
      const known = Object.keys(MODELS).join(", ");
      throw new CommandError(`there is no load model ${name}; there is ${known}`);
    }
    for (const [flag, owner] of Object.entries(FLAG_OWNERS)) {
      if (name === owner || args[flag] === undefined || args[flag] === false) continue;
      throw new CommandError(`--${flag} is for --model=${owner}`);
    }
    const root = rootOf(args.root);
    const below = root && name === "linux" ? await findBelow(root, file) : null;
    const image = readProgram(below?.file ?? file, root);
    const seed = seedOf(args.seed);
    const run = await model();
    return run({
      file,
      ...(below && { path: below.path }),
      image,
      args: [basename(file), ...rest],
      seed,
      memory: memoryOf(args.memory),
      root,
      generation: typeof args.generation === "string" ? args.generation : undefined,
      binds: bindsOf(args.bind),
      environment: environmentOf(args.env),
      strace: args.strace === true,
      story: args.story === true,
      stdin: readInput,
    });
  });
}

/** A program by its path below the root; a name alone is sought there where no file here has it. */
async function findBelow(root: string, file: string): Promise<BelowRoot | null> {
  if (!file.startsWith("/") && existsSync(file)) return null;
  const { programBelow } = await import("./exec/below_root.ts");
  return programBelow(root, file);
}

function seedOf(text: unknown): number {
  if (text === undefined) return 1;
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new CommandError(`--seed=${text} is no whole number that is not negative`);
}

/** A size with its unit, in bytes; the host gives out what is touched, so it may have less itself. */
function memoryOf(text: unknown): ExecRequest["memory"] {
  if (text === undefined) return {};
  const [, count, unit] = /^(\d+)([MG])$/i.exec(String(text)) ?? [];
  const memoryBytes = Number(count) * (unit?.toUpperCase() === "G" ? 2 ** 30 : 2 ** 20);
  if (memoryBytes >= MEMORY_MIN && memoryBytes <= MEMORY_MAX) return { memoryBytes };
  const range = `from ${MEMORY_MIN / 2 ** 20}M to ${MEMORY_MAX / 2 ** 20}M`;
  throw new CommandError(`--memory=${text} is no size ${range}, such as 512M or 2G`);
}

function rootOf(text: unknown): string | undefined {
  return typeof text === "string" ? folderOf(text, `--root=${text}`) : undefined;
}

function wordsOf(flag: unknown): string[] {
  return Array.isArray(flag) ? flag.map(String) : flag === undefined ? [] : [String(flag)];
}

function environmentOf(flag: unknown): string[] {
  const stray = wordsOf(flag).find((text) => text.indexOf("=") < 1);
  if (stray === undefined) return wordsOf(flag);
  throw new CommandError(`--env=${stray}: a variable is written NAME=value`);
}

/** Folders by path; both sides of the colon have to make sense. */
function bindsOf(flag: unknown): Readonly<Record<string, string>> {
  const binds: Record<string, string> = {};
  for (const text of wordsOf(flag)) {
    const [host, guest = host] = text.split(":") as [string, string?];
    if (!guest!.startsWith("/")) {
      throw new CommandError(`--bind=${text}: the path in the machine begins with a slash`);
    }
    binds[guest!] = folderOf(host, `--bind=${text}`);
  }
  return binds;
}

function folderOf(path: string, flag: string): string {
  if (path !== "" && existsSync(path) && Deno.statSync(path).isDirectory) return path;
  throw new CommandError(`${flag}: ${path === "" ? "nothing" : path} is no folder`);
}

/** All of standard input; nothing where it is a terminal. */
function readInput(): Uint8Array {
  if (Deno.stdin.isTerminal()) return new Uint8Array(0);
  const pieces: Uint8Array[] = [];
  const piece = new Uint8Array(65536);
  for (let size = readInto(piece); size; size = readInto(piece)) pieces.push(piece.slice(0, size));
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const one of pieces) {
    all.set(one, end);
    end += one.length;
  }
  return all;
}

/** A program's bytes, or the sentence that says why it is none. */
function readProgram(file: string, root: string | undefined): Uint8Array {
  if (!existsSync(file)) {
    const where = root === undefined ? "" : `, neither here nor below ${root}`;
    throw new CommandError(`there is no file ${file}${where}`);
  }
  if (Deno.statSync(file).isDirectory) throw new CommandError(`${file} is a folder, not a program`);
  const image = Deno.readFileSync(file);
  if (image.length === 0) throw new CommandError(`${file} is empty, not a program`);
  const magic = image[0] === 0x7f && image[1] === 0x45 && image[2] === 0x4c && image[3] === 0x46;
  if (!magic && !(image[0] === 0x23 && image[1] === 0x21)) {
    throw new CommandError(`${file} is no ELF file; a scenario runs with: deno task run ${file}`);
  }
  if (magic && image.length >= 20) {
    const machine = image[18]! | image[19]! << 8;
    if (machine !== RISCV) {
      const found = MACHINES[machine] ?? `machine ${machine}`;
      throw new CommandError(`${file} is a program for ${found}; only RISC-V programs run here`);
    }
  }
  return image;
}
