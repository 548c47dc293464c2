/**
 * Programs as trees of statements: functions with loops, diamonds, tables of cases and calls. A
 * statement knows its code and the lists of statements within it, so a program that shows a mistake
 * can be made smaller by taking statements out, and what is left is a program.
 *
 * @module
 */
import { explain } from "../../cpu/explain.ts";
import { decode, lengthOf } from "../../cpu/riscv64/decode.ts";
import { encode, encodingOf, type Fields } from "../../cpu/riscv64/encode.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";

/** Where programs start. */
export const CODE = 0x10000;

/** A place in the code. */
export interface Label {
  address: number;
}

/** Where control goes from within a statement. */
export interface Surroundings {
  /** Behind the innermost loop; null outside of loops. */
  readonly end: Label | null;
  /** Where the innermost loop counts its rounds. */
  readonly again: Label | null;
  /** Where the function restores its registers. */
  readonly leave: Label;
  /** Where each function begins. */
  readonly functions: readonly Label[];
}

/** Some instructions, and lists of statements among them. */
export interface Statement {
  readonly lists: readonly Statement[][];
  write(to: Assembly, around: Surroundings): void;
}

/** Code being assembled. */
export class Assembly {
  readonly #halfwords: number[] = [];
  readonly #patches: (() => void)[] = [];
  readonly #tables: { readonly at: Label; readonly entries: readonly Label[] }[] = [];

  /** The address of what is written next. */
  get here(): number {
    return CODE + this.#halfwords.length * 2;
  }

  /** Write an instruction by its name. */
  put(name: string, fields: Fields): void {
    this.bits(encode(encodingOf(name)!, fields));
  }

  /** Write an instruction, of either length. */
  bits(bits: number): void {
    this.#halfwords.push(bits & 0xffff);
    if (lengthOf(bits) === 4) this.#halfwords.push(bits >>> 16);
  }

  /** Write a branch or a jump. */
  jump(name: string, fields: Fields, target: Label): void {
    const at = this.#halfwords.length;
    this.put(name, fields);
    this.#patches.push(() => {
      const distance = target.address - (CODE + at * 2);
      this.#set(at, encode(encodingOf(name)!, { ...fields, b: distance, j: distance }));
    });
  }

  /** Write two instructions that give the address of a label. */
  address(register: number, label: Label): void {
    const at = this.#halfwords.length;
    this.put("lui", { d: register });
    this.put("addi", { d: register, s: register });
    this.#patches.push(() => {
      const upper = (label.address + 0x800) & ~0xfff;
      this.#set(at, encode(encodingOf("lui")!, { d: register, u: upper }));
      const lower = { d: register, s: register, i: label.address - upper };
      this.#set(at + 2, encode(encodingOf("addi")!, lower));
    });
  }

  /** A table of addresses, which lies behind the code. */
  table(entries: readonly Label[]): Label {
    const at = { address: 0 };
    this.#tables.push({ at, entries });
    return at;
  }

  /** A label is here. */
  place(label: Label): void {
    label.address = this.here;
  }

  /** The bytes. */
  finish(): Uint8Array {
    const size = this.#halfwords.length;
    while (this.#halfwords.length % 4 !== 0) this.#halfwords.push(0);
    for (const { at, entries } of this.#tables) {
      this.place(at);
      for (const { address } of entries) {
        this.#halfwords.push(address & 0xffff, address >> 16, 0, 0);
      }
    }
    for (const patch of this.#patches) patch();
    this.codeSize = size * 2;
    return new Uint8Array(Uint16Array.from(this.#halfwords).buffer);
  }

  /** How many of the bytes are instructions. */
  codeSize = 0;

  #set(at: number, bits: number): void {
    this.#halfwords[at] = bits & 0xffff;
    this.#halfwords[at + 1] = bits >>> 16;
  }
}

/** A program: what each of its functions does. The first one is where it starts. */
export type Program = readonly Statement[][];

const RA = 1;
const SP = 2;
/** What a function adds to the address that it returns to; it clears it. */
export const SKIP = 4;
/** Registers that functions save and restore: counters and walking pointers of loops. */
const SAVED = [18, 19, 20, 21, 22, 23];
const FRAME = 96;
/** Offsets in a function's frame, above what it saves, for statements to use. */
export const SLOTS = [56, 64, 72, 80, 88] as const;

/** The code of a program: its bytes, and how many of them are instructions. */
export function assembled(program: Program): { bytes: Uint8Array; codeSize: number } {
  const to = new Assembly();
  const functions = program.map(() => ({ address: 0 }));
  program.forEach((body, index) => {
    to.place(functions[index]!);
    const leave = { address: 0 };
    if (index > 0) writePrologue(to);
    for (const one of body) one.write(to, { end: null, again: null, leave, functions });
    to.place(leave);
    if (index > 0) writeRestore(to);
    if (index > 0) to.put("jalr", { d: 0, s: RA, m: 0 });
    else to.put("ebreak", {});
  });
  const bytes = to.finish();
  return { bytes, codeSize: to.codeSize };
}

function writePrologue(to: Assembly): void {
  to.put("add", { d: RA, s: RA, t: SKIP });
  to.put("addi", { d: SKIP, s: 0, i: 0 });
  to.put("addi", { d: SP, s: SP, i: -FRAME });
  to.put("sd", { t: RA, s: SP, M: 0 });
  SAVED.forEach((register, at) => to.put("sd", { t: register, s: SP, M: 8 + at * 8 }));
}

/** Write what gives the caller its registers back, all but the return. */
export function writeRestore(to: Assembly): void {
  to.put("ld", { d: RA, s: SP, m: 0 });
  SAVED.forEach((register, at) => to.put("ld", { d: register, s: SP, m: 8 + at * 8 }));
  to.put("addi", { d: SP, s: SP, i: FRAME });
}

/** The least program, by taking statements out, for which something holds. */
export function least(program: Program, holds: (program: Program) => boolean): void {
  for (let again = true; again;) {
    again = false;
    for (const list of program.flatMap((body) => listsOf(body))) {
      for (let at = list.length - 1; at >= 0; at--) {
        const [taken] = list.splice(at, 1);
        if (holds(program)) again = true;
        else list.splice(at, 0, taken!);
      }
    }
  }
}

function listsOf(list: Statement[]): Statement[][] {
  return [list, ...list.flatMap(({ lists }) => lists.flatMap(listsOf))];
}

/** A program as text, an instruction a line. */
export function listing(program: Program): string {
  const { bytes, codeSize } = assembled(program);
  const view = new DataView(bytes.buffer);
  const lines: string[] = [];
  for (let at = 0; at < codeSize;) {
    const low = view.getUint16(at, true);
    const bits = lengthOf(low) === 2 ? low : view.getInt32(at, true);
    const found = decode(bits)!;
    const hex = (bits >>> 0).toString(16).padStart(8, "0");
    const meaning = explain(SEMANTICS[found.name], found);
    lines.push(`${(CODE + at).toString(16)}: ${hex}  ${found.name.padEnd(10)} ${meaning}`);
    at += found.length;
  }
  return lines.join("\n");
}
