/**
 * What no WebAssembly is emitted for. A machine does not decode the instructions that need it, so to
 * get here is a mistake of the processor's.
 *
 * @module
 */
import type { Node } from "./node.ts";

function missing(): never {
  throw new RangeError("The processor decoded an instruction that it has no code for");
}

/** The part of the vocabulary that is not emitted. */
export class Gaps {
  fs1: () => Node = missing;
  fs2: () => Node = missing;
  fs3: () => Node = missing;
  fcsr: () => Node = missing;
  retired: () => Node = missing;
  time: () => Node = missing;
  bits: () => Node = missing;
  fromBits: () => Node = missing;
  fadd: () => Node = missing;
  fsub: () => Node = missing;
  fmul: () => Node = missing;
  fdiv: () => Node = missing;
  fsqrt: () => Node = missing;
  fma: () => Node = missing;
  fneg: () => Node = missing;
  fcopysign: () => Node = missing;
  fxorsign: () => Node = missing;
  fmin: () => Node = missing;
  fmax: () => Node = missing;
  feq: () => Node = missing;
  flt: () => Node = missing;
  fle: () => Node = missing;
  fclass: () => Node = missing;
  toInteger: () => Node = missing;
  fromInteger: () => Node = missing;
  widen: () => Node = missing;
  narrow: () => Node = missing;
  update: () => Node = missing;
  loadReserved: () => Node = missing;
  storeConditional: () => Node = missing;
  fd: () => void = missing;
  setFcsr: () => void = missing;
}
