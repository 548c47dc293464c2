/**
 * The arithmetic half of the algebra as WebAssembly expressions. Roles, memory and control belong to
 * the interpreter's generator and to the compiler, which extend this.
 *
 * @module
 */
import type { Algebra, Size } from "./algebra.ts";
import { FloatEmitter } from "./float/emitter.ts";
import {
  Arith,
  arith,
  binary,
  callOf,
  condition,
  i32,
  i64,
  Kind,
  type Node,
  not,
  raw,
  select,
  signExtend,
  unary,
  wide,
  wrap,
  write,
} from "./node.ts";
import { type Code, Op, Type } from "./wasm.ts";

/** Values that are WebAssembly expressions. */
export abstract class Emitter extends FloatEmitter implements Algebra<Node> {
  abstract rs1(): Node;
  abstract rs2(): Node;
  abstract imm(): Node;
  abstract pc(): Node;
  abstract next(): Node;
  abstract load(address: Node, size: Size, signed: boolean): Node;
  abstract store(address: Node, value: Node, size: Size): void;
  abstract branch(taken: Node): void;
  abstract jump(): void;
  abstract jumpTo(address: Node): void;
  abstract syscall(): void;
  abstract breakpoint(): void;
  abstract fence(): void;
  abstract retired(): Node;
  abstract time(): Node;
  abstract update(address: Node, size: Size, change: (old: Node) => Node): Node;
  abstract loadReserved(address: Node, size: Size): Node;
  abstract storeConditional(address: Node, value: Node, size: Size): Node;

  constant(value: bigint): Node {
    return i64(value);
  }

  let(value: Node, use: (value: Node) => void): void {
    use(this.hold(value));
  }

  add = wideBinary(Arith.I64_ADD);
  sub = wideBinary(Arith.I64_SUB);
  and = wideBinary(Arith.I64_AND);
  or = wideBinary(Arith.I64_OR);
  xor = wideBinary(Arith.I64_XOR);
  mul = wideBinary(Arith.I64_MUL);
  shl = wideBinary(Arith.I64_SHL);
  shr = wideBinary(Arith.I64_SHR_U);
  sar = wideBinary(Arith.I64_SHR_S);
  eq = comparison(Arith.I64_EQ);
  ne = comparison(Arith.I64_NE);
  lt = comparison(Arith.I64_LT_S);
  ltUnsigned = comparison(Arith.I64_LT_U);
  ge = comparison(Arith.I64_GE_S);
  geUnsigned = comparison(Arith.I64_GE_U);
  shlWord = wordBinary(Arith.I32_SHL);
  shrWord = wordBinary(Arith.I32_SHR_U);
  sarWord = wordBinary(Arith.I32_SHR_S);
  rotl = wideBinary(Arith.I64_ROTL);
  rotr = wideBinary(Arith.I64_ROTR);
  rotlWord = wordBinary(Arith.I32_ROTL);
  rotrWord = wordBinary(Arith.I32_ROTR);
  clz = wideUnary(Arith.I64_CLZ);
  ctz = wideUnary(Arith.I64_CTZ);
  popcount = wideUnary(Arith.I64_POPCNT);
  byte = wideUnary(Arith.I64_EXTEND8_S);
  half = wideUnary(Arith.I64_EXTEND16_S);
  clzWord = wordUnary(Arith.I32_CLZ);
  ctzWord = wordUnary(Arith.I32_CTZ);
  popcountWord = wordUnary(Arith.I32_POPCNT);

  not(a: Node): Node {
    return this.xor(a, i64(-1));
  }

  select(test: Node, yes: Node, no: Node): Node {
    return select(Type.I64, condition(test), wide(yes), wide(no));
  }

  /** Neighbours change places: bytes, then pairs of them, then the halves. */
  reverseBytes(a: Node): Node {
    const swapped = (value: Node, count: number, mask: bigint) => {
      const held = this.hold(value);
      const low = this.shl(this.and(held, i64(mask)), i64(count));
      return this.or(low, this.and(this.shr(held, i64(count)), i64(mask)));
    };
    const pairs = swapped(swapped(wide(a), 8, 0x00ff00ff00ff00ffn), 16, 0x0000ffff0000ffffn);
    return this.rotl(pairs, i64(32));
  }

  fenceCode(): void {
    this.fence();
  }

  word(a: Node): Node {
    return signExtend(a);
  }

  unsignedWord(a: Node): Node {
    return unary(Arith.I64_EXTEND_I32_U, Type.I64, wrap(a));
  }

  mulHigh(a: Node, b: Node): Node {
    return callOf(Type.I64, this.routine("mulHigh"), [wide(a), wide(b)]);
  }

  mulHighUnsigned(a: Node, b: Node): Node {
    return callOf(Type.I64, this.routine("mulHighUnsigned"), [wide(a), wide(b)]);
  }

  mulHighMixed(a: Node, b: Node): Node {
    return callOf(Type.I64, this.routine("mulHighMixed"), [wide(a), wide(b)]);
  }

  div(a: Node, b: Node): Node {
    return this.#divide(WIDE_DIV, wide(a), wide(b));
  }

  divUnsigned(a: Node, b: Node): Node {
    return this.#divide(WIDE_DIV_U, wide(a), wide(b));
  }

  rem(a: Node, b: Node): Node {
    return this.#divide(WIDE_REM, wide(a), wide(b));
  }

  remUnsigned(a: Node, b: Node): Node {
    return this.#divide(WIDE_REM_U, wide(a), wide(b));
  }

  divWord(a: Node, b: Node): Node {
    return signExtend(this.#divide(WORD_DIV, wrap(a), wrap(b)));
  }

  divUnsignedWord(a: Node, b: Node): Node {
    return signExtend(this.#divide(WORD_DIV_U, wrap(a), wrap(b)));
  }

  remWord(a: Node, b: Node): Node {
    return signExtend(this.#divide(WORD_REM, wrap(a), wrap(b)));
  }

  remUnsignedWord(a: Node, b: Node): Node {
    return signExtend(this.#divide(WORD_REM_U, wrap(a), wrap(b)));
  }

  #divide(division: Division, a: Node, b: Node): Node {
    const { op, type, signed, remainder } = division;
    const constant = type === Type.I64 ? i64 : i32;
    if (b.kind === Kind.CONST && b.value !== 0n && b.value !== -1n) return binary(op, type, a, b);
    const x = this.hold(a);
    const y = this.hold(b);
    const normal = (code: Code) => write(code, binary(op, type, x, y));
    const unless = (divisor: number, value: Node, other: (code: Code) => void) => (code: Code) => {
      write(
        code,
        binary(type === Type.I64 ? Arith.I64_EQ : Arith.I32_EQ, Type.I32, y, constant(divisor)),
      );
      code.byte(Op.IF);
      code.byte(type);
      write(code, value);
      code.byte(Op.ELSE);
      other(code);
      code.byte(Op.END);
    };
    const subtract = type === Type.I64 ? Arith.I64_SUB : Arith.I32_SUB;
    const negated = remainder ? constant(0) : binary(subtract, type, constant(0), x);
    const checked = signed ? unless(-1, negated, normal) : normal;
    return raw(type, unless(0, remainder ? x : constant(-1), checked));
  }
}

interface Division {
  readonly op: number;
  readonly type: Type;
  readonly signed: boolean;
  readonly remainder: boolean;
}

function division(op: number, type: Type, signed: boolean, remainder: boolean): Division {
  return { op, type, signed, remainder };
}

const WIDE_DIV = division(Arith.I64_DIV_S, Type.I64, true, false);
const WIDE_DIV_U = division(Arith.I64_DIV_U, Type.I64, false, false);
const WIDE_REM = division(Arith.I64_REM_S, Type.I64, true, true);
const WIDE_REM_U = division(Arith.I64_REM_U, Type.I64, false, true);
const WORD_DIV = division(Arith.I32_DIV_S, Type.I32, true, false);
const WORD_DIV_U = division(Arith.I32_DIV_U, Type.I32, false, false);
const WORD_REM = division(Arith.I32_REM_S, Type.I32, true, true);
const WORD_REM_U = division(Arith.I32_REM_U, Type.I32, false, true);

function wideBinary(op: number): (a: Node, b: Node) => Node {
  return (a, b) => arith(op, Type.I64, wide(a), wide(b));
}

function wordBinary(op: number): (a: Node, b: Node) => Node {
  return (a, b) => signExtend(arith(op, Type.I32, wrap(a), wrap(b)));
}

function wideUnary(op: number): (a: Node) => Node {
  return (a) => unary(op, Type.I64, wide(a));
}

function wordUnary(op: number): (a: Node) => Node {
  return (a) => signExtend(unary(op, Type.I32, wrap(a)));
}

function comparison(op: number): (a: Node, b: Node) => Node {
  return (a, b) => compare(op, wide(a), wide(b));
}

/** Comparing a condition with zero is the condition, or its opposite. */
function compare(op: number, a: Node, b: Node): Node {
  const zero = b.kind === Kind.CONST && b.value === 0n;
  if (zero && op === Arith.I64_NE && a.kind === Kind.UNARY && a.op === Arith.I64_EXTEND_I32_U) {
    return condition(a);
  }
  if (zero && op === Arith.I64_EQ) {
    if (a.kind === Kind.UNARY && a.op === Arith.I64_EXTEND_I32_U) return not(a);
    return unary(Arith.I64_EQZ, Type.I32, a);
  }
  return binary(op, Type.I32, a, b);
}
