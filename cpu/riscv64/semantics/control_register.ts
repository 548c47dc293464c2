/**
 * Control registers: the one of floating point, under its three names, and the counters.
 *
 * An instruction that names a control register is decoded to a meaning of its own for each, so that
 * no back end has to tell registers apart while it runs.
 *
 * @module
 */
import type { Algebra, Meaning } from "../../algebra.ts";

/** Reading what cannot be written. */
export const COUNTERS = {
  rdcycle: (m) => m.rd(m.retired()),
  rdtime: (m) => m.rd(m.time()),
  rdinstret: (m) => m.rd(m.retired()),
} as const satisfies Record<string, Meaning>;

/** Writing, setting and clearing bits of `fcsr` and its parts. */
export const FCSR = {
  "csrrw.fflags": (m) => access(m, FLAGS, (_old) => m.rs1()),
  "csrrs.fflags": (m) => access(m, FLAGS, (old) => m.or(old, m.rs1())),
  "csrrc.fflags": (m) => access(m, FLAGS, (old) => m.and(old, m.not(m.rs1()))),
  "csrrwi.fflags": (m) => access(m, FLAGS, (_old) => m.imm()),
  "csrrsi.fflags": (m) => access(m, FLAGS, (old) => m.or(old, m.imm())),
  "csrrci.fflags": (m) => access(m, FLAGS, (old) => m.and(old, m.not(m.imm()))),
  "csrrw.frm": (m) => access(m, MODE, (_old) => m.rs1()),
  "csrrs.frm": (m) => access(m, MODE, (old) => m.or(old, m.rs1())),
  "csrrc.frm": (m) => access(m, MODE, (old) => m.and(old, m.not(m.rs1()))),
  "csrrwi.frm": (m) => access(m, MODE, (_old) => m.imm()),
  "csrrsi.frm": (m) => access(m, MODE, (old) => m.or(old, m.imm())),
  "csrrci.frm": (m) => access(m, MODE, (old) => m.and(old, m.not(m.imm()))),
  "csrrw.fcsr": (m) => access(m, BOTH, (_old) => m.rs1()),
  "csrrs.fcsr": (m) => access(m, BOTH, (old) => m.or(old, m.rs1())),
  "csrrc.fcsr": (m) => access(m, BOTH, (old) => m.and(old, m.not(m.rs1()))),
  "csrrwi.fcsr": (m) => access(m, BOTH, (_old) => m.imm()),
  "csrrsi.fcsr": (m) => access(m, BOTH, (old) => m.or(old, m.imm())),
  "csrrci.fcsr": (m) => access(m, BOTH, (old) => m.and(old, m.not(m.imm()))),
} as const satisfies Record<string, Meaning>;

/** A part of `fcsr`: as many bits, from there on. */
interface Part {
  readonly from: bigint;
  readonly mask: bigint;
}

const FLAGS: Part = { from: 0n, mask: 0x1fn };
const MODE: Part = { from: 5n, mask: 0x7n };
const BOTH: Part = { from: 0n, mask: 0xffn };
const ALL = 0xffn;

function access<V>(m: Algebra<V>, part: Part, change: (old: V) => V): void {
  const mask = m.constant(part.mask);
  const from = m.constant(part.from);
  m.let(
    m.fcsr(),
    (all) =>
      m.let(m.and(m.shr(all, from), mask), (old) =>
        m.let(m.and(change(old), mask), (value) => {
          const others = m.and(all, m.constant(ALL & ~(part.mask << part.from)));
          m.setFcsr(m.or(others, m.shl(value, from)));
          m.rd(old);
        })),
  );
}
