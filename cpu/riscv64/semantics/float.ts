/**
 * Floating point, for 32 and for 64 bits: the sentences are the same.
 *
 * @module
 */
import { type Algebra, type Format, Integer, type Meaning, type Size } from "../../algebra.ts";

const { WORD, UNSIGNED_WORD, LONG, UNSIGNED_LONG } = Integer;

/** What the operations mean for numbers of a format. */
function floats(f: Format) {
  const size: Size = f === 32 ? 4 : 8;
  return {
    load: (m) => m.fd(f, m.fromBits(f, m.load(m.add(m.rs1(), m.imm()), size, false))),
    // The register's low bits are stored whether they are boxed or not.
    store: (m) => m.store(m.add(m.rs1(), m.imm()), m.bits(64, m.fs2(64)), size),
    add: (m) => m.fd(f, m.fadd(f, m.fs1(f), m.fs2(f))),
    sub: (m) => m.fd(f, m.fsub(f, m.fs1(f), m.fs2(f))),
    mul: (m) => m.fd(f, m.fmul(f, m.fs1(f), m.fs2(f))),
    div: (m) => m.fd(f, m.fdiv(f, m.fs1(f), m.fs2(f))),
    sqrt: (m) => m.fd(f, m.fsqrt(f, m.fs1(f))),
    madd: (m) => m.fd(f, m.fma(f, m.fs1(f), m.fs2(f), m.fs3(f))),
    msub: (m) => m.fd(f, m.fma(f, m.fs1(f), m.fs2(f), m.fneg(f, m.fs3(f)))),
    nmsub: (m) => m.fd(f, m.fma(f, m.fneg(f, m.fs1(f)), m.fs2(f), m.fs3(f))),
    nmadd: (m) => m.fd(f, m.fma(f, m.fneg(f, m.fs1(f)), m.fs2(f), m.fneg(f, m.fs3(f)))),
    sgnj: (m) => m.fd(f, m.fcopysign(f, m.fs1(f), m.fs2(f))),
    sgnjn: (m) => m.fd(f, m.fcopysign(f, m.fs1(f), m.fneg(f, m.fs2(f)))),
    sgnjx: (m) => m.fd(f, m.fxorsign(f, m.fs1(f), m.fs2(f))),
    min: (m) => m.fd(f, m.fmin(f, m.fs1(f), m.fs2(f))),
    max: (m) => m.fd(f, m.fmax(f, m.fs1(f), m.fs2(f))),
    eq: (m) => m.rd(m.feq(f, m.fs1(f), m.fs2(f))),
    lt: (m) => m.rd(m.flt(f, m.fs1(f), m.fs2(f))),
    le: (m) => m.rd(m.fle(f, m.fs1(f), m.fs2(f))),
    class: (m) => m.rd(m.fclass(f, m.fs1(f))),
    toWord: (m) => m.rd(m.toInteger(f, WORD, m.fs1(f))),
    toUnsignedWord: (m) => m.rd(m.toInteger(f, UNSIGNED_WORD, m.fs1(f))),
    toLong: (m) => m.rd(m.toInteger(f, LONG, m.fs1(f))),
    toUnsignedLong: (m) => m.rd(m.toInteger(f, UNSIGNED_LONG, m.fs1(f))),
    fromWord: (m) => m.fd(f, m.fromInteger(f, WORD, m.rs1())),
    fromUnsignedWord: (m) => m.fd(f, m.fromInteger(f, UNSIGNED_WORD, m.rs1())),
    fromLong: (m) => m.fd(f, m.fromInteger(f, LONG, m.rs1())),
    fromUnsignedLong: (m) => m.fd(f, m.fromInteger(f, UNSIGNED_LONG, m.rs1())),
    // As with stores, boxing does not matter where bits are moved out.
    toBits: (m) => m.rd(lowBits(m, f)),
    fromBits: (m) => m.fd(f, m.fromBits(f, m.rs1())),
  } as const satisfies Record<string, Meaning>;
}

function lowBits<V>(m: Algebra<V>, f: Format): V {
  const bits = m.bits(64, m.fs1(64));
  return f === 32 ? m.word(bits) : bits;
}

const S = floats(32);
const D = floats(64);

/** RV64F. */
export const SINGLES = {
  flw: S.load,
  fsw: S.store,
  "fadd.s": S.add,
  "fsub.s": S.sub,
  "fmul.s": S.mul,
  "fdiv.s": S.div,
  "fsqrt.s": S.sqrt,
  "fmadd.s": S.madd,
  "fmsub.s": S.msub,
  "fnmsub.s": S.nmsub,
  "fnmadd.s": S.nmadd,
  "fsgnj.s": S.sgnj,
  "fsgnjn.s": S.sgnjn,
  "fsgnjx.s": S.sgnjx,
  "fmin.s": S.min,
  "fmax.s": S.max,
  "feq.s": S.eq,
  "flt.s": S.lt,
  "fle.s": S.le,
  "fclass.s": S.class,
  "fcvt.w.s": S.toWord,
  "fcvt.wu.s": S.toUnsignedWord,
  "fcvt.l.s": S.toLong,
  "fcvt.lu.s": S.toUnsignedLong,
  "fcvt.s.w": S.fromWord,
  "fcvt.s.wu": S.fromUnsignedWord,
  "fcvt.s.l": S.fromLong,
  "fcvt.s.lu": S.fromUnsignedLong,
  "fmv.x.w": S.toBits,
  "fmv.w.x": S.fromBits,
} as const satisfies Record<string, Meaning>;

/** RV64D. */
export const DOUBLES = {
  fld: D.load,
  fsd: D.store,
  "fadd.d": D.add,
  "fsub.d": D.sub,
  "fmul.d": D.mul,
  "fdiv.d": D.div,
  "fsqrt.d": D.sqrt,
  "fmadd.d": D.madd,
  "fmsub.d": D.msub,
  "fnmsub.d": D.nmsub,
  "fnmadd.d": D.nmadd,
  "fsgnj.d": D.sgnj,
  "fsgnjn.d": D.sgnjn,
  "fsgnjx.d": D.sgnjx,
  "fmin.d": D.min,
  "fmax.d": D.max,
  "feq.d": D.eq,
  "flt.d": D.lt,
  "fle.d": D.le,
  "fclass.d": D.class,
  "fcvt.w.d": D.toWord,
  "fcvt.wu.d": D.toUnsignedWord,
  "fcvt.l.d": D.toLong,
  "fcvt.lu.d": D.toUnsignedLong,
  "fcvt.d.w": D.fromWord,
  "fcvt.d.wu": D.fromUnsignedWord,
  "fcvt.d.l": D.fromLong,
  "fcvt.d.lu": D.fromUnsignedLong,
  "fmv.x.d": D.toBits,
  "fmv.d.x": D.fromBits,
  "fcvt.s.d": (m) => m.fd(32, m.narrow(m.fs1(64))),
  "fcvt.d.s": (m) => m.fd(64, m.widen(m.fs1(32))),
} as const satisfies Record<string, Meaning>;
