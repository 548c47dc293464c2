/**
 * Waiting for signals: observers of one object, grouped by what they wait for.
 *
 * @module
 */
import { invariant } from "../invariant.ts";

interface Group {
  readonly mask: number;
  readonly edge: boolean;
  first: Observer | null;
  last: Observer | null;
}

/** What somebody waits by: a handle, which is told when they wait no longer. */
export interface WaitedBy {
  /** This one waits by it no longer. */
  forget(observer: Observer): void;
}

/** Somebody who waits, once, for any of some signals of one object. */
export abstract class Observer {
  /** The signals it waits for. */
  readonly mask: number;
  /** Whether it waits for a signal to come, and does not mind one that is there already. */
  readonly edge: boolean;
  /** The list it stands in, while it waits. */
  list: Observers | null = null;
  /** Its group in that list. */
  group: Group | null = null;
  /** The one before it in the group. */
  previous: Observer | null = null;
  /** The one behind it in the group. */
  next: Observer | null = null;

  /** What it waits by. */
  by: WaitedBy | null = null;
  /** The one before it that waits by the same. */
  byPrevious: Observer | null = null;
  /** The one behind it that waits by the same. */
  byNext: Observer | null = null;

  /** An observer of any of these signals. */
  constructor(mask: number, edge = false) {
    this.mask = mask;
    this.edge = edge;
  }

  /** One of the signals is there. The observer no longer waits. */
  abstract onSignals(signals: number): void;

  /** The handle that it waited by is gone. The observer no longer waits. */
  abstract onCancel(signals: number): void;
}

/**
 * The observers of one object. Those that wait for the same signals stand in one line, so that a
 * change costs a look at each line and not at each observer.
 */
export class Observers {
  readonly #groups: Group[] = [];
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Let an observer wait, behind those that came before it. */
  add(observer: Observer): void {
    invariant(observer.list === null, "an observer waits in one place");
    const group = this.#groupOf(observer.mask, observer.edge);
    observer.list = this;
    observer.group = group;
    observer.previous = group.last;
    observer.next = null;
    if (group.last) group.last.next = observer;
    else group.first = observer;
    group.last = observer;
    this.#size++;
  }

  /** Let an observer wait no longer; it may have been told already. */
  remove(observer: Observer): void {
    const group = observer.group;
    if (observer.list !== this || !group) return;
    if (observer.previous) observer.previous.next = observer.next;
    else group.first = observer.next;
    if (observer.next) observer.next.previous = observer.previous;
    else group.last = observer.previous;
    observer.list =
      observer.group =
      observer.previous =
      observer.next =
        null;
    this.#size--;
  }

  /** Tell everybody who waits for one of these signals, of which some came just now. */
  notify(signals: number, raised: number): void {
    for (const group of this.#groups) {
      if ((group.mask & (group.edge ? raised : signals)) === 0) continue;
      // Who begins to wait while the others are told stands behind `last` and is not told.
      const last = group.last;
      for (let one = group.first; one; one = group.first) {
        this.remove(one);
        one.by?.forget(one);
        one.onSignals(signals);
        if (one === last) break;
      }
    }
  }

  #groupOf(mask: number, edge: boolean): Group {
    for (const group of this.#groups) if (group.mask === mask && group.edge === edge) return group;
    const group: Group = { mask, edge, first: null, last: null };
    // Lines that nobody stands in any more make room for new ones.
    const empty = this.#groups.findIndex((one) => one.first === null);
    if (empty >= 0 && this.#groups.length >= 4) this.#groups[empty] = group;
    else this.#groups.push(group);
    return group;
  }
}
