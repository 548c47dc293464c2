/**
 * Memory accesses that nobody comes between.
 *
 * A word from memory and a word from a register are compared sign-extended: that keeps their order,
 * also as unsigned numbers.
 *
 * @module
 */
import type { Algebra, Meaning, Size } from "../../algebra.ts";

/** RV64A. */
export const ATOMICS = {
  "lr.w": (m) => m.rd(m.loadReserved(m.rs1(), 4)),
  "lr.d": (m) => m.rd(m.loadReserved(m.rs1(), 8)),
  "sc.w": (m) => m.rd(m.storeConditional(m.rs1(), m.rs2(), 4)),
  "sc.d": (m) => m.rd(m.storeConditional(m.rs1(), m.rs2(), 8)),
  "amoswap.w": (m) => update(m, 4, (_old, b) => b),
  "amoswap.d": (m) => update(m, 8, (_old, b) => b),
  "amoadd.w": (m) => update(m, 4, (old, b) => m.add(old, b)),
  "amoadd.d": (m) => update(m, 8, (old, b) => m.add(old, b)),
  "amoxor.w": (m) => update(m, 4, (old, b) => m.xor(old, b)),
  "amoxor.d": (m) => update(m, 8, (old, b) => m.xor(old, b)),
  "amoand.w": (m) => update(m, 4, (old, b) => m.and(old, b)),
  "amoand.d": (m) => update(m, 8, (old, b) => m.and(old, b)),
  "amoor.w": (m) => update(m, 4, (old, b) => m.or(old, b)),
  "amoor.d": (m) => update(m, 8, (old, b) => m.or(old, b)),
  "amomin.w": (m) => update(m, 4, (old, b) => m.select(m.lt(old, b), old, b)),
  "amomin.d": (m) => update(m, 8, (old, b) => m.select(m.lt(old, b), old, b)),
  "amomax.w": (m) => update(m, 4, (old, b) => m.select(m.lt(old, b), b, old)),
  "amomax.d": (m) => update(m, 8, (old, b) => m.select(m.lt(old, b), b, old)),
  "amominu.w": (m) => update(m, 4, (old, b) => m.select(m.ltUnsigned(old, b), old, b)),
  "amominu.d": (m) => update(m, 8, (old, b) => m.select(m.ltUnsigned(old, b), old, b)),
  "amomaxu.w": (m) => update(m, 4, (old, b) => m.select(m.ltUnsigned(old, b), b, old)),
  "amomaxu.d": (m) => update(m, 8, (old, b) => m.select(m.ltUnsigned(old, b), b, old)),
} as const satisfies Record<string, Meaning>;

function update<V>(m: Algebra<V>, size: Size, change: (old: V, b: V) => V): void {
  m.let(size === 4 ? m.word(m.rs2()) : m.rs2(), (b) => {
    m.rd(m.update(m.rs1(), size, (old) => change(old, b)));
  });
}
