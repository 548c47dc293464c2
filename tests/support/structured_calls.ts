/**
 * Ways to call and to return that compilers make more rarely: recursion as deep as there is credit for
 * it, calls in place of returns, returns past the instruction behind the call, and returns from
 * several functions at once.
 *
 * @module
 */
import type { Fields } from "../../cpu/riscv64/encode.ts";
import { type Assembly, SKIP, type Statement, writeRestore } from "./structured_program.ts";

const RA = 1;
const SP = 2;
/** The stack pointer of the first function. */
const OUTERMOST = 3;
/** How often functions may still be called that are under way already. */
const CREDIT = 9;

/** A branch that goes around what comes next. */
export interface Unless {
  readonly name: string;
  readonly fields: Fields;
}

/** Where the first function says how much credit there is. */
export function credit(amount: number): Statement {
  return plain((to) => {
    to.put("addi", { d: OUTERMOST, s: SP, i: 0 });
    to.put("addi", { d: SKIP, s: 0, i: 0 });
    to.put("addi", { d: CREDIT, s: 0, i: amount });
  });
}

/** Call a function that may be under way. */
export function recursion(callee: number): Statement {
  return {
    lists: [],
    write: (to, { functions }) => {
      const on = { address: 0 };
      to.put("addi", { d: CREDIT, s: CREDIT, i: -1 });
      to.jump("blt", { s: CREDIT, t: 0 }, on);
      to.jump("jal", { d: RA }, functions[callee]!);
      to.place(on);
    },
  };
}

/** Call a function that comes back behind the next instruction. */
export function skipping(callee: number, skipped: number): Statement {
  return {
    lists: [],
    write: (to, { functions }) => {
      to.put("addi", { d: SKIP, s: 0, i: 4 });
      to.jump("jal", { d: RA }, functions[callee]!);
      to.put("addi", { d: skipped, s: skipped, i: 1 });
    },
  };
}

/** Leave the function for another one, which returns to the caller. */
export function instead(callee: number, unless: Unless, through: number): Statement {
  return {
    lists: [],
    write: (to, { functions }) => {
      const on = { address: 0 };
      to.jump(unless.name, unless.fields, on);
      writeRestore(to);
      if (through === 0) to.jump("jal", { d: 0 }, functions[callee]!);
      else {
        to.address(through, functions[callee]!);
        to.put("jalr", { d: 0, s: through, m: 0 });
      }
      to.place(on);
    },
  };
}

/** Return to the caller's caller, if there is one. */
export function farReturn(unless: Unless): Statement {
  return plain((to) => {
    const [on, only] = [{ address: 0 }, { address: 0 }];
    to.jump(unless.name, unless.fields, on);
    writeRestore(to);
    to.jump("beq", { s: SP, t: OUTERMOST }, only);
    writeRestore(to);
    to.place(only);
    to.put("jalr", { d: 0, s: RA, m: 0 });
    to.place(on);
  });
}

function plain(write: (to: Assembly) => void): Statement {
  return { lists: [], write };
}
