/**
 * What the runs of one scenario have in common: the setup, what is known of its claims, and memory.
 *
 * @module
 */
import type { Machine } from "../../cpu/machine.ts";
import { createProcessor } from "../../cpu/mod.ts";
import { stallText } from "../telling/blame.ts";
import { withoutChance } from "./chance.ts";
import { BytePool } from "../../kernel/object/byte_pool.ts";
import { PAGE_SIZE, type Processor } from "../../kernel/ports.ts";
import type { ClaimRecord } from "../claim.ts";
import type { Cast } from "./director.ts";
import { Footprint } from "../explore/footprint.ts";
import { OutOfPatience, Patience, Slice } from "./patience.ts";
import { PlainMemory } from "./plain_memory.ts";
import { type News, Run, type Setup, type Strategy } from "./run.ts";
import { ScenarioError } from "../scenario_error.ts";
import type { Step } from "../step.ts";

/** Frames that machines with a processor have. */
const MACHINE_FRAMES = 2048;

/** For how long a scenario's code may compute without a call unless told, in seconds. */
export const PATIENCE_SECONDS = 10;

/** Thrown where a setup brings machine code and there is nothing yet to execute it. */
class ProcessorWanted extends Error {}

/** What runs of one scenario have in common. */
export class Stage {
  /** Sets the world up. */
  readonly setup: Setup;
  /** The numbers of actors. */
  readonly cast: Cast;
  /** The claims, in the order that the setup makes them. */
  readonly records: ClaimRecord[] = [];
  /** What the scenario says is not modelled. */
  readonly leftOut = new Set<string>();
  /** The frames of the one machine there is at a time. */
  readonly memory: PlainMemory;
  /** What executes machine code, once a setup has asked for it. */
  processor: Machine | null = null;
  /** What the step under way depends on, in whichever run that is. */
  readonly footprint = new Footprint();
  /** Arrays of bytes that earlier runs have used. */
  readonly pool = new BytePool();
  /** Where chance begins. */
  readonly seed: number;
  /** How many steps a run may have. */
  stepsMax: number;
  /** How many runs there have been. */
  runs = 0;
  /** For how long the scenario's code may compute without a call. */
  readonly patience: Patience;
  /** The run that was begun last, set up or not. */
  begun: Run | null = null;
  readonly #frames: number;
  #last: Run | null = null;
  /** What each program did in the first run. */
  readonly #mains = new Map<string, unknown>();

  /** The stage of a scenario. */
  constructor(
    setup: Setup,
    cast: Cast,
    { seed, stepsMax, frames, patience = PATIENCE_SECONDS, times = 1 }: {
      readonly seed: number;
      readonly stepsMax: number;
      readonly frames: number;
      readonly patience?: number;
      readonly times?: number;
    },
  ) {
    this.patience = new Patience(patience, times);
    this.#frames = frames;
    this.setup = setup;
    this.cast = cast;
    this.memory = new PlainMemory(frames);
    this.seed = seed;
    this.stepsMax = stepsMax;
  }

  /** A run that has not begun; where its setup brings machine code, there is a processor for it. */
  newRun(
    strategy: Strategy,
    onStep: ((step: Step, run: Run) => void) | null,
    news: News | null = null,
  ): Run {
    this.#last?.clear();
    // A program that counts instructions counts those of its own run.
    this.processor?.restart();
    this.runs++;
    try {
      return this.#last = new Run(this, strategy, onStep, news);
    } catch (error) {
      if (!(error instanceof ProcessorWanted)) throw error;
      this.processor = createProcessor({
        memoryBytes: MACHINE_FRAMES * PAGE_SIZE,
        // Runs are short and many, each with its code in fresh memory: compiling never pays.
        tier: "interpreter",
      });
      return this.#last = new Run(this, strategy, onStep, news);
    }
  }

  /** Another stage of the same scenario, with the same numbers of actors and nothing known of claims. */
  again(): Stage {
    const { seed, stepsMax, patience: { seconds, times } } = this;
    return new Stage(this.setup, this.cast, {
      seed,
      stepsMax,
      frames: this.#frames,
      patience: seconds,
      times,
    });
  }

  /** Do something with runs of this stage: without chance, and to its end, or to one in a sentence. */
  guarded<T>(deed: () => T): T {
    try {
      return withoutChance(deed, this.patience);
    } catch (error) {
      if (!(error instanceof OutOfPatience)) throw error;
      const { begun } = this;
      // Whatever it is in the middle of, nothing can be made of that any more.
      this.#last = this.processor = null;
      throw error.isStalled && begun ? new ScenarioError(stallText(this)) : error;
    }
  }

  /** Do work that comes in pieces, many of them at a time. */
  work<T>(pieces: Iterator<void, T>): T {
    for (;;) {
      const step = this.guarded(() => {
        const slice = new Slice();
        let step = pieces.next();
        while (!step.done && !slice.over) step = pieces.next();
        return step;
      });
      if (step.done) return step.value;
    }
  }

  /** What executes machine code; where there is nothing yet, the run at hand begins anew with it. */
  wantedProcessor(): Processor {
    if (this.processor) return this.processor;
    throw new ProcessorWanted();
  }

  /** Whether what a program does is another function than in the first run. */
  isNew(program: string, main: unknown): boolean {
    if (this.runs === 1) this.#mains.set(program, main);
    return this.#mains.get(program) !== main;
  }

  /** How much the claims are known to look at. */
  get growth(): number {
    return this.records.reduce((sum, record) => sum + record.sight.growth, 0);
  }
}
