/**
 * The self-check of the engine: nothing is used that the closure of the beginning does not allow.
 *
 * @module
 */
import type { Run } from "../run.ts";
import type { Step } from "../step.ts";
import { type AuthorityGraph, graphOf } from "./authority_graph.ts";
import { Closure, type Rule, RULES } from "./closure.ts";
import { exercisedBy } from "./exercise.ts";

/** Checks all runs of one scenario, which begin alike. */
export class AuthorityCheck {
  /** What was used and must not have been, in sentences. */
  readonly breaches = new Set<string>();
  readonly #rules: readonly Rule[];
  readonly #known = new Set<string>();
  #graph: AuthorityGraph | null = null;
  #closure: Closure | null = null;

  /** A check against the closure by these rules. */
  constructor(rules: readonly Rule[] = RULES) {
    this.#rules = rules;
  }

  /** A run is about to begin. */
  begin(run: Run): void {
    if (this.#closure) return;
    this.#graph = graphOf(run.programs);
    this.#closure = new Closure(this.#graph, this.#rules);
  }

  /** A run is over. */
  end(run: Run): void {
    for (const step of run.history) {
      if (step.status !== 0 || step.call === "") continue;
      const key = keyOf(step);
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.#check(step);
    }
  }

  #check(step: Step): void {
    for (const { program, koid, object, right } of exercisedBy([step])) {
      if (!this.#graph!.objects.has(koid) || this.#closure!.may(program, koid, right)) continue;
      this.breaches.add(breachText(program, object, right));
    }
  }
}

/** What is said of authority that was used and that no rule allows. */
export function breachText(program: string, object: string, right: string): string {
  return `${program} used ${right} on ${object}, which no rule allows: the engine is wrong`;
}

function keyOf({ program, call, objects, sent }: Step): string {
  const koids = [...Object.values(objects), ...sent].map(({ koid }) => koid);
  return `${program} ${call} ${koids.join(" ")}`;
}
