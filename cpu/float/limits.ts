/**
 * When host arithmetic may stand for the guest's: while the mode is to nearest even and inexactness
 * was raised before, a result that is an ordinary number needs nothing more. Compiled code compares
 * results with limits, which are such that nothing passes while that is not so.
 *
 * @module
 */
import type { Frames } from "../memory/frames.ts";
import { CONTEXT, Registers, State } from "../layout.ts";

/** Biased exponents from 2 to the greatest, as doubled bits from the least of them on. */
const PRODUCTS = 2045n << 53n;
const SINGLES = 253 << 24;
const INFINITY = 0x7ff0000000000000n;

/** Set the limits by the `fcsr` of the running registers. */
export function setFloatLimits({ words, longs }: Frames): void {
  const control = words[(CONTEXT + Registers.FCSR) >> 2]!;
  if (words[State.LIMITS_OF >> 2] === control + 1) return;
  words[State.LIMITS_OF >> 2] = control + 1;
  const simple = (control & 0xe1) === 1;
  longs[State.SUM_LIMIT >> 3] = simple ? INFINITY : 0n;
  longs[State.PRODUCT_LIMIT >> 3] = simple ? BigInt.asIntN(64, PRODUCTS) : 0n;
  words[State.SINGLE_LIMIT >> 2] = simple ? SINGLES : 0;
  words[State.MODE_VALID >> 2] = control >>> 5 > 4 ? 0 : 1;
}
