/**
 * What in a scenario is to blame, in sentences that name the line.
 *
 * @module
 */
import { CallSites } from "./call_sites.ts";
import { Prefix } from "../explore/strategies.ts";
import type { Run } from "../run/run.ts";
import { HeldHandle } from "../object_handle.ts";
import { placeOf, sentenceOf } from "../scenario_error.ts";
import type { Stage } from "../run/stage.ts";
import type { Step } from "../step.ts";
import { stepText } from "./step_text.ts";

/** A run that was told. */
export interface Told {
  /** Who took each step. */
  readonly choices: readonly number[];
  /** All that happened in it. */
  readonly steps: readonly Step[];
}

/** What programs of a run threw. */
export function failuresOf(run: Run, stage: Stage): string[] {
  return run.kernel.system.failures.map(({ name, error }) => {
    const place = placeOf(error) === "" ? lineOf(stage, run.choices, name) : "";
    return `program ${name} throws: ${sentenceOf(error, place)}${adviceFor(run, name)}`;
  });
}

/** Programs see the scenario's own handles around them, and can do nothing with those. */
function adviceFor(run: Run, program: string): string {
  const actor = run.director.actors.find((one) => one && run.nameOf(one.thread) === program);
  const given = Object.values(actor?.script?.request?.args ?? {});
  const odd = given.find((value) => value instanceof HeldHandle);
  return odd ? `; ${odd.name} is the scenario's: list it, and use what the function is given` : "";
}

/** What did not stop in the run that was begun last. */
export function stallText(stage: Stage): string {
  const run = stage.begun!;
  const { seconds } = stage.patience;
  const long = seconds === 1 ? "a second" : `${seconds} seconds`;
  if (run.world.isOpen) {
    const last = run.world.handles.at(-1);
    const after = last ? ` after ${last.name} (${last.place})` : "";
    return `the setup never ends: it went on for ${long}${after}`;
  }
  const claim = run.claims.asked;
  if (claim) return `${claim.kind} ${claim.name} never answers, in ${long} (${claim.place})`;
  const thread = run.director.current?.thread;
  if (!thread) return `the scenario never ends: it went on for ${long}`;
  const name = run.nameOf(thread);
  const { script } = run.director.current!;
  const call = script?.request?.call;
  const after = call ? `after ${call} ` : "";
  // The step under way is the one that does not end.
  const line = script ? lineOf(stage, run.choices.slice(0, -1), name) : "";
  return `program ${name} never yields: ${after}it went on for ${long} without a call` +
    (line === "" ? "" : ` (${line})`);
}

/** What differs between two runs of the same choices, where anything does. */
export function differenceOf(stage: Stage, one: Told, other: Told): string | null {
  const length = Math.max(one.steps.length, other.steps.length);
  for (let at = 0; at < length; at++) {
    const [before, after] = [one, other].map(({ steps }) => steps[at]);
    const [was, is] = [before, after].map((step) => step ? stepText(step) : "nothing more");
    if (was === is && before?.program === after?.program) continue;
    const { program, number } = (before ?? after)!;
    const line = lineOf(stage, one.choices.slice(0, number), program);
    return `the same choices led to another run: step ${number} of ${program} was once ${was} and ` +
      `then ${is}${line && ` (${line})`}; what a scenario remembers must be made in its setup, ` +
      "which is called for every run";
  }
  return null;
}

/** Where a program of a scenario was when choices had been followed: at a call, or at its beginning. */
function lineOf(stage: Stage, choices: readonly number[], program: string): string {
  const sites = new CallSites();
  const places = new Map<string, string>();
  const again = stage.again();
  try {
    sites.watch(() =>
      again.guarded(() => {
        const run = again.newRun(new Prefix(choices), (step) => {
          if (sites.last !== "") places.set(step.program, sites.last);
          sites.last = "";
        });
        run.go();
      })
    );
  } catch {
    // Whatever it is that happens now, something else was to be told.
  }
  const made = again.begun?.world.placeOf(program) ?? "";
  return places.get(program) ?? made;
}
