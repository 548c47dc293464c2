/**
 * The vocabulary every instruction is written in.
 *
 * `V` is a value: a `bigint` when the oracle runs, a WebAssembly expression when the interpreter is
 * generated or a region compiled, a `string` when an instruction explains itself. Instructions name
 * roles (`rs1`, `imm`, `rd`), never bit fields, so one sentence serves whether a field is known now
 * or only when the code runs.
 *
 * 1. Values have sorts, and each operation says which it takes: 64-bit integers; conditions, which
 *    are the integers 0 and 1; floating-point numbers of 32 or 64 bits, which are not integers until
 *    `bits` makes them so. A back end may keep each sort in what suits it.
 * 2. Effects come last and in order, so that a refused access leaves nothing half done.
 * 3. A value that is used twice goes through `let`, or its code would be there twice.
 * 4. Floating-point operations round as the instruction says, or as `fcsr` says where the
 *    instruction leaves it open, and raise flags in `fcsr`. Raising flags is an effect: it happens
 *    even if the result goes to a register that ignores it. Where `fcsr` holds no rounding mode the
 *    operation is no instruction at all.
 *
 * x86-64 will add to this: partial writes of a register (8 and 16 bits, `insert(old, value, from,
 * bits)`), 8- and 16-bit forms of `byte` and `half` as operand sizes, flags as roles (`carry()`,
 * `setFlags(kind, a, b, result)`, kept lazily by the compiler as the operands they came from),
 * conditions over them, segment bases as one more term of an address, `update` for locked
 * instructions as it is here, 128-bit vectors as another sort (`v1()`, `vd()`, lanewise operations
 * that WebAssembly has as v128), string instructions as a sentence for one round with a `repeat`,
 * and a 128-by-64 division. Nothing of what is here has to go.
 *
 * @module
 */

/** Bytes of a memory access. */
export type Size = 1 | 2 | 4 | 8;

/** Bits of a floating-point number. */
export type Format = 32 | 64;

/** Integers that floating-point numbers are converted to and from. */
export const Integer = {
  /** 32 bits, signed. */
  WORD: 0,
  /** 32 bits, unsigned; in a register it is sign-extended all the same. */
  UNSIGNED_WORD: 1,
  /** 64 bits, signed. */
  LONG: 2,
  /** 64 bits, unsigned. */
  UNSIGNED_LONG: 3,
} as const;

/** One of the kinds of integer. */
export type Integer = typeof Integer[keyof typeof Integer];

/** What instructions are made of. */
export interface Algebra<V> extends Roles<V>, Arithmetic<V>, Floats<V>, Effects<V> {
  /** A constant. */
  constant(value: bigint): V;
  /** Use a value more than once. */
  let(value: V, use: (value: V) => void): void;
}

/** The parts that an instruction names. */
export interface Roles<V> {
  /** The first source register. */
  rs1(): V;
  /** The second source register. */
  rs2(): V;
  /** The immediate, sign-extended. */
  imm(): V;
  /** The address of this instruction. */
  pc(): V;
  /** The address of the instruction behind this one. */
  next(): V;
  /** Set the destination register. */
  rd(value: V): void;
  /** The first source as a floating-point number; as 32 bits, what is not boxed is NaN. */
  fs1(format: Format): V;
  /** The second source as a floating-point number. */
  fs2(format: Format): V;
  /** The third source as a floating-point number. */
  fs3(format: Format): V;
  /** Set the destination to a floating-point number; 32 bits are boxed in ones. */
  fd(format: Format, value: V): void;
  /** The control register of floating point: flags in bits 0 to 4, rounding mode in 5 to 7. */
  fcsr(): V;
  /** Set the control register of floating point; other bits than these eight are zero. */
  setFcsr(value: V): void;
  /** How many instructions were executed before this one. */
  retired(): V;
  /** The time, in ticks. */
  time(): V;
}

/** What can be done with integers. */
export interface Arithmetic<V> {
  /** Sum. */
  add(a: V, b: V): V;
  /** Difference. */
  sub(a: V, b: V): V;
  /** Bits in both. */
  and(a: V, b: V): V;
  /** Bits in either. */
  or(a: V, b: V): V;
  /** Bits in one of them. */
  xor(a: V, b: V): V;
  /** All bits changed. */
  not(a: V): V;
  /** The low half of the product. */
  mul(a: V, b: V): V;
  /** The high half of the product of signed numbers. */
  mulHigh(a: V, b: V): V;
  /** The high half of the product of unsigned numbers. */
  mulHighUnsigned(a: V, b: V): V;
  /** The high half of the product of a signed and an unsigned number. */
  mulHighMixed(a: V, b: V): V;
  /** Signed quotient: by zero it is -1, and overflow wraps. */
  div(a: V, b: V): V;
  /** Unsigned quotient: by zero it is all ones. */
  divUnsigned(a: V, b: V): V;
  /** Signed remainder: by zero it is the dividend, on overflow 0. */
  rem(a: V, b: V): V;
  /** Unsigned remainder: by zero it is the dividend. */
  remUnsigned(a: V, b: V): V;
  /** Shift left; shifts and rotations take their count modulo 64. */
  shl(a: V, b: V): V;
  /** Shift right, zeros come in. */
  shr(a: V, b: V): V;
  /** Shift right, copies of the sign come in. */
  sar(a: V, b: V): V;
  /** Rotate left. */
  rotl(a: V, b: V): V;
  /** Rotate right. */
  rotr(a: V, b: V): V;
  /** 1 where they are equal, else 0. */
  eq(a: V, b: V): V;
  /** 1 where they differ. */
  ne(a: V, b: V): V;
  /** 1 where the first is less, as signed numbers. */
  lt(a: V, b: V): V;
  /** 1 where the first is less, as unsigned numbers. */
  ltUnsigned(a: V, b: V): V;
  /** 1 where the first is not less, as signed numbers. */
  ge(a: V, b: V): V;
  /** 1 where the first is not less, as unsigned numbers. */
  geUnsigned(a: V, b: V): V;
  /** One of two values; both are computed. */
  select(condition: V, yes: V, no: V): V;
  /** Zeros above the highest one; 64 if there is none. */
  clz(a: V): V;
  /** Zeros below the lowest one; 64 if there is none. */
  ctz(a: V): V;
  /** How many bits are one. */
  popcount(a: V): V;
  /** The eight bytes in opposite order. */
  reverseBytes(a: V): V;
  /** The low 8 bits, sign-extended. */
  byte(a: V): V;
  /** The low 16 bits, sign-extended. */
  half(a: V): V;
  /** The low 32 bits, sign-extended. */
  word(a: V): V;
  /** The low 32 bits, zero-extended. */
  unsignedWord(a: V): V;
  /** Shift the low 32 bits left; like all that follow, on words, with a sign-extended result. */
  shlWord(a: V, b: V): V;
  /** Shift a word right, zeros come in; counts are modulo 32. */
  shrWord(a: V, b: V): V;
  /** Shift a word right, copies of its sign come in. */
  sarWord(a: V, b: V): V;
  /** Rotate a word left. */
  rotlWord(a: V, b: V): V;
  /** Rotate a word right. */
  rotrWord(a: V, b: V): V;
  /** Signed quotient of words. */
  divWord(a: V, b: V): V;
  /** Unsigned quotient of words. */
  divUnsignedWord(a: V, b: V): V;
  /** Signed remainder of words. */
  remWord(a: V, b: V): V;
  /** Unsigned remainder of words. */
  remUnsignedWord(a: V, b: V): V;
  /** Zeros above the highest one of a word; 32 if there is none. */
  clzWord(a: V): V;
  /** Zeros below the lowest one of a word; 32 if there is none. */
  ctzWord(a: V): V;
  /** How many bits of a word are one. */
  popcountWord(a: V): V;
}

/** What can be done with floating-point numbers. NaN results are always the canonical NaN. */
export interface Floats<V> {
  /** A number's bits as an integer; 32 bits are sign-extended. Nothing is rounded or raised. */
  bits(format: Format, a: V): V;
  /** The number that the low bits of an integer are. */
  fromBits(format: Format, a: V): V;
  /** Sum. */
  fadd(format: Format, a: V, b: V): V;
  /** Difference. */
  fsub(format: Format, a: V, b: V): V;
  /** Product. */
  fmul(format: Format, a: V, b: V): V;
  /** Quotient. */
  fdiv(format: Format, a: V, b: V): V;
  /** Square root. */
  fsqrt(format: Format, a: V): V;
  /** `a * b + c`, rounded once. */
  fma(format: Format, a: V, b: V, c: V): V;
  /** The other sign; bit by bit, as all operations on signs. */
  fneg(format: Format, a: V): V;
  /** `a` with the sign of `b`. */
  fcopysign(format: Format, a: V, b: V): V;
  /** `a`, with the other sign if `b` is negative. */
  fxorsign(format: Format, a: V, b: V): V;
  /** The smaller number; -0 is less than 0, and a number less than NaN. */
  fmin(format: Format, a: V, b: V): V;
  /** The greater number; 0 is greater than -0, and a number greater than NaN. */
  fmax(format: Format, a: V, b: V): V;
  /** 1 where they are equal; only a signalling NaN is invalid. */
  feq(format: Format, a: V, b: V): V;
  /** 1 where the first is less; any NaN is invalid. */
  flt(format: Format, a: V, b: V): V;
  /** 1 where the first is not greater; any NaN is invalid. */
  fle(format: Format, a: V, b: V): V;
  /** What kind of number it is, as one of ten bits. */
  fclass(format: Format, a: V): V;
  /** To an integer, sign-extended from its width; what does not fit is invalid and saturates. */
  toInteger(format: Format, kind: Integer, a: V): V;
  /** From an integer. */
  fromInteger(format: Format, kind: Integer, a: V): V;
  /** From 32 to 64 bits. */
  widen(a: V): V;
  /** From 64 to 32 bits. */
  narrow(a: V): V;
}

/** Memory, and where control goes. */
export interface Effects<V> {
  /** Read memory, zero-extended or sign-extended. */
  load(address: V, size: Size, signed: boolean): V;
  /** Write the low bytes of a value. */
  store(address: V, value: V, size: Size): void;
  /**
   * Write what becomes of a value in memory, and give the old one, sign-extended. It takes the right
   * to write only, and an address that is a multiple of the size; nobody comes in between.
   */
  update(address: V, size: Size, change: (old: V) => V): V;
  /** Read memory, sign-extended, and reserve its address, which is a multiple of the size. */
  loadReserved(address: V, size: Size): V;
  /**
   * Write if the address is the reserved one, and give 0, else 1; nothing is reserved behind it. The
   * right to write is checked only where the write happens, the address in any case.
   */
  storeConditional(address: V, value: V, size: Size): V;
  /** Go to `pc + imm` if the condition is not zero. */
  branch(taken: V): void;
  /** Go to `pc + imm`. */
  jump(): void;
  /** Go to an address; its lowest bit is ignored. */
  jumpTo(address: V): void;
  /** Ask the kernel. */
  syscall(): void;
  /** Stop for the debugger. */
  breakpoint(): void;
  /** Order memory accesses. */
  fence(): void;
  /** Whatever code was written before is what runs from here on. */
  fenceCode(): void;
}

/** What an instruction means. */
export type Meaning = <V>(m: Algebra<V>) => void;
