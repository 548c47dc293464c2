/**
 * The authority of a run: what programs held at its start, what they used, what they could have used.
 *
 * @module
 */
import type { RightName } from "../../kernel/abi.ts";
import type { Run } from "../run/run.ts";
import type { Step } from "../step.ts";
import { type AuthorityGraph, graphOf, heldIn } from "./authority_graph.ts";
import { AuthoritySet } from "./authority_set.ts";
import { Closure, type Rule, RULES } from "./closure.ts";
import { dotOf, Drawing, svgOf } from "./drawing.ts";
import { exercisedBy } from "./exercise.ts";
import { ScenarioError } from "../scenario_error.ts";

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
  /**
   * Who could come to use a right on an object, which is named or given by its identity, at any
   * time of the run: each with the way there, and since which step.
   */
  whoCanReach(object: number | string, right: RightName): ReadonlyMap<string, Reach>;
  /** The first step after which a program held an object with a right; undefined if it never did. */
  firstHeld(program: string, koid: number, right: RightName): number | undefined;
  /** The graph before the first step, for Graphviz. */
  toDot(): string;
  /** The graph before the first step, drawn. */
  toSvg(): Promise<string>;
  /** The same for Deno's notebooks, where the last line of a cell shows itself. */
  drawing(): Promise<Drawing>;
}

/** That a program could come to use a right on an object. */
export interface Reach {
  /** The way there: who had it first, and then a rule and a deed for each time it is passed on. */
  readonly path: readonly string[];
  /** The first step after which it could; 0 is before the first one. */
  readonly since: number;
  /** The first step after which it held the right itself; undefined if it never did in this run. */
  readonly heldSince: number | undefined;
}

/** Gathers the authority of a run while it runs. */
export class AuthorityWatch {
  /** Who held what before the first step, and after each. */
  readonly #graphs: AuthorityGraph[];
  readonly #rules: readonly Rule[];
  readonly #closures: Closure[] = [];
  readonly #first = new Map<string, number>();

  /** Watch a run that has not begun; authority spreads by these rules. */
  constructor(run: Run, rules: readonly Rule[] = RULES) {
    this.#rules = rules;
    this.#graphs = [graphOf(run.programs)];
    this.#note(heldIn(this.#graphs[0]!), 0);
  }

  /** A step was taken. */
  stepped(run: Run): void {
    const graph = graphOf(run.programs);
    this.#graphs.push(graph);
    this.#note(heldIn(graph), run.step);
  }

  /** What came of it. */
  report(steps: readonly Step[]): AuthorityReport {
    const graph = this.#graphs[0]!;
    const observed = exercisedBy(steps);
    const closure = this.#closureAt(0).authority;
    const old = new AuthoritySet([...observed].filter(({ koid }) => graph.objects.has(koid)));
    return {
      held: heldIn(graph),
      observed,
      closure,
      gap: closure.minus(observed),
      breach: old.minus(closure),
      whoCanReach: (object, right) => this.#whoCanReach(object, right),
      firstHeld: (program, koid, right) => this.#first.get(`${program} ${koid} ${right}`),
      toDot: () => dotOf(graph),
      toSvg: () => svgOf(graph),
      drawing: async () => new Drawing(await svgOf(graph)),
    };
  }

  #whoCanReach(object: number | string, right: RightName): Map<string, Reach> {
    const koid = typeof object === "number" ? object : this.#koidOf(object);
    const found = new Map<string, Reach>();
    this.#graphs.forEach((_, since) => {
      for (const [program, path] of this.#closureAt(since).whoCanReach(koid, right)) {
        const heldSince = this.#first.get(`${program} ${koid} ${right}`);
        if (!found.has(program)) found.set(program, { path, since, heldSince });
      }
    });
    return found;
  }

  #koidOf(name: string): number {
    for (const { objects } of this.#graphs) {
      for (const [koid, object] of objects) if (object.name === name) return koid;
    }
    throw new ScenarioError(`no program holds an object named ${name} in this run`);
  }

  #closureAt(step: number): Closure {
    return this.#closures[step] ??= new Closure(this.#graphs[step]!, this.#rules);
  }

  #note(held: AuthoritySet, step: number): void {
    for (const { program, koid, right } of held) {
      const key = `${program} ${koid} ${right}`;
      if (!this.#first.has(key)) this.#first.set(key, step);
    }
  }
}
