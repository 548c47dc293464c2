/**
 * Operands that find mistakes: edges, and numbers near each other.
 *
 * @module
 */
import type { Format } from "../../cpu/algebra.ts";
import type { SeededRandom } from "./seeded_random.ts";

/** Floating-point numbers at the edges, without their signs. */
const EDGES: Readonly<Record<Format, readonly bigint[]>> = {
  32: [
    0x00000000n, // 0
    0x00000001n, // the smallest number
    0x00000002n,
    0x007fffffn, // the greatest subnormal
    0x00800000n, // the smallest normal
    0x00800001n,
    0x00ffffffn,
    0x34000000n, // 2 ** -23
    0x33800000n, // 2 ** -24
    0x3effffffn,
    0x3f000000n, // 0.5
    0x3f7fffffn,
    0x3f800000n, // 1
    0x3f800001n,
    0x3fc00000n, // 1.5
    0x40000000n, // 2
    0x40490fdbn, // pi
    0x4b000000n, // 2 ** 23
    0x4b7fffffn,
    0x4effffffn, // the greatest below 2 ** 31
    0x4f000000n, // 2 ** 31
    0x4f7fffffn,
    0x4f800000n, // 2 ** 32
    0x5effffffn,
    0x5f000000n, // 2 ** 63
    0x5f800000n, // 2 ** 64
    0x7effffffn,
    0x7f000000n,
    0x7f7fffffn, // the greatest number
    0x7f800000n, // infinity
    0x7f800001n, // signalling NaN
    0x7fbfffffn,
    0x7fc00000n, // the canonical NaN
    0x7fffffffn,
  ],
  64: [
    0x0000000000000000n,
    0x0000000000000001n,
    0x0000000000000002n,
    0x000fffffffffffffn,
    0x0010000000000000n,
    0x0010000000000001n,
    0x001fffffffffffffn,
    0x3690000000000000n, // half the smallest single
    0x3690000000000001n,
    0x36a0000000000000n, // the smallest single
    0x380fffffe0000000n, // between singles, subnormal ones and normal ones
    0x380fffffffffffffn,
    0x3810000000000000n,
    0x3ca0000000000000n, // 2 ** -53
    0x3fe0000000000000n,
    0x3fefffffffffffffn,
    0x3ff0000000000000n,
    0x3ff0000000000001n,
    0x3ff0000010000000n, // half-way between singles
    0x3ff0000030000000n,
    0x3ff8000000000000n,
    0x4000000000000000n,
    0x400921fb54442d18n,
    0x41dfffffffc00000n, // the greatest 32-bit integer, and around
    0x41dfffffffe00000n,
    0x41e0000000000000n,
    0x41efffffffe00000n,
    0x41f0000000000000n,
    0x4330000000000000n, // 2 ** 52
    0x433fffffffffffffn,
    0x43dfffffffffffffn,
    0x43e0000000000000n, // 2 ** 63
    0x43f0000000000000n, // 2 ** 64
    0x47efffffe0000000n, // the greatest single, and around
    0x47efffffefffffffn,
    0x47effffff0000000n,
    0x7fe0000000000000n,
    0x7fefffffffffffffn,
    0x7ff0000000000000n,
    0x7ff0000000000001n,
    0x7ff7ffffffffffffn,
    0x7ff8000000000000n,
    0x7fffffffffffffffn,
  ],
};

/** Floating-point numbers at the edges, with both signs. */
export function floatEdges(format: Format): bigint[] {
  const sign = 1n << BigInt(format - 1);
  return EDGES[format].flatMap((one) => [one, one | sign]);
}

/** Integers at the edges. */
export const INTEGER_EDGES: readonly bigint[] = [0n, 7n, 8n, 16n, 31n, 32n, 33n, 62n, 63n].flatMap(
  (bit) => [-1n, 0n, 1n].flatMap((more) => [(1n << bit) + more, -(1n << bit) + more]),
).map((value) => BigInt.asUintN(64, value));

/** A floating-point number: at an edge, or of a size like others, or just bits. */
export function floatOperand(random: SeededRandom, format: Format): bigint {
  const kind = random.below(4);
  if (kind === 0) return random.pick(floatEdges(format));
  const bits = BigInt.asUintN(format, random.next64());
  if (kind === 1) return bits;
  const precision = format === 32 ? 23n : 52n;
  const bias = format === 32 ? 127n : 1023n;
  const near = bias + BigInt(random.below(kind === 2 ? 8 : 128)) - (kind === 2 ? 4n : 64n);
  const cut = BigInt(random.below(Number(precision)));
  const fraction = (bits & ((1n << precision) - 1n)) >> cut << cut;
  return (bits >> BigInt(format - 1) << BigInt(format - 1)) | near << precision | fraction;
}

/** An integer: at an edge, small, or just bits. */
export function integerOperand(random: SeededRandom): bigint {
  const kind = random.below(3);
  if (kind === 0) return random.pick(INTEGER_EDGES);
  return kind === 1 ? random.next64() : random.next64() >> BigInt(random.below(64));
}
