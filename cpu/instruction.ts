/**
 * A decoded instruction: what to do and with which registers, whatever bits said so.
 *
 * @module
 */

/** Register numbers are those of a context: 0 to 31 integer, 32 to 63 floating-point. */
export interface Instruction<Name extends string = string> {
  /** The key of its meaning. */
  readonly name: Name;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number;
  /** Sign-extended, 32 bits. */
  readonly imm: number;
  /** Bytes it takes: 2 or 4. */
  readonly length: number;
  /** The rounding mode, where it has one. */
  readonly mode: number;
}
