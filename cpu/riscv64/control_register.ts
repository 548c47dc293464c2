/**
 * Which control registers there are, and what an instruction that names one means.
 *
 * @module
 */
import type { Mnemonic } from "./semantics.ts";

/** The control registers by name. */
export const CONTROL_REGISTERS = {
  /** Flags of floating point. */
  fflags: 0x001,
  /** The rounding mode. */
  frm: 0x002,
  /** Both of them. */
  fcsr: 0x003,
  /** Cycles; here every instruction takes one. */
  cycle: 0xc00,
  /** The time. */
  time: 0xc01,
  /** Instructions executed. */
  instret: 0xc02,
} as const;

const WRITABLE = new Map<number, string>([
  [CONTROL_REGISTERS.fflags, "fflags"],
  [CONTROL_REGISTERS.frm, "frm"],
  [CONTROL_REGISTERS.fcsr, "fcsr"],
]);

const COUNTERS = new Map<number, Mnemonic>([
  [CONTROL_REGISTERS.cycle, "rdcycle"],
  [CONTROL_REGISTERS.time, "rdtime"],
  [CONTROL_REGISTERS.instret, "rdinstret"],
]);

/** What an access to the control register in an instruction's bits means; null if it may not be. */
export function controlMeaning(name: string, bits: number): Mnemonic | null {
  const register = bits >>> 20;
  const writable = WRITABLE.get(register);
  if (writable !== undefined) return `${name}.${writable}` as Mnemonic;
  // Counters are only read: by setting or clearing no bits at all.
  const writes = name.startsWith("csrrw") || ((bits >>> 15) & 31) !== 0;
  return writes ? null : COUNTERS.get(register) ?? null;
}
