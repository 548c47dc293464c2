/**
 * The files of the arena: programs that are good, programs that are wrong in one place, and whatever
 * a person has in a folder.
 *
 * @module
 */
import { existsSync, walkSync } from "@std/fs";
import type { Abi } from "../../guests/built.ts";
import { MALFORMATIONS } from "../../guests/malformed.ts";
import { CommandError } from "../command.ts";
import { ABI_OF_MODEL, Twins } from "../compare/twins.ts";

/** A file, or one for each kind of calls. */
export interface Fixture {
  /** What people call it. */
  readonly name: string;
  /** Which part of it is wrong; empty if none is. */
  readonly part: string;
  /** Which of the shapes it is that end zCore's kernel; 0 if none. */
  readonly zcore: number;
  /** Its bytes for a model, or why there are none. */
  readonly bytesFor: (model: string) => Uint8Array | string;
}

/** The largest file that is taken from a folder. */
const SIZE_MAX = 8 << 20;

/** Programs that end by themselves. */
const GOOD = ["hello", "fault", "wx_probe", "exec_probe"];

/** Whose calls a model's programs make; the arena has a model more. */
export function abiOf(model: string): Abi {
  return model === "zcore" ? "linux" : ABI_OF_MODEL[model] ?? "linux";
}

/** The files that come with the project. */
export function ownFixtures(): Fixture[] {
  const good = GOOD.map((name) => fixture(name, Twins.ofGuest(name)));
  const dynamic = fixture("hello, dynamic", Twins.ofGuest("hello", true));
  const hello = Twins.ofGuest("hello");
  const bad = MALFORMATIONS.map(({ name, part, zcore = 0, spoil }) => ({
    ...fixture(name, hello, spoil),
    part,
    zcore,
  }));
  return [...good, dynamic, ...bad];
}

/** Every file of a folder, as it is. */
export function folderFixtures(folder: string): Fixture[] {
  if (!existsSync(folder)) throw new CommandError(`there is no folder ${folder}`);
  if (!Deno.statSync(folder).isDirectory) throw new CommandError(`${folder} is no folder`);
  const files = [...walkSync(folder)].filter(({ isFile, path }) =>
    isFile && Deno.statSync(path).size <= SIZE_MAX
  );
  return files.map(({ path }) => path).sort().map((path) => {
    const bytes = bytesOf(path);
    const name = path.slice(folder.replace(/\/$/, "").length + 1);
    return { name, part: "", zcore: 0, bytesFor: () => bytes };
  });
}

/** A file's bytes, or why there are none. */
function bytesOf(path: string): Uint8Array | string {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Error) return `cannot be read: ${error.name}`;
    throw error;
  }
}

function fixture(
  name: string,
  twins: Twins,
  spoil: (file: Uint8Array) => Uint8Array = (file) => file,
): Fixture {
  const bytesFor = (model: string) => {
    const twin = twins.for(model === "zcore" ? "linux" : model);
    return typeof twin === "string" ? twin : spoil(twin.file);
  };
  return { name, part: "", zcore: 0, bytesFor };
}
