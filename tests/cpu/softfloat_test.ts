import { assertEquals } from "@std/assert";
import { Integer } from "../../cpu/algebra.ts";
import { classify, Flag, RoundingMode, SoftFloat } from "../../cpu/float/softfloat.ts";
import { floatEdges, floatOperand } from "../support/operand.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const view = new DataView(new ArrayBuffer(8));

function double(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

/** A double's bits; there is one NaN. */
function bitsOf(value: number): bigint {
  view.setFloat64(0, value);
  return Number.isNaN(value) ? 0x7ff8000000000000n : view.getBigUint64(0);
}

function single(bits: bigint): number {
  view.setUint32(0, Number(bits));
  return view.getFloat32(0);
}

function singleBitsOf(value: number): bigint {
  view.setFloat32(0, value);
  return Number.isNaN(value) ? 0x7fc00000n : BigInt(view.getUint32(0));
}

const HOST = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  sqrt: (a: number) => Math.sqrt(a),
} as const;

for (const [name, host] of Object.entries(HOST)) {
  Deno.test(`${name} gives what the host gives, for 64 and for 32 bits`, () => {
    const random = new SeededRandom(64);
    const soft = new SoftFloat();
    const operation = name as keyof typeof HOST;
    for (let round = 0; round < 20000; round++) {
      const [a, b] = [floatOperand(random, 64), floatOperand(random, 64)];
      assertEquals(soft[operation](64, a, b), bitsOf(host(double(a), double(b))), `${a} ${b}`);
      const [c, d] = [floatOperand(random, 32), floatOperand(random, 32)];
      // One operation on singles, rounded to 53 bits and then to 24, is as if rounded once.
      const wanted = singleBitsOf(host(single(c), single(d)));
      assertEquals(soft[operation](32, c, d), wanted, `${c} ${d}`);
    }
  });
}

Deno.test("conversions between formats give what the host gives", () => {
  const random = new SeededRandom(65);
  const soft = new SoftFloat();
  for (let round = 0; round < 20000; round++) {
    const a = floatOperand(random, 64);
    assertEquals(soft.convert(64, 32, a), singleBitsOf(double(a)), `${a}`);
    const b = floatOperand(random, 32);
    assertEquals(soft.convert(32, 64, b), bitsOf(single(b)), `${b}`);
  }
});

Deno.test("comparisons give what the host gives", () => {
  const soft = new SoftFloat();
  for (const a of floatEdges(64)) {
    for (const b of floatEdges(64)) {
      assertEquals(soft.eq(64, a, b), double(a) === double(b));
      assertEquals(soft.lt(64, a, b), double(a) < double(b));
      assertEquals(soft.le(64, a, b), double(a) <= double(b));
    }
  }
});

Deno.test("a fused product and sum of small integers is exact, of great ones rounded once", () => {
  const soft = new SoftFloat();
  const fma = (a: number, b: number, c: number) =>
    double(soft.fma(64, bitsOf(a), bitsOf(b), bitsOf(c)));
  assertEquals(fma(3, 5, -7), 8);
  assertEquals(fma(1 + 2 ** -52, 1 - 2 ** -52, -1), -(2 ** -104));
  assertEquals(fma(2 ** 53 + 2, 2 ** 53 + 2, -(2 ** 106)), 2 ** 55 + 4);
  assertEquals(fma(1e308, 10, -Infinity), -Infinity);
  assertEquals(Object.is(fma(1, -0, 0), 0), true);
});

Deno.test("modes choose the neighbour", () => {
  const soft = new SoftFloat();
  const rounded = (mode: RoundingMode, value: bigint) => {
    soft.mode = mode;
    return soft.toInteger(64, Integer.LONG, value);
  };
  const values = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.4, -0.6].map(bitsOf);
  const expected: Record<keyof typeof RoundingMode, bigint[]> = {
    NEAREST_EVEN: [-2n, -2n, 0n, 0n, 2n, 2n, 0n, -1n],
    ZERO: [-2n, -1n, 0n, 0n, 1n, 2n, 0n, 0n],
    DOWN: [-3n, -2n, -1n, 0n, 1n, 2n, 0n, -1n],
    UP: [-2n, -1n, 0n, 1n, 2n, 3n, 1n, 0n],
    NEAREST_AWAY: [-3n, -2n, -1n, 1n, 2n, 3n, 0n, -1n],
  };
  for (const [name, mode] of Object.entries(RoundingMode)) {
    const wanted = expected[name as keyof typeof RoundingMode];
    assertEquals(values.map((value) => rounded(mode, value)), wanted, name);
  }
});

Deno.test("overflow goes to infinity or to the greatest number, as the mode says", () => {
  const soft = new SoftFloat();
  const greatest = 0x7f7fffffn;
  const results = Object.values(RoundingMode).map((mode) => {
    soft.mode = mode;
    return [soft.add(32, greatest, greatest), soft.add(32, greatest | 1n << 31n, 0xff7fffffn)];
  });
  const [up, down] = [0x7f800000n, 0xff800000n];
  const [most, least] = [0x7f7fffffn, 0xff7fffffn];
  assertEquals(results, [[up, down], [most, least], [most, down], [up, least], [up, down]]);
  assertEquals(soft.flags, Flag.OVERFLOW | Flag.INEXACT);
});

Deno.test("a result is tiny if it still is behind rounding at full precision", () => {
  const soft = new SoftFloat();
  const flags = (a: bigint, b: bigint, mode: RoundingMode = RoundingMode.NEAREST_EVEN) => {
    soft.flags = 0;
    soft.mode = mode;
    soft.mul(32, a, b);
    return soft.flags;
  };
  const one = 0x3f800000n;
  assertEquals(flags(0x00800000n, one), 0);
  assertEquals(flags(0x00000001n, 0x3f000000n), Flag.INEXACT | Flag.UNDERFLOW);
  // 2 ** -126 * (1 - 2 ** -24) is a tie that rounds up to a normal number only with 23 bits.
  assertEquals(flags(0x00800000n, 0x3f7fffffn), Flag.INEXACT | Flag.UNDERFLOW);
  assertEquals(flags(0x00ffffffn, 0x3f000000n), Flag.INEXACT | Flag.UNDERFLOW);
  // (2 ** -126 + 2 ** -149) * (1 - 2 ** -24) is rounded up to a normal number in both.
  assertEquals(flags(0x00800001n, 0x3f7ffffen, RoundingMode.UP), Flag.INEXACT);
});

Deno.test("operations without a result raise the flag for it, and give the canonical NaN", () => {
  const soft = new SoftFloat();
  const infinity = 0x7ff0000000000000n;
  const nan = 0x7ff8000000000000n;
  const raised = (result: bigint) => {
    const { flags } = soft;
    soft.flags = 0;
    return [result, flags];
  };
  assertEquals(raised(soft.sub(64, infinity, infinity)), [nan, Flag.INVALID]);
  assertEquals(raised(soft.mul(64, infinity, 0n)), [nan, Flag.INVALID]);
  assertEquals(raised(soft.div(64, 0n, 0n)), [nan, Flag.INVALID]);
  assertEquals(raised(soft.div(64, bitsOf(1), 0n)), [infinity, Flag.DIVIDE_BY_ZERO]);
  assertEquals(raised(soft.sqrt(64, bitsOf(-1))), [nan, Flag.INVALID]);
  assertEquals(raised(soft.sqrt(64, bitsOf(-0))), [bitsOf(-0), 0]);
  assertEquals(raised(soft.fma(64, infinity, 0n, nan)), [nan, Flag.INVALID]);
  assertEquals(raised(soft.add(64, nan | 5n, 0n)), [nan, 0]);
  assertEquals(raised(soft.add(64, infinity | 5n, 0n)), [nan, Flag.INVALID]);
  assertEquals(raised(soft.min(64, infinity | 5n, 3n)), [3n, Flag.INVALID]);
  assertEquals(raised(soft.toInteger(64, Integer.UNSIGNED_LONG, nan)), [
    0xffffffffffffffffn,
    Flag.INVALID,
  ]);
});

Deno.test("every number is in one of ten classes", () => {
  const numbers = [-Infinity, -1, -1e-310, -0, 0, 1e-310, 1, Infinity].map(bitsOf);
  const classes = [...numbers, 0x7ff0000000000001n, 0x7ff8000000000000n].map((a) =>
    classify(64, a)
  );
  assertEquals(classes, Array.from({ length: 10 }, (_, bit) => 1n << BigInt(bit)));
});
