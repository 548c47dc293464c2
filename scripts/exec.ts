/**
 * `deno task exec`: run a program, that is, an ELF file.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename } from "@std/path";
import { command, CommandError, Exit } from "./command.ts";
import { execZircon } from "./exec/zircon.ts";

/** What the command line asks for. */
export interface ExecRequest {
  /** The program's file. */
  readonly file: string;
  /** Its bytes. */
  readonly image: Uint8Array;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Where chance begins. */
  readonly seed: number;
  /** Whether every system call is written to standard error. */
  readonly strace: boolean;
}

/** The ways to load a program, by name. */
const MODELS: Readonly<Record<string, (request: ExecRequest) => number>> = { zircon: execZircon };

/** What every program's machine code is for. */
const MACHINES: Readonly<Record<number, string>> = {
  3: "x86",
  40: "ARM",
  62: "x86-64",
  183: "AArch64",
};
const RISCV = 243;

if (import.meta.main) {
  await command({
    usage: "deno task exec [--model=NAME] [--strace] [--seed=N] FILE [ARGS…]",
    about: "Runs a RISC-V program and ends with its exit code.",
    flags: {
      "model=NAME": `how to load it: ${Object.keys(MODELS).join(", ")} (zircon unless told)`,
      "strace": "write every system call to standard error",
      "seed=N": "where chance begins: addresses, handle values (1 unless told)",
    },
    example: "deno task exec guests/hello/hello Ada",
    stopEarly: true,
  }, (args) => {
    const [file, ...rest] = args._;
    if (!file) throw new CommandError("no program named: deno task exec FILE [ARGS…]");
    const name = typeof args.model === "string" ? args.model : "zircon";
    const model = MODELS[name];
    if (!model) {
      const known = Object.keys(MODELS).join(", ");
      throw new CommandError(`there is no load model ${name}; there is ${known}`);
    }
    const image = readProgram(file);
    const seed = seedOf(args.seed);
    return model({
      file,
      image,
      args: [basename(file), ...rest],
      seed,
      strace: args.strace === true,
    });
  });
}

function seedOf(text: unknown): number {
  if (text === undefined) return 1;
  const seed = Number(text);
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new CommandError(`--seed=${text} is no whole number that is not negative`);
}

/** A program's bytes, or the sentence that says why it is none. */
function readProgram(file: string): Uint8Array {
  if (!existsSync(file)) throw new CommandError(`there is no file ${file}`);
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

/** The exit code of the command for a program's: what does not fit is cut to its low eight bits. */
export function exitCodeOf(code: number): number {
  return code < 0 ? Exit.failed : code & 0xff;
}
