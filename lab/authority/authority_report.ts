/**
 * The authority of a run: what programs held at its start, what they used, what they could have used.
 *
 * @module
 */
import type { RightName } from "../../kernel/abi.ts";
import type { Run } from "../run.ts";
import type { Step } from "../step.ts";
import { type AuthorityGraph, graphOf, heldIn } from "./authority_graph.ts";
import { AuthoritySet } from "./authority_set.ts";
import { Closure } from "./closure.ts";
import { dotOf, svgOf } from "./drawing.ts";
import { exercisedBy } from "./exercise.ts";

/** What is known of the authority in a scenario, from one run of it. */
export interface AuthorityReport {
  /** What programs held before the first step. */
  readonly held: AuthoritySet;
  /** What they used. */
  readonly observed: AuthoritySet;
  /** What they could have come to use of what there was, whatever they do. */
  readonly closure: AuthoritySet;
  /** What they could have used and did not. */
  readonly gap: AuthoritySet;
  /** What they used that the closure does not allow: never anything, or the engine is wrong. */
  readonly breach: AuthoritySet;
  /** Who could come to use a right on an object, each with the way there. */
  whoCanReach(koid: number, right: RightName): ReadonlyMap<string, readonly string[]>;
  /** The first step after which a program held an object with a right; undefined if it never did. */
  firstHeld(program: string, koid: number, right: RightName): number | undefined;
  /** The graph before the first step, for Graphviz. */
  toDot(): string;
  /** The graph before the first step, drawn. */
  toSvg(): Promise<string>;
}

/** Gathers the authority of a run while it runs. */
export class AuthorityWatch {
  readonly #graph: AuthorityGraph;
  readonly #closure: Closure;
  readonly #first = new Map<string, number>();

  /** Watch a run that has not begun. */
  constructor(run: Run) {
    this.#graph = graphOf(run.programs);
    this.#closure = new Closure(this.#graph);
    this.#note(heldIn(this.#graph), 0);
  }

  /** A step was taken. */
  stepped(run: Run): void {
    this.#note(heldIn(graphOf(run.programs)), run.step);
  }

  /** What came of it. */
  report(steps: readonly Step[]): AuthorityReport {
    const observed = exercisedBy(steps);
    const closure = this.#closure.authority;
    const old = new AuthoritySet([...observed].filter(({ koid }) => this.#graph.objects.has(koid)));
    return {
      held: heldIn(this.#graph),
      observed,
      closure,
      gap: closure.minus(observed),
      breach: old.minus(closure),
      whoCanReach: (koid, right) => this.#closure.whoCanReach(koid, right),
      firstHeld: (program, koid, right) => this.#first.get(`${program} ${koid} ${right}`),
      toDot: () => dotOf(this.#graph),
      toSvg: () => svgOf(this.#graph),
    };
  }

  #note(held: AuthoritySet, step: number): void {
    for (const { program, koid, right } of held) {
      const key = `${program} ${koid} ${right}`;
      if (!this.#first.has(key)) this.#first.set(key, step);
    }
  }
}
