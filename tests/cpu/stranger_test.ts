/**
 * The same program on our processor and on QEMU: what it writes must be the same. The program tries
 * every operation with very many operands; it is made here, from our own table of encodings.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { runProgram } from "../support/linux_program.ts";
import { runQemu, WITHOUT_QEMU } from "../support/qemu.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { floatCases, integerCases, memoryCases } from "../support/stranger_case.ts";
import {
  type Amount,
  type Case,
  DIGEST_SIZE,
  REPORT_SIZE,
  strangerProgram,
} from "../support/stranger_program.ts";
import { type Way, WAYS } from "../support/subject.ts";

const isLong = Deno.args.includes("--long");
const suffix = WITHOUT_QEMU === undefined ? "" : ` (skipped: ${WITHOUT_QEMU})`;

/** How much is tried: QEMU computes floating point slowly, and the oracle everything. */
const AMOUNTS: Readonly<Record<string, { integer: Amount; float: Amount }>> = {
  oracle: {
    integer: { blocks: 1, size: isLong ? 2_000 : 60 },
    float: { blocks: 1, size: isLong ? 2_000 : 40 },
  },
  fast: {
    integer: { blocks: isLong ? 100 : 1, size: 1000 },
    float: { blocks: isLong ? 100 : 1, size: 1000 },
  },
};

// QEMU before 8.0 counts the zeros of a zero word on into the upper half.
const INTEGERS = integerCases(new SeededRandom(3), 12).filter(({ name }) => !/^ctzw/.test(name));
const FLOATS = floatCases();
const MEMORY = memoryCases(new SeededRandom(4), 6);

for (const way of isLong ? WAYS : WAYS.filter(({ name }) => name !== "auto")) {
  const amounts = AMOUNTS[way.name] ?? AMOUNTS["fast"]!;
  Deno.test({
    name: `${way.name}: every integer operation gives what QEMU gives${suffix}`,
    ignore: WITHOUT_QEMU !== undefined,
    fn: () => assertEquals(differences(way, INTEGERS, amounts.integer), []),
  });
  Deno.test({
    name: `${way.name}: every access to memory gives what QEMU gives${suffix}`,
    ignore: WITHOUT_QEMU !== undefined,
    fn: () => assertEquals(differences(way, MEMORY, amounts.integer), []),
  });
  Deno.test({
    name: `${way.name}: every floating-point operation gives what QEMU gives, with flags${suffix}`,
    ignore: WITHOUT_QEMU !== undefined,
    fn: () => assertEquals(differences(way, FLOATS, amounts.float), []),
  });
}

/** What differs, in lines for people: the first few cases, each with its first operands. */
function differences(way: Way, cases: readonly Case[], amount: Amount): string[] {
  const elf = strangerProgram(cases, amount);
  const theirs = runQemu(elf);
  const ours = runProgram(way, elf);
  assertEquals(ours.length, theirs.length);
  const found: string[] = [];
  for (let at = 0; at < ours.length && found.length < 5; at += DIGEST_SIZE) {
    if (same(ours.subarray(at, at + DIGEST_SIZE), theirs.subarray(at, at + DIGEST_SIZE))) continue;
    const block = at / DIGEST_SIZE;
    const index = Math.floor(block / amount.blocks);
    const seed = index * 0x10000 + block % amount.blocks;
    found.push(...details(way, cases[index]!, { ...amount, blocks: 1, seed, verbose: true }));
    at = (index + 1) * amount.blocks * DIGEST_SIZE - DIGEST_SIZE;
  }
  return found;
}

/** The first operands in a block for which results differ. */
function details(way: Way, one: Case, amount: Amount): string[] {
  const elf = strangerProgram([one], amount);
  const [ours, theirs] = [runProgram(way, elf), runQemu(elf)];
  for (let at = 0; at < ours.length; at += REPORT_SIZE) {
    const [our, their] = [ours, theirs].map((all) => all.slice(at, at + REPORT_SIZE));
    if (!same(our!, their!)) {
      const [a, b] = [our!, their!].map(hexadecimal);
      const operands = a!.slice(0, 3).join(" ");
      return [`${one.name} of ${operands}: ${a!.slice(3)}, but QEMU gives ${b!.slice(3)}`];
    }
  }
  return [`${one.name}: differs only in a whole program`];
}

function hexadecimal(bytes: Uint8Array): string[] {
  const words = new BigUint64Array(bytes.slice().buffer);
  return [...words].map((word) => word.toString(16).padStart(16, "0"));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, at) => byte === b[at]);
}
