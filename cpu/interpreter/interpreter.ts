/**
 * The generated interpreter: one WebAssembly function with a handler for every instruction.
 *
 * It reads decoded records, follows jumps through the space's fetch table, counts every instruction,
 * and steps aside where a compiled function begins. Everything unusual is asked of TypeScript.
 *
 * @module
 */
import { Special } from "../memory/code_pages.ts";
import { REGISTERS_SIZE } from "../context.ts";
import { Handler } from "./handlers.ts";
import {
  add32,
  addressOf,
  get32,
  highHalf,
  Import,
  type Labels,
  Local,
  open,
  pcIsHere,
  set32,
  store32,
} from "./frame.ts";
import { RUN, writeArrival, writeEnter, writeOriginal } from "./stepping_aside.ts";
import type { Isa } from "../isa.ts";
import { CONTEXT, HEAT, HEAT_COUNT, PAGE_SHIFT, Record, Registers, State, Tlb } from "../layout.ts";
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
import { REGION, tableType } from "../region/table.ts";
import { type Routine, routineBody, SETTLE, WIDE_PAIR } from "../routines.ts";
import { Code, type FunctionBody, moduleBytes, Op, type Signature, Type } from "../wasm.ts";

const NOTHING: readonly Type[] = [];
const I32 = [Type.I32] as const;
const I32X2 = [Type.I32, Type.I32] as const;
const I32X3 = [Type.I32, Type.I32, Type.I32] as const;

/** A floating-point operation done the exact way: which, and up to three operands. */
export const FLOAT: Signature = {
  params: [Type.I32, Type.I64, Type.I64, Type.I64],
  results: [Type.I64],
};

const TYPES: readonly Signature[] = [
  RUN,
  { params: NOTHING, results: I32 },
  { params: I32, results: I32 },
  { params: I32X2, results: I32 },
  { params: I32X3, results: I32 },
  { params: I32X2, results: NOTHING },
  REGION,
  WIDE_PAIR,
  FLOAT,
  { params: NOTHING, results: NOTHING },
  { params: NOTHING, results: [Type.I64] },
  SETTLE,
];

const ROUTINE_TYPES = { widePair: TYPES.indexOf(WIDE_PAIR), settle: TYPES.indexOf(SETTLE) };

const IMPORTS = [
  { name: "syscall", type: 1 },
  { name: "fetch", type: 3 },
  { name: "decode", type: 2 },
  { name: "straddle", type: 3 },
  { name: "read", type: 4 },
  { name: "write", type: 4 },
  { name: "hot", type: 5 },
  { name: "enter", type: 3 },
  { name: "breakpoint", type: 3 },
  { name: "original", type: 2 },
  { name: "float", type: 8 },
  { name: "limits", type: 9 },
  { name: "time", type: 10 },
  { name: "own", type: 4 },
  { name: "misaligned", type: 4 },
];

const MEMORY_COPY = [0xfc, 0x0a, 0, 0];
const PC = local(Local.PC, Type.I64);
const and32 = (a: Node, mask: number) => binary(Arith.I32_AND, Type.I32, a, i32(mask));
const shift = (op: number, a: Node, count: number) => binary(op, Type.I32, a, i32(count));

/** The module of an instruction set's interpreter, for memories of so many pages of 64 KiB. */
export function interpreterBytes(isa: Isa, memoryPages: number): Uint8Array<ArrayBuffer> {
  const routines: Routine[] = [];
  const routine = (name: Routine): number => {
    if (!routines.includes(name)) routines.push(name);
    return IMPORTS.length + 1 + routines.indexOf(name);
  };
  const code = new Code(65536);
  writeRun(code, isa, routine);
  const run: FunctionBody = {
    type: 0,
    name: "run",
    locals: [
      [Local.DELTA - Local.RECORD, Type.I32],
      [Local.FREE_32 - Local.DELTA, Type.I64],
      [Local.COUNT, Type.I32],
      [Local.COUNT, Type.I64],
      [Local.COUNT, Type.F64],
      [Local.COUNT, Type.F32],
    ],
    code,
  };
  const bodies = routines.map((name) => routineBody(name, ROUTINE_TYPES));
  const functions = [run, ...bodies, moveBody()];
  return moduleBytes({
    types: TYPES,
    imports: IMPORTS,
    functions,
    memoryPages,
    table: tableType(TYPES),
  });
}

/** Moves a thread's registers: to where, and from where. */
function moveBody(): FunctionBody {
  const code = new Code(16);
  code.op(Op.GET, 0);
  code.op(Op.GET, 1);
  code.i32(REGISTERS_SIZE);
  code.raw(MEMORY_COPY);
  return { type: 5, name: "move", locals: [], code };
}

/** Labels from the outside in: stop, lookup, next, dispatch, advance, then one per operation. */
function writeRun(code: Code, isa: Isa, routine: (name: Routine) => number): void {
  set32(code, Local.FUEL, loadFrom(0x28, Type.I32, i32(0), State.FUEL));
  write(code, loadFrom(0x29, Type.I64, i32(0), CONTEXT + Registers.PC));
  code.op(Op.SET, Local.PC);
  open(code, Op.BLOCK);
  open(code, Op.LOOP);
  writeLookup(code);
  open(code, Op.LOOP);
  writeNext(code);
  open(code, Op.LOOP);
  open(code, Op.BLOCK);
  writeHandlers(code, isa, routine);
  code.byte(Op.END);
  set32(code, Local.RECORD, get32(Local.NEXT));
  set32(code, Local.FUEL, binary(Arith.I32_SUB, Type.I32, get32(Local.FUEL), i32(1)));
  code.op(Op.BR, 1);
  for (let level = 0; level < 3; level++) code.byte(Op.END);
  code.byte(Op.END);
  write(code, i32(0));
  write(code, PC);
  code.memory(0x37, CONTEXT + Registers.PC);
  store32(code, State.FUEL, get32(Local.FUEL));
  write(code, i32(0));
}

/**
 * From the address in `PC` to its record, unless it is where compiled code goes on; cold code is counted
 * on the way.
 */
function writeLookup(code: Code): void {
  writeArrival(code);
  const index = and32(shift(Arith.I32_SHR_U, wrap(PC), 8), Tlb.FETCH_MASK);
  set32(code, Local.ENTRY, add32(get32(Local.TLB), index));
  write(code, loadFrom(0x29, Type.I64, get32(Local.ENTRY), Tlb.FETCH));
  // Odd addresses never match: they have no instructions.
  write(code, binary(Arith.I64_AND, Type.I64, PC, i64((-1 << PAGE_SHIFT) | 1)));
  code.byte(Arith.I64_EQ);
  open(code, Op.IF);
  set32(code, Local.RECORD, loadFrom(0x28, Type.I32, get32(Local.ENTRY), Tlb.FETCH + 8));
  code.byte(Op.ELSE);
  write(code, i32(0));
  write(code, PC);
  code.memory(0x37, CONTEXT + Registers.PC);
  store32(code, State.FUEL, get32(Local.FUEL));
  write(code, wrap(PC));
  write(code, highHalf(PC));
  code.op(Op.CALL, Import.FETCH);
  code.op(Op.TEE, Local.RECORD);
  code.byte(Arith.I32_EQZ);
  code.op(Op.BR_IF, 2);
  code.byte(Op.END);
  const offset = shift(Arith.I32_SHL, and32(wrap(PC), 0xffe), Record.SHIFT);
  set32(code, Local.RECORD, add32(get32(Local.RECORD), offset));
  const halves = shift(Arith.I32_SHR_U, get32(Local.RECORD), Record.SHIFT);
  write(
    code,
    binary(Arith.I64_SUB, Type.I64, PC, unary(Arith.I64_EXTEND_I32_U, Type.I64, halves)),
  );
  code.op(Op.SET, Local.DELTA);
  writeHeat(code);
}

/** Count jumps to an address that is not compiled; at the threshold the compiler is asked. */
function writeHeat(code: Code): void {
  write(code, loadFrom(0x2f, Type.I32, get32(Local.RECORD), Record.OP));
  write(code, i32(Special.ENTER));
  code.byte(Arith.I32_NE);
  open(code, Op.IF);
  write(code, loadFrom(0x28, Type.I32, i32(0), State.COLD));
  open(code, Op.IF);
  store32(code, State.COLD, i32(0));
  code.byte(Op.ELSE);
  set32(code, Local.ENTRY, and32(wrap(PC), (HEAT_COUNT - 1) << 1));
  write(code, get32(Local.ENTRY));
  write(code, add32(loadFrom(0x2f, Type.I32, get32(Local.ENTRY), HEAT), i32(1)));
  code.op(Op.TEE, Local.HOST);
  code.memory(0x3b, HEAT);
  write(code, get32(Local.HOST));
  write(code, loadFrom(0x28, Type.I32, i32(0), State.THRESHOLD));
  code.byte(0x4e);
  open(code, Op.IF);
  store32(code, State.CURRENT, get32(Local.RECORD));
  write(code, wrap(PC));
  write(code, highHalf(PC));
  code.op(Op.CALL, Import.HOT);
  for (let level = 0; level < 3; level++) code.byte(Op.END);
}

function writeNext(code: Code): void {
  write(code, get32(Local.FUEL));
  code.byte(Arith.I32_EQZ);
  open(code, Op.IF);
  store32(code, State.STOP, i32(0));
  write(code, addressOf(Local.RECORD));
  code.op(Op.SET, Local.PC);
  code.op(Op.BR, 3);
  code.byte(Op.END);
  const length = loadFrom(0x2d, Type.I32, get32(Local.RECORD), Record.LENGTH);
  set32(code, Local.NEXT, add32(get32(Local.RECORD), length));
  set32(code, Local.OP, loadFrom(0x2f, Type.I32, get32(Local.RECORD), Record.OP));
}

function writeHandlers(code: Code, isa: Isa, routine: (name: Routine) => number): void {
  const meanings = Object.values(isa.semantics);
  const count = Special.COUNT + meanings.length;
  for (let at = 0; at < count; at++) open(code, Op.BLOCK);
  write(code, get32(Local.OP));
  code.op(Op.BR_TABLE, count - 1);
  for (let at = 0; at < count; at++) code.unsigned(at);
  for (let at = 0; at < count; at++) {
    code.byte(Op.END);
    const advance = count - 1 - at;
    const labels = { advance, next: advance + 2, lookup: advance + 3, stop: advance + 4 };
    const handler = new Handler(labels, routine);
    if (at < Special.COUNT) SPECIALS[at]!(handler.out, labels, handler);
    else meanings[at - Special.COUNT]!(handler);
    code.append(handler.out);
    if (at >= Special.COUNT) code.op(Op.BR, advance);
  }
}

type SpecialWriter = (code: Code, labels: Labels, handler: Handler) => void;

/** In the order of `Special`. */
const SPECIALS: readonly SpecialWriter[] = [
  writeUndecoded,
  writePageEnd,
  writeStraddle,
  (code, labels) => writeEnter(code, labels, TYPES.indexOf(REGION)),
  writeBreakpoint,
  (_code, _labels, handler) => handler.stopWith(4),
];

function writeUndecoded(code: Code, labels: Labels): void {
  write(code, get32(Local.RECORD));
  code.op(Op.CALL, Import.DECODE);
  code.op(Op.BR_IF, labels.next);
  // The page is not decoded any more: find out where it is now.
  pcIsHere(code);
  code.op(Op.BR, labels.lookup);
}

function writePageEnd(code: Code, labels: Labels): void {
  pcIsHere(code);
  code.op(Op.BR, labels.lookup);
}

function writeStraddle(code: Code, labels: Labels): void {
  pcIsHere(code);
  write(code, wrap(PC));
  write(code, highHalf(PC));
  code.op(Op.CALL, Import.STRADDLE);
  code.op(Op.TEE, Local.RECORD);
  code.byte(Arith.I32_EQZ);
  code.op(Op.BR_IF, labels.stop);
  const halves = shift(Arith.I32_SHR_U, get32(Local.RECORD), Record.SHIFT);
  write(
    code,
    binary(Arith.I64_SUB, Type.I64, PC, unary(Arith.I64_EXTEND_I32_U, Type.I64, halves)),
  );
  code.op(Op.SET, Local.DELTA);
  code.op(Op.BR, labels.next);
}

function writeBreakpoint(code: Code, labels: Labels): void {
  pcIsHere(code);
  write(code, wrap(PC));
  write(code, highHalf(PC));
  code.op(Op.CALL, Import.BREAKPOINT);
  open(code, Op.IF);
  const inside = new Handler({ ...labels, stop: labels.stop + 1 }, () => 0);
  inside.stopWith(3);
  code.append(inside.out);
  code.byte(Op.END);
  writeOriginal(code, labels);
}
