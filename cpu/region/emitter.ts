/**
 * The algebra as code of a region: fields are constants, registers are variables, and accesses at
 * the same register share a check.
 *
 * @module
 */
import type { Planned } from "./access_plan.ts";
import type { Format, Size } from "../algebra.ts";
import type { Control } from "./control.ts";
import { Emitter } from "../emitter.ts";
import { type Knowledge, nothing } from "./knowledge.ts";
import { LOADS, STORES } from "../access_opcodes.ts";
import { Access, PAGE_SHIFT, Site, Tlb } from "../layout.ts";
import {
  Arith,
  arith,
  binary,
  callOf,
  condition,
  i32,
  i64,
  Kind,
  loadFrom,
  local,
  type Node,
  unary,
  wide,
  wrap,
  write,
} from "../node.ts";
import type { Placed } from "./region.ts";
import { isReserved, writeReservation, writeUnreserved } from "../reservation.ts";
import type { Routine } from "../routines.ts";
import { Fixed, type Variables } from "./variables.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

/**
 * Accesses are at offsets less than this. V8 compares each address with the memory's size less the
 * offset: too many of those differences do not fit in the host's registers.
 */
const OFFSET_MAX = 64;

/** Emits the instructions of a region. */
export class RegionEmitter extends Emitter {
  readonly out: Code;
  /** Registers written since the block began. */
  written = 0n;
  readonly #variables: Variables;
  readonly #control: Control;
  #known: Knowledge = nothing();
  #at!: Placed;
  #planned: Planned | null = null;
  /** What was stored that is joined later. */
  readonly #stored = new Map<Planned, Node>();
  /** Blocks opened around what is being written. */
  #opened = 0;
  protected readonly floatFunction: number;
  protected readonly limitsFunction: number;

  constructor(out: Code, variables: Variables, control: Control) {
    super();
    this.out = out;
    this.#variables = variables;
    this.#control = control;
    this.floatFunction = control.float;
    this.limitsFunction = control.limits;
  }

  /** What is known now, for another block that follows only this one. */
  get knowledge(): Knowledge {
    const { constants, narrow, lifted, hosts } = this.#known;
    return {
      constants: new Map(constants),
      narrow: new Set(narrow),
      lifted: new Map(lifted),
      hosts: new Map(hosts),
    };
  }

  /** Begin a block with what is known there, or with nothing. */
  begin(known: Knowledge | null): void {
    this.written = 0n;
    this.#known = known ?? nothing();
  }

  /** Begin an instruction. */
  place(at: Placed, planned: Planned | null): void {
    this.#at = at;
    this.#planned = planned;
    this.#variables.reuse();
  }

  rs1(): Node {
    return this.#register(this.#at.instruction.rs1);
  }

  rs2(): Node {
    return this.#register(this.#at.instruction.rs2);
  }

  imm(): Node {
    return i64(this.#at.instruction.imm);
  }

  pc(): Node {
    return i64(this.#at.address);
  }

  next(): Node {
    return i64(this.#at.address + this.#at.instruction.length);
  }

  rd(value: Node): void {
    const { rd } = this.#at.instruction;
    if (rd === 0) return;
    const full = wide(value);
    this.#set(rd, full);
    if (full.kind === Kind.CONST) this.#known.constants.set(rd, full);
    else this.#known.constants.delete(rd);
    if (full.lifted !== undefined) this.#known.lifted.set(rd, full.lifted);
    else this.#known.lifted.delete(rd);
    if (full.narrow) this.#known.narrow.add(rd);
    else this.#known.narrow.delete(rd);
  }

  /** Shifts by 32 and back are how words without a sign are made. */
  override shl = (a: Node, b: Node): Node => {
    const shifted = arith(Arith.I64_SHL, Type.I64, wide(a), wide(b));
    if (b.kind !== Kind.CONST || b.value !== 32n || shifted.kind === Kind.CONST) return shifted;
    const low = local(this.#variables.lasting(Type.I32), Type.I32);
    write(this.out, wrap(wide(a)));
    this.out.op(Op.SET, low.op);
    return { ...shifted, lifted: low };
  };

  override shr = (a: Node, b: Node): Node => {
    const known = a.lifted !== undefined && b.kind === Kind.CONST && b.value > 0n && b.value <= 32n;
    if (!known) return arith(Arith.I64_SHR_U, Type.I64, wide(a), wide(b));
    const unsigned = unary(Arith.I64_EXTEND_I32_U, Type.I64, a.lifted!);
    return arith(Arith.I64_SHL, Type.I64, unsigned, i64(32n - b.value));
  };

  fs1(format: Format): Node {
    return this.#float(this.#at.instruction.rs1, format);
  }

  fs2(format: Format): Node {
    return this.#float(this.#at.instruction.rs2, format);
  }

  fs3(format: Format): Node {
    return this.#float(this.#at.instruction.rs3, format);
  }

  fd(format: Format, value: Node): void {
    this.#set(this.#at.instruction.rd, this.boxed(format, value));
  }

  retired(): Node {
    return this.#control.retired();
  }

  time(): Node {
    this.#control.storeCount();
    return callOf(Type.I64, this.#control.time, []);
  }

  update(address: Node, size: Size, change: (old: Node) => Node): Node {
    const at = this.#aligned(address, size);
    const host = this.#check(at, size, true);
    const old = this.hold(loadFrom(LOADS[size][1], Type.I64, local(host, Type.I32), 0));
    const value = this.hold(wide(change(old)));
    this.out.op(Op.GET, host);
    write(this.out, value);
    this.out.memory(STORES[size], 0);
    return old;
  }

  loadReserved(address: Node, size: Size): Node {
    const at = this.#aligned(address, size);
    const host = this.#check(at, size, false);
    const value = this.hold(loadFrom(LOADS[size][1], Type.I64, local(host, Type.I32), 0));
    writeReservation(this.out, at);
    return value;
  }

  storeConditional(address: Node, value: Node, size: Size): Node {
    const { out } = this;
    const at = this.#aligned(address, size);
    const what = this.hold(wide(value));
    const result = this.fresh(Type.I64);
    write(out, isReserved(at));
    out.raw([Op.IF, EMPTY]);
    this.#opened++;
    out.op(Op.GET, this.#check(at, size, true));
    this.#opened--;
    write(out, what);
    out.memory(STORES[size], 0);
    write(out, i64(0));
    out.op(Op.SET, result);
    out.byte(Op.ELSE);
    write(out, i64(1));
    out.op(Op.SET, result);
    out.byte(Op.END);
    writeUnreserved(out);
    return local(result, Type.I64);
  }

  load(address: Node, size: Size, signed: boolean): Node {
    const pieces = this.#planned?.pieces ?? [];
    if (pieces.length > 0) return this.#joined(pieces, size, signed);
    const { at, offset } = this.#locate(address, size, false);
    const node = loadFrom(LOADS[size][signed ? 1 : 0], Type.I64, at, offset);
    return signed && size < 8 ? { ...node, narrow: true } : node;
  }

  store(address: Node, value: Node, size: Size): void {
    const what = wide(value);
    const { at, offset } = this.#locate(address, size, true);
    const double = size === 8 ? asDouble(what) : null;
    write(this.out, at);
    write(this.out, double ?? what);
    if (this.#planned?.isPiece === true) {
      const kept = this.#variables.lasting(Type.I64);
      this.out.op(Op.TEE, kept);
      this.#stored.set(this.#planned, local(kept, Type.I64));
    }
    this.out.memory(double === null ? STORES[size] : 0x39, offset);
  }

  branch(taken: Node): void {
    this.#control.branch(condition(taken));
  }

  jump(): void {
    this.#control.jump();
  }

  jumpTo(address: Node): void {
    this.#control.jumpTo(arith(Arith.I64_AND, Type.I64, wide(address), i64(-2)));
  }

  syscall(): void {
    this.#control.syscall();
  }

  breakpoint(): void {
    this.#control.exitHere(0);
  }

  fence(): void {
    // Memory is as ordered as it can be, and stale code is dropped when it is written.
  }

  protected fresh(type: Type): number {
    return this.#variables.temporary(type);
  }

  protected routine(name: Routine): number {
    return this.#control.routine(name);
  }

  protected mode(): Node {
    return i32(this.#at.instruction.mode);
  }

  protected leaveBadMode(depth: number): void {
    this.#control.exitHere(depth);
  }

  #set(register: number, value: Node): void {
    write(this.out, value);
    this.out.op(Op.SET, this.#variables.register(register));
    this.written |= 1n << BigInt(register);
  }

  #float(register: number, format: Format): Node {
    return this.unboxed(format, local(this.#variables.register(register), Type.F64));
  }

  /** The value of a load, from the pieces that were stored there. */
  #joined(pieces: readonly Planned[], size: Size, signed: boolean): Node {
    const [lowest] = pieces;
    const last = pieces[pieces.length - 1];
    const sum = pieces.map((piece) => {
      const value = this.#stored.get(piece)!;
      // What lies above the last one falls off, or is cut off below.
      const part = piece === last ? value : EXTENSIONS[piece.size][0](this, value);
      const count = i64((piece.distance - lowest!.distance) * 8);
      return arith(Arith.I64_SHL, Type.I64, part, count);
    }).reduce((sum, part) => this.or(sum, part));
    return EXTENSIONS[size][signed ? 1 : 0](this, sum);
  }

  /** Leave the region where an address is not a multiple of the size. */
  #aligned(address: Node, size: Size): Node {
    const at = this.hold(address);
    write(this.out, binary(Arith.I32_AND, Type.I32, wrap(at), i32(size - 1)));
    this.out.mostly(false);
    this.out.raw([Op.IF, EMPTY]);
    this.#control.exitHere(1);
    this.out.byte(Op.END);
    return at;
  }

  #register(register: number): Node {
    if (register === 0) return i64(0);
    const known = this.#known.constants.get(register);
    if (known !== undefined) return known;
    const variable = this.#variables.register(register);
    const value = local(variable, Type.I64, this.#known.narrow.has(register));
    const lifted = this.#known.lifted.get(register);
    return lifted === undefined ? value : { ...value, lifted };
  }

  /** The host address of an access and an offset, checked if need be. */
  #locate(address: Node, size: Size, store: boolean): { at: Node; offset: number } {
    if (this.#planned === null) {
      return { at: local(this.#check(this.hold(address), size, store), Type.I32), offset: 0 };
    }
    const { group, distance } = this.#planned;
    const offset = distance - group.least;
    let host = this.#known.hosts.get(group);
    if (host === undefined) {
      const first = arith(Arith.I64_ADD, Type.I64, address, i64(-offset));
      host = this.#check(this.hold(first), group.end - group.least, group.write);
      this.#known.hosts.set(group, host);
    }
    const at = local(host, Type.I32);
    if (offset < OFFSET_MAX) return { at, offset };
    return { at: arith(Arith.I32_ADD, Type.I32, at, i32(offset)), offset: 0 };
  }

  /**
   * Compare with what was accessed here last, or without a place to remember that, with the page's
   * translation. Where that fails ask, and leave the region if the answer is no.
   */
  #check(address: Node, span: number, store: boolean): number {
    const { out } = this;
    const host = this.#variables.lasting(Type.I32);
    const site = this.#control.site();
    const wanted = (store ? Access.WRITE : Access.READ) | (span << 8);
    if (site === 0) this.#compareWithPage(address, span, store ? Tlb.WRITE : Tlb.READ, host);
    else this.#compareWithSite(address, site);
    write(out, address);
    write(out, i32(wanted));
    write(out, i32(site));
    out.op(Op.GET, Fixed.TLB);
    out.op(Op.CALL, this.#control.miss);
    if (site === 0) out.op(Op.TEE, host);
    out.byte(Arith.I32_EQZ);
    out.mostly(false);
    out.byte(Op.IF);
    out.byte(EMPTY);
    this.#control.exitHere(2 + this.#opened);
    out.byte(Op.END);
    out.byte(Op.END);
    // Behind the check, and not in it: a value that comes from one place is cheaper to V8.
    const addend = loadFrom(0x28, Type.I32, i32(0), site + Site.ADDEND);
    if (site !== 0) {
      write(out, binary(Arith.I32_ADD, Type.I32, wrap(address), addend));
      out.op(Op.SET, host);
    }
    return host;
  }

  /** Open an `if` for where the place remembers something else. */
  #compareWithSite(address: Node, site: number): void {
    const { out } = this;
    const first = loadFrom(0x29, Type.I64, i32(0), site + Site.FIRST);
    write(out, binary(Arith.I64_SUB, Type.I64, address, first));
    write(out, loadFrom(0x29, Type.I64, i32(0), site + Site.LIMIT));
    out.byte(Arith.I64_GE_U);
    out.mostly(false);
    out.byte(Op.IF);
    out.byte(EMPTY);
  }

  /** Set the host address, or open an `else` for where the page's translation is not there. */
  #compareWithPage(address: Node, span: number, table: number, host: number): void {
    const { out } = this;
    const index = binary(Arith.I32_SHR_U, Type.I32, wrap(address), i32(8));
    const masked = arith(Arith.I32_AND, Type.I32, index, i32(Tlb.PAGE_MASK));
    write(out, arith(Arith.I32_ADD, Type.I32, masked, local(Fixed.TLB, Type.I32)));
    out.op(Op.TEE, Fixed.ENTRY);
    out.memory(0x29, table);
    const last = arith(Arith.I64_ADD, Type.I64, address, i64(span - 1));
    write(out, arith(Arith.I64_AND, Type.I64, last, i64(-1 << PAGE_SHIFT)));
    out.byte(Arith.I64_EQ);
    out.mostly(true);
    out.byte(Op.IF);
    out.byte(EMPTY);
    const addend = loadFrom(0x28, Type.I32, local(Fixed.ENTRY, Type.I32), table + 8);
    write(out, binary(Arith.I32_ADD, Type.I32, wrap(address), addend));
    out.op(Op.SET, host);
    out.byte(Op.ELSE);
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
