/**
 * What the assembler makes of a program's text, and what it says of text that is wrong.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { assemble, AssemblyError } from "../../guests/assembler.ts";
import { INSTRUCTIONS } from "../../guests/assembler/encoding.ts";
import {
  type ElfImage,
  FileType,
  Machine,
  parseElf,
  readHeader,
  readSections,
  readSymbols,
  refused,
  sectionBytes,
} from "../../loader/elf.ts";
import { missing, runTool } from "../support/tool.ts";

const RULES = { machine: Machine.RISCV, types: [FileType.EXEC, FileType.DYN] };

function imageOf(file: Uint8Array): ElfImage {
  const image = parseElf(file, RULES);
  assert(!refused(image), refused(image) ? image.text : "");
  return image;
}

/** A section's bytes in a file. */
function bytesOf(file: Uint8Array, name: string): Uint8Array {
  const header = readHeader(file);
  assert(!refused(header));
  const sections = readSections(file, header);
  assert(!refused(sections));
  const section = sections.find((one) => one.name === name);
  assert(section, `${name} is missing`);
  return sectionBytes(file, section);
}

/** The bytes of a program's code, from its entry on. */
function codeOf(text: string): Uint8Array {
  const file = assemble(text, { type: FileType.EXEC });
  const { header, segments } = imageOf(file);
  const load = segments[0]!;
  return file.subarray(header.entry - load.address, load.fileSize);
}

function wordsOf(text: string): string[] {
  const code = codeOf(text);
  const view = new DataView(code.buffer, code.byteOffset, code.length);
  return Array.from(
    { length: code.length / 4 },
    (_, index) => view.getUint32(index * 4, true).toString(16).padStart(8, "0"),
  );
}

Deno.test("instructions become the words of the RISC-V manual", () => {
  assertEquals(
    wordsOf("addi a0, a1, -1\n add x1, x2, x3\n ld s0, 8(sp)\n sd s0, -8(sp)\n ecall"),
    ["fff58513", "003100b3", "00813403", "fe813c23", "00000073"],
  );
});

Deno.test("numeric labels mean the next one below or the last one above", () => {
  assertEquals(
    wordsOf("1: nop\n beq a0, a1, 1f\n bnez a0, 1b\n 1: j 1b"),
    ["00000013", "00b50463", "fe051ce3", "0000006f"],
  );
});

Deno.test("li takes as few instructions as a number needs", () => {
  const counts = [0n, -2048n, 2047n, 2048n, 0x12345000n, -(2n ** 31n), 2n ** 32n, 2n ** 63n]
    .map((number) => wordsOf(`li a0, ${number}`).length);
  assertEquals(counts, [1, 1, 1, 2, 1, 1, 2, 2]);
});

Deno.test("data is laid out in the order it is written, aligned where that is asked for", () => {
  const file = assemble(`
    .data
    .byte 1, -1, 'A'
    .align 2
    .word 0x11223344
    .equ TWO, 1 + 1
    .half TWO * 3 | 0x100
    .asciz "h\x21\\n\\x7f"
    start: .zero 2, 9
    .byte . - start, (2 << 3) >> 1
  `);
  const hex = [...bytesOf(file, ".data")].map((byte) => byte.toString(16).padStart(2, "0"));
  assertEquals(hex.join(" "), "01 ff 41 00 44 33 22 11 06 01 68 21 0a 7f 00 09 09 02 08");
});

Deno.test("code, constants and data come to lie in segments with just their permissions", () => {
  const file = assemble(
    "_start: ret\n .rodata\n .byte 1\n .data\n .byte 2\n .bss\n b: .zero 5000",
    {
      interpreter: "ld.so.1",
      stackSize: 0x8000,
    },
  );
  const image = imageOf(file);
  assertEquals(image.plan.pieces.map(({ segment }) => segment.flags), [5, 4, 6]);
  assertEquals(image.interpreter, "ld.so.1");
  assertEquals(image.stack?.memorySize, 0x8000);
  assertEquals(image.plan.pieces[2]?.freshBytes, 4096);
  assertEquals(image.plan.pieces[2]?.zeroBytes, 4095);
});

Deno.test("labels become symbols with sizes, and _start is the entry", () => {
  const file = assemble("helper: ret\n nop\n _start: call helper\n .rodata\n table: .dword 1, 2");
  const { header } = imageOf(file);
  const sections = readSections(file, header);
  assert(!refused(sections));
  const symbols = readSymbols(file, sections).map(({ name, size }) => `${name} ${size}`);
  assertEquals(symbols, ["helper 8", "table 16", "_start 8"]);
  assertEquals(readSymbols(file, sections)[2]?.value, header.entry);
});

Deno.test("the same text gives the same bytes", () => {
  assertEquals(assemble("nop\n.data\n.word 1"), assemble("nop\n.data\n.word 1"));
});

/** Text that is wrong, and how the error reads. */
const WRONG: readonly (readonly [text: string, sentence: string])[] = [
  ["nop\n adi a0, a0, 1", "line 2: no instruction is called adi; did you mean addi?"],
  ["frobnicate", "line 1: no instruction is called frobnicate"],
  ["addi a0, a0", "line 1: addi has 2 operands; expected 3"],
  ["ret a0", "line 1: ret has 1 operand; expected 0"],
  ["addi a0, a0, 2048", "line 1: addi: operand 3 is 2048; expected a number from -2048 to 2047"],
  ["addi a0, 5, 1", "line 1: addi: operand 2 is 5; expected an integer register such as a0"],
  ["fadd.d a0, fa0, fa0", "operand 1 is a0; expected a floating-point register such as fa0"],
  ["lw a0, 8[sp]", "line 1: lw: operand 2 is 8[sp]; expected an address such as 8(sp)"],
  ["csrr a0, satp", "expected a control register: fflags"],
  ["slliw a0, a0, 32", "expected a number from 0 to 31"],
  ["fadd.s fa0, fa0, fa0, up", "expected a rounding mode: rne"],
  ["j nowhere", "line 1: nobody defines nowhere"],
  ["looop: j loop", "line 1: nobody defines loop; did you mean looop?"],
  ["j 1f", "line 1: no label 1: is there in that direction"],
  ["a: nop\n a: nop", "line 2: a is defined twice"],
  ["beq a0, a1, far\n .zero 5000\n far: nop", "expected a label at most 4096 bytes away"],
  [".asciz hello", "line 1: found hello; expected a string in quotes"],
  ['.asciz "hello', 'line 1: the quote at "hello does not end'],
  [".word 1 2", "line 1: found 2 in 1 2; expected its end"],
  [".worf 1", "line 1: no directive is called .worf; did you mean .word?"],
  [".byte 256", "line 1: 256 is 256; expected a number of 8 bits"],
  [".align 13", "line 1: .align is 13; expected 0 to 12"],
  [".zero -1", "line 1: .zero is -1; expected 0 to"],
  [".word 1 / 0", "line 1: a division by zero"],
  ["x: .dword x", "x is an address, and the program may move: use la at run time"],
  ["li a0, x\n x: nop", "line 1: nobody defines x"],
  ["x: li a0, x", "line 1: x is an address; use la instead of li"],
  ["addi a0, a0,, 1", "line 1: addi has an empty operand"],
  [".bss\n .word 1", "line 2: found numbers in .bss"],
  [".section .init", "line 1: found .init; expected .text, .rodata, .data, .bss"],
  ["x: lw a0, %got(x)(a0)", "found %got; expected %hi, %lo, %pcrel_hi and %pcrel_lo"],
];

for (const [text, sentence] of WRONG) {
  Deno.test(`assembling ${JSON.stringify(text)} fails: ${sentence}`, () => {
    assertStringIncludes(assertThrows(() => assemble(text), AssemblyError).message, sentence);
  });
}

Deno.test("data may hold addresses where a program stays at its own", () => {
  const file = assemble(".data\n x: .dword x + 8", { type: FileType.EXEC });
  const { plan } = imageOf(file);
  const view = new DataView(bytesOf(file, ".data").slice().buffer);
  assertEquals(Number(view.getBigUint64(0, true)), plan.pieces[1]!.address + 8);
});

/** An operand of each kind, as it is written. */
const OPERANDS: Readonly<Record<string, readonly string[]>> = {
  d: ["a0", "t6"],
  s: ["s1", "zero"],
  t: ["t0", "x31"],
  D: ["fa0", "ft11"],
  S: ["fs1", "f0"],
  T: ["ft0", "fs11"],
  R: ["fa7", "f31"],
  i: ["-2048", "2047"],
  m: ["-4(sp)", "(t6)"],
  M: ["2047(gp)", "-2048(a0)"],
  b: ["back", "ahead"],
  j: ["ahead", "back"],
  u: ["0", "0xfffff"],
  h: ["63", "1"],
  w: ["31", "1"],
  z: ["31", "0"],
  p: ["iorw", "r"],
  q: ["w", "rw"],
  A: ["(a1)", "(t6)"],
  c: ["fcsr", "time"],
  r: ["rtz", "dyn"],
};

const llvm = missing("llvm-mc-19");

Deno.test({
  name: `every instruction is encoded as llvm-mc does it${llvm ? ` (skipped: ${llvm})` : ""}`,
  ignore: llvm !== undefined,
  fn: async () => {
    const lines = [...INSTRUCTIONS].flatMap(([name, { slots }]) =>
      [0, 1].map((way) => `${name} ${[...slots].map((slot) => OPERANDS[slot]![way]).join(", ")}`)
    );
    const pseudos =
      "nop|mv a0, a1|not a0, a1|neg a0, a1|seqz a0, a1|snez a0, a1|sext.w a0, a1|zext.b a0, a1|zext.w a0, a1|sext.b a0, a1|" +
      "beqz a0, ahead|bgt a0, a1, back|bleu a0, a1, ahead|j back|jal ahead|jr a0|jalr a0|ret|" +
      "fence|csrr a0, fcsr|csrw fcsr, a0|csrwi frm, 3|rdtime a0|rdcycle a0|rdinstret a0|" +
      "fmv.d fa0, fa1|fneg.s fa0, fa1|fabs.d fa0, fa1|call back|tail ahead|unimp|sgtz a0, a1|" +
      "fadd.d fa0, fa1, fa2|fcvt.w.d a0, fa0, rtz|fcvt.d.l fa0, a0|fsqrt.s fa0, fa1";
    const all = [...lines, ...pseudos.split("|")];
    const text = `back: nop\n${all.join("\n")}\nahead: nop\n`;
    const near = text.replaceAll(/^(b\w+ .*)(back|ahead)$/gm, "$1. + 8");
    assertEquals(wordsFrom(codeOf(near)), await wordsByLlvm(near, "+zba,+zbb,+zbs,-relax"));
  },
});

Deno.test({
  name: `li loads numbers the way llvm-mc does it${llvm ? ` (skipped: ${llvm})` : ""}`,
  ignore: llvm !== undefined,
  fn: async () => {
    const numbers = [1n, -1n, 4096n, 0x7ff_ffffn, 0x8000_0000n, -0x8000_0000n, 0x1234_5000_0000n];
    const text = numbers.map((one) => `li a0, ${one}\n`).join("");
    assertEquals(wordsFrom(codeOf(text)), await wordsByLlvm(text, "-relax"));
  },
});

async function wordsByLlvm(text: string, features: string): Promise<number[]> {
  const mattr = `--mattr=+m,+a,+f,+d,${features}`;
  const args = ["--triple=riscv64", mattr, "--filetype=obj", "-o", "-"];
  return wordsFrom(bytesOf(await runTool("llvm-mc-19", args, text), ".text"));
}

function wordsFrom(bytes: Uint8Array): number[] {
  return [...new Uint32Array(bytes.slice().buffer)];
}
