/**
 * One handler of the generated interpreter: an instruction's meaning with its fields read from a
 * decoded record when it runs.
 *
 * @module
 */
import type { Size } from "./algebra.ts";
import { Emitter } from "./emitter.ts";
import {
  CONTEXT,
  Extra,
  PAGE_SHIFT,
  Record,
  Registers,
  State,
  TARGETS,
  TARGETS_COUNT,
  Tlb,
} from "./layout.ts";
import {
  Arith,
  binary,
  condition,
  i32,
  i64,
  loadFrom,
  local,
  type Node,
  unary,
  wide,
  wrap,
  write,
} from "./node.ts";
import type { Routine } from "./routines.ts";
import { Code, EMPTY, Op, Type } from "./wasm.ts";

/** The interpreter's variables: a parameter, then these. */
export const Local = {
  TLB: 0,
  /** The record of the instruction. */
  RECORD: 1,
  /** The record of the one behind it. */
  NEXT: 2,
  FUEL: 3,
  OP: 4,
  ENTRY: 5,
  HOST: 6,
  /** What to add to a record's place, halved thrice, to have its address. */
  DELTA: 7,
  PC: 8,
  ADDRESS: 9,
  /** Free variables: eight of 32 bits, then of 64. */
  FREE_32: 10,
  FREE_64: 18,
  FREE_F64: 26,
  COUNT: 8,
} as const;

/** What the interpreter asks of TypeScript; the order is that of its imports. */
export const Import = {
  SYSCALL: 0,
  FETCH: 1,
  DECODE: 2,
  STRADDLE: 3,
  READ: 4,
  WRITE: 5,
  HOT: 6,
  ENTER: 7,
  BREAKPOINT: 8,
  ORIGINAL: 9,
} as const;

/** Where a handler may go, as distances from it. */
export interface Labels {
  /** On to the next record. */
  readonly advance: number;
  /** On to the record in `RECORD`. */
  readonly next: number;
  /** On to the address in `PC`. */
  readonly lookup: number;
  /** Out, with the address in `PC` and the reason in the state. */
  readonly stop: number;
}

/** The variable of an expression: `local` by its number in `Local`. */
export const get32 = (index: number): Node => local(index, Type.I32);
const get64 = (index: number): Node => local(index, Type.I64);
const add32 = (a: Node, b: Node): Node => binary(Arith.I32_ADD, Type.I32, a, b);

/** The address that a record stands for. */
export function addressOf(record: number): Node {
  const halves = binary(Arith.I32_SHR_U, Type.I32, get32(record), i32(Record.SHIFT));
  return binary(
    Arith.I64_ADD,
    Type.I64,
    get64(Local.DELTA),
    unary(Arith.I64_EXTEND_I32_U, Type.I64, halves),
  );
}

/** Emits a handler. */
export class Handler extends Emitter {
  readonly out = new Code();
  readonly #labels: Labels;
  readonly #routine: (name: Routine) => number;
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
    write(this.out, i32(0));
    write(this.out, what);
    this.out.memory(0x37, State.SCRATCH);
    this.#ask(Import.WRITE, at, size);
    this.#stopIfZero();
    this.out.byte(Op.END);
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
    this.#remember();
    this.#retire();
    this.out.op(Op.BR, this.#labels.lookup);
  }

  syscall(): void {
    const out = this.out;
    write(out, i32(0));
    write(out, this.next());
    out.memory(0x37, CONTEXT + Registers.PC);
    this.#retire();
    write(out, i32(0));
    write(out, get32(Local.FUEL));
    out.memory(0x36, State.FUEL);
    out.op(Op.CALL, Import.SYSCALL);
    write(out, loadFrom(0x29, Type.I64, i32(0), CONTEXT + Registers.PC));
    out.op(Op.SET, Local.PC);
    out.op(Op.BR_IF, this.#labels.lookup);
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
      (type === Type.I32 ? Local.FREE_32 : type === Type.I64 ? Local.FREE_64 : Local.FREE_F64);
  }

  protected routine(name: Routine): number {
    return this.#routine(name);
  }

  /** The place of a register that the record names. */
  #place(field: number): Node {
    return loadFrom(0x2f, Type.I32, get32(Local.RECORD), field);
  }

  #register(field: number): Node {
    return loadFrom(0x29, Type.I64, this.#place(field), CONTEXT + Registers.X);
  }

  /** Note where this jump went, if its targets are worth knowing. */
  #remember(): void {
    const out = this.out;
    write(out, loadFrom(0x2d, Type.I32, get32(Local.RECORD), Record.EXTRA));
    write(out, i32(Extra.PROFILED));
    out.byte(Arith.I32_AND);
    out.byte(Op.IF);
    out.byte(EMPTY);
    const sum = add32(get32(Local.RECORD), wrap(get64(Local.PC)));
    const index = binary(Arith.I32_SHL, Type.I32, sum, i32(3));
    write(out, binary(Arith.I32_AND, Type.I32, index, i32((TARGETS_COUNT - 1) << 4)));
    out.op(Op.TEE, Local.ENTRY);
    write(out, this.pc());
    out.memory(0x37, TARGETS);
    write(out, get32(Local.ENTRY));
    write(out, get64(Local.PC));
    out.memory(0x37, TARGETS + 8);
    out.byte(Op.END);
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
    write(this.out, i32(0));
    write(this.out, get32(Local.FUEL));
    this.out.memory(0x36, State.FUEL);
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
    this.out.op(Op.BR, this.#labels.stop + 2);
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

/** The upper half of an address, as imports take it. */
export function highHalf(address: Node): Node {
  return wrap(binary(Arith.I64_SHR_U, Type.I64, address, i64(32)));
}

/** Loads to 64 bits by size: zero-extended, sign-extended. */
export const LOADS: Readonly<globalThis.Record<Size, readonly [number, number]>> = {
  1: [0x31, 0x30],
  2: [0x33, 0x32],
  4: [0x35, 0x34],
  8: [0x29, 0x29],
};

/** Stores from 64 bits by size. */
export const STORES: Readonly<globalThis.Record<Size, number>> = {
  1: 0x3c,
  2: 0x3d,
  4: 0x3e,
  8: 0x37,
};
