/**
 * Every refusal of a handle by every row, computed from the rows.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Status } from "../../kernel/abi.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { makeObject } from "../support/every_object.ts";
import { Registers } from "../support/registers.ts";

const ALL_RIGHTS = 0x1ffffff;
const NOTHING = 3;

for (const row of new SyscallTable(ZIRCON_ROWS).rows) {
  row.kinds.forEach((kind, at) => {
    if (!kind.demands) return;
    const name = row.names[at]!;
    const { type, rights, or } = kind.demands;
    Deno.test(`${row.name} refuses a ${name} that names nothing with BAD_HANDLE`, () => {
      assertEquals(attempt(row, at, () => NOTHING), Status.BAD_HANDLE);
    });
    if (type !== "KernelObject") {
      const other = type === "Timer" ? "Counter" : "Timer";
      Deno.test(`${row.name} refuses a ${name} of another type with WRONG_TYPE, whatever its rights`, () => {
        for (const some of [ALL_RIGHTS, 0]) {
          const wrong = (program: Registers) => program.give(makeObject(other, program), some);
          assertEquals(attempt(row, at, wrong), Status.WRONG_TYPE);
        }
      });
    }
    if (rights === 0) return;
    Deno.test(`${row.name} refuses a ${name} without its right with ACCESS_DENIED, and says which`, () => {
      for (let bit = 1; bit <= rights; bit *= 2) {
        if ((rights & bit) === 0) continue;
        const weak = (program: Registers) =>
          program.give(makeObject(type, program), ALL_RIGHTS & ~bit & ~or);
        assertEquals(attempt(row, at, weak), Status.ACCESS_DENIED);
      }
      const none = (program: Registers) => program.give(makeObject(type, program), 0);
      assertEquals(attempt(row, at, none), Status.ACCESS_DENIED);
    });
  });
}

/** Make a call in which all is well but one handle. */
function attempt(row: Row, bad: number, give: (program: Registers) => number) {
  const program = new Registers();
  const registers: number[] = [];
  const somewhere = program.place(4096);
  row.kinds.forEach((kind, at) => {
    const register = row.registers[at]!;
    if (register < 0) return;
    const isPlace = kind.width === undefined && kind.errors.includes("INVALID_ARGS");
    registers[register] = isPlace ? somewhere : 0;
    if (at === bad) registers[register] = give(program);
    else if (kind.demands) {
      registers[register] = program.give(makeObject(kind.demands.type, program), ALL_RIGHTS);
    }
  });
  return program.call(row.name, ...registers);
}
