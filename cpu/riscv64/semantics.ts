/**
 * What each instruction of RV64GC, Zba, Zbb and Zbs does, once, for every back end.
 *
 * @module
 */
import type { Meaning } from "../algebra.ts";
import { ATOMICS } from "./semantics/atomic.ts";
import { BITS } from "./semantics/bit.ts";
import { COUNTERS, FCSR } from "./semantics/control_register.ts";
import { DOUBLES, SINGLES } from "./semantics/float.ts";
import { INTEGERS } from "./semantics/integer.ts";
import { PRODUCTS } from "./semantics/product.ts";

/** The instructions by name, and what they mean. */
export const SEMANTICS = {
  ...INTEGERS,
  ...PRODUCTS,
  ...BITS,
  ...ATOMICS,
  ...COUNTERS,
  ...FCSR,
  ...SINGLES,
  ...DOUBLES,
} as const satisfies Record<string, Meaning>;

/** The name of an instruction's meaning. */
export type Mnemonic = keyof typeof SEMANTICS;
