/**
 * What the first loader does with a program that wants a dynamic linker: it loads that one instead,
 * from where it always is, and leaves the program to it.
 *
 * @module
 */
import { Errno } from "../../kernel/rtsmart/error.ts";
import type { Strings } from "../../kernel/rtsmart/loader.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { argscopy } from "./arguments.ts";
import { DYNAMIC, lwpLoad } from "./load_elf.ts";

/** Where the dynamic linker is. */
const LD_SO = "/lib/ld.so";

/** Load a program, or the dynamic linker for it; answers 0 or an error. */
export function loadOrLink(lwp: Lwp, path: string, aux: number, strings: Strings): number {
  const result = lwpLoad(lwp, path, aux);
  return result === DYNAMIC ? loadLdso(lwp, path, strings) : result;
}

/** Load the dynamic linker, told the program's path; answers 0 or an error. */
function loadLdso(lwp: Lwp, path: string, { args, environment }: Strings): number {
  lwp.step("load_ldso", LD_SO);
  const vector = argscopy("A", lwp, { args: ["ld.so", "-e", path, ...args], environment });
  if (vector < 0) return Errno.ENOMEM;
  const result = lwpLoad(lwp, LD_SO, vector);
  lwp.image.cmd = path;
  // A dynamic linker that wants one itself is not loaded, and the number is taken for an error.
  return result;
}
