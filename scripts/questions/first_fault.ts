/**
 * What does a page fault do, the first time that the entry is executed?
 *
 * @module
 */
import type { FirstFetch } from "../../lab/load/report.ts";
import { hex, printAnswers, question, titleOf, witnesses } from "./witness.ts";

/** What happened. */
export interface FirstFault {
  /** The model. */
  readonly title: string;
  /** The fault; null if the page was there already. */
  readonly fetch: FirstFetch | null;
}

/** What happened in every model. */
export function firstFaults(): FirstFault[] {
  return [...witnesses(), ...witnesses(true)].map((witness) => ({
    title: titleOf(witness),
    fetch: witness.report.firstFetch,
  }));
}

/** Print it. */
export default question(
  "first_fault",
  "What does a page fault do, the first time that the entry is executed?",
  () => {
    const answers = firstFaults().map(({ title, fetch }) => {
      if (!fetch) return [title, "there is none: the page was there when the program began"];
      const { address, result, name, backing, shown } = fetch;
      const source = backing === "file"
        ? "the page of the file itself, which whoever runs the program shares"
        : backing === "private copy"
        ? "the program's own copy, which nobody else sees"
        : "a page of zeros";
      return [
        title,
        `at ${hex(address)}, in ${name}: ${result}`,
        `what is shown is ${source}`,
        `${shown} page${shown === 1 ? "" : "s"} can be reached then that could not before`,
      ];
    });
    printAnswers(answers);
  },
);
