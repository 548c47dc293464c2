/**
 * Our decoder and LLVM's, on every 16-bit instruction and on very many of 32 bits.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Instruction } from "../../cpu/instruction.ts";
import { SHORT_ENCODINGS } from "../../cpu/riscv64/compressed.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import { ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { writeElf } from "../../guests/elf_writer.ts";
import { FileType } from "../../loader/elf.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { missing } from "../support/tool.ts";

const TOOL = "llvm-objdump-19";
const WITHOUT = missing(TOOL);
const suffix = WITHOUT === undefined ? "" : ` (skipped: ${WITHOUT})`;
const START = 0x100000;
const NOP = 0x00010001;

/** What LLVM calls some of them besides. */
const ALIASES: Readonly<Record<string, string>> = {
  "c.nop": "addi",
  "c.slli64": "slli",
  "c.srli64": "srli",
  "c.srai64": "srai",
  "fence.tso": "fence",
  pause: "fence",
};

Deno.test({
  name: `every 16-bit instruction is what LLVM takes it for${suffix}`,
  ignore: WITHOUT !== undefined,
  fn: () => {
    const stands = new Map(SHORT_ENCODINGS.map((one) => [one.name, one.stands as string]));
    // LLVM prints c.lui without an immediate too, although it is reserved.
    const all = Array.from({ length: 65536 }, (_, bits) => bits)
      .filter((bits) => (bits & 3) !== 3 && (bits & 0xf07f) !== 0x6001);
    const texts = disassembled(all.map((bits) => bits | NOP << 16));
    assertEquals(disagreements(all, texts, (name) => ALIASES[name] ?? stands.get(name)), []);
  },
});

Deno.test({
  name: `32-bit instructions are what LLVM takes them for, and so are their neighbours${suffix}`,
  ignore: WITHOUT !== undefined,
  fn: () => {
    const random = new SeededRandom(32);
    const words = ENCODINGS.flatMap(({ match, mask, slots }) =>
      Array.from({ length: 300 }, (_, index) => {
        // Control registers go by number: only those that there are can be compared.
        const free = slots.includes("c") ? random.next() & 0xfffff | 0x300000 : random.next();
        const bits = (free & ~mask) | match;
        return index % 3 > 0 || slots.includes("c") ? bits : bits ^ 4 << random.below(30);
      })
    ).filter((bits) => (bits & 3) === 3 && (bits & 31) !== 31 && !isKnownToLlvmOnly(bits));
    const own = (name: string) => ALIASES[name] ?? name.replace(/\.(aqrl|aq|rl)$/, "");
    assertEquals(disagreements(words, disassembled(words), own), []);
  },
});

/** What LLVM has and we have not, or prints although it is reserved. */
function isKnownToLlvmOnly(bits: number): boolean {
  const opcode = bits & 0x7f;
  const function3 = bits >>> 12 & 7;
  // Other control registers, privileged instructions, prefetches and cache management are not ours.
  if (opcode === 0x73) return (bits >>> 20) !== 3 || function3 === 0 || function3 === 4;
  // Fences ignore the bits that are reserved in them, and so do we; LLVM does not know them.
  return opcode === 0x0f;
}

function disassembled(words: readonly number[]): string[] {
  const bytes = new Uint8Array(Int32Array.from(words).buffer);
  const part = { flags: 5, address: START, bytes, name: ".text" };
  const symbols = [{ name: "_start", value: START, size: bytes.length, type: 2 }];
  const path = Deno.makeTempFileSync({ dir: "/tmp" });
  try {
    Deno.writeFileSync(
      path,
      writeElf({ type: FileType.EXEC, entry: START, parts: [part], symbols }),
    );
    const options = ["-d", "-M", "no-aliases", "-M", "numeric"];
    const attributes = "--mattr=+m,+a,+f,+d,+c,+zba,+zbb,+zbs,+zifencei,+zicsr";
    const args = [...options, attributes, path];
    const { stdout } = new Deno.Command(TOOL, { args, stderr: "null" }).outputSync();
    const lines = new Map<number, string>();
    for (const line of new TextDecoder().decode(stdout).split("\n")) {
      const found = /^\s*([0-9a-f]+): [0-9a-f ]+\t(.*)$/.exec(line);
      if (found) lines.set(parseInt(found[1]!, 16), found[2]!);
    }
    return words.map((_, index) => lines.get(START + index * 4) ?? "<unknown>");
  } finally {
    Deno.removeSync(path);
  }
}

function disagreements(
  words: readonly number[],
  texts: readonly string[],
  own: (name: string) => string | undefined,
): string[] {
  const lines = words.flatMap((bits, index) => {
    const text = texts[index]!.replace(/\s*<[^<>]*\+[^<>]*>$/, "");
    const ours = decode(bits);
    const problem = compared(ours, text, own, START + index * 4);
    return problem === undefined ? [] : [`${(bits >>> 0).toString(16)} ${text}: ${problem}`];
  });
  return lines.slice(0, 20);
}

/** What is wrong; undefined if nothing is. */
function compared(
  ours: Instruction | null,
  text: string,
  own: (name: string) => string | undefined,
  address: number,
): string | undefined {
  const [name, operands = ""] = text.split("\t") as [string, string?];
  const isNone = name.startsWith("<") || name === "c.unimp";
  if (ours === null || isNone) {
    return isNone === (ours === null) ? undefined : `we have ${ours?.name ?? "none"}`;
  }
  const expected = own(name);
  if (expected !== ours.name.replace(/\.fcsr$/, "")) return `we have ${ours.name}`;
  const registers = [...operands.matchAll(/\b([xf])(\d+)\b/g)];
  const named = [ours.rd, ours.rs1, ours.rs2, ours.rs3];
  const lost = registers.find(([, kind, number]) =>
    !named.includes(Number(number) + (kind === "f" ? 32 : 0))
  );
  if (lost !== undefined) return `where is ${lost[0]} in ${JSON.stringify(ours)}?`;
  const last = /(-?0x[0-9a-f]+|-?\b\d+)(?:\(|$)/.exec(operands.replace(/\b[xf]\d+$/, ""));
  if (last === null || ours.imm === immediate(last[1]!, ours, address)) return undefined;
  return `the immediate is ${ours.imm}`;
}

/** LLVM writes where branches go, and the upper 20 bits as a number. */
function immediate(text: string, { name }: Instruction, address: number): number {
  const value = text.startsWith("-") ? -Number(text.slice(1)) : Number(text);
  if (name === "lui" || name === "auipc") return value << 12;
  return /^(jal|b(eq|ne|ltu?|geu?))$/.test(name) ? value - address | 0 : value;
}
