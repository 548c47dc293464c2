/**
 * Files spoilt at random: each parses or is refused with a reason, and nothing else happens.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  FileType,
  Machine,
  parseElf,
  readHeader,
  readSections,
  readSymbols,
  refused,
} from "../../loader/elf.ts";
import { sampleElf } from "../support/elf_sample.ts";

const LONG = Deno.args.includes("--long");
const FILES = LONG ? 10_000_000 : 200_000;
const RULES = { machine: Machine.RISCV, types: [FileType.EXEC, FileType.DYN] };
const HEADERS = 64 + 8 * 56;

/** Numbers that programs trip over. */
const ODD = [
  0n,
  1n,
  0xffn,
  0xfffn,
  0x1000n,
  0xffffn,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 47n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

Deno.test(`${FILES} mutated files each parse or are refused with a reason`, () => {
  const random = generator(0x5eed);
  const original = sampleElf();
  const file = original.slice();
  const view = new DataView(file.buffer);
  const outcomes = { parsed: 0, refused: 0 };
  for (let round = 0; round < FILES; round++) {
    const size = random() % 8 === 0 ? random() % (file.length + 1) : file.length;
    for (let edits = 1 + random() % 3; edits > 0; edits--) mutate(view, random);
    outcomes[examine(file.subarray(0, size))]++;
    file.set(original);
  }
  assertEquals(outcomes.parsed + outcomes.refused, FILES);
  assert(outcomes.parsed > FILES / 20, `${outcomes.parsed} parsed`);
  assert(outcomes.refused > FILES / 20, `${outcomes.refused} refused`);
});

function mutate(view: DataView, random: () => number): void {
  const where = random() % 3 === 0 ? view.byteLength : HEADERS;
  const at = random() % where;
  if (random() % 2 === 0 || at + 8 > view.byteLength) {
    view.setUint8(at, random() & 0xff);
  } else {
    view.setBigUint64(at - at % 8, ODD[random() % ODD.length]!, true);
  }
}

/** Look at a file in every way there is; what a plan says must hold for any file that parses. */
function examine(file: Uint8Array): "parsed" | "refused" {
  const header = readHeader(file);
  if (!refused(header)) {
    const sections = readSections(file, header);
    if (!refused(sections)) readSymbols(file, sections).forEach(({ name }) => name.length);
  }
  const image = parseElf(file, RULES);
  if (refused(image)) {
    assert(image.text.includes("; expected "), image.text);
    return "refused";
  }
  let end = image.plan.low;
  for (const piece of image.plan.pieces) {
    assert(piece.address >= end && piece.address % 4096 === 0);
    assert(piece.fileBytes % 4096 === 0 && piece.freshBytes % 4096 === 0);
    assert(piece.zeroBytes >= 0 && piece.zeroBytes < 4096);
    assert(piece.fileOffset >= 0 && piece.fileOffset % 4096 === 0);
    assert(piece.fileOffset < Math.max(1, file.length));
    end = piece.freshAddress + piece.freshBytes;
  }
  assertEquals(end, image.plan.low + image.plan.span);
  return "parsed";
}

/** The same numbers every time (xorshift). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
