/**
 * The self-check of the engine: nothing is used that the closure of the beginning does not allow.
 *
 * @module
 */
import type { Row } from "../../kernel/syscall/row.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Request } from "../../kernel/task/thread.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import type { News, Run } from "../run/run.ts";
import { handleArguments, type Step } from "../step.ts";
import { type AuthorityGraph, graphOf } from "./authority_graph.ts";
import { Closure, type Rule, RULES } from "./closure.ts";
import { exercisedBy } from "./exercise.ts";

const ROWS: Readonly<Record<string, Row>> = ZIRCON_ROWS;

/** Checks all runs of one scenario, which begin alike. */
export class AuthorityCheck implements News {
  /** What was used and must not have been, in sentences. */
  readonly breaches = new Set<string>();
  readonly #rules: readonly Rule[];
  readonly #known = new Set<string>();
  /** What was found good: for each process, the calls, and for each call the one object it named. */
  readonly #good = new Map<number, Map<string, Set<number>>>();
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
      this.#isGood(run, step);
    }
  }

  /** What was found good in one run is so in all; calls that name several objects are always seen. */
  isNew({ koid, handleTable }: Process, { call, args = NO_ARGS }: Request): boolean {
    const good = this.#good.get(koid)?.get(call);
    if (!good) return true;
    const [name, another] = handleArguments(ROWS[call]!);
    if (another !== undefined || namesMany(args)) return true;
    if (name === undefined) return false;
    const handle = handleTable.get(args[name] as number);
    return !handle || !good.has(handle.object.koid);
  }

  #isGood(run: Run, { program, call, objects, sent }: Step): void {
    const named = Object.values(objects);
    const process = run.processOf(program);
    if (!process || named.length > 1 || sent.length > 0) return;
    const calls = this.#good.get(process.koid) ?? new Map<string, Set<number>>();
    this.#good.set(process.koid, calls);
    const good = calls.get(call) ?? new Set();
    calls.set(call, good);
    for (const { koid } of named) good.add(koid);
  }

  #check(step: Step): void {
    for (const { program, koid, object, right } of exercisedBy([step])) {
      if (!this.#graph!.objects.has(koid) || this.#closure!.may(program, koid, right)) continue;
      this.breaches.add(breachText(program, object, right));
    }
  }
}

const NO_ARGS: Readonly<Record<string, unknown>> = {};

/** Whether a call's arguments have handles in lists. */
function namesMany({ handles, items, args }: Readonly<Record<string, unknown>>): boolean {
  return handles !== undefined || items !== undefined || args !== undefined;
}

/** What is said of authority that was used and that no rule allows. */
export function breachText(program: string, object: string, right: string): string {
  return `${program} used ${right} on ${object}, which no rule allows: the engine is wrong`;
}

function keyOf({ program, call, objects, sent }: Step): string {
  const koids = [...Object.values(objects), ...sent].map(({ koid }) => koid);
  return `${program} ${call} ${koids.join(" ")}`;
}
