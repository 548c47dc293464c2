/**
 * The function that compiled code calls when a place does not access what it accessed last: it finds
 * the page in the space's tables, or asks, and lets the place remember what lies around.
 *
 * @module
 */
import { TRANSLATIONS } from "./frame.ts";
import { highHalf } from "../interpreter/frame.ts";
import { Access, PAGE_SHIFT, Site, State, Tlb } from "../layout.ts";
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
import { Code, EMPTY, type FunctionBody, Op, type Signature, Type } from "../wasm.ts";

/** Base, displacement, kind of access with the span behind 8 bits, site; gives a host address. */
export const MISS: Signature = {
  params: [Type.I64, Type.I64, Type.I32, Type.I32],
  results: [Type.I32],
};

const ADDRESS = local(0, Type.I64);
const DISPLACEMENT = local(1, Type.I64);
const WANTED = local(2, Type.I32);
const SITE = local(3, Type.I32);
const ENTRY = local(4, Type.I32);
const SPAN = local(5, Type.I64);
const DISTANCE = local(6, Type.I64);
const SIZE = local(7, Type.I64);
const PLACE = local(8, Type.I32);
const ASKED = local(9, Type.I32);

const SEGMENT = Tlb.READ_SEGMENT - Tlb.READ;

const op32 = (op: number, a: Node, b: Node) => binary(op, Type.I32, a, b);
const op64 = (op: number, a: Node, b: Node) => binary(op, Type.I64, a, b);
const extend = (a: Node) => unary(Arith.I64_EXTEND_I32_U, Type.I64, a);

/** The function, by its type's number and the number of the function that asks. */
export function missBody(type: number, probe: number): FunctionBody {
  const code = new Code(256);
  const set = (variable: Node, value: Node) => {
    write(code, value);
    code.op(Op.SET, variable.op);
  };
  set(ADDRESS, op64(Arith.I64_ADD, ADDRESS, DISPLACEMENT));
  const index = op32(Arith.I32_SHR_U, wrap(ADDRESS), i32(8));
  const entry = op32(Arith.I32_ADD, op32(Arith.I32_AND, index, i32(Tlb.PAGE_MASK)), TRANSLATIONS);
  const table = op32(Arith.I32_AND, WANTED, i32(Access.WRITE));
  // WRITE is bit 1, and the table for writing is where that bit, shifted, leads.
  set(ENTRY, op32(Arith.I32_ADD, entry, op32(Arith.I32_SHL, table, i32(WRITE_SHIFT))));
  set(SPAN, extend(op32(Arith.I32_SHR_U, WANTED, i32(8))));
  code.raw([Op.LOOP, EMPTY]);
  write(code, loadFrom(0x29, Type.I64, ENTRY, Tlb.READ));
  write(code, op64(Arith.I64_AND, ADDRESS, i64(-1 << PAGE_SHIFT)));
  code.byte(Arith.I64_EQ);
  code.raw([Op.IF, EMPTY]);
  set(DISTANCE, op64(Arith.I64_SUB, ADDRESS, loadFrom(0x29, Type.I64, ENTRY, SEGMENT)));
  set(SIZE, loadFrom(0x35, Type.I64, ENTRY, SEGMENT + 8));
  write(code, op64(Arith.I64_ADD, DISTANCE, SPAN));
  write(code, SIZE);
  code.raw([Arith.I64_LE_U, Op.IF, EMPTY]);
  writeRemember(code, set);
  write(code, op32(Arith.I32_ADD, wrap(DISTANCE), loadFrom(0x28, Type.I32, ENTRY, SEGMENT + 12)));
  code.raw([Op.RETURN, Op.END, Op.END]);
  write(code, ASKED);
  code.raw([Op.IF, EMPTY]);
  write(code, i32(0));
  code.raw([Op.RETURN, Op.END]);
  set(ASKED, i32(1));
  // Who says yes has put it in the tables.
  for (const value of [wrap(ADDRESS), highHalf(ADDRESS), WANTED, SITE]) write(code, value);
  code.op(Op.CALL, probe);
  code.op(Op.BR_IF, 0);
  code.byte(Op.END);
  write(code, i32(0));
  return { type, locals: [[1, Type.I32], [3, Type.I64], [2, Type.I32]], code };
}

const WRITE_SHIFT = Math.log2((Tlb.WRITE - Tlb.READ) / Access.WRITE);

/** Fill the site, if there is one. */
function writeRemember(code: Code, set: (variable: Node, value: Node) => void): void {
  write(code, SITE);
  code.raw([Op.IF, EMPTY]);
  write(code, SITE);
  write(code, op64(Arith.I64_SUB, loadFrom(0x29, Type.I64, ENTRY, SEGMENT), DISPLACEMENT));
  code.memory(0x37, Site.FIRST);
  write(code, SITE);
  write(code, op64(Arith.I64_ADD, op64(Arith.I64_SUB, SIZE, SPAN), i64(1)));
  code.memory(0x37, Site.LIMIT);
  write(code, SITE);
  // The page's own addend is that of all around it.
  const addend = loadFrom(0x28, Type.I32, ENTRY, Tlb.READ + 8);
  write(code, op32(Arith.I32_ADD, addend, wrap(DISPLACEMENT)));
  code.memory(0x36, Site.ADDEND);
  writeList(code, { site: SITE, place: PLACE, set });
  code.byte(Op.END);
}

/** The variables of a function that fills sites, and how it sets them. */
export interface Filling {
  /** The site that is filled. */
  readonly site: Node;
  /** A variable that nobody needs. */
  readonly place: Node;
  /** Set a variable. */
  readonly set: (variable: Node, value: Node) => void;
}

/** Put a site on the list of those that are filled; beyond its end only their number counts. */
export function writeList(code: Code, { site, place, set }: Filling): void {
  set(place, loadFrom(0x28, Type.I32, i32(0), State.FILLED));
  write(code, op32(Arith.I32_LT_U, place, i32(Site.LIST_COUNT)));
  code.raw([Op.IF, EMPTY]);
  write(code, op32(Arith.I32_SHL, place, i32(2)));
  write(code, site);
  code.memory(0x36, Site.LIST);
  code.byte(Op.END);
  write(code, i32(0));
  write(code, op32(Arith.I32_ADD, place, i32(1)));
  code.memory(0x36, State.FILLED);
}
