/**
 * The table of Linux's calls: whole, without doubles, and honest about what is left out.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { CALLS } from "../../kernel/linux/calls.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";

const LAST = 450;

/** Numbers that RISC-V has no call for: of 32-bit machines, of others, or of none. */
const UNUSED: readonly (readonly [first: number, last: number])[] = [
  [38, 38],
  [244, 257],
  [295, 423],
];

function isUnused(number: number): boolean {
  return UNUSED.some(([first, last]) => number >= first && number <= last);
}

Deno.test("every number that RISC-V has a call for has a row", () => {
  const missing: number[] = [];
  for (let number = 0; number <= LAST; number++) {
    if (!CALLS[number] && !isUnused(number)) missing.push(number);
  }
  assertEquals(missing, []);
});

Deno.test("no two rows have one name, and each lies at its own number", () => {
  const rows = CALLS.filter((row) => row !== undefined);
  assertEquals(new Set(rows.map(({ name }) => name)).size, rows.length);
  assertEquals(CALLS.filter((row, number) => row && row.number !== number), []);
});

/** Makes a call twice and ends with its error. */
function twice(number: number): Uint8Array {
  return assemble(
    `
    _start: li   a7, ${number}
            ecall
            li   a7, ${number}
            ecall
            neg  a0, a0
            li   a7, 94
            ecall
    `,
    { type: FileType.EXEC },
  );
}

for (const [number, what] of [[425, "io_uring_setup"], [3000, "3000"]] as const) {
  Deno.test(`call ${what}, which there is none of, answers ENOSYS and says so once`, () => {
    const machine = new TestLinux();
    machine.remember();
    machine.put("/program", twice(number));
    assertEquals(machine.finish("/program").status, 38 << 8);
    const said = machine.events.filter(({ kind }) => kind === "debuglog")
      .map((event) => (event as unknown as { text: string }).text);
    assertEquals(said, [`program[2]: system call ${what} is not implemented`]);
  });
}
