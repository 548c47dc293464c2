/**
 * The two loaders that RT-Smart has had, as the kernel sees them.
 *
 * @module
 */
import type { Generation, LwpLoader } from "../../kernel/rtsmart/loader.ts";
import { argscopy, checkStrings } from "./arguments.ts";
import { loadOrLink } from "./load_ldso.ts";
import { lwpLoad } from "./lwp_elf.ts";
import { loadScript } from "./script_line.ts";

/** Until 2023: section headers, eager copies, one dynamic linker. */
const FIRST: LwpLoader = {
  generation: "A",
  check: (strings) => checkStrings("A", strings),
  loadScript: (lwp, path, strings) => loadScript("A", lwp, path, strings),
  argscopy: (lwp, strings) => argscopy("A", lwp, strings),
  load: (lwp, path, { aux, strings }) => loadOrLink(lwp, path, aux, strings),
};

/** Since then: program headers, the page cache, dynamic linkers by name. */
const LATER: LwpLoader = {
  generation: "B",
  check: (strings) => checkStrings("B", strings),
  loadScript: (lwp, path, strings) => loadScript("B", lwp, path, strings),
  argscopy: (lwp, strings) => argscopy("B", lwp, strings),
  load: (lwp, path, { aux }) => lwpLoad(lwp, path, aux),
};

/** The loaders by name. */
export const LOADERS: Readonly<Record<Generation, LwpLoader>> = { A: FIRST, B: LATER };
