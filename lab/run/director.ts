/**
 * A scheduler that is told who takes each step, one system call a step.
 *
 * Identities and random numbers come from whoever takes the step, so that what one process is given
 * does not depend on what others did before. Time stands still while anybody can take a step.
 *
 * @module
 */
import { KOID_FIRST } from "../../kernel/object/realm.ts";
import type { Scheduler } from "../../kernel/task/scheduler.ts";
import type { Thread } from "../../kernel/task/thread.ts";
import { Actor, WatchedScript } from "./actor.ts";

/** A step of machine code that makes no call in so many instructions ends with them. */
const INSTRUCTIONS_MAX = 1_000_000;

/** Identities that one actor can give out. */
const KOIDS_EACH = 1 << 20;

/** The numbers of actors by their threads' identities, kept from schedule to schedule. */
export class Cast {
  readonly #slots = new Map<number, number>();

  /** How many there have been. */
  get size(): number {
    return this.#slots.size;
  }

  /** The number of a thread. */
  slotOf(koid: number): number {
    const known = this.#slots.get(koid);
    if (known !== undefined) return known;
    this.#slots.set(koid, this.#slots.size);
    return this.#slots.size - 1;
  }
}

/** Who decides, and hears of each step. */
export interface Chooser {
  /** Which of the actors that can takes the next step; null to end the run. Never empty. */
  choose(ready: readonly Actor[], previous: Actor | null): Actor | null;
  /** An actor has taken its step. */
  stepped(actor: Actor): void;
  /** An actor can take a step that could not; `by` made it so, or time did. */
  woke?(actor: Actor, by: Actor | null): void;
}

/** Lets actors take steps as a chooser says. */
export class Director implements Scheduler {
  /** Everybody there has been in this run, by number. */
  readonly actors: Actor[] = [];
  /** Who takes a step now. */
  current: Actor | null = null;
  /** Whether the run is to end. */
  stopped = false;
  /** Whether the step under way goes on in another turn. */
  goesOn = false;
  readonly #cast: Cast;
  readonly #chooser: Chooser;
  readonly #seed: number;
  readonly #ready: Actor[] = [];
  #previous: Actor | null = null;
  #born = 0;
  #drawn = 0;

  /** For one run. */
  constructor(cast: Cast, chooser: Chooser, seed: number) {
    this.#cast = cast;
    this.#chooser = chooser;
    this.#seed = seed;
  }

  /** The next identity: of whoever takes a step, or of the scenario itself. */
  identity(): number {
    const actor = this.current;
    if (!actor) return KOID_FIRST + this.#born++;
    return (actor.slot + 1) * KOIDS_EACH + actor.drawn++;
  }

  /** The next random number of whoever takes a step. */
  random(): number {
    const actor = this.current;
    const at = actor ? (actor.slot + 1) * 0x10001 + actor.drawn++ : this.#drawn++;
    let mixed = (this.#seed + Math.imul(at + 1, 0x9e3779b9)) >>> 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }

  /** The actor of a thread. */
  actorOf(thread: Thread): Actor {
    for (let slot = 0; slot < this.actors.length; slot++) {
      const actor = this.actors[slot];
      if (actor?.thread === thread) return actor;
    }
    const script = thread.body?.kind === "script" ? thread.body.script : null;
    const watched = script instanceof WatchedScript ? script : null;
    const actor = new Actor(this.#cast.slotOf(thread.koid), thread, watched);
    this.actors[actor.slot] = actor;
    return actor;
  }

  ready(thread: Thread): void {
    const actor = this.actorOf(thread);
    thread.turn.queue = this;
    const ready = this.#ready;
    let at = ready.length;
    // By hand: the host's way to put something between makes a list of what it takes away.
    ready.push(actor);
    for (; at > 0 && ready[at - 1]!.slot > actor.slot; at--) ready[at] = ready[at - 1]!;
    ready[at] = actor;
    if (actor !== this.current) this.#chooser.woke?.(actor, this.current);
  }

  unready(thread: Thread): void {
    const ready = this.#ready;
    let at = 0;
    while (at < ready.length && ready[at]!.thread !== thread) at++;
    if (at === ready.length) return;
    for (at++; at < ready.length; at++) ready[at - 1] = ready[at]!;
    ready.pop();
    thread.turn.queue = null;
  }

  next(): Thread | null {
    const same = this.#unfinished();
    if (same) return same;
    this.finishStep();
    if (this.stopped || this.#ready.length === 0) return null;
    const actor = this.#chooser.choose(this.#ready, this.#previous);
    if (!actor) {
      this.stopped = true;
      return null;
    }
    this.unready(actor.thread);
    this.current = actor;
    return actor.thread;
  }

  /** Who has a step under way that is to go on. */
  #unfinished(): Thread | null {
    const { current, goesOn } = this;
    this.goesOn = false;
    if (!current || !goesOn || current.thread.turn.queue !== this) return null;
    this.unready(current.thread);
    return current.thread;
  }

  /** The step under way is over. */
  finishStep(): void {
    const actor = this.current;
    if (!actor) return;
    this.current = null;
    this.#previous = actor;
    actor.steps++;
    this.#chooser.stepped(actor);
  }

  quantum(): number {
    return INSTRUCTIONS_MAX;
  }

  preempts(): boolean {
    return true;
  }
}
