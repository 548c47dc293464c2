/**
 * The names of RISC-V's registers.
 *
 * @module
 */

/** The integer registers by the names of the calling convention; the index is the number. */
export const INTEGER_NAMES: readonly string[] =
  "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6"
    .split(" ");

/** The floating-point registers by the names of the calling convention; the index is the number. */
export const FLOAT_NAMES: readonly string[] =
  "ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11"
    .split(" ");

const INTEGER = numbered("x", INTEGER_NAMES, { fp: 8 });
const FLOAT = numbered("f", FLOAT_NAMES, {});

/** The control registers that programs may use, by name. */
export const CONTROL_REGISTERS: Readonly<Record<string, number>> = {
  fflags: 1,
  frm: 2,
  fcsr: 3,
  cycle: 0xc00,
  time: 0xc01,
  instret: 0xc02,
};

/** Rounding modes by name. */
export const ROUNDING: Readonly<Record<string, number>> = {
  rne: 0,
  rtz: 1,
  rdn: 2,
  rup: 3,
  rmm: 4,
  dyn: 7,
};

/** The number of an integer register; undefined where the name is none. */
export function integerRegister(name: string): number | undefined {
  return INTEGER.get(name);
}

/** The number of a floating-point register; undefined where the name is none. */
export function floatRegister(name: string): number | undefined {
  return FLOAT.get(name);
}

function numbered(
  prefix: string,
  names: readonly string[],
  more: Readonly<Record<string, number>>,
): Map<string, number> {
  const map = new Map(Object.entries(more));
  names.forEach((name, number) => {
    map.set(name, number);
    map.set(`${prefix}${number}`, number);
  });
  return map;
}
