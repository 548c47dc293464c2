/**
 * Denials over many schedules: each kind of them once, with how often it was met.
 *
 * @module
 */
import type { Step } from "../step.ts";
import { denialText } from "./step_text.ts";

/** Gathers denials. */
export class Denials {
  readonly #known = new Map<string, { readonly text: readonly string[]; schedules: number }>();
  #schedules = 0;

  /** The steps of one more schedule. */
  add(steps: readonly Step[]): void {
    this.#schedules++;
    const here = new Set<string>();
    for (const step of steps) {
      const { denial, program, refusedOn } = step;
      if (!denial) continue;
      const { syscall, status, wanted, held, rule } = denial;
      const key = [program, syscall, status, refusedOn, wanted, held, rule].join("\n");
      const found = this.#known.get(key) ?? { text: denialText(step, denial), schedules: 0 };
      this.#known.set(key, found);
      if (!here.has(key)) found.schedules++;
      here.add(key);
    }
  }

  /** All of them as lines, in the order that they were met. */
  get lines(): string[] {
    return [...this.#known.values()].flatMap(({ text: [head = "", ...rest], schedules }) => {
      return [`${head}, in ${schedules} of ${this.#schedules} schedules`, ...rest];
    });
  }
}
