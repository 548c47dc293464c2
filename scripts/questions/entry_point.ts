/**
 * How is the entry point determined?
 *
 * @module
 */
import { basename } from "@std/path";
import {
  elfOf,
  hex,
  imageAtEntry,
  lastStep,
  loadsOf,
  mappingAt,
  printAnswers,
  question,
  titleOf,
  type Witness,
  witnesses,
  WORDS,
} from "./witness.ts";

/** How one model determined it. */
export interface Entry {
  /** Whom it is told by. */
  readonly title: string;
  /** The address of the first instruction. */
  readonly entry: number;
  /** The image that the instruction is in. */
  readonly image: string;
  /** Where that image was put, above the addresses in its file. */
  readonly bias: number;
  /** Whether the image is the program itself, and not its dynamic linker. */
  readonly isProgram: boolean;
  /** The program's own entry, with its bias where the image is the program. */
  readonly programEntry: number;
  /** The last thing that was done before it. */
  readonly by: string;
}

/** What every model did. */
export function entries(): Entry[] {
  return [...witnesses(), ...witnesses(true)].map((witness) => entryOf(witness));
}

/** Print it. */
export default question("entry_point", "How is the entry point determined?", () => {
  const answers = entries().map((one) => {
    const { title, entry, image, bias, isProgram, programEntry, by } = one;
    const sum = bias === 0
      ? `${hex(entry)}, the e_entry of ${image}: it is linked to fixed addresses`
      : `${hex(entry)} = ${hex(bias)}, where ${image} is, + its e_entry ${hex(entry - bias)}`;
    const own = isProgram ? [] : [`the program's own e_entry, ${hex(programEntry)}, is for later`];
    return [title, sum, ...own, `given by ${by}`];
  });
  printAnswers(answers);
});

function entryOf(witness: Witness): Entry {
  const { entry } = witness.report.start;
  const image = imageAtEntry(witness);
  const name = basename(image);
  const isProgram = name === WORDS[0];
  const mapped = mappingAt(witness, entry)?.name;
  const those = witness.report.mappings.filter((one) => one.name === mapped);
  const base = Math.min(...those.map(({ address }) => address));
  const elf = isProgram ? witness : elfOf(witness.libraries[`lib/${name}`]!);
  const [first] = loadsOf(elf);
  const bias = base - (first!.address - first!.address % 4096);
  return {
    title: titleOf(witness),
    entry,
    image,
    bias,
    isProgram,
    programEntry: witness.header.entry,
    by: lastStep(witness),
  };
}
