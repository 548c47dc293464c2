/**
 * A process and a model of what it asks for, that make random steps together and must agree after each.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Operation } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Audit } from "./audit.ts";
import { ScriptKernel } from "./scripts.ts";

/** A process and a model. */
export interface Pair<S> {
  /** Make what the steps are about, if there has to be something. */
  begin?(): Operation<void>;
  /** Make a step on both sides; they differ in nothing that can be seen. */
  step(step: S): Operation<void>;
  /** Look at everything, where that is too much for every step. */
  check?(): Operation<void>;
}

/** What may come by chance. */
export interface Chance<S> {
  /** Any step. */
  readonly step: fc.Arbitrary<S>;
  /** How many steps there are at most. */
  readonly steps: number;
  /** How many runs there are, and how many if there is time. */
  readonly runs: number;
  readonly long: number;
}

/** Let pairs make random steps; each run leaves everything as it was, and is under audit. */
export function agree<S>(
  { step, steps: maxLength, runs, long }: Chance<S>,
  pairOf: (process: Process) => Pair<S>,
): void {
  const numRuns = Deno.args.includes("--long") ? long : runs;
  fc.assert(
    fc.property(fc.array(step, { maxLength, size: "max" }), (steps) => {
      const machine = new ScriptKernel();
      const { realm } = machine.kernel;
      const before = [realm.census(), realm.memory.freeFrames, 0];
      const audit = new Audit(machine.kernel);
      try {
        machine.run1((process) => together(pairOf(process), steps));
        audit.end();
        assertEquals([realm.census(), realm.memory.freeFrames, realm.kept], before);
      } finally {
        audit.leave();
      }
    }),
    { seed: 20_26, numRuns },
  );
}

function* together<S>(pair: Pair<S>, steps: readonly S[]): Operation<void> {
  if (pair.begin) yield* pair.begin();
  for (const [at, step] of steps.entries()) {
    yield* pair.step(step);
    if (at % 4 === 3 && pair.check) yield* pair.check();
  }
  if (pair.check) yield* pair.check();
}
