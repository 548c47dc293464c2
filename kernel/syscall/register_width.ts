/**
 * How much of a register an argument is.
 *
 * @module
 */

/** How a register is read: 64 bits without sign, the low 32, 64 with sign, or 64 exactly. */
export const RegisterWidth = { PLAIN: 0, LOW: 1, SIGNED: 2, WIDE: 3 } as const;

/** One of the ways. */
export type RegisterWidth = typeof RegisterWidth[keyof typeof RegisterWidth];
