/**
 * Ways to choose who takes the next step, besides searching: in turn, by chance, by a recording.
 *
 * @module
 */
import type { Actor } from "../run/actor.ts";
import type { Strategy } from "../run/run.ts";
import { ScenarioError } from "../scenario_error.ts";
import { SeededEntropy } from "../machine/seeded_entropy.ts";

/** Everybody in turn: who has waited longest. */
export class InTurn implements Strategy {
  #last = -1;

  choose(ready: readonly Actor[]): Actor {
    const actor = ready.find((one) => one.slot > this.#last) ?? ready[0]!;
    this.#last = actor.slot;
    return actor;
  }
}

/** Anybody, by chance. */
export class AtRandom implements Strategy {
  readonly #chance: SeededEntropy;

  /** The schedule of a seed. */
  constructor(seed: number) {
    this.#chance = new SeededEntropy(seed);
  }

  choose(ready: readonly Actor[]): Actor {
    return ready[this.#chance.next() % ready.length]!;
  }
}

/**
 * Whoever has the highest priority, where priorities are drawn by chance and a few times, at steps
 * drawn by chance, whoever is running falls below everybody. A bug that needs few interruptions is
 * found with a chance that does not depend on how the rest interleaves.
 */
export class ByPriority implements Strategy {
  readonly #chance: SeededEntropy;
  readonly #priorities: number[] = [];
  readonly #changes: ReadonlySet<number>;
  #step = 0;
  #lowest = 0;

  /** The schedule of a seed, with so many interruptions within so many steps. */
  constructor(seed: number, { changes, steps }: { changes: number; steps: number }) {
    this.#chance = new SeededEntropy(seed);
    this.#changes = new Set(
      Array.from({ length: changes }, () => 1 + this.#chance.next() % Math.max(1, steps)),
    );
  }

  choose(ready: readonly Actor[]): Actor {
    let best = this.#best(ready);
    if (this.#changes.has(++this.#step)) {
      this.#priorities[best.slot] = --this.#lowest;
      best = this.#best(ready);
    }
    return best;
  }

  #best(ready: readonly Actor[]): Actor {
    return ready.reduce((one, other) => this.#priority(other) > this.#priority(one) ? other : one);
  }

  #priority({ slot }: Actor): number {
    return this.#priorities[slot] ??= 1 + this.#chance.next();
  }
}

/** The same choices as another run; afterwards everybody in turn. */
export class Replay implements Strategy {
  readonly #choices: readonly number[];
  readonly #force: boolean;
  readonly #rest = new InTurn();
  /** How many of the choices were followed. */
  followed = 0;
  #left = false;

  /** Follow choices; with `force`, only as far as they can be followed. */
  constructor(choices: readonly number[], force = false) {
    this.#choices = choices;
    this.#force = force;
  }

  choose(ready: readonly Actor[]): Actor {
    if (this.#left || this.followed === this.#choices.length) return this.#rest.choose(ready);
    const slot = this.#choices[this.followed];
    const actor = ready.find((one) => one.slot === slot);
    if (actor) {
      this.followed++;
      return actor;
    }
    if (!this.#force) {
      throw new ScenarioError(
        `the token does not fit: at step ${
          this.followed + 1
        } the program that it names cannot go on; --force-prefix follows it as far as it does`,
      );
    }
    this.#left = true;
    return this.#rest.choose(ready);
  }
}

/** Follows choices so far and no further. */
export class Prefix implements Strategy {
  readonly #choices: readonly number[];
  #at = 0;
  /** Who could take the step behind the last. */
  ready: readonly number[] = [];

  /** Follow these. */
  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  choose(ready: readonly Actor[]): Actor | null {
    if (this.#at === this.#choices.length) this.ready = ready.map(({ slot }) => slot);
    const slot = this.#choices[this.#at++];
    return ready.find((one) => one.slot === slot) ?? null;
  }
}
