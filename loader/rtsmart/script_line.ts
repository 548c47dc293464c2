/**
 * The first line of a script, `#!` and an interpreter, as each of the loaders reads it.
 *
 * @module
 */
import { Errno } from "../../kernel/rtsmart/error.ts";
import { RegularFile } from "../../kernel/rtsmart/fs/regular_file.ts";
import type { Generation, Interpreted, Strings } from "../../kernel/rtsmart/loader.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { textOf } from "../../kernel/rtsmart/text.ts";
import { checkStrings } from "./arguments.ts";
import { ElfFile } from "./elf_file.ts";

/** So many bytes of a line are read at once (`INTERP_BUF_SIZE`). */
const CHUNK = 128;

/** What a script's first line says; null for what is none; or an error. */
export function loadScript(
  generation: Generation,
  lwp: Lwp,
  path: string,
  strings: Strings,
): Interpreted | number | null {
  const node = lwp.rtsmart.files.find(path, lwp.workingDirectory);
  if (!(node instanceof RegularFile)) return null;
  const file = new ElfFile(lwp, node, path);
  file.read(0, CHUNK);
  const start = textOf(node.readAt(0, CHUNK));
  if (!start.startsWith("#!")) return null;
  const words = generation === "A" ? cutWords(start) : wholeWords(file);
  if (words === null) return null;
  lwp.step(generation === "A" ? "_load_script" : "lwp_args_load_script", words.join(" "));
  const own = generation === "A" ? strings.args : [path, ...strings.args.slice(1)];
  const changed = { args: [...words, ...own], environment: strings.environment };
  const status = checkStrings(generation, changed);
  // Arguments that have outgrown their page are none: the script is taken for a program.
  if (status === Errno.EINVAL) return null;
  return status !== 0 ? status : { path: words[0]!, strings: changed };
}

/** An interpreter and at most one argument, of what fits in one buffer. */
function cutWords(start: string): string[] | null {
  const end = start.indexOf("\n");
  const line = start.slice(2, end < 0 ? CHUNK - 1 : end).replace(/[ \t]+$/, "").replace(
    /^[ \t]+/,
    "",
  );
  const match = /^([^ \t]+)[ \t]*(.*)$/.exec(line);
  if (!match) return null;
  return match[2] === "" ? [match[1]!] : [match[1]!, match[2]!];
}

/** An interpreter and every word behind it, to the line's end wherever that is. */
function wholeWords(file: ElfFile): string[] | null {
  let line = "";
  for (let at = 0; at < file.length && !line.includes("\n"); at += CHUNK) {
    line += textOf(file.file.readAt(at, CHUNK));
  }
  const words = line.split("\n")[0]!.slice(2).split(/[ \t]+/).filter((one) => one !== "");
  return words.length === 0 ? null : words;
}
