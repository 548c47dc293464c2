/**
 * The generated interpreter's function, apart from its instructions: its variables, the functions
 * that it calls, and where its handlers may go.
 *
 * @module
 */
import { CONTINUE, Extra, Record, State, TARGETS, TARGETS_COUNT } from "../layout.ts";
import {
  Arith,
  binary,
  i32,
  i64,
  loadFrom,
  local,
  type Node,
  unary,
  wrap,
  write,
} from "../node.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

/** The interpreter's variables: three parameters, then the others. */
export const Local = {
  TLB: 0,
  /** Where to go back to compiled code, or `NOWHERE`. */
  UNTIL: 1,
  /** What a compiled function may use of the host's stack. */
  DEPTH: 2,
  /** The record of the instruction. */
  RECORD: 3,
  /** The record of the one behind it. */
  NEXT: 4,
  FUEL: 5,
  OP: 6,
  ENTRY: 7,
  HOST: 8,
  /** What to add to a record's place, halved thrice, to have its address. */
  DELTA: 9,
  PC: 10,
  ADDRESS: 11,
  /** Free variables: eight of 32 bits, then of 64. */
  FREE_32: 12,
  FREE_64: 20,
  FREE_F64: 28,
  FREE_F32: 36,
  COUNT: 8,
} as const;

/** Where free variables of a type begin. */
export const FREE: ReadonlyMap<Type, number> = new Map<Type, number>([
  [Type.I32, Local.FREE_32],
  [Type.I64, Local.FREE_64],
  [Type.F64, Local.FREE_F64],
  [Type.F32, Local.FREE_F32],
]);

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
  FLOAT: 10,
  LIMITS: 11,
  TIME: 12,
  OWN: 13,
  MISALIGNED: 14,
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

/** The value of a 32-bit variable, by its number in `Local`. */
export const get32 = (index: number): Node => local(index, Type.I32);
/** The same for 64 bits. */
export const get64 = (index: number): Node => local(index, Type.I64);
/** The sum of two 32-bit values. */
export const add32 = (a: Node, b: Node): Node => binary(Arith.I32_ADD, Type.I32, a, b);

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

/** The upper half of an address, as imports take it. */
export function highHalf(address: Node): Node {
  return wrap(binary(Arith.I64_SHR_U, Type.I64, address, i64(32)));
}

/** Behind a system call: it may be another thread's turn now, in another space. */
export function writeReload(out: Code): void {
  for (const [variable, at] of [[Local.TLB, State.TRANSLATIONS], [Local.FUEL, State.FUEL]]) {
    write(out, loadFrom(0x28, Type.I32, i32(0), at!));
    out.op(Op.SET, variable!);
  }
}

/** Say that no run ends, only that all compiled code on the host's stack is to be left. */
export function writeContinue(out: Code): void {
  store32(out, State.UNWIND, i32(0));
  store32(out, State.STOP, i32(CONTINUE));
}

/** Note where this jump goes, if its targets are worth knowing; the target is in `PC`. */
export function writeProfile(out: Code): void {
  write(out, loadFrom(0x2d, Type.I32, get32(Local.RECORD), Record.EXTRA));
  write(out, i32(Extra.PROFILED));
  out.byte(Arith.I32_AND);
  out.raw([Op.IF, EMPTY]);
  const index = binary(
    Arith.I32_SHL,
    Type.I32,
    add32(get32(Local.RECORD), wrap(get64(Local.PC))),
    i32(3),
  );
  write(out, binary(Arith.I32_AND, Type.I32, index, i32((TARGETS_COUNT - 1) << 4)));
  out.op(Op.TEE, Local.ENTRY);
  write(out, addressOf(Local.RECORD));
  out.memory(0x37, TARGETS);
  write(out, get32(Local.ENTRY));
  write(out, get64(Local.PC));
  out.memory(0x37, TARGETS + 8);
  out.byte(Op.END);
}

/** Set a 32-bit variable. */
export function set32(code: Code, index: number, value: Node): void {
  write(code, value);
  code.op(Op.SET, index);
}

/** Store 32 bits at a fixed address. */
export function store32(code: Code, address: number, value: Node): void {
  write(code, i32(0));
  write(code, value);
  code.memory(0x36, address);
}

/** Begin a block without a value. */
export function open(code: Code, op: number): void {
  code.byte(op);
  code.byte(EMPTY);
}

/** Let `PC` be the address of the record. */
export function pcIsHere(code: Code): void {
  write(code, addressOf(Local.RECORD));
  code.op(Op.SET, Local.PC);
}
