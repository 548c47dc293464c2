/**
 * One step of the schedule at hand, and what else could be done in its place.
 *
 * @module
 */
import { Footprint } from "./footprint.ts";

/** How many actors there can be: sets of them are bits of one number. */
export const ACTORS_MAX = 30;

/** A place in a schedule. Actors are numbers; sets of them are bits. */
export class SearchNode {
  /** Who could take this step. */
  enabled = 0;
  /** Who is to be tried here. */
  todo = 0;
  /** Who has been tried here. */
  done = 0;
  /** Who need not be tried: what follows is covered elsewhere. */
  asleep = 0;
  /** Who takes this step now. */
  slot = -1;
  /** Who took the step before, if that one could go on; -1 otherwise. */
  previous = -1;
  /** How many times an actor that could go on was interrupted, up to and with this step. */
  preemptions = 0;
  /** Who can take steps because of this one. */
  wakes = 0;
  /** Whether time passed before this step. */
  afterTime = false;
  /** For each actor, how many of the first steps come before the end of this one, whatever the order. */
  readonly clock = new Int32Array(ACTORS_MAX);
  /** What this step depends on. */
  readonly footprint = new Footprint();
  /** For each actor tried here or asleep: what its step depends on. */
  readonly footprints: Footprint[] = [];

  /** Forget what was known of another place. */
  reset(): void {
    this.enabled =
      this.todo =
      this.done =
      this.asleep =
      this.wakes =
        0;
    this.slot = this.previous = -1;
    this.afterTime = false;
  }

  /** Remember what an actor's step depends on here. */
  remember(slot: number, footprint: Footprint): void {
    (this.footprints[slot] ??= new Footprint()).copy(footprint);
  }
}
