import { assert, assertEquals } from "@std/assert";
import { explain } from "../../cpu/explain.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";

Deno.test("a meaning explains itself in terms of its roles", () => {
  const lines = {
    addw: "rd = word(rs1 + rs2)",
    jalr: "a = rs1 + imm; rd = next; goto a & ~1",
    sd: "memory64[rs1 + imm] = rs2",
    lbu: "rd = unsigned memory8[rs1 + imm]",
    bgeu: "if rs1 >=u rs2: goto pc + imm",
    "amomax.w": "a = word(rs2); old = memory32[rs1]; memory32[rs1] = (old < a) ? a : old; rd = old",
    "fnmadd.d": "frd = -frs1 *. frs2 +. -frs3",
    "fadd.s": "frd = boxed(single(frs1) +. single(frs2))",
    sh2add: "rd = (rs1 << 2) + rs2",
  } as const;
  for (const [name, line] of Object.entries(lines)) {
    assertEquals(explain(SEMANTICS[name as keyof typeof lines]), line);
  }
});

Deno.test("an instruction explains itself in terms of its registers", () => {
  const instruction = decode(0xfca33a23 | 0)!;
  assertEquals(explain(SEMANTICS[instruction.name], instruction), "memory64[x6 + -44] = x10");
  const names = Array.from({ length: 64 }, (_, number) => `r${number}`);
  assertEquals(explain(SEMANTICS.sd, instruction, names), "memory64[r6 + -44] = r10");
});

Deno.test("every meaning has an explanation of its own kind", () => {
  for (const [name, meaning] of Object.entries(SEMANTICS)) {
    assert(explain(meaning).length > 4, name);
  }
});
