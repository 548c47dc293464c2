/**
 * The loads and stores of a region as they were planned: with the check that covers them, with what
 * is known of memory from stores before, and two at once.
 *
 * @module
 */
import { LOADS, STORES } from "../access_opcodes.ts";
import type { Group, Planned } from "./access_plan.ts";
import type { Size } from "../algebra.ts";
import type { Checks } from "./checks.ts";
import type { Emitter } from "../emitter.ts";
import { CONTEXT } from "../layout.ts";
import { Arith, arith, i32, i64, Kind, loadFrom, local, type Node, wide, write } from "../node.ts";
import type { Variables } from "./variables.ts";
import { type Code, Op, Type, Vector } from "../wasm.ts";

/**
 * Accesses are at offsets less than this. V8 compares each address with the memory's size less the
 * offset: too many of those differences do not fit in the host's registers.
 */
const OFFSET_MAX = 64;

/** A host address: a variable or a sum, and what is to be added. */
interface Place {
  readonly at: Node;
  readonly offset: number;
}

/** One of two registers that are loaded at once. */
interface LoadedHalf extends Place {
  /** Where the register lies in the context. */
  readonly context: number;
  readonly distance: number;
}

/** One of two values that are stored at once. */
interface StoredHalf extends Place {
  readonly value: Node;
  /** Where it lies in the context, if it has just come from there. */
  readonly context: number | null;
  readonly distance: number;
}

/** Writes the loads and stores of a region. */
export class Accesses {
  /** Checks that were made, with the host addresses of their first bytes. */
  hosts = new Map<Group, Node>();
  readonly #algebra: Emitter;
  readonly #out: Code;
  readonly #variables: Variables;
  readonly #checks: Checks;
  #planned: Planned | null = null;
  #context: number | null = null;
  /** What is loaded with the next instruction. */
  #loading: LoadedHalf | null = null;
  /** What is stored with the next instruction. */
  #storing: StoredHalf | null = null;
  /** What was stored that is joined later. */
  readonly #stored = new Map<Planned, Node>();

  constructor(algebra: Emitter, out: Code, variables: Variables, checks: Checks) {
    this.#algebra = algebra;
    this.#out = out;
    this.#variables = variables;
    this.#checks = checks;
  }

  /** Begin an instruction; what it stores has just come from register `loaded`, if that is given. */
  begin(planned: Planned | null, loaded: number | null): void {
    this.#planned = planned;
    this.#context = loaded === null ? null : CONTEXT + loaded * 8;
  }

  /** Whether the instruction loads one of two registers at once. */
  get isHalfLoad(): boolean {
    return this.#planned !== null && this.#planned.twin !== null && !this.#planned.write;
  }

  /** The value of a load. */
  load(address: Node, size: Size, signed: boolean): Node {
    const pieces = this.#planned?.pieces ?? [];
    if (pieces.length > 0) return this.#joined(pieces, size, signed);
    const { at, offset } = this.#locate(address, size, false);
    const node = loadFrom(LOADS[size][signed ? 1 : 0], Type.I64, at, offset);
    return signed && size < 8 ? { ...node, narrow: true } : node;
  }

  /**
   * Load a register that is done with, together with the one beside it: with the second of them both
   * go to the context as a whole.
   */
  loadHalf(address: Node, register: number): void {
    const out = this.#out;
    const place = this.#locate(address, 8, false);
    const context = CONTEXT + register * 8;
    const half = { ...place, context, distance: this.#planned!.distance };
    const other = this.#loading;
    this.#loading = other === null ? half : null;
    if (other === null) return;
    const [low, high] = half.distance < other.distance ? [half, other] : [other, half];
    write(out, i32(0));
    write(out, low.at);
    out.vector(Vector.LOAD, 0, low.offset);
    if (low.context > high.context) this.#exchange();
    out.vector(Vector.STORE, 0, Math.min(low.context, high.context));
  }

  /** Store a value. */
  store(address: Node, value: Node, size: Size): void {
    const out = this.#out;
    const what = wide(value);
    const place = this.#locate(address, size, true);
    const planned = this.#planned;
    if (planned !== null && planned.twin !== null) {
      const half = { ...place, value: what, context: this.#context, distance: planned.distance };
      if (this.#storing !== null) this.#storeBoth(half, this.#storing);
      this.#storing = this.#storing === null ? half : null;
      return;
    }
    const double = size === 8 ? asDouble(what) : null;
    write(out, place.at);
    write(out, double ?? what);
    if (planned?.isPiece === true) {
      const kept = this.#variables.scoped(Type.I64);
      out.op(Op.TEE, kept);
      this.#stored.set(planned, local(kept, Type.I64));
    }
    out.memory(double === null ? STORES[size] : 0x39, place.offset);
  }

  /** Two stores side by side. */
  #storeBoth(one: StoredHalf, other: StoredHalf): void {
    const out = this.#out;
    const [low, high] = one.distance < other.distance ? [one, other] : [other, one];
    write(out, low.at);
    this.#join(low, high);
    out.vector(Vector.STORE, 0, low.offset);
  }

  /** Leave two values on the stack as a vector. */
  #join(low: StoredHalf, high: StoredHalf): void {
    const out = this.#out;
    const areNear = low.context !== null && high.context !== null &&
      Math.abs(low.context - high.context) === 8;
    if (areNear) {
      write(out, i32(0));
      out.vector(Vector.LOAD, 0, Math.min(low.context, high.context));
      if (low.context > high.context) this.#exchange();
      return;
    }
    // What comes from the context goes there from memory, and needs no register of the host's.
    if (high.context !== null) write(out, i32(0));
    write(out, low.context === null ? low.value : i32(0));
    if (low.context === null) out.vector(Vector.SPLAT);
    else out.vector(Vector.LOAD_ZERO, 0, low.context);
    if (high.context === null) {
      write(out, high.value);
      out.vector(Vector.REPLACE_LANE, 1);
    } else out.vector(Vector.LOAD_LANE, 0, high.context, 1);
  }

  /** Let the halves of the vector on the stack change places. */
  #exchange(): void {
    const out = this.#out;
    const both = this.#variables.temporary(Type.V128);
    out.op(Op.TEE, both);
    out.op(Op.GET, both);
    out.vector(Vector.SHUFFLE, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  }

  /** The value of a load, from the pieces that were stored there. */
  #joined(pieces: readonly Planned[], size: Size, signed: boolean): Node {
    const [lowest] = pieces;
    const last = pieces[pieces.length - 1];
    const sum = pieces.map((piece) => {
      const value = this.#stored.get(piece)!;
      // What lies above the last one falls off, or is cut off below.
      const part = piece === last ? value : EXTENSIONS[piece.size][0](this.#algebra, value);
      const count = i64((piece.distance - lowest!.distance) * 8);
      return arith(Arith.I64_SHL, Type.I64, part, count);
    }).reduce((sum, part) => this.#algebra.or(sum, part));
    return EXTENSIONS[size][signed ? 1 : 0](this.#algebra, sum);
  }

  /** The host address of an access and an offset, checked if need be. */
  #locate(address: Node, size: Size, store: boolean): Place {
    if (this.#planned === null) return { at: this.#check(address, 0, size, store), offset: 0 };
    const { group, distance } = this.#planned;
    const offset = distance - group.least;
    let at = this.hosts.get(group);
    if (at === undefined) {
      at = this.#check(address, -offset, group.end - group.least, group.write);
      this.hosts.set(group, at);
    }
    if (offset < OFFSET_MAX) return { at, offset };
    return { at: arith(Arith.I32_ADD, Type.I32, at, i32(offset)), offset: 0 };
  }

  #check(address: Node, offset: number, span: number, store: boolean): Node {
    const isSum = address.kind === Kind.BINARY && address.op === Arith.I64_ADD &&
      address.args[1]!.kind === Kind.CONST;
    const [base, constant] = isSum ? address.args : [address, i64(0)];
    let host = 0;
    this.#algebra.let(base!, (held) => {
      host = this.#checks.check(held, constant!.value + BigInt(offset), span, store);
    });
    return local(host, Type.I32);
  }
}

/** By size, how a value is made of its low bytes, without a sign and with it. */
const EXTENSIONS: Readonly<Record<Size, readonly [Extension, Extension]>> = {
  1: [(to, value) => to.and(value, i64(0xff)), (to, value) => to.byte(value)],
  2: [(to, value) => to.and(value, i64(0xffff)), (to, value) => to.half(value)],
  4: [(to, value) => to.unsignedWord(value), (to, value) => to.word(value)],
  8: [(_, value) => value, (_, value) => value],
};

type Extension = (to: Emitter, value: Node) => Node;

/** The double whose bits a value is, if it is one's. */
function asDouble(value: Node): Node | null {
  return value.kind === Kind.UNARY && value.op === 0xbd ? value.args[0]! : null;
}
