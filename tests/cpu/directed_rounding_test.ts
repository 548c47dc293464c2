import { assert, assertEquals } from "@std/assert";
import { type Format, Integer } from "../../cpu/algebra.ts";
import { directedFloat } from "../../cpu/float/directed_rounding.ts";
import { floatCode, FloatOperation, FloatUnit, MODE_SHIFT } from "../../cpu/float/operation.ts";
import { isFused } from "../../cpu/float/fused.ts";
import { CONTEXT, Registers } from "../../cpu/layout.ts";
import { RoundingMode } from "../../cpu/float/softfloat.ts";
import { floatOperand, integerOperand } from "../support/operand.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const isLong = Deno.args.includes("--long");
const FCSR = (CONTEXT + Registers.FCSR) >> 2;
const DIRECTED = [RoundingMode.ZERO, RoundingMode.DOWN, RoundingMode.UP];

/** Conversions between formats are named by the one that they begin with. */
const FROM = new Map<FloatOperation, Format>([
  [FloatOperation.WIDEN, 32],
  [FloatOperation.NARROW, 64],
]);

/** Both ways of computing, each with an `fcsr`, and how often the quick one asked the other. */
class Both {
  asked = 0;
  readonly #exact = new FloatUnit();
  readonly #words: Uint32Array;
  readonly #quick: (code: number, a: bigint, b: bigint, c: bigint) => bigint;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    this.#words = new Uint32Array(memory.buffer);
    const float = (code: number, a: bigint, b: bigint, c: bigint) => {
      this.asked++;
      const result = this.#exact.compute(code, a, b, c, this.#words[FCSR]! >>> 5)!;
      this.#words[FCSR]! |= this.#exact.flags;
      return result;
    };
    this.#quick = directedFloat({ memory, float }, 1);
  }

  /** What the quick and what the exact way gives, with `fcsr` behind it. */
  results(code: number, fcsr: number, operands: readonly bigint[]): [string, string] {
    const [a, b, c] = operands as [bigint, bigint, bigint];
    this.#words[FCSR] = fcsr;
    const quick = this.#quick(code, a, b, c);
    const after = this.#words[FCSR]!;
    const exact = this.#exact.compute(code, a, b, c, fcsr >>> 5)!;
    return [text(quick, after), text(exact, fcsr | this.#exact.flags)];
  }
}

function text(bits: bigint, fcsr: number): string {
  return `${BigInt.asUintN(64, bits).toString(16)} with ${fcsr.toString(2)}`;
}

const COMPUTED = Object.entries(FloatOperation).filter(([, operation]) =>
  operation <= FloatOperation.FMA || operation >= FloatOperation.TO_INTEGER
);

for (const [name, operation] of COMPUTED) {
  Deno.test(`${name}: the quick way rounds in every mode as the exact one, with its flags`, () => {
    const random = new SeededRandom(operation + 1);
    const both = new Both();
    for (let round = 0; round < (isLong ? 1_000_000 : 6_000); round++) {
      const format = FROM.get(operation) ?? random.pick([32, 64] as const);
      const kind = random.below(4) as Integer;
      const [own, dynamic] = [random.pick([0, 1, 2, 3, 4, 7]), random.below(5)];
      const code = floatCode(operation, format, kind) | own << MODE_SHIFT;
      const operands = operandsOf(random, operation, format, kind);
      const fcsr = dynamic << 5 | random.pick([0, 1, 4, 31]);
      const [quick, exact] = both.results(code, fcsr, operands);
      assertEquals(quick, exact, `mode ${own} ${dynamic}, ${format} bits, ${operands}`);
    }
  });
}

/** Operands, of which the third sometimes almost cancels the product of the others. */
function operandsOf(
  random: SeededRandom,
  operation: FloatOperation,
  format: Format,
  kind: Integer,
): bigint[] {
  if (operation === FloatOperation.FROM_INTEGER) {
    const value = integerOperand(random);
    if (kind === Integer.WORD) return [BigInt.asIntN(32, value), 0n, 0n];
    return [kind === Integer.UNSIGNED_WORD ? BigInt.asUintN(32, value) : value, 0n, 0n];
  }
  const [a, b, c] = [0, 1, 2].map(() => floatOperand(random, format)) as [bigint, bigint, bigint];
  if (random.below(3) > 0) return [a, b, c];
  const product = new FloatUnit().compute(floatCode(FloatOperation.MUL, format), a, b, 0n, 0)!;
  return [
    a,
    b,
    BigInt.asUintN(format, product ^ 1n << BigInt(format - 1)) + BigInt(random.below(3)),
  ];
}

Deno.test({
  name: "ordinary numbers never need the exact way, once something was inexact",
  ignore: !isFused(),
  fn: () => {
    const random = new SeededRandom(99);
    const both = new Both();
    const bits = (value: number) => new BigUint64Array(new Float64Array([value]).buffer)[0]!;
    for (let round = 0; round < 3000; round++) {
      const operation = random.pick([0, 1, 2, 3, 4, 5, 12, 15]) as FloatOperation;
      const code = floatCode(operation, 64, Integer.LONG) | 7 << MODE_SHIFT;
      const fcsr = random.pick(DIRECTED) << 5 | 1;
      const operands = [0, 1, 2].map(() => bits(1 + random.below(1 << 20) / 1000));
      const [quick, exact] = both.results(code, fcsr, operands);
      assertEquals(quick, exact);
    }
    assertEquals(both.asked, 0);
  },
});

Deno.test("what has no neighbour to choose from goes the exact way", () => {
  const both = new Both();
  const code = floatCode(FloatOperation.ADD, 64) | RoundingMode.ZERO << MODE_SHIFT;
  const greatest = 0x7fefffffffffffffn;
  const [quick, exact] = both.results(code, 0, [greatest, greatest, 0n]);
  assertEquals(quick, exact);
  assert(both.asked > 0);
});
