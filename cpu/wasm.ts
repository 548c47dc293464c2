/**
 * Bytes of WebAssembly modules, just enough of them: a growing body of code, and a module around
 * functions that import one memory, one table and what they call.
 *
 * @module
 */

/** Value types. */
export const Type = { I32: 0x7f, I64: 0x7e, F32: 0x7d, F64: 0x7c, V128: 0x7b } as const;

/** One of the value types. */
export type Type = typeof Type[keyof typeof Type];

/** The instructions that control flow and variables are made of; arithmetic goes by number. */
export const Op = {
  UNREACHABLE: 0x00,
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  ELSE: 0x05,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  BR_TABLE: 0x0e,
  RETURN: 0x0f,
  CALL: 0x10,
  CALL_INDIRECT: 0x11,
  DROP: 0x1a,
  SELECT: 0x1b,
  GET: 0x20,
  SET: 0x21,
  TEE: 0x22,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  F32_CONST: 0x43,
  F64_CONST: 0x44,
} as const;

/** Instructions on vectors, by the numbers behind their prefix. */
export const Vector = {
  LOAD: 0x00,
  STORE: 0x0b,
  SHUFFLE: 0x0d,
  SPLAT: 0x12,
  REPLACE_LANE: 0x1e,
  LOAD_LANE: 0x57,
  LOAD_ZERO: 0x5d,
} as const;

/** A block type without a value. */
export const EMPTY = 0x40;

/** Bytes that grow at the end. */
export class Code {
  /** What was written so far, and room behind it. */
  bytes: Uint8Array<ArrayBuffer>;
  /** How much was written. */
  length = 0;
  /** Branches that mostly go one way: where they are, and whether they are mostly taken. */
  readonly hints: (readonly [at: number, taken: boolean])[] = [];

  constructor(capacity = 256) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Write one byte. */
  byte(value: number): void {
    if (this.length === this.bytes.length) this.#grow(1);
    this.bytes[this.length++] = value;
  }

  /** Write bytes. */
  raw(bytes: ArrayLike<number>): void {
    if (this.length + bytes.length > this.bytes.length) this.#grow(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Write what another one holds. */
  append(other: Code): void {
    for (const [at, taken] of other.hints) this.hints.push([this.length + at, taken]);
    this.raw(other.bytes.subarray(0, other.length));
  }

  /** Write an unsigned number. */
  unsigned(value: number): void {
    while (value > 127) {
      this.byte((value & 127) | 128);
      value >>>= 7;
    }
    this.byte(value);
  }

  /** Write a signed number of at most 32 bits. */
  signed(value: number): void {
    for (;;) {
      const low = value & 127;
      value >>= 7;
      if ((value === 0 && !(low & 64)) || (value === -1 && (low & 64) !== 0)) {
        this.byte(low);
        return;
      }
      this.byte(low | 128);
    }
  }

  /** Write a signed number of 64 bits. */
  signedBig(value: bigint): void {
    while (BigInt.asIntN(32, value) !== value) {
      this.byte(Number(value & 127n) | 128);
      value >>= 7n;
    }
    this.signed(Number(value));
  }

  /** Write `i32.const`. */
  i32(value: number): void {
    this.byte(Op.I32_CONST);
    this.signed(value | 0);
  }

  /** Write `i32.const` of what is not known yet; gives where to put it. */
  later(): number {
    this.byte(Op.I32_CONST);
    this.raw([128, 128, 128, 128, 0]);
    return this.length - 5;
  }

  /** Put a value there; it is not negative. */
  settle(at: number, value: number): void {
    for (let byte = 0; byte < 4; byte++) this.bytes[at + byte]! |= (value >>> (7 * byte)) & 127;
  }

  /** Write `i64.const`; the value is taken modulo 2^64. */
  i64(value: number | bigint): void {
    this.byte(Op.I64_CONST);
    if (typeof value === "number" && value === (value | 0)) this.signed(value);
    else this.signedBig(BigInt.asIntN(64, BigInt(value)));
  }

  /** Write `f64.const` from its bits. */
  f64Bits(bits: bigint): void {
    this.byte(Op.F64_CONST);
    for (let at = 0; at < 8; at++) this.byte(Number((bits >> BigInt(8 * at)) & 255n));
  }

  /** Write an instruction with one number behind it: a variable, a label or a function. */
  op(op: number, index: number): void {
    this.byte(op);
    this.unsigned(index);
  }

  /** Say which way the branch goes mostly that is written next: an `if`, or `br_if`. */
  mostly(taken: boolean): void {
    this.hints.push([this.length, taken]);
  }

  /** Write a load or a store. */
  memory(op: number, offset: number): void {
    this.byte(op);
    this.byte(0);
    this.unsigned(offset);
  }

  /** Write an instruction on vectors, with the numbers that belong to it. */
  vector(op: number, ...operands: readonly number[]): void {
    this.byte(0xfd);
    this.unsigned(op);
    for (const operand of operands) this.unsigned(operand);
  }

  #grow(more: number): void {
    const wider = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    wider.set(this.bytes);
    this.bytes = wider;
  }
}

/** What a function takes and gives. */
export interface Signature {
  readonly params: readonly Type[];
  readonly results: readonly Type[];
}

/** A function of a module: its signature, its further variables, and its code without the end. */
export interface FunctionBody {
  readonly type: number;
  readonly locals: readonly (readonly [count: number, type: Type])[];
  readonly code: Code;
  /** The name to export it by. */
  readonly name?: string;
}

/** A function that the module expects. */
export interface Import {
  readonly name: string;
  readonly type: number;
}

/** What is in a table of functions, and how many. */
export interface TableType {
  /** The number of the functions' type. */
  readonly type: number;
  readonly length: number;
}

/** A whole module. It imports `e.memory` and `e.table`, then its functions, numbered from 0. */
export interface Module {
  readonly types: readonly Signature[];
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionBody[];
  /** The size of the memory in pages of 64 KiB; absent where it is not imported. */
  readonly memoryPages?: number;
  /** The table; absent where it is not imported, as where there is no memory. */
  readonly table?: TableType;
  /** Where in the table the first function goes; absent where functions are only exported. */
  readonly slot?: number;
}

/** What every module begins with. */
const MAGIC = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/** A reference to a function of a type, which is not null; and one to a function by its number. */
const REF = 0x64;
const REF_FUNC = 0xd2;

/** The bytes of a module. */
export function moduleBytes(module: Module): Uint8Array<ArrayBuffer> {
  const out = new Code(4096);
  out.raw(MAGIC);
  section(out, 1, (body) => vector(body, module.types, writeSignature));
  if (module.memoryPages !== undefined) section(out, 2, (body) => writeImports(body, module));
  section(out, 3, (body) => vector(body, module.functions, (to, f) => to.unsigned(f.type)));
  section(out, 7, (body) => writeExports(body, module));
  if (module.slot !== undefined) section(out, 9, (body) => writeElements(body, module));
  section(out, 0, (body) => writeHints(body, module));
  section(out, 10, (body) => vector(body, module.functions, writeFunction));
  return out.bytes.subarray(0, out.length);
}

function section(out: Code, id: number, write: (body: Code) => void): void {
  const body = new Code(1024);
  write(body);
  out.byte(id);
  out.unsigned(body.length);
  out.append(body);
}

function vector<T>(to: Code, items: readonly T[], write: (to: Code, item: T) => void): void {
  to.unsigned(items.length);
  for (const item of items) write(to, item);
}

function writeSignature(to: Code, { params, results }: Signature): void {
  to.byte(0x60);
  vector(to, params, (out, type) => out.byte(type));
  vector(to, results, (out, type) => out.byte(type));
}

function writeName(to: Code, name: string): void {
  vector(to, [...name], (out, letter) => out.byte(letter.charCodeAt(0)));
}

function writeImports(to: Code, { imports, memoryPages, table }: Module): void {
  to.unsigned(imports.length + (table === undefined ? 1 : 2));
  writeImport(to, "memory", 2);
  // A memory that cannot grow is where it is for good, and what is known to be there need not be
  // compared again.
  to.byte(1);
  to.unsigned(memoryPages!);
  to.unsigned(memoryPages!);
  if (table !== undefined) {
    writeImport(to, "table", 1);
    writeTable(to, table);
  }
  for (const { name, type } of imports) {
    writeImport(to, name, 0);
    to.unsigned(type);
  }
}

function writeImport(to: Code, name: string, kind: number): void {
  writeName(to, "e");
  writeName(to, name);
  to.byte(kind);
}

/** A table of functions of one type, as long as it will ever be, with something in every place. */
function writeTable(to: Code, { type, length }: TableType): void {
  to.op(REF, type);
  to.byte(1);
  to.unsigned(length);
  to.unsigned(length);
}

function writeExports(to: Code, { functions, imports }: Module): void {
  const named = functions.map((body, at) => ({ name: body.name, at: at + imports.length }));
  vector(to, named.filter(({ name }) => name !== undefined), (out, { name, at }) => {
    writeName(out, name!);
    out.op(0, at);
  });
}

function writeElements(to: Code, { imports, slot, table }: Module): void {
  // One segment, of table 0: where it goes, the type of what it holds, and one function.
  to.raw([1, 6, 0]);
  to.i32(slot!);
  to.byte(Op.END);
  to.op(REF, table!.type);
  to.byte(1);
  to.op(REF_FUNC, imports.length);
  to.byte(Op.END);
}

/** The bytes of a module that makes a table, and exports it with the function that fills it. */
export function tableBytes(signature: Signature, length: number): Uint8Array<ArrayBuffer> {
  const out = new Code(256);
  out.raw(MAGIC);
  section(out, 1, (body) => vector(body, [signature], writeSignature));
  section(out, 3, (body) => vector(body, [0], (to, type) => to.unsigned(type)));
  section(out, 4, (body) => {
    body.raw([1, 0x40, 0]);
    writeTable(body, { type: 0, length });
    body.op(REF_FUNC, 0);
    body.byte(Op.END);
  });
  section(out, 7, (body) => {
    body.unsigned(2);
    writeName(body, "table");
    body.op(1, 0);
    writeName(body, "nobody");
    body.op(0, 0);
  });
  const code = new Code(8);
  code.byte(Op.UNREACHABLE);
  section(out, 10, (body) => vector(body, [{ type: 0, locals: [], code }], writeFunction));
  return out.bytes.subarray(0, out.length);
}

/** Offsets are from the beginning of a function's variables. */
function writeHints(to: Code, { functions, imports }: Module): void {
  writeName(to, "metadata.code.branch_hint");
  const hinted = functions.map((body, at) => ({ body, at: at + imports.length }))
    .filter(({ body }) => body.code.hints.length > 0);
  vector(to, hinted, (out, { body, at }) => {
    out.unsigned(at);
    const start = headOf(body).length;
    vector(out, body.code.hints, (hint, [offset, taken]) => {
      hint.unsigned(start + offset);
      hint.byte(1);
      hint.byte(taken ? 1 : 0);
    });
  });
}

function headOf({ locals }: FunctionBody): Code {
  const head = new Code(16);
  vector(head, locals, (out, [count, type]) => {
    out.unsigned(count);
    out.byte(type);
  });
  return head;
}

function writeFunction(to: Code, body: FunctionBody): void {
  const head = headOf(body);
  const { code } = body;
  to.unsigned(head.length + code.length + 1);
  to.append(head);
  to.append(code);
  to.byte(Op.END);
}
