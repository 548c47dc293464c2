/**
 * Musl's libc-test, area by area, and the programs of ours that try the same: nothing of it is used but
 * the names of its programs, which say what there is to try. For each program of ours stand words of
 * its source that do it; a test looks for them.
 *
 * @module
 */
import { FUNCTIONAL } from "./areas_functional.ts";
import { MATH } from "./areas_math.ts";
import { DEMANDS } from "./areas_demands.ts";
import { REGRESSION } from "./areas_regression.ts";

/** What tries an area: programs, each with words of its source; or why none does. */
export type Cover = Readonly<Record<string, string>> | string;

/** An area in the table. */
export interface AreaRow {
  /** Its folder and name. */
  readonly area: string;
  /** The programs that try it, or nothing. */
  readonly programs: string;
  /** Words of their sources that do; or why there is no program. */
  readonly by: string;
}

/** The areas by folder. */
export const AREAS: Readonly<Record<string, Readonly<Record<string, Cover>>>> = {
  functional: FUNCTIONAL,
  regression: REGRESSION,
  math: MATH,
  demands: DEMANDS,
  common: {
    "vmfill, memfill, setrlim, fdfill": {
      "memory_ends.c": "limit( fill(",
      "descriptors.c": "dup(a)",
    },
    "mtest, print, rand, utf8, path, runtest":
      "they are the tests' own tools; a program of ours prints, and its output is compared",
  },
  api: {
    main: "headers are read by a compiler; no program runs",
  },
};

/** Every area, by folder and name. */
export function areaRows(): AreaRow[] {
  return Object.entries(AREAS).flatMap(([folder, areas]) =>
    Object.entries(areas).map(([name, cover]) => ({ area: `${folder}/${name}`, ...shown(cover) }))
  );
}

function shown(cover: Cover): Pick<AreaRow, "programs" | "by"> {
  if (typeof cover === "string") return { programs: "", by: `none: ${cover}` };
  return { programs: Object.keys(cover).join(" "), by: Object.values(cover).join("; ") };
}
