/**
 * Calls from a region to code that may be compiled as well.
 *
 * The running space says by its table of calls which function starts at an address, so a region can
 * be shared by spaces that agree on its own pages and on nothing else.
 *
 * @module
 */
import { callIndexOf } from "../call_index.ts";
import { Site, State, TARGETS, TARGETS_COUNT, Tlb } from "../layout.ts";
import type { Linkage } from "./linkage.ts";
import { Arith, arith, i32, i64, Kind, loadFrom, local, type Node, wrap, write } from "../node.ts";
import { DEPTH, FUEL, OTHER, PC, type RegionFrame, TRANSLATIONS } from "./frame.ts";
import { Fixed } from "./variables.ts";
import { Op, Type } from "../wasm.ts";

const RETURN_CALL_INDIRECT = 0x13;

/** Call the code at an address, and leave its answer, which is the address if it is not there. */
export function writeCall(frame: RegionFrame, link: Linkage, target: Node): void {
  const { code } = frame;
  const site = target.kind === Kind.CONST ? link.site(Number(target.value)) : 0;
  const elsewhere = () => writeElsewhere(frame, target);
  if (site === 0) writeFind(frame, target, () => writeAsk(frame, link, target, elsewhere));
  else writeRemembered(frame, link, target, site);
  code.op(Op.CALL_INDIRECT, link.regionType);
  code.byte(0);
}

/**
 * Take the answer of a call from the stack, and go on behind it: at once, or when the interpreter comes
 * there. Return where fewer instructions than `length` are left, or all is to be left.
 */
export function writeComeBack(
  frame: RegionFrame,
  link: Linkage,
  next: number,
  length: number,
): void {
  const { code } = frame;
  code.op(Op.SET, Fixed.FUEL);
  code.op(Op.TEE, Fixed.PC);
  code.i64(next);
  code.byte(Arith.I64_NE);
  code.mostly(false);
  frame.open(Op.IF, OTHER);
  for (const value of [PC, FUEL, DEPTH, i64(next)]) write(code, value);
  code.op(Op.CALL, link.home);
  code.op(Op.SET, Fixed.FUEL);
  frame.close();
  write(code, FUEL);
  code.i32(length);
  code.byte(Arith.I32_LT_S);
  code.mostly(false);
  frame.open(Op.IF, OTHER);
  frame.leave(i64(next));
  frame.close();
}

/**
 * Go to the code at an address for good; leave with the address if it is not compiled. To leave in any
 * case would be right as well, but every caller would have to leave too, up to the interpreter.
 * Whether code that the space's table does not know is compiled is asked for jumps through registers
 * only: what a region leads to beside them was hardly ever executed.
 */
export function writeTailCall(frame: RegionFrame, link: Linkage, target: Node): void {
  const { code } = frame;
  code.op(Op.GET, Fixed.DEPTH);
  code.op(Op.GET, Fixed.FUEL);
  writeFind(frame, target, () => {
    const leave = () => frame.leave(target);
    if (target.kind !== Kind.CONST) return writeAsk(frame, link, target, leave);
    leave();
  });
  code.op(RETURN_CALL_INDIRECT, link.regionType);
  code.byte(0);
}

/** Note that the jump at an address goes where `PC` says: whoever compiles it next should know. */
export function writeSeen({ code }: RegionFrame, jump: number): void {
  const sum = arith(Arith.I32_ADD, Type.I32, wrap(PC), i32(jump));
  const index = arith(Arith.I32_SHL, Type.I32, sum, i32(3));
  write(code, arith(Arith.I32_AND, Type.I32, index, i32((TARGETS_COUNT - 1) << 4)));
  code.op(Op.TEE, Fixed.ENTRY);
  write(code, i64(jump));
  code.memory(0x37, TARGETS);
  code.op(Op.GET, Fixed.ENTRY);
  write(code, PC);
  code.memory(0x37, TARGETS + 8);
}

/** Leave the function's place in the table on the stack, which this place remembers. */
function writeRemembered(frame: RegionFrame, link: Linkage, target: Node, site: number): void {
  const { code } = frame;
  const found = frame.variables.temporary(Type.I32);
  write(code, loadFrom(0x28, Type.I32, i32(0), site + Site.SLOT));
  code.op(Op.TEE, found);
  code.byte(Arith.I32_EQZ);
  code.mostly(false);
  frame.open(Op.IF, OTHER);
  write(code, target);
  write(code, i32(site));
  code.op(Op.CALL, link.callee);
  writeTake(frame, found, () => writeElsewhere(frame, target));
  frame.close();
  code.op(Op.GET, found);
}

/** The same by the table of the space; `orElse` leaves it there where the table does not know. */
function writeFind(frame: RegionFrame, target: Node, orElse: () => void): void {
  const { code } = frame;
  const found = frame.variables.temporary(Type.I32);
  write(code, arith(Arith.I32_ADD, Type.I32, callIndexOf(wrap(target)), TRANSLATIONS));
  code.op(Op.TEE, Fixed.ENTRY);
  code.memory(0x29, Tlb.CALL);
  write(code, target);
  code.byte(Arith.I64_EQ);
  code.mostly(true);
  frame.open(Op.IF, OTHER);
  write(code, loadFrom(0x28, Type.I32, local(Fixed.ENTRY, Type.I32), Tlb.CALL + 8));
  code.op(Op.SET, found);
  code.byte(Op.ELSE);
  orElse();
  code.op(Op.SET, found);
  frame.close();
  code.op(Op.GET, found);
}

/** Leave the function's place in the table on the stack; `orElse` is for where there is none. */
function writeAsk(frame: RegionFrame, link: Linkage, target: Node, orElse: () => void): void {
  const { code } = frame;
  const found = frame.variables.temporary(Type.I32);
  write(code, wrap(target));
  write(code, wrap(arith(Arith.I64_SHR_U, Type.I64, target, i64(32))));
  write(code, i32(0));
  code.op(Op.CALL, link.enter);
  writeTake(frame, found, orElse);
  code.op(Op.GET, found);
}

/** Put the function's place from the stack in a variable; `orElse` is for where there is none. */
function writeTake(frame: RegionFrame, found: number, orElse: () => void): void {
  frame.code.op(Op.TEE, found);
  frame.code.byte(Arith.I32_EQZ);
  frame.open(Op.IF, OTHER);
  orElse();
  frame.close();
}

/** Let what is in place 0 answer the address. */
function writeElsewhere({ code }: RegionFrame, target: Node): void {
  write(code, i32(0));
  write(code, target);
  code.memory(0x37, State.ELSEWHERE);
}
