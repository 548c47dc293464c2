/**
 * Time travel: a run of a scenario that goes forward and back, step by step.
 *
 * Going back is running again from the beginning, which leads to the same place: nothing in a run
 * depends on anything but the choices.
 *
 * @module
 */
import { failuresOf } from "./telling/blame.ts";
import { InTurn, Prefix } from "./explore/strategies.ts";
import type { Run, Strategy } from "./run/run.ts";
import { ScenarioError } from "./scenario_error.ts";
import { tokenOf } from "./explore/token.ts";
import type { Stage } from "./run/stage.ts";
import type { Step } from "./step.ts";
import { stateText } from "./telling/state_text.ts";
import { denialText, stepText } from "./telling/step_text.ts";

/** Follows choices, and then another strategy. */
class Onward implements Strategy {
  readonly #choices: readonly number[];
  readonly #rest: Strategy = new InTurn();
  #at = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  choose(...[ready, previous]: Parameters<Strategy["choose"]>): ReturnType<Strategy["choose"]> {
    const slot = this.#choices[this.#at++];
    if (slot === undefined) return this.#rest.choose(ready, previous);
    return ready.find((one) => one.slot === slot) ?? null;
  }
}

/** A run that one can go back and forth in. Step 0 is before the first. */
export interface Travel {
  /** How many steps have been taken. */
  readonly step: number;
  /** How many steps the run has. */
  readonly length: number;
  /** The step taken last; undefined before the first. */
  readonly last: Step | undefined;
  /** How the run ends, in words. */
  readonly ending: string;
  /** Who took each of the steps so far, as a token has them. */
  readonly choices: readonly number[];
  /** Repeats the steps so far, with `--replay`. */
  readonly token: string;
  /** Go to after a step, or as near as there is one; answers where it is then. */
  to(step: number): number;
  /** Go some steps on, or back where the number is negative. */
  by(steps: number): number;
  /**
   * Go on to the next step that has this in its line, such as `channelRead` or `deputy`; answers
   * whether there is one. Where there is none it stays.
   */
  runTo(text: string): boolean;
  /** Go back to the last step before this one that has this in its line. */
  backTo(text: string): boolean;
  /** The programs that can take the next step. */
  ready(): string[];
  /** Let a program take the next step, whoever would; what follows is another run from here on. */
  choose(program: string): void;
  /** Everything there is after this step: programs with their handles, and objects. */
  state(): string[];
  /** The line of a step, such as `3 deputy  vmoWrite(…) → OK`; of the one taken last unless told. */
  line(step?: number): string;
  /**
   * Why the step taken last could be: what refused it, where something did, and the steps that gave
   * the handles which it used, from last to first.
   */
  why(): string[];
}

/** Goes back and forth by running again. */
export class RepeatedRun implements Travel {
  readonly #stage: Stage;
  readonly #hash: string;
  #choices: readonly number[] = [];
  #steps: readonly Step[] = [];
  #ending = "";
  #at = 0;

  /** The run that a strategy chooses, before its first step; tokens are for the scenario of a hash. */
  constructor(stage: Stage, strategy: Strategy, hash: string) {
    this.#stage = stage;
    this.#hash = hash;
    this.#record(strategy);
  }

  get step(): number {
    return this.#at;
  }

  get length(): number {
    return this.#steps.length;
  }

  get last(): Step | undefined {
    return this.#steps[this.#at - 1];
  }

  get ending(): string {
    return this.#ending;
  }

  get choices(): readonly number[] {
    return this.#choices.slice(0, this.#at);
  }

  get token(): string {
    return tokenOf(this.#hash, this.choices);
  }

  to(step: number): number {
    return this.#at = Math.max(0, Math.min(step, this.length));
  }

  by(steps: number): number {
    return this.to(this.#at + steps);
  }

  runTo(text: string): boolean {
    const found = this.#steps.findIndex((step, at) =>
      at >= this.#at && lineOf(step).includes(text)
    );
    if (found >= 0) this.#at = found + 1;
    return found >= 0;
  }

  backTo(text: string): boolean {
    const found = this.#steps.findLastIndex((step, at) =>
      at < this.#at - 1 && lineOf(step).includes(text)
    );
    if (found >= 0) this.#at = found + 1;
    return found >= 0;
  }

  ready(): string[] {
    return this.#look((run, ready) => ready.map((slot) => programOf(run, slot)));
  }

  choose(program: string): void {
    const slot = this.#look((run, ready) => ready.find((one) => programOf(run, one) === program));
    if (slot === undefined) {
      const isKnown = this.#look((run) => run.programs.has(program));
      const what = isKnown
        ? `${program} cannot take the next step`
        : `there is no program ${program}`;
      throw new ScenarioError(`${what}; ${this.#whoCan()}`);
    }
    this.#record(new Onward([...this.choices, slot]));
    this.by(1);
  }

  state(): string[] {
    return this.#look(stateText);
  }

  line(step: number = this.#at): string {
    const found = this.#steps[step - 1];
    return found ? lineOf(found) : "before the first step";
  }

  why(): string[] {
    const { last } = this;
    if (!last) return ["no step has been taken yet"];
    const denial = last.denial ? denialText(last, last.denial) : [];
    const causes = this.#look((run) => {
      const same = run.history.findLast(({ number, program }) =>
        number === last.number && program === last.program
      );
      return same ? run.provenance.causesOf(same).map(lineOf) : [];
    });
    if (causes.length > 0) return [...denial, "it came to the handle by", ...causes.map(indented)];
    const own = "nothing that it used came in a message";
    return denial.length > 0 ? denial : [own];
  }

  /** How Deno's notebooks show it: every step, with the place where one is, and the state there. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    const lines = this.#steps.map((step, at) =>
      `${at + 1 === this.#at ? ">" : " "} ${lineOf(step)}`
    );
    return { "text/plain": [...lines, this.#ending, "", ...this.state()].join("\n") };
  }

  #whoCan(): string {
    const ready = this.ready();
    return ready.length === 0 ? "nobody can" : `${ready.join(" and ")} can`;
  }

  #record(strategy: Strategy): void {
    const steps: Step[] = [];
    const [run, ending] = this.#stage.guarded(() => {
      const run = this.#stage.newRun(strategy, (step) => steps.push(step));
      return [run, run.go()];
    });
    this.#choices = [...run.choices];
    this.#steps = steps;
    const [failure] = failuresOf(run, this.#stage);
    const claim = run.violation?.record.name;
    if (failure) this.#ending = failure;
    else if (claim) this.#ending = `"${claim}" is violated`;
    else this.#ending = ending === "steps" ? "there are more steps" : "nobody can go on";
    this.#at = Math.min(this.#at, steps.length);
  }

  /** Look at the machine as it is now. */
  #look<T>(eye: (run: Run, ready: readonly number[]) => T): T {
    const prefix = new Prefix(this.choices);
    const run = this.#stage.guarded(() => {
      const run = this.#stage.newRun(prefix, () => {});
      run.go();
      return run;
    });
    return eye(run, prefix.ready);
  }
}

function lineOf(step: Step): string {
  return `${step.number} ${step.program}  ${stepText(step)}`;
}

function indented(line: string): string {
  return `  ${line}`;
}

function programOf(run: Run, slot: number): string {
  return run.nameOf(run.director.actors[slot]!.thread);
}
