/**
 * Whether the host's relaxed multiply-add rounds once, as RISC-V's does. It may or may not, so it is
 * tried, with numbers that tell the two apart.
 *
 * @module
 */
import { Code, moduleBytes, Op, Type } from "../wasm.ts";

const SIMD = 0xfd;
const FOUND: { fused?: boolean } = {};

/** Write a multiply-add of three numbers: the first lane of a vector operation. */
export function writeMultiplyAdd(
  code: Code,
  double: boolean,
  operands: readonly ((code: Code) => void)[],
): void {
  for (const operand of operands) {
    operand(code);
    code.raw([SIMD, double ? 0x14 : 0x13]);
  }
  code.raw([SIMD, double ? 0x87 : 0x85, 0x02]);
  code.raw([SIMD, double ? 0x21 : 0x1f, 0]);
}

/** Whether it rounds once. */
export function isFused(): boolean {
  FOUND.fused ??= tried();
  return FOUND.fused;
}

/** (1 + e)(1 - e) - 1 is -e² if nothing is rounded in between, else 0. */
function tried(): boolean {
  const code = new Code();
  writeMultiplyAdd(code, true, [0, 1, 2].map((index) => (to: Code) => to.op(Op.GET, index)));
  const module = moduleBytes({
    types: [{ params: [Type.F64, Type.F64, Type.F64], results: [Type.F64] }],
    imports: [],
    functions: [{ type: 0, locals: [], code, name: "fma" }],
  });
  if (!WebAssembly.validate(module)) return false;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  const fma = exports["fma"] as unknown as (a: number, b: number, c: number) => number;
  const e = 2 ** -30;
  return fma(1 + e, 1 - e, -1) === -(e * e);
}
