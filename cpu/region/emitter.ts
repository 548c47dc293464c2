/**
 * The algebra as code of a region: fields are constants, and registers are variables.
 *
 * @module
 */
import type { Planned } from "./access_plan.ts";
import { Accesses } from "./accesses.ts";
import type { Format, Size } from "../algebra.ts";
import { Checks } from "./checks.ts";
import type { Control } from "./control.ts";
import { Emitter } from "../emitter.ts";
import { type Knowledge, nothing } from "./knowledge.ts";
import { LOADS, STORES } from "../access_opcodes.ts";
import {
  Arith,
  arith,
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
import type { Variables } from "./variables.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

/** Emits the instructions of a region. */
export class RegionEmitter extends Emitter {
  readonly out: Code;
  /** Registers written since the block began. */
  written = 0n;
  readonly #variables: Variables;
  readonly #control: Control;
  #known: Knowledge = nothing();
  #at!: Placed;
  readonly #checks: Checks;
  readonly #accesses: Accesses;
  protected readonly floatFunction: number;
  protected readonly limitsFunction: number;

  constructor(out: Code, variables: Variables, control: Control) {
    super();
    this.out = out;
    this.#variables = variables;
    this.#control = control;
    this.#checks = new Checks(out, variables, control);
    this.#accesses = new Accesses(this, out, variables, this.#checks);
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
    this.#accesses.hosts = this.#known.hosts;
  }

  /** Begin an instruction, for which these registers have just been loaded from the context. */
  place(at: Placed, planned: Planned | null, loaded: bigint): void {
    this.#at = at;
    const { rs2 } = at.instruction;
    this.#accesses.begin(planned, (loaded >> BigInt(rs2) & 1n) !== 0n ? rs2 : null);
    this.#variables.reuse();
  }

  /** Write an instruction that loads a register together with the one beside it, if it is one. */
  loadHalf(): boolean {
    if (!this.#accesses.isHalfLoad) return false;
    const { rd } = this.#at.instruction;
    this.#accesses.loadHalf(this.add(this.rs1(), this.imm()), rd);
    this.#forget(rd);
    this.written &= ~(1n << BigInt(rd));
    return true;
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
    this.#forget(rd);
    if (full.kind === Kind.CONST) this.#known.constants.set(rd, full);
    if (full.lifted !== undefined) this.#known.lifted.set(rd, full.lifted);
    if (full.narrow) this.#known.narrow.add(rd);
  }

  /** A register is something else now. */
  #forget(register: number): void {
    this.#known.constants.delete(register);
    this.#known.lifted.delete(register);
    this.#known.narrow.delete(register);
  }

  /** Shifts by 32 and back are how words without a sign are made. */
  override shl = (a: Node, b: Node): Node => {
    const shifted = arith(Arith.I64_SHL, Type.I64, wide(a), wide(b));
    if (b.kind !== Kind.CONST || b.value !== 32n || shifted.kind === Kind.CONST) return shifted;
    const low = local(this.#variables.scoped(Type.I32), Type.I32);
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
    const at = this.hold(address);
    this.#checks.align(at, size);
    const host = this.#checks.check(at, 0n, size, true);
    const old = this.hold(loadFrom(LOADS[size][1], Type.I64, local(host, Type.I32), 0));
    const value = this.hold(wide(change(old)));
    this.out.op(Op.GET, host);
    write(this.out, value);
    this.out.memory(STORES[size], 0);
    return old;
  }

  loadReserved(address: Node, size: Size): Node {
    const at = this.hold(address);
    this.#checks.align(at, size);
    const host = this.#checks.check(at, 0n, size, false);
    const value = this.hold(loadFrom(LOADS[size][1], Type.I64, local(host, Type.I32), 0));
    writeReservation(this.out, at);
    return value;
  }

  storeConditional(address: Node, value: Node, size: Size): Node {
    const { out } = this;
    const at = this.hold(address);
    this.#checks.align(at, size);
    const what = this.hold(wide(value));
    const result = this.fresh(Type.I64);
    write(out, isReserved(at));
    out.raw([Op.IF, EMPTY]);
    this.#checks.opened++;
    out.op(Op.GET, this.#checks.check(at, 0n, size, true));
    this.#checks.opened--;
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
    return this.#accesses.load(address, size, signed);
  }

  store(address: Node, value: Node, size: Size): void {
    this.#accesses.store(address, value, size);
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

  #register(register: number): Node {
    if (register === 0) return i64(0);
    const known = this.#known.constants.get(register);
    if (known !== undefined) return known;
    const variable = this.#variables.register(register);
    const value = local(variable, Type.I64, this.#known.narrow.has(register));
    const lifted = this.#known.lifted.get(register);
    return lifted === undefined ? value : { ...value, lifted };
  }
}
