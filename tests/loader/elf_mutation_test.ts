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
import { Mutator } from "../support/mutation.ts";

const LONG = Deno.args.includes("--long");
const FILES = LONG ? 10_000_000 : 200_000;
const RULES = { machine: Machine.RISCV, types: [FileType.EXEC, FileType.DYN] };
const HEADERS = 64 + 8 * 56;

Deno.test(`${FILES} mutated files each parse or are refused with a reason`, () => {
  const mutator = new Mutator(sampleElf(), { headers: HEADERS, seed: 0x5eed });
  const outcomes = { parsed: 0, refused: 0 };
  for (let round = 0; round < FILES; round++) outcomes[examine(mutator.next())]++;
  assertEquals(outcomes.parsed + outcomes.refused, FILES);
  assert(outcomes.parsed > FILES / 20, `${outcomes.parsed} parsed`);
  assert(outcomes.refused > FILES / 20, `${outcomes.refused} refused`);
});

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
