import { assert, assertEquals } from "@std/assert";
import { SHORT_ENCODINGS } from "../../cpu/riscv64/compressed.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import { type Encoding, ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";
import { SeededRandom } from "../support/seeded_random.ts";

/** What an instruction is, in a line: its name, destination, sources, immediate and mode. */
function read(bits: number): string {
  const found = decode(bits);
  if (found === null) return "none";
  const { name, rd, rs1, rs2, rs3, imm, length, mode } = found;
  return `${name} ${rd} ${rs1} ${rs2} ${rs3} ${imm} length ${length} mode ${mode}`;
}

/** An encoding with whatever bits are free; no reserved rounding mode, `fcsr` as control register. */
function sample({ match, mask, slots }: Encoding, bits: number): number {
  const free = slots.includes("r") ? bits & ~0x7000 : bits;
  const control = slots.includes("c") ? (free & 0xfffff) | 0x300000 : free;
  return (control & ~mask) | match;
}

Deno.test("every encoding is decoded to its own meaning, whatever its operands are", () => {
  const random = new SeededRandom(1);
  for (const encoding of ENCODINGS) {
    const name = encoding.name + (encoding.slots.includes("c") ? ".fcsr" : "");
    for (let round = 0; round < 50; round++) {
      assertEquals(decode(sample(encoding, random.next() | 0))?.name, name);
    }
  }
});

Deno.test("every meaning has an encoding", () => {
  const random = new SeededRandom(2);
  const found = new Set<string>();
  for (const encoding of ENCODINGS) found.add(decode(sample(encoding, random.next() | 0))!.name);
  for (const register of [0xc00, 0xc01, 0xc02]) found.add(decode(0x2573 | register << 20)!.name);
  for (let form = 1; form < 8; form++) {
    for (const register of [1, 2, 3]) {
      if (form !== 4) found.add(decode(0x73 | form << 12 | register << 20)!.name);
    }
  }
  assertEquals([...found].toSorted(), Object.keys(SEMANTICS).toSorted());
});

Deno.test("a short instruction is decoded to the long one that it stands for", () => {
  for (const { match, mask, stands, name } of SHORT_ENCODINGS) {
    const found = decode(match | ~mask & 0xffff);
    assert(found !== null && found.length === 2, name);
    assertEquals(found.name, stands, name);
  }
});

Deno.test("operands are found where the formats have them", () => {
  const samples: Record<number, string> = {
    0xfb388f93: "addi 31 17 0 0 -77 length 4 mode 0",
    0xfca33a23: "sd 0 6 10 0 -44 length 4 mode 0",
    0xfe7340e3: "blt 0 6 7 0 -32 length 4 mode 0",
    0x800000ef: "jal 1 0 0 0 -1048576 length 4 mode 0",
    0x7ffff06f: "jal 0 0 0 0 1048574 length 4 mode 0",
    0xdeadb2b7: "lui 5 0 0 0 -559042560 length 4 mode 0",
    0x43f5d593: "srai 11 11 0 0 63 length 4 mode 0",
    0x5aa4f443: "fmadd.d 40 41 42 43 0 length 4 mode 7",
    0xc23590d3: "fcvt.lu.d 1 43 0 0 0 length 4 mode 1",
    0x0023d073: "csrrwi.frm 0 0 0 0 7 length 4 mode 0",
    0xc0002573: "rdcycle 10 0 0 0 0 length 4 mode 0",
    0x120629af: "lr.w 19 12 0 0 0 length 4 mode 0",
  };
  for (const [bits, line] of Object.entries(samples)) {
    assertEquals(read(Number(bits) | 0), line);
  }
});

Deno.test("operands of short instructions are found where their formats have them", () => {
  const samples: Record<number, string> = {
    0x1ffc: "addi 15 2 0 0 1020 length 2 mode 0",
    0x717d: "addi 2 2 0 0 -16 length 2 mode 0",
    0x6125: "addi 2 2 0 0 96 length 2 mode 0",
    0x77fd: "lui 15 0 0 0 -4096 length 2 mode 0",
    0xbffd: "jal 0 0 0 0 -2 length 2 mode 0",
    0xa001: "jal 0 0 0 0 0 length 2 mode 0",
    0xdffd: "beq 0 15 0 0 -2 length 2 mode 0",
    0x9002: "ebreak 0 0 0 0 0 length 2 mode 0",
    0x9502: "jalr 1 10 0 0 0 length 2 mode 0",
    0x8082: "jalr 0 1 0 0 0 length 2 mode 0",
    0x852e: "add 10 0 11 0 0 length 2 mode 0",
    0x3ffe: "fld 63 2 0 0 504 length 2 mode 0",
    0xbfc2: "fsd 0 2 48 0 504 length 2 mode 0",
    0x5cfc: "lw 15 9 0 0 124 length 2 mode 0",
    0x1fe1: "addi 31 31 0 0 -8 length 2 mode 0",
    0x157d: "addi 10 10 0 0 -1 length 2 mode 0",
  };
  for (const [bits, line] of Object.entries(samples)) {
    assertEquals(read(Number(bits)), line, Number(bits).toString(16));
  }
});

Deno.test("reserved encodings are no instructions", () => {
  const reserved: Record<string, number> = {
    "all zeros": 0x0000,
    "all ones": 0xffffffff,
    "c.addi4spn without an immediate": 0x0004,
    "c.addi16sp without an immediate": 0x6101,
    "c.lui without an immediate": 0x6501,
    "c.addiw to x0": 0x2005,
    "c.lwsp to x0": 0x4002,
    "c.ldsp to x0": 0x6002,
    "c.jr through x0": 0x8002,
    "the last two of register arithmetic": 0x9c41,
    "quadrant 0 with 100": 0x8000,
    "rounding mode 5": 0x02a4d453,
    "rounding mode 6": 0x02a4e453,
    "a shift of a word by 32": 0x0205951b,
    "lr with a second source": 0x101625af,
    "an unknown control register": 0x30002573,
    "a counter that is written": 0xc0051073,
    "jalr with a function": 0x00001067,
    "an atomic operation on bytes": 0x00b5052f,
    "an instruction of 48 bits": 0x0000001f,
  };
  for (const [what, bits] of Object.entries(reserved)) {
    assertEquals(read(bits | 0), "none", what);
  }
});

Deno.test("hints are instructions that do nothing", () => {
  for (const bits of [0x0001, 0x0005, 0x4001, 0x6005, 0x0002, 0x8006, 0x9006, 0x8001]) {
    const found = decode(bits)!;
    assert(found.rd === 0 || found.imm === 0, bits.toString(16));
  }
});
