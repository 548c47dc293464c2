/**
 * What each model of loading is, in a line for people who do not know it.
 *
 * @module
 */

/** A line about each model. */
export const MODEL_WORDS: Readonly<Record<string, string>> = {
  zircon: "A launcher reads the file and builds the process; all it has is handles.",
  linux: "The kernel finds the file by its path, reads it, and replaces the caller.",
  rtsmart: "The kernel finds the file by its path; every page may be written and executed.",
  "rtsmart-a":
    "RT-Smart's first loader: the kernel reads section headers, and copies all of the file at once.",
  "userland-exec": "A program reads the file and puts it in its own place; nobody else knows.",
};

/** Sizes as people read them. */
export function sizeText(bytes: number): string {
  const at = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1024 ** at;
  const digits = amount < 10 && !Number.isInteger(amount) ? amount.toFixed(1) : Math.round(amount);
  return `${digits} ${UNITS[at]}`;
}

/** A number with its thousands apart. */
export function countText(count: number): string {
  return `${count}`.replace(/\B(?=(\d{3})+$)/g, " ");
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];
