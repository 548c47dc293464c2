/**
 * The files that a model of loading is given: the twin of a program that makes its calls.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { basename, fromFileUrl, resolve } from "@std/path";
import { type Abi, ALL_GUESTS, type Guest, guestUrl } from "../../guests/built.ts";
import { CommandError } from "../command.ts";
import { libraryFiles } from "../guest_files.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";

/** Whose calls the programs make that a model loads. */
export const ABI_OF_MODEL: Readonly<Record<string, Abi>> = {
  zircon: "zircon",
  linux: "linux",
  rtsmart: "rtsmart",
  "rtsmart-a": "rtsmart",
  "userland-exec": "linux",
};

/** What a model is to load: a file and what it may want, or why there is none. */
export interface Twin {
  /** The program's file. */
  readonly file: Uint8Array;
  /** Libraries, below `lib/`. */
  readonly libraries: BootFiles;
}

/** Which twins are wanted. */
export interface TwinChoice {
  /** A path, or the name of a guest. */
  readonly name: string;
  /** Whether the twins are to be those that a dynamic linker prepares. */
  readonly dynamic: boolean;
}

/** Finds the twin of a program for each model. */
export class Twins {
  readonly #choice: TwinChoice;
  readonly #guest: Guest | undefined;
  readonly #file: Uint8Array | undefined;

  /** The twins of a file, or of a guest by its name; a path to a guest's file stands for the guest. */
  constructor(choice: TwinChoice) {
    const { name } = choice;
    this.#choice = choice;
    this.#guest = guestOf(name);
    if (this.#guest) return;
    if (!existsSync(name)) throw new CommandError(noFile(name));
    if (Deno.statSync(name).isDirectory) {
      throw new CommandError(`${name} is a folder, not a program`);
    }
    this.#file = Deno.readFileSync(name);
  }

  /** The twins of a guest, whatever files of its name there are where the command is run. */
  static ofGuest(name: string, dynamic = false): Twins {
    return new Twins({ name: fromFileUrl(guestUrl(name)), dynamic });
  }

  /** What a model is to load, or why there is nothing. */
  for(model: string): Twin | string {
    const abi = ABI_OF_MODEL[model]!;
    const libraries = libraryFiles(abi);
    if (this.#file) return { file: this.#file, libraries };
    const { program } = this.#guest!;
    const isDynamic = this.#choice.dynamic || this.#guest!.kind === "dynamic";
    const kinds = isDynamic ? ["dynamic"] : ["static", "alone"];
    const twins = ALL_GUESTS.filter((one) => one.abi === abi && one.program === program);
    const twin = twins.find(({ kind }) => kinds.includes(kind));
    if (twin) return { file: Deno.readFileSync(guestUrl(twin.name)), libraries };
    if (twins.length === 0) return `${program} was not made for ${abi}`;
    return `${program} was not made for ${abi} as a ${isDynamic ? "dynamic" : "static"} program`;
  }
}

/** How many bytes a program of this name and its libraries have, by name. */
export function sizesOf({ file, libraries }: Twin, name: string): Record<string, number> {
  const found = Object.entries(libraries).map(([path, bytes]) => [basename(path), bytes.length]);
  return { ...Object.fromEntries(found), [name]: file.length };
}

/** The program that loads another one over itself. */
export function userlandExec(): Uint8Array {
  return Deno.readFileSync(guestUrl("userland_exec"));
}

function guestOf(name: string): Guest | undefined {
  const isProgram = ({ kind }: Guest) => kind !== "library" && kind !== "linker";
  const programs = ALL_GUESTS.filter(isProgram);
  const path = existsSync(name) ? resolve(name) : "";
  return programs.find((one) => fromFileUrl(guestUrl(one.name)) === path) ??
    (path ? undefined : programs.find((one) => one.name === name));
}

function noFile(name: string): string {
  const programs = ALL_GUESTS.filter(({ kind }) => kind === "static" || kind === "dynamic");
  const known = [...new Set(programs.map(({ program }) => program))].join(", ");
  return `there is no file ${name}, nor a program of that name; there is ${known}`;
}
