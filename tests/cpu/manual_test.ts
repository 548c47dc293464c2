import { assert, assertEquals } from "@std/assert";
import { ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { instructionRows } from "../../scripts/tables/instructions.ts";

Deno.test("the manual says how an instruction is encoded and what it does", () => {
  const rows = new Map(instructionRows().map((row) => [row.name, row]));
  assertEquals(rows.get("add"), {
    name: "add",
    encoding: "0000000tttttsssss000ddddd0110011",
    meaning: "rd = rs1 + rs2",
  });
  assertEquals(rows.get("sd"), {
    name: "sd",
    encoding: "iiiiiiitttttsssss011iiiii0100011",
    meaning: "memory64[rs1 + imm] = rs2",
  });
  assertEquals(rows.get("csrrs instret"), {
    name: "csrrs instret",
    encoding: "11000000001000000010ddddd1110011",
    meaning: "rd = retired",
  });
  assertEquals(rows.get("c.lwsp"), {
    name: "c.lwsp",
    encoding: "010-----------10",
    meaning: "lw d=f7 s=2 i=12[5]6[4:2|7:6] !d",
  });
});

Deno.test("the manual has every instruction, each with as many bits as it has", () => {
  const rows = instructionRows();
  for (const { name } of ENCODINGS) {
    assert(rows.some((row) => row.name === name || row.name.startsWith(`${name} `)), name);
  }
  for (const { name, encoding, meaning } of rows) {
    assertEquals(encoding.length, name.startsWith("c.") ? 16 : 32, name);
    assert(meaning.length > 4, name);
  }
});
