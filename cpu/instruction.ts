/**
 * A decoded instruction: what to do with which registers, whatever bits said so.
 *
 * @module
 */

/** Register numbers are those of a context: 0 to 31 integer, 32 to 63 floating-point. */
export interface Instruction<Name extends string = string> {
  /** The key of its meaning. */
  readonly name: Name;
  /** The destination; 0 where there is none. */
  readonly rd: number;
  /** The first source; 0 where there is none. */
  readonly rs1: number;
  /** The second source; 0 where there is none. */
  readonly rs2: number;
  /** The third source; 0 where there is none. */
  readonly rs3: number;
  /** The immediate, sign-extended, as a signed 32-bit number. */
  readonly imm: number;
  /** Bytes it takes: 2 or 4. */
  readonly length: number;
  /** The rounding mode where it has one: 0 to 4, or 7 for the one in `fcsr`; else 0. */
  readonly mode: number;
}
