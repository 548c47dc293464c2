/**
 * The auxiliary vector: 32 pairs behind the environment, of which a loader fills the first few.
 *
 * @module
 */
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";

/** How many pairs there are (`AUX_ARRAY_ITEMS_NR`). */
export const AUX_ITEMS = 32;

/** The keys. */
export const At = {
  NULL: 0,
  PHDR: 3,
  PHENT: 4,
  PHNUM: 5,
  PAGESZ: 6,
  BASE: 7,
  FLAGS: 8,
  ENTRY: 9,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  HWCAP: 16,
  CLKTCK: 17,
  SECURE: 23,
  RANDOM: 25,
  EXECFN: 31,
} as const;

/** A key and its value. */
export type AuxItem = readonly [key: number, value: number];

/** Write pairs from one of them on; answers whether they could be written. */
export function putAux(
  lwp: Lwp,
  vector: number,
  { from = 0, items }: { readonly from?: number; readonly items: readonly AuxItem[] },
): boolean {
  return items.every(([key, value], one) => {
    const at = vector + 16 * (from + one);
    return lwp.memory.writeU64(at, key) === 0 && lwp.memory.writeU64(at + 8, value) === 0;
  });
}
