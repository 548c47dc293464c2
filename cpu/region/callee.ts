/**
 * The function that compiled code calls when a place does not know what it called last: it finds the
 * function in the space's tables, or asks, and lets the place remember.
 *
 * @module
 */
import { callIndexOf } from "../call_index.ts";
import { TRANSLATIONS } from "./frame.ts";
import { highHalf } from "../interpreter/frame.ts";
import { Site, Tlb } from "../layout.ts";
import { writeList } from "./miss.ts";
import { Arith, binary, loadFrom, local, type Node, wrap, write } from "../node.ts";
import { Code, EMPTY, type FunctionBody, Op, type Signature, Type } from "../wasm.ts";

/** Address, site; gives the function's place in the table, or 0. */
export const CALLEE: Signature = { params: [Type.I64, Type.I32], results: [Type.I32] };

const ADDRESS = local(0, Type.I64);
const SITE = local(1, Type.I32);
const ENTRY = local(2, Type.I32);
const PLACE = local(3, Type.I32);

/** The function, by its type's number and the number of the function that asks. */
export function calleeBody(type: number, link: number): FunctionBody {
  const code = new Code(128);
  const set = (variable: Node, value: Node) => {
    write(code, value);
    code.op(Op.SET, variable.op);
  };
  set(ENTRY, binary(Arith.I32_ADD, Type.I32, callIndexOf(wrap(ADDRESS)), TRANSLATIONS));
  write(code, loadFrom(0x29, Type.I64, ENTRY, Tlb.CALL));
  write(code, ADDRESS);
  code.raw([Arith.I64_EQ, Op.IF, EMPTY]);
  write(code, SITE);
  write(code, loadFrom(0x28, Type.I32, ENTRY, Tlb.CALL + 8));
  code.memory(0x36, Site.SLOT);
  writeList(code, { site: SITE, place: PLACE, set });
  write(code, loadFrom(0x28, Type.I32, ENTRY, Tlb.CALL + 8));
  code.raw([Op.RETURN, Op.END]);
  for (const value of [wrap(ADDRESS), highHalf(ADDRESS), SITE]) write(code, value);
  code.op(Op.CALL, link);
  return { type, locals: [[2, Type.I32]], code };
}
