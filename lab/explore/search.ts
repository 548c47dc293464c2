/**
 * Every schedule that differs in more than the order of steps that do not matter to each other.
 *
 * Schedules are run again from the start, each with another choice at the last place where one is
 * left to try. Where two steps conflict and could have come the other way round, the other way is
 * put on the list (source sets); what was tried already sleeps until something conflicts with it
 * (sleep sets). Bounds cut schedules off, and a search that was cut says so.
 *
 * @module
 */
import type { Actor } from "../run/actor.ts";
import type { Strategy } from "../run/run.ts";
import { NondeterminismError, ScenarioError } from "../scenario_error.ts";
import type { Footprint } from "./footprint.ts";
import { ACTORS_MAX, SearchNode } from "./search_node.ts";

/** How to search. */
export interface SearchOptions {
  /** Whether steps that do not conflict are kept in one order. */
  readonly reduce: boolean;
  /** How many times an actor that could go on may be interrupted. */
  readonly preemptionsMax: number;
}

/** Drives runs through the schedules. */
export class Search implements Strategy {
  /** Whether a schedule was left out because it has too many preemptions. */
  cut = false;
  /** Whether the run at hand was given up because all that follows is covered elsewhere. */
  redundant = false;
  readonly asksFootprints: boolean;
  readonly #options: SearchOptions;
  readonly #nodes: SearchNode[] = [];
  /** How many steps the schedule at hand has. */
  #length = 0;
  /** How many of them were chosen before the run began. */
  #prefix = 0;
  #depth = 0;
  #timePassed = false;

  /** A search that has tried nothing. */
  constructor(options: SearchOptions) {
    this.asksFootprints = options.reduce;
    this.#options = options;
  }

  /** The next run begins. */
  begin(): void {
    this.#depth = 0;
    this.redundant = false;
    this.#timePassed = false;
  }

  choose(ready: readonly Actor[], previous: Actor | null): Actor | null {
    const depth = this.#depth;
    if (depth < this.#prefix) {
      const { slot } = this.#nodes[depth]!;
      this.#timePassed = false;
      const actor = actorIn(ready, slot);
      if (!actor) throw new NondeterminismError(NONDETERMINISM);
      return actor;
    }
    const node = this.#open(depth, ready, previous);
    const slot = this.#pick(node, depth);
    if (slot < 0) {
      this.redundant = true;
      return null;
    }
    this.#take(node, depth, slot);
    return actorIn(ready, slot)!;
  }

  stepped(actor: Actor, footprint: Footprint): void {
    const depth = this.#depth++;
    const node = this.#nodes[depth]!;
    if (depth < this.#prefix - 1) return;
    this.#length = depth + 1;
    this.#prefix = Math.max(this.#prefix, depth + 1);
    if (!this.#options.reduce) return;
    node.footprint.copy(footprint);
    node.remember(actor.slot, footprint);
    this.#order(depth);
  }

  woke(actor: Actor, by: Actor | null): void {
    if (by === null) {
      if (this.#depth > 0) this.#timePassed = true;
      return;
    }
    const node = this.#nodes[this.#depth];
    if (node) node.wakes |= 1 << actor.slot;
  }

  /** Go to the last place where something is left to try; answers whether there is one. */
  advance(): boolean {
    for (let depth = this.#length - 1; depth >= 0; depth--) {
      const node = this.#nodes[depth]!;
      const slot = this.#pick(node, depth);
      if (slot < 0) continue;
      this.#take(node, depth, slot);
      this.#length = this.#prefix = depth + 1;
      return true;
    }
    return false;
  }

  #open(depth: number, ready: readonly Actor[], previous: Actor | null): SearchNode {
    const node = this.#nodes[depth] ??= new SearchNode();
    node.reset();
    for (const { slot } of ready) {
      if (slot >= ACTORS_MAX) {
        throw new ScenarioError(`a scenario that is explored has at most ${ACTORS_MAX} threads`);
      }
      node.enabled |= 1 << slot;
    }
    if (previous && node.enabled & 1 << previous.slot) node.previous = previous.slot;
    node.afterTime = this.#timePassed;
    this.#timePassed = false;
    if (!this.#options.reduce) node.todo = node.enabled;
    else if (depth > 0) this.#inheritSleep(node, this.#nodes[depth - 1]!);
    return node;
  }

  /** Those stay asleep whose step does not conflict with the one just taken. */
  #inheritSleep(node: SearchNode, parent: SearchNode): void {
    const candidates = (parent.asleep | parent.done) & ~(1 << parent.slot);
    for (let slot = 0; candidates >>> slot; slot++) {
      if (!(candidates >>> slot & 1)) continue;
      const footprint = parent.footprints[slot]!;
      if (footprint.conflicts(parent.footprint)) continue;
      node.asleep |= 1 << slot;
      node.remember(slot, footprint);
    }
  }

  /** Who is to be tried next at a place, within the bound; -1 where nobody is left. */
  #pick(node: SearchNode, depth: number): number {
    const open = this.#options.reduce && node.done === 0
      ? node.enabled & ~node.asleep
      : node.todo & ~node.done & ~node.asleep;
    if (open === 0) return -1;
    if (node.previous >= 0 && open & 1 << node.previous) return node.previous;
    const before = depth > 0 ? this.#nodes[depth - 1]!.preemptions : 0;
    if (node.previous >= 0 && before >= this.#options.preemptionsMax) {
      this.cut = true;
      return -1;
    }
    return 31 - Math.clz32(open & -open);
  }

  #take(node: SearchNode, depth: number, slot: number): void {
    const before = depth > 0 ? this.#nodes[depth - 1]!.preemptions : 0;
    node.slot = slot;
    node.done |= 1 << slot;
    node.todo |= 1 << slot;
    node.wakes = 0;
    node.preemptions = before + (node.previous >= 0 && node.previous !== slot ? 1 : 0);
  }

  /** Learn what comes before the step at a depth in any order, and which steps race with it. */
  #order(depth: number): void {
    const nodes = this.#nodes;
    const node = nodes[depth]!;
    const { slot, clock, footprint } = node;
    clock.fill(0);
    let races: number[] | null = null;
    let timePassed = false;
    for (let at = depth - 1; at >= 0; at--) {
      const earlier = nodes[at]!;
      timePassed ||= nodes[at + 1]!.afterTime;
      const isOwn = earlier.slot === slot || (earlier.wakes >>> slot & 1) === 1;
      if (isOwn || timePassed) {
        join(clock, earlier.clock);
      } else if (clock[earlier.slot]! <= at && earlier.footprint.conflicts(footprint)) {
        (races ??= []).push(at);
        join(clock, earlier.clock);
      }
    }
    clock[slot] = depth + 1;
    if (races) { for (const at of races) this.#reverse(at, depth); }
  }

  /** See to it that a step is also tried after a later one that conflicts with it. */
  #reverse(at: number, depth: number): void {
    const nodes = this.#nodes;
    const node = nodes[at]!;
    let seen = 0;
    let initials = 0;
    for (let later = at + 1; later <= depth; later++) {
      const one = nodes[later]!;
      const follows = later < depth && one.clock[node.slot]! > at;
      if (follows || seen >>> one.slot & 1) continue;
      if (!this.#comesAfterAny(at, later, node.slot)) initials |= 1 << one.slot;
      seen |= 1 << one.slot;
    }
    initials &= node.enabled;
    if ((node.todo & initials) !== 0 || initials === 0) return;
    const own = 1 << nodes[depth]!.slot;
    node.todo |= initials & own || initials & -initials;
  }

  /** Whether a step comes after some step between, of those that do not follow the first, in any order. */
  #comesAfterAny(at: number, later: number, first: number): boolean {
    const { clock } = this.#nodes[later]!;
    for (let between = at + 1; between < later; between++) {
      const one = this.#nodes[between]!;
      if (one.clock[first]! > at) continue;
      if (clock[one.slot]! > between) return true;
    }
    return false;
  }
}

const NONDETERMINISM =
  "the same choices led elsewhere: something in the scenario depends on more than the schedule";

function actorIn(ready: readonly Actor[], slot: number): Actor | undefined {
  for (let at = 0; at < ready.length; at++) if (ready[at]!.slot === slot) return ready[at];
  return undefined;
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let slot = 0; slot < ACTORS_MAX; slot++) {
    if (other[slot]! > clock[slot]!) clock[slot] = other[slot]!;
  }
}
