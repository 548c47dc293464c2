/**
 * Is the entry our main? What runs before it?
 *
 * @module
 */
import { mainAddress } from "../../lab/load/main.ts";
import { hex, imageAtEntry, printAnswers, question, titleOf, witnesses } from "./witness.ts";

/** What runs before `main`. */
export interface BeforeMain {
  /** The model. */
  readonly title: string;
  /** Where `main` is in the file. */
  readonly main: number;
  /** Where the program begins, in its file; another file's address if a dynamic linker begins. */
  readonly entry: number;
  /** Whether a dynamic linker begins. */
  readonly startsInLinker: boolean;
  /** How many instructions run before `main`. */
  readonly instructions: number;
  /** How many run altogether. */
  readonly all: number;
  /** The system calls among them. */
  readonly calls: readonly string[];
}

/** What runs in every model. */
export function beforeMain(): BeforeMain[] {
  return [...witnesses(), ...witnesses(true)].map((witness) => {
    const { report, header, file } = witness;
    return {
      title: titleOf(witness),
      main: mainAddress(file)!,
      entry: header.entry,
      startsInLinker: /\.so/.test(imageAtEntry(witness)),
      instructions: report.instructionsToMain ?? -1,
      all: report.instructions,
      calls: (report.callsBeforeMain ?? []).map(({ name, count }) => `${count} × ${name}`),
    };
  });
}

/** Print it. */
export default question("before_main", "Is the entry our main? What runs before it?", () => {
  const answers = beforeMain().map((one) => {
    const where = one.startsInLinker
      ? `no: the dynamic linker is first, then _start at ${hex(one.entry)}`
      : `no: e_entry is ${hex(one.entry)}, _start`;
    return [
      one.title,
      `${where}; main is at ${hex(one.main)}`,
      `${one.instructions} of ${one.all} instructions run before it`,
      `calls: ${one.calls.join(", ") || "none"}`,
    ];
  });
  printAnswers(answers);
});
