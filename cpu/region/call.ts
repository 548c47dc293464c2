/**
 * Calls from a region to code that may be compiled as well.
 *
 * The running space says by its table of calls which function starts at an address, so a region can
 * be shared by spaces that agree on its own pages and on nothing else.
 *
 * @module
 */
import { callIndexOf } from "../call_index.ts";
import { Site, TARGETS, TARGETS_COUNT, Tlb } from "../layout.ts";
import type { Linkage } from "./linkage.ts";
import { Arith, arith, i32, i64, Kind, loadFrom, local, type Node, wrap, write } from "../node.ts";
import { OTHER, PC, type RegionFrame } from "./frame.ts";
import { Fixed } from "./variables.ts";
import { Op, Type } from "../wasm.ts";

const RETURN_CALL_INDIRECT = 0x13;

/** Call the code at an address, and leave its answer; return with the address if it is not there. */
export function writeCall(frame: RegionFrame, link: Linkage, target: Node): void {
  const { code } = frame;
  const found = frame.variables.temporary(Type.I32);
  const site = target.kind === Kind.CONST ? link.site(Number(target.value)) : 0;
  if (site === 0) writeFind(frame, link, target);
  else writeRemembered(frame, link, target, site);
  code.op(Op.TEE, found);
  code.byte(Arith.I32_EQZ);
  code.mostly(false);
  frame.open(Op.IF, OTHER);
  frame.leave(target);
  frame.close();
  code.op(Op.GET, found);
  code.op(Op.CALL_INDIRECT, link.regionType);
  code.byte(0);
}

/**
 * Go to the code at an address for good; leave with the address if it is not compiled. To leave in any
 * case would be right as well, but every caller would have to leave too, up to the interpreter.
 * Whether code that the space's table does not know is compiled is asked for jumps through registers
 * only: what a region leads to beside them was hardly ever executed.
 */
export function writeTailCall(frame: RegionFrame, link: Linkage, target: Node): void {
  const { code } = frame;
  const found = frame.variables.temporary(Type.I32);
  writeFind(frame, target.kind === Kind.CONST ? null : link, target);
  code.op(Op.TEE, found);
  frame.open(Op.IF, OTHER);
  code.op(Op.GET, Fixed.TLB);
  code.op(Op.GET, Fixed.DEPTH);
  code.op(Op.GET, Fixed.FUEL);
  code.op(Op.GET, found);
  code.op(RETURN_CALL_INDIRECT, link.regionType);
  code.byte(0);
  frame.close();
  frame.leave(target);
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

/** Leave the function's place in the table on the stack, which this place remembers; or 0. */
function writeRemembered(frame: RegionFrame, link: Linkage, target: Node, site: number): void {
  const { code } = frame;
  const found = frame.variables.temporary(Type.I32);
  write(code, loadFrom(0x28, Type.I32, i32(0), site + Site.SLOT));
  code.op(Op.TEE, found);
  code.mostly(true);
  code.byte(Op.IF);
  code.byte(Type.I32);
  code.op(Op.GET, found);
  code.byte(Op.ELSE);
  write(code, target);
  write(code, i32(site));
  code.op(Op.GET, Fixed.TLB);
  code.op(Op.CALL, link.callee);
  code.byte(Op.END);
}

/** The same by the table of the space; without `link` nobody is asked for what is not there. */
function writeFind({ code }: RegionFrame, link: Linkage | null, target: Node): void {
  const index = callIndexOf(wrap(target));
  write(code, arith(Arith.I32_ADD, Type.I32, index, local(Fixed.TLB, Type.I32)));
  code.op(Op.TEE, Fixed.ENTRY);
  code.memory(0x29, Tlb.CALL);
  write(code, target);
  code.byte(Arith.I64_EQ);
  code.mostly(true);
  code.byte(Op.IF);
  code.byte(Type.I32);
  write(code, loadFrom(0x28, Type.I32, local(Fixed.ENTRY, Type.I32), Tlb.CALL + 8));
  code.byte(Op.ELSE);
  if (link !== null) {
    write(code, wrap(target));
    write(code, wrap(arith(Arith.I64_SHR_U, Type.I64, target, i64(32))));
  }
  write(code, i32(0));
  if (link !== null) code.op(Op.CALL, link.enter);
  code.byte(Op.END);
}
