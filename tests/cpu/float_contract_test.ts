import { assertEquals } from "@std/assert";
import { ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { WAYS } from "../support/subject.ts";
import { attempt, type Trial, tried } from "../support/trial.ts";

/**
 * What an instruction makes of operands, and the flags it raises: i(nexact), u(nderflow),
 * o(verflow), z(ero divided by), v (invalid). Numbers are decimal, with \`s\` behind them for single
 * precision, or bits; \`@\` names the rounding mode.
 */
const SAMPLES = `
fadd.d 1 2 = 3; fadd.d 0.1 0.2 = 0.30000000000000004 i; fadd.d inf -inf = nan v
fadd.d 1 -1 = 0; fadd.d@2 1 -1 = -0; fadd.d -0 -0 = -0; fadd.d 0x7ff0000000000001 1 = nan v
fadd.d 0xfff8000000000005 1 = nan; fadd.d 1.7976931348623157e308 1e280 = 1.7976931348623157e308 i
fadd.d 1.7976931348623157e308 1.7976931348623157e308 = inf oi
fadd.d@1 1.7976931348623157e308 1.7976931348623157e308 = 1.7976931348623157e308 oi
fadd.d@0 1 1e-300 = 1 i; fadd.d@3 1 1e-300 = 1.0000000000000002 i; fadd.d@2 1 -1e-300 = 0.9999999999999999 i
fadd.s 1s 2s = 3s; fadd.s 16777216s 1s = 16777216s i; fadd.s@4 16777216s 1s = 16777218s i
fadd.s 0x3f800000 1s = nans; fadd.s 0xfffffffe3f800000 1s = nans
fsub.d 1 1 = 0; fsub.d inf inf = nan v; fsub.s 3s 1s = 2s; fsub.d -0 0 = -0
fmul.d 3 5 = 15; fmul.d 0 inf = nan v; fmul.d 1e-200 1e-200 = 0 ui; fmul.d -1e-200 1e-200 = -0 ui
fmul.d@3 1e-200 1e-200 = 5e-324 ui; fmul.d 5e-324 0.5 = 0 ui; fmul.d 2.2250738585072014e-308 0.5 = 1.1125369292536007e-308
fmul.s 1e30s 1e30s = infs oi; fmul.s@1 1e30s 1e30s = 3.4028234663852886e38s oi
fdiv.d 1 3 = 0.3333333333333333 i; fdiv.d 1 0 = inf z; fdiv.d -1 0 = -inf z; fdiv.d 0 0 = nan v
fdiv.d 6 3 = 2; fdiv.d inf inf = nan v; fdiv.d 1 inf = 0; fdiv.s 1s 3s = 0.3333333432674408s i
fsqrt.d 2 = 1.4142135623730951 i; fsqrt.d 4 = 2; fsqrt.d -1 = nan v; fsqrt.d -0 = -0; fsqrt.s 2s = 1.4142135381698608s i
fmadd.d 3 5 -7 = 8; fmadd.d 1.0000000000000002 0.9999999999999998 -1 = -4.930380657631324e-32
fmadd.d inf 0 0x7ff8000000000000 = nan v; fmadd.d inf 1 -inf = nan v; fmadd.s 3s 5s -7s = 8s
fmsub.d 3 5 7 = 8; fnmsub.d 3 5 7 = -8; fnmadd.d 3 5 7 = -22; fnmadd.d 1 0 0 = -0
fmsub.s 3s 5s 7s = 8s; fnmsub.s 3s 5s 7s = -8s; fnmadd.s 3s 5s 7s = -22s; fmadd.d@2 1 1 -1 = -0
fsgnj.d 1 -2 = -1; fsgnjn.d 1 -2 = 1; fsgnjx.d -1 -2 = 1; fsgnj.d 0x7ff0000000000001 -1 = 0xfff0000000000001
fsgnj.s 1s -2s = -1s; fsgnjn.s 1s 2s = -1s; fsgnjx.s -1s 2s = -1s; fsgnj.s 0x3f800000 0x3f800000 = nans
fmin.d 1 2 = 1; fmin.d -0 0 = -0; fmin.d 0 -0 = -0; fmin.d nan 1 = 1; fmin.d nan nan = nan
fmin.d 0x7ff0000000000001 1 = 1 v; fmax.d -0 0 = 0; fmax.d 0 -0 = 0; fmax.d 1 0xfff0000000000001 = 1 v
fmax.s 1s 2s = 2s; fmin.s -infs 2s = -infs
feq.d 1 1 = #1; feq.d 0 -0 = #1; feq.d nan 1 = #0; feq.d 0x7ff0000000000001 1 = #0 v
flt.d 1 2 = #1; flt.d nan 1 = #0 v; fle.d 1 1 = #1; fle.d 1 nan = #0 v; flt.s -1s 0s = #1; fle.s 0s -0s = #1; feq.s 1s 2s = #0
fclass.d -inf = #1; fclass.d -1 = #2; fclass.d -5e-324 = #4; fclass.d -0 = #8; fclass.d 0 = #16
fclass.d 5e-324 = #32; fclass.d 1 = #64; fclass.d inf = #128; fclass.d 0x7ff0000000000001 = #256; fclass.d nan = #512
fclass.s 1e-40s = #32; fclass.s 0x3f800000 = #512
fcvt.w.d 1.5 = #2 i; fcvt.w.d@1 -1.9 = #-1 i; fcvt.w.d 2147483648 = #2147483647 v; fcvt.w.d nan = #2147483647 v
fcvt.w.d -2147483649 = #-2147483648 v; fcvt.w.d@1 -2147483648.5 = #-2147483648 i; fcvt.wu.d 4294967295 = #-1
fcvt.wu.d -1 = #0 v; fcvt.wu.d -0.4 = #0 i; fcvt.wu.d@2 -0.4 = #0 v; fcvt.wu.d 4294967296 = #-1 v
fcvt.l.d 9223372036854775808 = #9223372036854775807 v; fcvt.l.d -9223372036854775808 = #-9223372036854775808
fcvt.l.d nan = #9223372036854775807 v; fcvt.lu.d 18446744073709549568 = #-2048; fcvt.lu.d inf = #-1 v; fcvt.lu.d -1 = #0 v
fcvt.w.s 2.5s = #2 i; fcvt.wu.s 3e9s = #-1294967296; fcvt.l.s 1e18s = #999999984306749440; fcvt.lu.s -infs = #0 v
fcvt.d.w #-7 = -7; fcvt.d.w #4294967295 = -1; fcvt.d.wu #-1 = 4294967295; fcvt.d.l #9007199254740993 = 9007199254740992 i
fcvt.d.l@3 #9007199254740993 = 9007199254740994 i; fcvt.d.lu #-1 = 18446744073709551616 i; fcvt.s.w #16777217 = 16777216s i
fcvt.s.wu #-1 = 4294967296s i; fcvt.s.l #-1 = -1s; fcvt.s.lu #-1 = 18446744073709551616s i; fcvt.d.l #0 = 0
fcvt.s.d 0.1 = 0.10000000149011612s i; fcvt.s.d 1e300 = infs oi; fcvt.s.d nan = nans; fcvt.s.d 1e-300 = 0s ui
fcvt.s.d 0x7ff0000000000001 = nans v; fcvt.d.s 0x3f800000 = nan; fcvt.d.s 1.5s = 1.5; fcvt.d.s 0xffffffff7f800001 = nan v
fmv.x.w 0x12345678f0000000 = #-268435456; fmv.x.d -0 = #-9223372036854775808; fmv.w.x #0x1234567840000000 = 2s
fmv.d.x #0x7ff0000000000001 = 0x7ff0000000000001
`;

interface Sample {
  readonly text: string;
  readonly trial: Trial;
  readonly result: bigint;
  readonly isInteger: boolean;
  readonly flags: number;
}

const view = new DataView(new ArrayBuffer(8));

/** A number's bits. */
function bits(text: string): bigint {
  if (text.startsWith("#")) return BigInt.asUintN(64, BigInt(text.slice(1)));
  if (text.startsWith("0x")) return BigInt(text);
  const isSingle = text.endsWith("s");
  const word = isSingle ? text.slice(0, -1) : text;
  if (word === "nan") return isSingle ? 0xffffffff7fc00000n : 0x7ff8000000000000n;
  const value = Number(word.replace("inf", "Infinity"));
  if (isSingle) {
    view.setFloat32(0, value);
    return 0xffffffff00000000n | BigInt(view.getUint32(0));
  }
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

function sample(text: string): Sample {
  const [left, right] = text.split(" = ") as [string, string];
  const [called, ...operands] = left.split(" ");
  const [name, mode] = called!.split("@") as [string, string?];
  const [result, raised] = right.split(" ") as [string, string?];
  // Without a mode of its own the instruction takes the one in \`fcsr\`, which is the nearest.
  const word = tried(name, { r: mode === undefined ? 7 : Number(mode) });
  const flags = [..."iuozv"].reduce((sum, letter, bit) => {
    return sum | (raised?.includes(letter) ? 1 << bit : 0);
  }, 0);
  const values = operands.map(bits);
  const isInteger = result.startsWith("#");
  return { text, trial: { word, operands: values }, result: bits(result), isInteger, flags };
}

const FLOATS = SAMPLES.split(/[;\n]/).map((text) => text.trim()).filter(Boolean).map(sample);

for (const way of WAYS) {
  Deno.test(`${way.name}: floating point makes what the manual says, and raises its flags`, () => {
    const results = attempt(way, FLOATS.map(({ trial }) => trial));
    FLOATS.forEach(({ text, result, isInteger, flags }, index) => {
      const { x, f, fcsr } = results[index]!;
      const made = [(isInteger ? x : f).toString(16), fcsr];
      assertEquals(made, [result.toString(16), flags], text);
    });
  });

  Deno.test(`${way.name}: flags stay raised, whatever they were`, () => {
    const operands = [bits("1"), bits("3"), bits("0")];
    const trials = [0, 1, 16, 31].map((fcsr) => ({
      word: tried("fdiv.d", { r: 7 }),
      operands,
      fcsr,
    }));
    assertEquals(attempt(way, trials).map(({ fcsr }) => fcsr), [1, 1, 17, 31]);
  });

  Deno.test(`${way.name}: flags are raised even if the result goes nowhere`, () => {
    const trial = { word: tried("flt.d", { d: 0 }), operands: [bits("nan"), bits("1")] };
    assertEquals(attempt(way, [trial])[0]!.fcsr, 16);
    const convert = { word: tried("fcvt.w.d", { d: 0, r: 0 }), operands: [bits("1.5")] };
    assertEquals(attempt(way, [convert])[0]!.fcsr, 1);
  });
}

Deno.test("every floating-point operation has a sample", () => {
  const operations = ENCODINGS.map(({ name }) => name).filter((name) => /^f.*\./.test(name));
  const sampled = new Set(FLOATS.map(({ text }) => text.split(/[ @]/)[0]));
  const others = ["fence.i"];
  assertEquals(operations.filter((name) => !sampled.has(name) && !others.includes(name)), []);
});
