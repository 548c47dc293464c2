/**
 * The function that compiled code calls when a place does not access what it accessed last: it looks at
 * what was found last in the window of pages around the address, or has it sought, and lets the place
 * remember that.
 *
 * V8 puts it where it is called, which it does with nothing that has a loop.
 *
 * @module
 */
import { TRANSLATIONS } from "./frame.ts";
import { Access, Site, State, Tlb } from "../layout.ts";
import {
  Arith,
  binary,
  i32,
  i64,
  loadFrom,
  local,
  type Node,
  op32,
  op64,
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

/** The function, by its type's number and the number of the function that seeks. */
export function missBody(type: number, seek: number): FunctionBody {
  const code = new Code(256);
  const set = (variable: Node, value: Node) => {
    write(code, value);
    code.op(Op.SET, variable.op);
  };
  set(ADDRESS, op64(Arith.I64_ADD, ADDRESS, DISPLACEMENT));
  set(ENTRY, windowOf(ADDRESS, WANTED));
  set(SPAN, unary(Arith.I64_EXTEND_I32_U, Type.I64, op32(Arith.I32_SHR_U, WANTED, i32(8))));
  const read = () => {
    set(DISTANCE, op64(Arith.I64_SUB, ADDRESS, loadFrom(0x29, Type.I64, ENTRY, 0)));
    set(SIZE, loadFrom(0x35, Type.I64, ENTRY, 8));
  };
  read();
  // An access may begin before what it ends in, so that its end alone says nothing.
  write(code, binary(Arith.I64_LT_U, Type.I32, DISTANCE, SIZE));
  write(code, op64(Arith.I64_ADD, DISTANCE, SPAN));
  write(code, SIZE);
  code.raw([Arith.I64_LE_U, Arith.I32_AND, Arith.I32_EQZ, Op.IF, EMPTY]);
  for (const value of [ADDRESS, WANTED, SITE]) write(code, value);
  code.op(Op.CALL, seek);
  code.raw([Arith.I32_EQZ, Op.IF, EMPTY]);
  write(code, i32(0));
  code.raw([Op.RETURN, Op.END]);
  read();
  code.byte(Op.END);
  writeRemember(code, set);
  write(code, op32(Arith.I32_ADD, wrap(DISTANCE), loadFrom(0x28, Type.I32, ENTRY, 12)));
  return { type, locals: [[1, Type.I32], [3, Type.I64], [1, Type.I32]], code };
}

/** Where it says what was found last around an address, for a kind of access. */
export function windowOf(address: Node, wanted: Node): Node {
  const index = op32(Arith.I32_SHR_U, wrap(address), i32(Tlb.WINDOW_SHIFT - ENTRY_SHIFT));
  const windows = op32(Arith.I32_ADD, TRANSLATIONS, i32(Tlb.READ_WINDOW));
  const entry = op32(Arith.I32_ADD, op32(Arith.I32_AND, index, i32(Tlb.WINDOW_MASK)), windows);
  return op32(Arith.I32_ADD, entry, behind(wanted, Tlb.WRITE_WINDOW - Tlb.READ_WINDOW));
}

/** Entries of tables have 16 bytes. */
const ENTRY_SHIFT = 4;

/** For writing how far the table is behind the one for reading, else 0: WRITE is bit 1. */
export function behind(wanted: Node, distance: number): Node {
  const bit = op32(Arith.I32_AND, wanted, i32(Access.WRITE));
  return op32(Arith.I32_SHL, bit, i32(Math.log2(distance / Access.WRITE)));
}

/** Fill the site, if there is one. */
function writeRemember(code: Code, set: (variable: Node, value: Node) => void): void {
  write(code, SITE);
  code.raw([Op.IF, EMPTY]);
  const first = loadFrom(0x29, Type.I64, ENTRY, 0);
  write(code, SITE);
  write(code, op64(Arith.I64_SUB, first, DISPLACEMENT));
  code.memory(0x37, Site.FIRST);
  write(code, SITE);
  write(code, op64(Arith.I64_ADD, op64(Arith.I64_SUB, SIZE, SPAN), i64(1)));
  code.memory(0x37, Site.LIMIT);
  write(code, SITE);
  const addend = op32(Arith.I32_SUB, loadFrom(0x28, Type.I32, ENTRY, 12), wrap(first));
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
