/**
 * One handler of the generated interpreter: an instruction's meaning with its fields read from a
 * decoded record when it runs.
 *
 * @module
 */
import type { Format, Size } from "../algebra.ts";
import { LOADS, STORES } from "../access_opcodes.ts";
import { Emitter } from "../emitter.ts";
import {
  add32,
  addressOf,
  FREE,
  get32,
  get64,
  highHalf,
  Import,
  type Labels,
  Local,
  writeProfile,
  writeReload,
} from "./frame.ts";
import { Access, CONTEXT, Extra, PAGE_SHIFT, Record, Registers, State, Tlb } from "../layout.ts";
import {
  Arith,
  binary,
  callOf,
  condition,
  i32,
  i64,
  loadFrom,
  type Node,
  unary,
  wide,
  wrap,
  write,
} from "../node.ts";
import { isReserved, writeReservation, writeUnreserved } from "../reservation.ts";
import type { Routine } from "../routines.ts";
import { writeUnwinding } from "./stepping_aside.ts";
import { Code, EMPTY, Op, Type } from "../wasm.ts";

/** Emits a handler. */
export class Handler extends Emitter {
  readonly out = new Code();
  readonly #labels: Labels;
  readonly #routine: (name: Routine) => number;
  /** Blocks opened around what is being written. */
  #opened = 0;
  protected readonly floatFunction = Import.FLOAT;
  protected readonly limitsFunction = Import.LIMITS;
  readonly #used = new Map<Type, number>();

  constructor(labels: Labels, routine: (name: Routine) => number) {
    super();
    this.#labels = labels;
    this.#routine = routine;
  }

  rs1(): Node {
    return this.#register(Record.RS1);
  }

  rs2(): Node {
    return this.#register(Record.RS2);
  }

  imm(): Node {
    return loadFrom(0x34, Type.I64, get32(Local.RECORD), Record.IMM);
  }

  pc(): Node {
    return addressOf(Local.RECORD);
  }

  next(): Node {
    return addressOf(Local.NEXT);
  }

  rd(value: Node): void {
    write(this.out, this.#place(Record.RD));
    write(this.out, wide(value));
    this.out.memory(0x37, CONTEXT + Registers.X);
  }

  load(address: Node, size: Size, signed: boolean): Node {
    const at = this.hold(address);
    const host = this.fresh(Type.I32);
    this.#probe(at, size, Tlb.READ);
    this.out.op(Op.SET, host);
    this.out.byte(Op.ELSE);
    this.#ask(Import.READ, at, size);
    this.out.op(Op.TEE, host);
    this.#stopIfZero();
    this.out.byte(Op.END);
    return loadFrom(LOADS[size][signed ? 1 : 0], Type.I64, get32(host), 0);
  }

  store(address: Node, value: Node, size: Size): void {
    const at = this.hold(address);
    const what = this.hold(wide(value));
    this.#probe(at, size, Tlb.WRITE);
    write(this.out, what);
    this.out.memory(STORES[size], 0);
    this.out.byte(Op.ELSE);
    this.#storeSlowly(at, what, size);
    this.#stopIfZero();
    this.out.byte(Op.END);
  }

  fs1(format: Format): Node {
    return this.#float(Record.RS1, format);
  }

  fs2(format: Format): Node {
    return this.#float(Record.RS2, format);
  }

  fs3(format: Format): Node {
    return this.#float(Record.RS3, format);
  }

  fd(format: Format, value: Node): void {
    const full = this.hold(this.boxed(format, value));
    write(this.out, this.#place(Record.RD));
    write(this.out, full);
    this.out.memory(0x39, CONTEXT);
  }

  retired(): Node {
    const left = unary(Arith.I64_EXTEND_I32_U, Type.I64, get32(Local.FUEL));
    return binary(Arith.I64_SUB, Type.I64, loadFrom(0x29, Type.I64, i32(0), State.RETIRED), left);
  }

  time(): Node {
    this.#saveFuel();
    return callOf(Type.I64, Import.TIME, []);
  }

  update(address: Node, size: Size, change: (old: Node) => Node): Node {
    const { out } = this;
    const at = this.#aligned(address, size, Access.WRITE);
    const [host, slow] = [this.fresh(Type.I32), this.fresh(Type.I32)];
    this.#probe(at, size, Tlb.WRITE);
    out.op(Op.SET, host);
    write(out, i32(0));
    out.op(Op.SET, slow);
    out.byte(Op.ELSE);
    this.#ask(Import.OWN, at, size);
    out.op(Op.TEE, host);
    out.op(Op.SET, slow);
    out.op(Op.GET, host);
    this.#stopIfZero();
    out.byte(Op.END);
    const old = this.hold(loadFrom(LOADS[size][1], Type.I64, get32(host), 0));
    const value = this.hold(wide(change(old)));
    out.op(Op.GET, slow);
    out.raw([Op.IF, EMPTY]);
    this.#storeSlowly(at, value, size);
    out.byte(Op.DROP);
    out.byte(Op.ELSE);
    out.op(Op.GET, host);
    write(out, value);
    out.memory(STORES[size], 0);
    out.byte(Op.END);
    return old;
  }

  loadReserved(address: Node, size: Size): Node {
    const at = this.#aligned(address, size, Access.READ);
    const value = this.hold(this.load(at, size, true));
    writeReservation(this.out, at);
    return value;
  }

  storeConditional(address: Node, value: Node, size: Size): Node {
    const at = this.#aligned(address, size, Access.WRITE);
    const what = this.hold(wide(value));
    const result = this.fresh(Type.I64);
    write(this.out, isReserved(at));
    this.out.raw([Op.IF, EMPTY]);
    this.#opened++;
    this.store(at, what, size);
    this.#opened--;
    write(this.out, i64(0));
    this.out.op(Op.SET, result);
    this.out.byte(Op.ELSE);
    write(this.out, i64(1));
    this.out.op(Op.SET, result);
    this.out.byte(Op.END);
    writeUnreserved(this.out);
    return get64(result);
  }

  branch(taken: Node): void {
    write(this.out, condition(taken));
    this.out.byte(Op.IF);
    this.out.byte(EMPTY);
    this.#jumpBy(1);
    this.out.byte(Op.END);
  }

  jump(): void {
    this.#jumpBy(0);
  }

  jumpTo(address: Node): void {
    write(this.out, binary(Arith.I64_AND, Type.I64, wide(address), i64(-2)));
    this.out.op(Op.SET, Local.PC);
    writeProfile(this.out);
    this.#retire();
    this.out.op(Op.BR, this.#labels.lookup);
  }

  syscall(): void {
    const out = this.out;
    write(out, i32(0));
    write(out, this.next());
    out.memory(0x37, CONTEXT + Registers.PC);
    this.#retire();
    this.#saveFuel();
    out.op(Op.CALL, Import.SYSCALL);
    writeReload(out);
    write(out, loadFrom(0x29, Type.I64, i32(0), CONTEXT + Registers.PC));
    out.op(Op.SET, Local.PC);
    out.raw([Op.IF, EMPTY]);
    writeUnwinding(out, this.#labels.stop + 1);
    out.op(Op.BR, this.#labels.lookup + 1);
    out.byte(Op.END);
    out.op(Op.BR, this.#labels.stop);
  }

  breakpoint(): void {
    this.stopWith(3);
  }

  fence(): void {
    // Memory is as ordered as it can be, and code is never stale.
  }

  /** Leave the interpreter, at this instruction. */
  stopWith(reason: number): void {
    write(this.out, i32(0));
    write(this.out, i32(reason));
    this.out.memory(0x36, State.STOP);
    write(this.out, this.pc());
    this.out.op(Op.SET, Local.PC);
    this.out.op(Op.BR, this.#labels.stop);
  }

  protected fresh(type: Type): number {
    const used = this.#used.get(type) ?? 0;
    this.#used.set(type, used + 1);
    if (used === Local.COUNT) {
      throw new RangeError("An instruction has too many intermediate values");
    }
    return used +
      FREE.get(type)!;
  }

  protected routine(name: Routine): number {
    return this.#routine(name);
  }

  /** The place of a register that the record names. */
  #place(field: number): Node {
    return loadFrom(0x2f, Type.I32, get32(Local.RECORD), field);
  }

  protected mode(): Node {
    return loadFrom(0x2d, Type.I32, get32(Local.RECORD), Record.EXTRA);
  }

  protected leaveBadMode(depth: number): void {
    write(this.out, this.pc());
    this.out.op(Op.SET, Local.PC);
    this.out.op(Op.BR, this.#labels.stop + depth);
  }

  #float(field: number, format: Format): Node {
    return this.unboxed(format, loadFrom(0x2b, Type.F64, this.#place(field), CONTEXT));
  }

  /** Leave the interpreter if an address is not a multiple of the size. */
  #aligned(address: Node, size: Size, access: number): Node {
    const at = this.hold(address);
    const { out } = this;
    write(out, binary(Arith.I32_AND, Type.I32, wrap(at), i32(size - 1)));
    out.raw([Op.IF, EMPTY]);
    write(out, wrap(at));
    write(out, highHalf(at));
    write(out, i32(access));
    out.op(Op.CALL, Import.MISALIGNED);
    out.byte(Op.DROP);
    write(out, this.pc());
    out.op(Op.SET, Local.PC);
    out.op(Op.BR, this.#labels.stop + 1);
    out.byte(Op.END);
    return at;
  }

  /** Leave whether it could be done on the stack. */
  #storeSlowly(address: Node, value: Node, size: Size): void {
    write(this.out, i32(0));
    write(this.out, value);
    this.out.memory(0x37, State.SCRATCH);
    this.#ask(Import.WRITE, address, size);
  }

  #saveFuel(): void {
    write(this.out, i32(0));
    write(this.out, get32(Local.FUEL));
    this.out.memory(0x36, State.FUEL);
  }

  #register(field: number): Node {
    return loadFrom(0x29, Type.I64, this.#place(field), CONTEXT + Registers.X);
  }

  #retire(): void {
    write(this.out, binary(Arith.I32_SUB, Type.I32, get32(Local.FUEL), i32(1)));
    this.out.op(Op.SET, Local.FUEL);
  }

  /** Open an `if`: in it the host address is on the stack. */
  #probe(address: Node, size: Size, table: number): void {
    const out = this.out;
    const index = binary(Arith.I32_SHR_U, Type.I32, wrap(address), i32(8));
    const masked = binary(Arith.I32_AND, Type.I32, index, i32(Tlb.PAGE_MASK));
    write(out, add32(get32(Local.TLB), masked));
    out.op(Op.TEE, Local.ENTRY);
    out.memory(0x29, table);
    const last = size === 1 ? address : binary(Arith.I64_ADD, Type.I64, address, i64(size - 1));
    write(out, binary(Arith.I64_AND, Type.I64, last, i64(-1 << PAGE_SHIFT)));
    out.byte(Arith.I64_EQ);
    out.byte(Op.IF);
    out.byte(EMPTY);
    const addend = loadFrom(0x28, Type.I32, get32(Local.ENTRY), table + 8);
    write(out, add32(wrap(address), addend));
  }

  #ask(what: number, address: Node, size: Size): void {
    write(this.out, i32(0));
    write(this.out, get32(Local.RECORD));
    this.out.memory(0x36, State.CURRENT);
    write(this.out, i32(0));
    write(this.out, this.pc());
    this.out.memory(0x37, CONTEXT + Registers.PC);
    this.#saveFuel();
    write(this.out, wrap(address));
    write(this.out, highHalf(address));
    write(this.out, i32(size));
    this.out.op(Op.CALL, what);
  }

  /** Inside one `if`: leave the interpreter at this instruction if the value on the stack is 0. */
  #stopIfZero(): void {
    this.out.byte(Arith.I32_EQZ);
    this.out.byte(Op.IF);
    this.out.byte(EMPTY);
    write(this.out, this.pc());
    this.out.op(Op.SET, Local.PC);
    this.out.op(Op.BR, this.#labels.stop + 2 + this.#opened);
    this.out.byte(Op.END);
  }

  #jumpBy(depth: number): void {
    const out = this.out;
    this.#retire();
    write(out, loadFrom(0x2d, Type.I32, get32(Local.RECORD), Record.EXTRA));
    write(out, i32(Extra.NEAR));
    out.byte(Arith.I32_AND);
    out.byte(Op.IF);
    out.byte(EMPTY);
    const distance = loadFrom(0x28, Type.I32, get32(Local.RECORD), Record.IMM);
    const records = binary(Arith.I32_SHL, Type.I32, distance, i32(Record.SHIFT));
    write(out, add32(get32(Local.RECORD), records));
    out.op(Op.SET, Local.RECORD);
    out.op(Op.BR, this.#labels.next + depth + 1);
    out.byte(Op.END);
    write(out, binary(Arith.I64_ADD, Type.I64, this.pc(), this.imm()));
    out.op(Op.SET, Local.PC);
    out.op(Op.BR, this.#labels.lookup + depth);
  }
}
