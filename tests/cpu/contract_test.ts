import { assertEquals } from "@std/assert";
import { ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { attempt, type Trial, tried } from "../support/trial.ts";
import { WAYS } from "../support/subject.ts";

/** What an instruction makes of two operands, or of an operand and an immediate. */
const SAMPLES = `
lui 0x80000000 = 0xffffffff80000000; lui 0x7ffff000 = 0x7ffff000
addi -1 1 = 0; addi 0x7fffffffffffffff 1 = 0x8000000000000000; addi 5 -2048 = -2043
slti -1 0 = 1; slti 0 -1 = 0; slti 5 5 = 0
sltiu -1 0 = 0; sltiu 0 -1 = 1; sltiu 0 1 = 1
xori 0x0f -1 = ~0x0f; ori 0x100 0x0f = 0x10f; ori 0 -1 = -1; andi -1 0x7ff = 0x7ff; andi -1 -16 = ~15
slli 1 63 = 0x8000000000000000; slli 3 0 = 3; srli -1 63 = 1; srli -1 1 = 0x7fffffffffffffff
srai -8 1 = -4; srai 0x8000000000000000 63 = -1; srai 0x7fffffffffffffff 62 = 1
add -1 -1 = -2; sub 0 1 = -1; sub 0x8000000000000000 1 = 0x7fffffffffffffff
sll 1 64 = 1; sll 1 65 = 2; srl -1 127 = 1; sra -1 63 = -1; sra 0x4000000000000000 -2 = 1
slt 0x8000000000000000 0x7fffffffffffffff = 1; slt 1 1 = 0
sltu 0x8000000000000000 0x7fffffffffffffff = 0; sltu 0 -1 = 1
xor -1 0x55 = ~0x55; or 0xf0 0x0f = 0xff; and 0xf0 0x3c = 0x30
addiw 0x7fffffff 1 = -2147483648; addiw 0x1ffffffff 0 = -1; addw 0xffffffff 1 = 0
subw 0 1 = -1; subw 0x80000000 1 = 0x7fffffff; subw 0x100000000 0 = 0
slliw 1 31 = -2147483648; slliw 0x180000001 1 = 2; srliw -1 0 = -1; srliw -1 1 = 0x7fffffff
sraiw 0x80000000 31 = -1; sraiw 0x17fffffff 30 = 1
sllw 1 32 = 1; sllw 1 31 = -2147483648; srlw -1 33 = 0x7fffffff; sraw 0x80000000 63 = -1
mul -1 -1 = 1; mul 0x100000001 0x100000001 = 0x200000001; mul 0x8000000000000000 2 = 0
mulh -1 -1 = 0; mulh 0x8000000000000000 0x8000000000000000 = 0x4000000000000000; mulh -1 1 = -1
mulh 0x8000000000000000 -1 = 0; mulh 0x7fffffffffffffff 0x7fffffffffffffff = 0x3fffffffffffffff
mulhu -1 -1 = -2; mulhu -1 1 = 0; mulhu 0x8000000000000000 2 = 1
mulhsu -1 -1 = -1; mulhsu -1 1 = -1; mulhsu 1 -1 = 0; mulhsu 0x8000000000000000 2 = -1
div 7 -2 = -3; div 7 0 = -1; div 0x8000000000000000 -1 = 0x8000000000000000; div -7 2 = -3
divu 7 0 = -1; divu -1 2 = 0x7fffffffffffffff; divu 1 -1 = 0
rem 7 -2 = 1; rem -7 2 = -1; rem 7 0 = 7; rem 0x8000000000000000 -1 = 0
remu -1 2 = 1; remu 9 0 = 9; remu 1 -1 = 1
mulw 0x10000 0x8000 = -2147483648; mulw 0xffffffff 3 = -3
divw 0x80000000 0xffffffff = -2147483648; divw 7 0x100000000 = -1; divw -7 2 = -3
divuw -1 2 = 0x7fffffff; divuw -1 1 = -1; divuw 5 0 = -1
remw 0x80000000 -1 = 0; remw 0x180000005 0 = -2147483643; remw -7 4 = -3
remuw -1 16 = 15; remuw 0x80000000 0 = -2147483648; remuw -1 0xfffffffe = 1
sh1add 3 4 = 10; sh2add 3 4 = 16; sh3add 3 4 = 28; sh3add 0x2000000000000000 1 = 1
add.uw -1 1 = 0x100000000; sh1add.uw -1 0 = 0x1fffffffe; sh2add.uw -1 0 = 0x3fffffffc
sh3add.uw 0xffffffff80000000 8 = 0x400000008; slli.uw -1 4 = 0xffffffff0; slli.uw -1 63 = 0x8000000000000000
andn -1 0xff = ~0xff; orn 0 0xff = ~0xff; xnor 0x0f 0xff = ~0xf0
clz 0 = 64; clz 1 = 63; clz -1 = 0; ctz 0 = 64; ctz 0x8000000000000000 = 63; ctz 12 = 2
cpop -1 = 64; cpop 0 = 0; cpop 0x8000000000000001 = 2
clzw 0 = 32; clzw 0x100000000 = 32; clzw 0xffffffff00000001 = 31; ctzw 0x100000000 = 32; ctzw 8 = 3
cpopw -1 = 32; cpopw 0x300000001 = 1
max -1 1 = 1; max 3 -3 = 3; maxu -1 1 = -1; min -1 1 = -1; minu -1 1 = 1; minu 2 1 = 1
sext.b 0x80 = -128; sext.b 0x17f = 127; sext.h 0x8000 = -32768; zext.h -1 = 0xffff
rol 0x8000000000000001 1 = 3; rol 5 64 = 5; ror 1 1 = 0x8000000000000000; ror 5 0 = 5
rori 3 63 = 6; rori 3 0 = 3; rolw 0x80000001 1 = 3; rolw 0x140000000 33 = -2147483648
rorw 1 1 = -2147483648; rorw 0x80000000 32 = -2147483648; roriw 2 1 = 1; roriw 1 1 = -2147483648
rev8 0x0102030405060708 = 0x0807060504030201
orc.b 0x0100800000000020 = 0xff00ff00000000ff; orc.b 0 = 0; orc.b -1 = -1; orc.b 0x7f = 0xff
bclr -1 63 = 0x7fffffffffffffff; bclr 3 64 = 2; bclri 3 1 = 1; bclri -1 63 = 0x7fffffffffffffff
bext 4 2 = 1; bext 4 66 = 1; bext 4 3 = 0; bexti 0x8000000000000000 63 = 1; bexti 1 1 = 0
binv 0 63 = 0x8000000000000000; binv 1 64 = 0; binvi 1 0 = 0; binvi 0 33 = 0x200000000
bset 0 63 = 0x8000000000000000; bset 0 65 = 2; bseti 0 40 = 0x10000000000; bseti 1 0 = 1
`;

interface Sample {
  readonly text: string;
  readonly trial: Trial;
  readonly result: bigint;
}

function number(text: string): bigint {
  if (text.startsWith("-")) return BigInt.asUintN(64, -BigInt(text.slice(1)));
  return text.startsWith("~") ? BigInt.asUintN(64, ~BigInt(text.slice(1))) : BigInt(text);
}

/** Instructions with an immediate take the second operand from there. */
function sample(text: string): Sample {
  const [name, ...words] = text.split(" ");
  const [result, , ...operands] = words.map((word) => word === "=" ? 0n : number(word))
    .toReversed();
  const [first, second] = operands.toReversed();
  const immediate = Number(BigInt.asIntN(32, name === "lui" ? first! : second ?? 0n));
  const fields = { i: immediate, h: immediate, w: immediate, u: immediate };
  const trial = { word: tried(name!, fields), operands: [first!, second ?? 0n] };
  return { text, trial, result: result! };
}

const INTEGER = SAMPLES.split(/[;\n]/).map((text) => text.trim()).filter(Boolean).map(sample);

for (const way of WAYS) {
  Deno.test(`${way.name}: integer instructions make what the manual says, at the edges too`, () => {
    const results = attempt(way, INTEGER.map(({ trial }) => trial));
    INTEGER.forEach(({ text, result }, index) => {
      assertEquals(BigInt.asIntN(64, results[index]!.x), BigInt.asIntN(64, result), text);
    });
  });
}

Deno.test("every integer operation has a sample", () => {
  const elsewhere = /^(auipc|j|b(eq|ne|lt|ge)|[sl][bhwd]u?$|fence|e(call|break)|csr|lr|sc|amo|f)/;
  const operations = ENCODINGS.map(({ name }) => name).filter((name) => !elsewhere.test(name));
  const sampled = new Set(INTEGER.map(({ text }) => text.split(" ")[0]));
  assertEquals(operations.filter((name) => !sampled.has(name)), []);
});
