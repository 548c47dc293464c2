/**
 * How the interpreter and compiled code call each other: it steps aside where a compiled function begins,
 * and is called for what is not compiled, until it comes back to where compiled code goes on.
 *
 * @module
 */
import { callIndexOf } from "../call_index.ts";
import { Special } from "../memory/code_pages.ts";
import {
  add32,
  get32,
  highHalf,
  Import,
  type Labels,
  Local,
  open,
  pcIsHere,
  set32,
  store32,
  writeContinue,
  writeReload,
} from "./frame.ts";
import { CONTEXT, CONTINUE, Record, Registers, State, Tlb } from "../layout.ts";
import { Arith, binary, i32, i64, loadFrom, local, type Node, wrap, write } from "../node.ts";
import { type Code, Op, type Signature, Type } from "../wasm.ts";

/** Bytes of the host's stack that nested calls of compiled code may use: there may be a megabyte. */
export const STACK = 400 * 1024;

/**
 * Where the space's translations are, where to go back to compiled code, and how much of the host's
 * stack that may use; gives 1 if it got there, and 0 where all is to be left, for the reason in the
 * state. What goes on, and for how long, is in the context and in the state.
 */
export const RUN: Signature = { params: [Type.I32, Type.I64, Type.I32], results: [Type.I32] };

/** The same for TypeScript. */
export type Run = (translations: number, until: bigint, depth: number) => number;

/** An address that is never reached: those of instructions are even. */
export const NOWHERE = -1n;

/** Whether the interpreter was called by compiled code. */
const isCalled = (): Node =>
  binary(Arith.I64_NE, Type.I32, local(Local.UNTIL, Type.I64), i64(NOWHERE));

const PC = local(Local.PC, Type.I64);

/** Stop where the interpreter was called by code that must not go on; `stop` is how far it is there. */
export function writeUnwinding(code: Code, stop: number): void {
  write(code, loadFrom(0x28, Type.I32, i32(0), State.UNWIND));
  write(code, isCalled());
  code.byte(Arith.I32_AND);
  open(code, Op.IF);
  writeContinue(code);
  code.op(Op.BR, stop + 1);
  code.byte(Op.END);
}

/** End where compiled code goes on, or leave all of it where it must not go on. */
export function writeArrival(code: Code): void {
  write(code, binary(Arith.I64_EQ, Type.I32, PC, local(Local.UNTIL, Type.I64)));
  open(code, Op.IF);
  writeUnwinding(code, 2);
  // Who begins a thread at `NOWHERE` finds no instruction there.
  write(code, isCalled());
  open(code, Op.IF);
  store32(code, State.FUEL, get32(Local.FUEL));
  write(code, i32(1));
  code.raw([Op.RETURN, Op.END, Op.END]);
}

/**
 * Call the compiled function that starts here; without progress, go on in its first instruction. Such
 * functions' type has a number in the module.
 */
export function writeEnter(code: Code, labels: Labels, type: number): void {
  pcIsHere(code);
  set32(code, Local.ENTRY, add32(get32(Local.TLB), callIndexOf(wrap(PC))));
  write(code, loadFrom(0x29, Type.I64, get32(Local.ENTRY), Tlb.CALL));
  write(code, PC);
  code.byte(Arith.I64_EQ);
  code.byte(Op.IF);
  code.byte(Type.I32);
  write(code, loadFrom(0x28, Type.I32, get32(Local.ENTRY), Tlb.CALL + 8));
  code.byte(Op.ELSE);
  store32(code, State.CURRENT, get32(Local.RECORD));
  write(code, wrap(PC));
  write(code, highHalf(PC));
  code.op(Op.CALL, Import.ENTER);
  code.byte(Op.END);
  code.op(Op.TEE, Local.HOST);
  open(code, Op.IF);
  writeCallRegion(code, labels, type);
  // What it asked for may have ended it, and its record with it.
  write(code, loadFrom(0x2f, Type.I32, get32(Local.RECORD), Record.OP));
  write(code, i32(Special.ENTER));
  code.byte(Arith.I32_NE);
  code.op(Op.BR_IF, labels.next + 1);
  code.byte(Op.END);
  writeOriginal(code, labels);
}

function writeCallRegion(code: Code, labels: Labels, type: number): void {
  write(code, isCalled());
  code.byte(Arith.I32_EQZ);
  open(code, Op.IF);
  // Nothing compiled is under way, so nothing has to be left.
  store32(code, State.UNWIND, i32(0));
  code.byte(Op.END);
  code.op(Op.GET, Local.DEPTH);
  write(code, get32(Local.FUEL));
  write(code, get32(Local.HOST));
  code.op(Op.CALL_INDIRECT, type);
  code.byte(0);
  code.op(Op.SET, Local.ENTRY);
  code.op(Op.SET, Local.PC);
  write(code, binary(Arith.I32_NE, Type.I32, get32(Local.FUEL), get32(Local.ENTRY)));
  code.op(Op.SET, Local.HOST);
  set32(code, Local.FUEL, get32(Local.ENTRY));
  write(code, binary(Arith.I32_LT_S, Type.I32, get32(Local.FUEL), i32(0)));
  open(code, Op.IF);
  write(code, loadFrom(0x29, Type.I64, i32(0), CONTEXT + Registers.PC));
  code.op(Op.SET, Local.PC);
  writeReload(code);
  // Who was called by compiled code is left as well.
  write(code, isCalled());
  code.byte(Arith.I32_EQZ);
  write(code, loadFrom(0x28, Type.I32, i32(0), State.STOP));
  write(code, i32(CONTINUE));
  code.raw([Arith.I32_EQ, Arith.I32_AND]);
  code.op(Op.BR_IF, labels.lookup + 2);
  code.op(Op.BR, labels.stop + 2);
  code.byte(Op.END);
  write(code, get32(Local.HOST));
  code.op(Op.BR_IF, labels.lookup + 1);
}

/** Dispatch on what the record was before it was marked. */
export function writeOriginal(code: Code, labels: Labels): void {
  write(code, get32(Local.RECORD));
  code.op(Op.CALL, Import.ORIGINAL);
  code.op(Op.SET, Local.OP);
  code.op(Op.BR, labels.advance + 1);
}
