/**
 * Why something was refused, in one sentence.
 *
 * @module
 */
import { statusName } from "./abi.ts";
import type { Denial } from "./events.ts";

/**
 * A denial as a sentence: what was refused and how, by which rule, what was held, and the least that
 * would have changed the answer.
 */
export function explain(denial: Denial): string {
  const { syscall, status, argument, koid, type, wanted, held, rule, grant } = denial;
  const about = koid === 0 ? argument : `${argument} (${type} ${koid})`;
  return `${syscall} answered ${statusName(status)} because of ${about}: ${rule}; ` +
    `it takes ${wanted}, and there is ${held}. What would do: ${grant}.`;
}
