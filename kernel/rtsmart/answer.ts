/**
 * What a call of a program ends with.
 *
 * @module
 */

/** The call will be answered later. */
export const PARKED = "parked";

/** The call has set the registers itself, or there is nobody left to answer. */
export const SILENT = "silent";

/** A number, negative for an error; or one of the two words. */
export type Answer = number | typeof PARKED | typeof SILENT;
