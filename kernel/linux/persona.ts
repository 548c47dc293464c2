/**
 * What a task wants its programs to be like: `personality`.
 *
 * @module
 */

/** Wishes that programs have of the kernel; those that have no bit here are only remembered. */
export const Persona = {
  /** Addresses are not left to chance. */
  ADDR_NO_RANDOMIZE: 0x40000,
  /** The first page can be read and executed, as in old systems. */
  MMAP_PAGE_ZERO: 0x100000,
} as const;

/** Wishes that a program with rights of its own does not inherit. */
export const PER_CLEAR_ON_SETID: number = 0x400000 | 0x40000 | 0x200000 | 0x100000;
