/**
 * The function that finds what lies around an address where its window was last asked for something
 * else: by the table of pages, or by asking. The window has that from then on.
 *
 * @module
 */
import { TRANSLATIONS } from "./frame.ts";
import { highHalf } from "../interpreter/frame.ts";
import { PAGE_SHIFT, Tlb } from "../layout.ts";
import { behind, windowOf } from "./miss.ts";
import { Arith, i32, i64, loadFrom, local, op32, op64, unary, wrap, write } from "../node.ts";
import { Code, EMPTY, type FunctionBody, Op, type Signature, Type, Vector } from "../wasm.ts";

/**
 * Address, kind of access with the span behind 8 bits, site; gives 1 if the window says now where the
 * access goes, else 0.
 */
export const SEEK: Signature = {
  params: [Type.I64, Type.I32, Type.I32],
  results: [Type.I32],
};

const ADDRESS = local(0, Type.I64);
const WANTED = local(1, Type.I32);
const SITE = local(2, Type.I32);
const ENTRY = local(3, Type.I32);

const SEGMENT = Tlb.READ_SEGMENT - Tlb.READ;

/** The function, by its type's number and the number of the function that asks. */
export function seekBody(type: number, probe: number): FunctionBody {
  const code = new Code(128);
  const index = op32(
    Arith.I32_AND,
    op32(Arith.I32_SHR_U, wrap(ADDRESS), i32(8)),
    i32(Tlb.PAGE_MASK),
  );
  const entry = op32(Arith.I32_ADD, index, TRANSLATIONS);
  write(code, op32(Arith.I32_ADD, entry, behind(WANTED, Tlb.WRITE - Tlb.READ)));
  code.op(Op.TEE, ENTRY.op);
  code.memory(0x29, Tlb.READ);
  write(code, op64(Arith.I64_AND, ADDRESS, i64(-1 << PAGE_SHIFT)));
  code.byte(Arith.I64_EQ);
  const distance = op64(Arith.I64_SUB, ADDRESS, loadFrom(0x29, Type.I64, ENTRY, SEGMENT));
  const span = op32(Arith.I32_SHR_U, WANTED, i32(8));
  write(code, op64(Arith.I64_ADD, distance, unary(Arith.I64_EXTEND_I32_U, Type.I64, span)));
  write(code, loadFrom(0x35, Type.I64, ENTRY, SEGMENT + 8));
  code.raw([Arith.I64_LE_U, Arith.I32_AND, Op.IF, EMPTY]);
  write(code, windowOf(ADDRESS, WANTED));
  write(code, ENTRY);
  code.vector(Vector.LOAD, 0, SEGMENT);
  code.vector(Vector.STORE, 0, 0);
  write(code, i32(1));
  code.raw([Op.RETURN, Op.END]);
  // Who says yes has put it in both tables.
  for (const value of [wrap(ADDRESS), highHalf(ADDRESS), WANTED, SITE]) write(code, value);
  code.op(Op.CALL, probe);
  return { type, locals: [[1, Type.I32]], code };
}
