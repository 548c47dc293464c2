/**
 * Arithmetic on 64-bit integers, by `bigint`: each is its unsigned value.
 *
 * @module
 */
import type { Arithmetic } from "../algebra.ts";

/** The unsigned 64-bit integer that is congruent. */
export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** The signed 64-bit integer with these bits. */
export function i64(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

const u32 = (value: bigint) => BigInt.asUintN(32, value);
const i32 = (value: bigint) => BigInt.asIntN(32, value);
const truth = (value: boolean) => value ? 1n : 0n;

const MASK = 0xffffffffffffffffn;

/** The arithmetic half of the oracle. */
export class Integers implements Arithmetic<bigint> {
  constant(value: bigint): bigint {
    return u64(value);
  }

  let(value: bigint, use: (value: bigint) => void): void {
    use(value);
  }

  add = (a: bigint, b: bigint) => u64(a + b);
  sub = (a: bigint, b: bigint) => u64(a - b);
  and = (a: bigint, b: bigint) => a & b;
  or = (a: bigint, b: bigint) => a | b;
  xor = (a: bigint, b: bigint) => a ^ b;
  not = (a: bigint) => a ^ MASK;
  mul = (a: bigint, b: bigint) => u64(a * b);
  mulHigh = (a: bigint, b: bigint) => u64((i64(a) * i64(b)) >> 64n);
  mulHighUnsigned = (a: bigint, b: bigint) => (a * b) >> 64n;
  mulHighMixed = (a: bigint, b: bigint) => u64((i64(a) * b) >> 64n);
  div = (a: bigint, b: bigint) => b === 0n ? MASK : u64(i64(a) / i64(b));
  divUnsigned = (a: bigint, b: bigint) => b === 0n ? MASK : a / b;
  rem = (a: bigint, b: bigint) => b === 0n ? a : u64(i64(a) % i64(b));
  remUnsigned = (a: bigint, b: bigint) => b === 0n ? a : a % b;
  shl = (a: bigint, b: bigint) => u64(a << (b & 63n));
  shr = (a: bigint, b: bigint) => a >> (b & 63n);
  sar = (a: bigint, b: bigint) => u64(i64(a) >> (b & 63n));
  rotl = (a: bigint, b: bigint) => this.or(this.shl(a, b), this.shr(a, -b & 63n));
  rotr = (a: bigint, b: bigint) => this.rotl(a, -b & 63n);
  eq = (a: bigint, b: bigint) => truth(a === b);
  ne = (a: bigint, b: bigint) => truth(a !== b);
  lt = (a: bigint, b: bigint) => truth(i64(a) < i64(b));
  ltUnsigned = (a: bigint, b: bigint) => truth(a < b);
  ge = (a: bigint, b: bigint) => truth(i64(a) >= i64(b));
  geUnsigned = (a: bigint, b: bigint) => truth(a >= b);
  select = (condition: bigint, yes: bigint, no: bigint) => condition !== 0n ? yes : no;
  clz = (a: bigint) => leadingZeros(a, 64);
  ctz = (a: bigint) => trailingZeros(a, 64);
  popcount = (a: bigint) => ones(a);
  reverseBytes = (a: bigint) =>
    BigInt(`0x${a.toString(16).padStart(16, "0").match(/../g)!.toReversed().join("")}`);
  byte = (a: bigint) => u64(BigInt.asIntN(8, a));
  half = (a: bigint) => u64(BigInt.asIntN(16, a));
  word = (a: bigint) => u64(i32(a));
  unsignedWord = (a: bigint) => u32(a);
  shlWord = (a: bigint, b: bigint) => this.word(a << (b & 31n));
  shrWord = (a: bigint, b: bigint) => this.word(u32(a) >> (b & 31n));
  sarWord = (a: bigint, b: bigint) => this.word(i32(a) >> (b & 31n));
  rotlWord = (a: bigint, b: bigint) =>
    this.or(this.shlWord(a, b), this.word(u32(a) >> (32n - (b & 31n))));
  rotrWord = (a: bigint, b: bigint) => this.rotlWord(a, -b & 31n);
  divWord = (a: bigint, b: bigint) => u32(b) === 0n ? MASK : this.word(i32(a) / i32(b));
  divUnsignedWord = (a: bigint, b: bigint) => u32(b) === 0n ? MASK : this.word(u32(a) / u32(b));
  remWord = (a: bigint, b: bigint) => this.word(u32(b) === 0n ? a : i32(a) % i32(b));
  remUnsignedWord = (a: bigint, b: bigint) => this.word(u32(b) === 0n ? a : u32(a) % u32(b));
  clzWord = (a: bigint) => leadingZeros(u32(a), 32);
  ctzWord = (a: bigint) => trailingZeros(u32(a), 32);
  popcountWord = (a: bigint) => ones(u32(a));
}

function leadingZeros(value: bigint, bits: number): bigint {
  return BigInt(value === 0n ? bits : bits - value.toString(2).length);
}

function trailingZeros(value: bigint, bits: number): bigint {
  return BigInt(value === 0n ? bits : (value & -value).toString(2).length - 1);
}

function ones(value: bigint): bigint {
  return BigInt(value.toString(2).replaceAll("0", "").length);
}
