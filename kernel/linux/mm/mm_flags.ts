/**
 * What programs ask of their memory as a whole, and leave to those that come after them.
 *
 * @module
 */
import { Access } from "../../ports.ts";
import type { Mm } from "./mm.ts";

/** What was asked for, as bits. */
export const MmFlag = {
  /** No large pages. */
  DISABLE_THP: 1,
  /** Nothing that can be executed can be written, or could be. */
  HAS_MDWE: 2,
  /** That much is not asked of those that come after. */
  HAS_MDWE_NO_INHERIT: 4,
  /** Pages that are alike may be one. */
  VM_MERGE_ANY: 8,
} as const;

const { HAS_MDWE, HAS_MDWE_NO_INHERIT } = MmFlag;

/** What of it holds for the memory of children, and of programs that are executed. */
export function inheritedFlags(flags: number): number {
  const isOwn = (flags & HAS_MDWE_NO_INHERIT) !== 0;
  return isOwn ? flags & ~(HAS_MDWE | HAS_MDWE_NO_INHERIT) : flags;
}

/** Whether nothing new may be mapped with such access. */
export function deniesMapping({ flags }: Mm, prot: number): boolean {
  const both = Access.WRITE | Access.EXECUTE;
  return (flags & HAS_MDWE) !== 0 && (prot & both) === both;
}

/** Whether such access may not be allowed at these addresses, where it was not before. */
export function deniesProtection(mm: Mm, start: number, end: number, prot: number): boolean {
  if ((mm.flags & HAS_MDWE) === 0 || (prot & Access.EXECUTE) === 0) return false;
  const gains = mm.vmas.within(start, end).some((vma) => (vma.prot & Access.EXECUTE) === 0);
  return gains || deniesMapping(mm, prot);
}
