/**
 * The opcodes of WebAssembly's loads and stores of 64-bit values.
 *
 * @module
 */
import type { Size } from "./algebra.ts";

/** Loads to 64 bits by size: zero-extended, sign-extended. */
export const LOADS: Readonly<Record<Size, readonly [number, number]>> = {
  1: [0x31, 0x30],
  2: [0x33, 0x32],
  4: [0x35, 0x34],
  8: [0x29, 0x29],
};

/** Stores from 64 bits by size. */
export const STORES: Readonly<Record<Size, number>> = {
  1: 0x3c,
  2: 0x3d,
  4: 0x3e,
  8: 0x37,
};
