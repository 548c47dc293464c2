/**
 * How compiled code goes on behind a call of what is not compiled: it calls the interpreter, and goes on
 * where that comes to the place behind the call. To leave instead would be right as well, but so would
 * all callers have to, and each would be interpreted to its end.
 *
 * All registers are in the context while this is under way, so what is behind the call may go on whoever
 * comes there, unless compiled code was dropped in the meantime or somebody else runs.
 *
 * @module
 */
import { CONTEXT, Registers, State } from "../layout.ts";
import { TRANSLATIONS } from "./frame.ts";
import { store32, writeContinue } from "../interpreter/frame.ts";
import { LEFT } from "./table.ts";
import { Arith, i32, loadFrom, local, op32, write } from "../node.ts";
import { Code, EMPTY, type FunctionBody, Op, type Signature, Type } from "../wasm.ts";

/** Bytes of the host's stack that the interpreter may use. */
const FRAME = 4096;

/** Where less than this is left, all is left: there would be nothing left for what it calls. */
const ROOM = 32768;

/**
 * An address, what may be executed, the host's stack, and where to come to; gives what may be executed
 * there, or `LEFT` where all is to be left.
 */
export const HOME: Signature = {
  params: [Type.I64, Type.I32, Type.I32, Type.I64],
  results: [Type.I32],
};

const ADDRESS = local(0, Type.I64);
const FUEL = local(1, Type.I32);
const DEPTH = local(2, Type.I32);
const NEXT = local(3, Type.I64);

/** The function, by its type's number and the number of the interpreter. */
export function homeBody(type: number, interpret: number): FunctionBody {
  const code = new Code(128);
  write(code, op32(Arith.I32_LT_S, FUEL, i32(0)));
  code.raw([Op.IF, EMPTY]);
  write(code, FUEL);
  code.raw([Op.RETURN, Op.END]);
  write(code, i32(0));
  write(code, ADDRESS);
  code.memory(0x37, CONTEXT + Registers.PC);
  store32(code, State.FUEL, FUEL);
  // Too deep: from where the interpreter is that is under way there is room again.
  write(code, op32(Arith.I32_LT_S, DEPTH, i32(ROOM)));
  code.raw([Op.IF, EMPTY]);
  writeContinue(code);
  write(code, i32(LEFT));
  code.raw([Op.RETURN, Op.END]);
  const depth = op32(Arith.I32_SUB, DEPTH, i32(FRAME));
  for (const value of [TRANSLATIONS, NEXT, depth]) write(code, value);
  code.op(Op.CALL, interpret);
  code.raw([Op.IF, EMPTY]);
  write(code, loadFrom(0x28, Type.I32, i32(0), State.FUEL));
  code.raw([Op.RETURN, Op.END]);
  write(code, i32(LEFT));
  return { type, locals: [], code };
}

/** What is called in place of a function that is not there: it answers where control was to go. */
export function elsewhereBody(type: number): FunctionBody {
  const code = new Code(16);
  write(code, loadFrom(0x29, Type.I64, i32(0), State.ELSEWHERE));
  write(code, FUEL);
  return { type, locals: [], code };
}
