/**
 * The registers of RISC-V by their numbers in a thread's context, for kernels of that machine alone;
 * others ask the processor.
 *
 * @module
 */

/** The registers that kernels read and write themselves. */
export const Register = {
  /** Where a function goes back to. */
  RA: 1,
  /** Where the stack is. */
  SP: 2,
  /** Where what is a thread's own is. */
  TP: 4,
  /** The first argument, and the answer. */
  A0: 10,
  /** The second argument. */
  A1: 11,
  /** Which call it is. */
  A7: 17,
  /** The first of the registers for fractions. */
  F0: 32,
  /** How fractions are rounded, and what went wrong with them. */
  FCSR: 64,
} as const;

/** How many registers a context has. */
export const REGISTERS = 65;
