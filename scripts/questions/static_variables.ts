/**
 * Which logic initialises static variables, and where do the bytes of .bss come from?
 *
 * @module
 */
import type { ElfSegment } from "../../loader/elf.ts";
import type { LoadMapping } from "../../lab/load/report.ts";
import {
  hex,
  loadsOf,
  printAnswers,
  question,
  titleOf,
  type Witness,
  witnesses,
} from "./witness.ts";

/** Where the bytes of writable memory come from. */
export interface StaticVariables {
  /** The model. */
  readonly title: string;
  /** How many bytes the file has for them. */
  readonly inFile: number;
  /** How many more there are in memory: .bss. */
  readonly beyond: number;
  /** The mapping with the file's bytes; undefined if the file has none. */
  readonly data: LoadMapping | undefined;
  /** The mapping with nothing but zeros; undefined if they fit behind the data. */
  readonly zeros: LoadMapping | undefined;
  /** Who puts zeros behind the data, in its last page; empty if nobody has to. */
  readonly tail: string;
  /** How many of their pages were there before the first instruction. */
  readonly pagesAtEntry: number;
}

const PAGE = 4096;

/** Where they come from in every model. */
export function staticVariables(): StaticVariables[] {
  return witnesses().map((witness) => {
    const { report } = witness;
    const segment = loadsOf(witness).find(({ flags }) => (flags & 2) !== 0)!;
    const base = biasOf(witness) + segment.address;
    const at = (address: number) =>
      report.mappings.find((one) =>
        address >= one.address && address < one.address + one.length && one.access.includes("w")
      );
    const data = segment.fileSize > 0 ? at(base) : undefined;
    const last = at(base + segment.memorySize - 1);
    const zeros = last === data ? undefined : last;
    return {
      title: titleOf(witness),
      inFile: segment.fileSize,
      beyond: segment.memorySize - segment.fileSize,
      data,
      zeros,
      tail: tailOf(witness, segment),
      pagesAtEntry: (data?.pages ?? 0) + (zeros?.pages ?? 0),
    };
  });
}

/** Print it. */
export default question(
  "static_variables",
  "Which logic initialises static variables, and where do the bytes of .bss come from?",
  () => {
    const answers = staticVariables().map((one) => {
      const { title, inFile, beyond, data, zeros, tail, pagesAtEntry } = one;
      const where = (mapping: LoadMapping) =>
        `${hex(mapping.address)}, ${mapping.backing}, by ${mapping.who}: ${mapping.how}`;
      return [
        title,
        data ? `.data, ${inFile} bytes of the file: ${where(data)}` : "the file has no .data",
        ...(tail ? [`zeros in the last page of the file's bytes: ${tail}`] : []),
        zeros ? `.bss, ${beyond} bytes: ${where(zeros)}` : `.bss, ${beyond} bytes: behind .data`,
        `${pagesAtEntry} of these pages are there before the first instruction`,
      ];
    });
    printAnswers(answers);
  },
);

/** What is added to the addresses in the file. */
function biasOf(witness: Witness): number {
  return witness.report.start.entry - witness.header.entry;
}

/** Who puts zeros where the file's last page goes on behind the data. */
function tailOf({ report, model }: Witness, segment: ElfSegment): string {
  const end = segment.address + segment.fileSize;
  if (segment.memorySize === segment.fileSize || end % PAGE === 0) return "";
  const step = report.steps.find(({ what }) => what === "padzero" || what === "zx_vmo_op_range");
  if (step) return `${step.who}: ${step.what} ${step.detail}`.trimEnd();
  const copied = report.copied.find(({ what }) => /zero/.test(what));
  if (copied) return `${copied.who}: ${copied.bytes} bytes, ${copied.what}`;
  return model === "userland-exec" ? "fresh memory is zeros already" : "";
}
