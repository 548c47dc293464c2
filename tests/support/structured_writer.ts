/**
 * Random programs with the structure of compiled ones: nested loops that are left early or entered in
 * the middle, diamonds, tables of cases, calls direct and through registers, recursion and unusual
 * returns, registers that are spilled, pointers that walk through memory, system calls.
 *
 * @module
 */
import { SHORT_ENCODINGS } from "../../cpu/riscv64/compressed.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import type { Fields } from "../../cpu/riscv64/encode.ts";
import type { SeededRandom } from "./seeded_random.ts";
import { credit, farReturn, instead, recursion, skipping } from "./structured_calls.ts";
import {
  type Assembly,
  type Program,
  SLOTS,
  type Statement,
  type Surroundings,
} from "./structured_program.ts";

/** Where the data lies that programs walk through. */
export const DATA = 0x20000;
/** Its size; it may lie anywhere in memory, page by page. */
export const DATA_SIZE = 0x5000;
/** The register that points to it. */
export const BASE = 8;

const RA = 1;
const SP = 2;
/** What statements compute with. */
const POOL = [5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 24, 25, 26, 27, 28, 29] as const;
/** This one and the next are for what is used at once. */
const SCRATCH = 30;
const COUNTERS = [18, 19, 20] as const;
const WALKERS = [21, 22, 23] as const;
const BRANCHES = ["beq", "bne", "blt", "bge", "bltu", "bgeu"] as const;
const THREE = ("add sub xor or and sll srl sra slt sltu addw subw sllw srlw sraw mul mulw mulhu " +
  "div remu divw sh1add sh2add add.uw andn max minu ror rolw").split(" ");
const TWO = "addi addiw xori ori andi slti sltiu".split(" ");
const SHIFTS = "slli srli srai rori slliw srliw sraiw slli.uw".split(" ");
const ONE = "sext.b sext.h zext.h clz ctzw cpop rev8".split(" ");
const FLOATS = ("fadd.d fsub.d fmul.d fdiv.d fsqrt.d fmadd.d fadd.s fmul.s fmin.d fsgnj.d " +
  "fcvt.d.l fcvt.l.d feq.d fmv.d.x fmv.x.d").split(" ");
const LOADS = ["lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", "fld", "flw"] as const;
const STORES = ["sb", "sh", "sw", "sd", "fsd", "fsw"] as const;

type Write = (to: Assembly, around: Surroundings) => void;

function simple(write: Write): Statement {
  return { lists: [], write };
}

function writeAll(list: readonly Statement[], to: Assembly, around: Surroundings): void {
  for (const one of list) one.write(to, around);
}

/** Writes random programs. */
export class StructuredWriter {
  readonly #random: SeededRandom;
  /** How many statements may still be begun. */
  #left = 0;
  /** How many loops are around. */
  #depth = 0;
  #functions = 0;
  #index = 0;
  readonly #walking: number[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** A program of about so many statements. */
  write(size: number): Program {
    this.#functions = 2 + this.#random.below(5);
    return Array.from({ length: this.#functions }, (_, index) => {
      this.#index = index;
      this.#left = Math.ceil(size / this.#functions);
      if (index > 0) return this.#body();
      this.#depth = 1;
      const main = this.#body();
      this.#depth = 0;
      main.unshift(credit(this.#random.pick([0, 2, 5, 20, 100])));
      return [counted(COUNTERS[0], 100 + this.#random.below(400), main)];
    });
  }

  #body(): Statement[] {
    const body: Statement[] = [];
    while (this.#left > 0) body.push(this.#something());
    return body;
  }

  #list(most: number): Statement[] {
    return Array.from({ length: 1 + this.#random.below(most) }, () => this.#something());
  }

  #something(): Statement {
    const kind = this.#random.below(40);
    if (--this.#left < 0 || kind < 10) return this.#arithmetic();
    if (kind < 17) return this.#access();
    if (kind < 18) return this.#float();
    if (kind < 20) return this.#spill();
    if (kind < 25) return this.#diamond();
    if (kind < 28) return this.#out();
    if (kind < 30) return this.#call();
    if (kind < 31) return this.#cases();
    if (kind < 32) return simple((to) => to.put("ecall", {}));
    if (this.#depth === COUNTERS.length) return this.#arithmetic();
    if (kind < 35) return this.#entered();
    return kind < 38 ? this.#loop() : this.#walk();
  }

  #from(): number {
    return this.#random.below(12) === 0 ? 0 : this.#random.pick(POOL);
  }

  #fields(): Fields {
    const value = this.#random.next() | 0;
    const [d, s, t] = [this.#random.pick(POOL), this.#from(), this.#from()];
    const i = this.#random.below(2) === 0 ? value % 4 : value;
    return { d, s, t, i, h: value, w: value, u: value };
  }

  #arithmetic(): Statement {
    const fields = this.#fields();
    const kind = this.#random.below(12);
    if (kind === 0) return this.#unsigned(fields);
    if (kind < 3) return this.#short();
    if (kind < 4) return simple((to) => to.put("lui", fields));
    const name = this.#random.pick(kind < 7 ? THREE : kind < 9 ? TWO : kind < 11 ? SHIFTS : ONE);
    return simple((to) => to.put(name, fields));
  }

  /** How compilers take 32 bits without their sign, and multiples of them. */
  #unsigned(fields: Fields): Statement {
    const { d, s } = fields as { d: number; s: number };
    const [left, right] = this.#random.below(4) === 0
      ? [1 + this.#random.below(63), 1 + this.#random.below(63)]
      : [32, 1 + this.#random.below(34)];
    const kind = this.#random.below(6);
    const between = this.#random.below(3) === 0 ? this.#something() : null;
    const end = this.#random.below(3) === 0 ? this.#random.pick(POOL) : d;
    return {
      lists: between === null ? [] : [[between]],
      write: (to, around) => {
        to.put("slli", { d, s, h: left });
        between?.write(to, around);
        to.put(kind === 0 ? "srai" : "srli", { d: end, s: d, h: right });
      },
    };
  }

  /** A 16-bit instruction that goes straight on and leaves alone what is kept. */
  #short(): Statement {
    for (;;) {
      const { match, mask } = this.#random.pick(SHORT_ENCODINGS);
      const bits = match | this.#random.next() & ~mask & 0xffff;
      const found = decode(bits);
      const computes = found !== null && /^(add|sub|xor|or|and|sll|srl|sra|lui)/.test(found.name);
      if (!computes || !(POOL as readonly number[]).includes(found.rd)) continue;
      return simple((to) => to.bits(bits));
    }
  }

  #float(): Statement {
    const name = this.#random.pick(FLOATS);
    const fields = { ...this.#fields(), r: this.#random.below(4) === 0 ? 7 : 0 };
    return simple((to) => to.put(name, fields));
  }

  /** Loads and stores: near the data's beginning, where a pointer walks, or anywhere. */
  #access(): Statement {
    const name = this.#random.pick<string>(this.#random.below(5) < 3 ? LOADS : STORES);
    const fields = this.#fields();
    const at = (base: number, offset: number) => ({ ...fields, s: base, m: offset, M: offset });
    const walker = this.#walking.at(-1);
    const kind = this.#random.below(6);
    const near = this.#random.below(5) * 8 + (this.#random.below(6) === 0 ? 4 : 0);
    if (walker !== undefined && kind < 4) return simple((to) => to.put(name, at(walker, near)));
    if (kind < 2) return simple((to) => to.put(name, at(BASE, near * 16)));
    const shift = this.#random.below(4);
    const index = this.#random.pick(POOL);
    return simple((to) => {
      to.put("andi", { d: SCRATCH, s: index, i: 2047 });
      to.put("slli", { d: SCRATCH, s: SCRATCH, h: shift });
      to.put("add", { d: SCRATCH, s: SCRATCH, t: BASE });
      to.put(name, at(SCRATCH, near));
    });
  }

  /** To the function's frame or from it; the first function uses what lies above all others. */
  #spill(): Statement {
    if (this.#random.below(2) === 0) return this.#spills();
    const offset = this.#random.pick(SLOTS);
    const fields = { ...this.#fields(), s: SP, m: offset, M: offset };
    const name = this.#random.below(2) === 0 ? "sd" : "ld";
    return simple((to) => to.put(name, fields));
  }

  /** The same with registers side by side, as where a function begins and ends, up or down. */
  #spills(): Statement {
    const count = 2 + this.#random.below(3);
    const register = this.#random.pick([5, 10, 11, 12, 13, 14, 24, 25, 26]);
    const slot = this.#random.below(SLOTS.length - count + 1);
    const name = this.#random.below(3) === 0 ? "sd" : "ld";
    const [isDown, isCrossed] = [this.#random.below(2) === 0, this.#random.below(4) === 0];
    return simple((to) => {
      for (let at = 0; at < count; at++) {
        const step = isDown ? count - 1 - at : at;
        const offset = SLOTS[slot + (isCrossed ? count - 1 - step : step)]!;
        const one = register + step;
        to.put(name, { d: one, t: one, s: SP, m: offset, M: offset });
      }
    });
  }

  #condition(): { name: string; fields: Fields } {
    const fields = this.#fields();
    const name = this.#random.pick(BRANCHES);
    return { name, fields: this.#random.below(3) === 0 ? { ...fields, t: 0 } : fields };
  }

  #diamond(): Statement {
    const { name, fields } = this.#condition();
    const [yes, no] = [this.#list(4), this.#random.below(2) === 0 ? this.#list(4) : []];
    return {
      lists: [yes, no],
      write: (to, around) => {
        const [other, end] = [{ address: 0 }, { address: 0 }];
        to.jump(name, fields, other);
        writeAll(yes, to, around);
        if (no.length > 0) to.jump("jal", { d: 0 }, end);
        to.place(other);
        writeAll(no, to, around);
        to.place(end);
      },
    };
  }

  /** Out of a loop, on to its next round, or out of the function, if a condition holds. */
  #out(): Statement {
    const { name, fields } = this.#condition();
    // The first function's outermost loop is to go on.
    const kind = this.#index === 0 && this.#depth === 1 ? 4 : this.#random.below(8);
    return simple((to, { end, again, leave }) => {
      const on = { address: 0 };
      to.jump(name, fields, on);
      const target = kind < 4 ? end : kind < 7 ? again : leave;
      if (target !== null) to.jump("jal", { d: 0 }, target);
      to.place(on);
    });
  }

  /** A call of a later function, so that all come to an end, or one that credit brings to an end. */
  #call(): Statement {
    const kind = this.#random.below(8);
    if (this.#index > 0 && kind < 2) return recursion(1 + this.#random.below(this.#index));
    if (this.#index > 0 && kind === 2) return farReturn(this.#condition());
    const callee = this.#index + 1 + this.#random.below(this.#functions);
    if (callee >= this.#functions) return this.#arithmetic();
    if (this.#index > 0 && kind === 3) {
      return instead(callee, this.#condition(), this.#random.below(2) * SCRATCH);
    }
    if (kind === 4) return skipping(callee, this.#random.pick(POOL));
    const direct = this.#random.below(4) > 0;
    const restored = this.#random.below(2) === 0 ? [this.#spills()] : [];
    return {
      lists: [restored],
      write: (to, around) => {
        const target = around.functions[callee]!;
        if (direct) to.jump("jal", { d: RA }, target);
        else {
          to.address(SCRATCH, target);
          to.put("jalr", { d: RA, s: SCRATCH, m: 0 });
        }
        writeAll(restored, to, around);
      },
    };
  }

  #cases(): Statement {
    const index = this.#random.pick(POOL);
    const cases = Array.from({ length: this.#random.pick([2, 4, 8]) }, () => this.#list(2));
    return {
      lists: cases,
      write: (to, around) => {
        const end = { address: 0 };
        const labels = cases.map(() => ({ address: 0 }));
        to.put("andi", { d: SCRATCH, s: index, i: cases.length - 1 });
        to.address(SCRATCH + 1, to.table(labels));
        to.put("sh3add", { d: SCRATCH, s: SCRATCH, t: SCRATCH + 1 });
        to.put("ld", { d: SCRATCH, s: SCRATCH, m: 0 });
        to.put("jalr", { d: 0, s: SCRATCH, m: 0 });
        cases.forEach((list, at) => {
          to.place(labels[at]!);
          writeAll(list, to, around);
          to.jump("jal", { d: 0 }, end);
        });
        to.place(end);
      },
    };
  }

  #inLoop<T>(write: (counter: number, walker: number) => T): T {
    const depth = this.#depth++;
    const written = write(COUNTERS[depth]!, WALKERS[depth]!);
    this.#depth--;
    return written;
  }

  #loop(): Statement {
    const rounds = 1 + this.#random.below(12);
    return this.#inLoop((counter) => counted(counter, rounds, this.#list(7)));
  }

  /** A loop that may be entered in its middle. */
  #entered(): Statement {
    const rounds = 1 + this.#random.below(12);
    const { name, fields } = this.#condition();
    return this.#inLoop((counter) => {
      const [first, second] = [this.#list(4), this.#list(4)];
      return {
        lists: [first, second],
        write: (to, { leave, functions }) => {
          const [start, middle] = [{ address: 0 }, { address: 0 }];
          const [again, end] = [{ address: 0 }, { address: 0 }];
          const around = { end, again, leave, functions };
          to.put("addi", { d: counter, s: 0, i: rounds });
          to.jump(name, fields, middle);
          to.place(start);
          writeAll(first, to, around);
          to.place(middle);
          writeAll(second, to, around);
          to.place(again);
          to.put("addi", { d: counter, s: counter, i: -1 });
          to.jump("bne", { s: counter, t: 0 }, start);
          to.place(end);
        },
      };
    });
  }

  /** A loop in which a pointer walks through the data. */
  #walk(): Statement {
    const rounds = 1 + this.#random.below(64);
    const stride = this.#random.pick([1, 2, 4, 8, 8, 16, 24, 40, -8, 256]);
    const middle = 0x1000 * (1 + this.#random.below(3)) - this.#random.below(32) * 8;
    return this.#inLoop((counter, walker) => {
      this.#walking.push(walker);
      const body = this.#list(6);
      this.#walking.pop();
      const step = simple((to) => to.put("addi", { d: walker, s: walker, i: stride }));
      const loop = counted(counter, rounds, [...body, step]);
      return {
        lists: loop.lists,
        write: (to, around) => {
          to.put("lui", { d: walker, u: Math.min(middle, DATA_SIZE - 0x1000) + 0x800 & ~0xfff });
          to.put("addi", { d: walker, s: walker, i: middle << 20 >> 20 });
          to.put("add", { d: walker, s: walker, t: BASE });
          loop.write(to, around);
        },
      };
    });
  }
}

/** A loop of so many rounds. The way back is a jump, which reaches farther than a branch. */
function counted(counter: number, rounds: number, body: Statement[]): Statement {
  return {
    lists: [body],
    write: (to, { leave, functions }) => {
      const [start, again, end] = [{ address: 0 }, { address: 0 }, { address: 0 }];
      const far = rounds > 64;
      to.put("addi", { d: counter, s: 0, i: rounds });
      to.place(start);
      writeAll(body, to, { end, again, leave, functions });
      to.place(again);
      to.put("addi", { d: counter, s: counter, i: -1 });
      if (far) {
        to.jump("beq", { s: counter, t: 0 }, end);
        to.jump("jal", { d: 0 }, start);
      } else to.jump("bne", { s: counter, t: 0 }, start);
      to.place(end);
    },
  };
}
