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
  /** The signals it waits for; they are not changed while it waits. */
  mask: number;
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

/** So few groups are looked through faster than they are looked up. */
const FEW_GROUPS = 8;

/**
 * The observers of one object. Those that wait for the same signals stand in one line, so that a
 * change costs a look at each line and not at each observer.
 */
export class Observers {
  #groups: Group[] = [];
  /** The groups by what they wait for, once they are too many to look through. */
  #index: Map<number, Group> | null = null;
  /** From how many groups on those without anybody are forgotten. */
  #groupsMax = FEW_GROUPS;
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
    if (this.#index) return this.#index.get(keyOf(mask, edge)) ?? this.#newGroup(mask, edge);
    for (const group of this.#groups) {
      if (group.mask === mask && group.edge === edge) return group;
    }
    return this.#newGroup(mask, edge);
  }

  #newGroup(mask: number, edge: boolean): Group {
    if (this.#groups.length >= this.#groupsMax) this.#forgetEmpty();
    const group: Group = { mask, edge, first: null, last: null };
    this.#groups.push(group);
    this.#index?.set(keyOf(mask, edge), group);
    return group;
  }

  /** Forget the groups in which nobody stands; so seldom that it costs nothing to speak of. */
  #forgetEmpty(): void {
    const groups = this.#groups.filter((group) => group.first !== null);
    // Somebody may be looking through the old list right now, so it stays as it is.
    this.#groups = groups;
    this.#groupsMax = Math.max(FEW_GROUPS, 2 * groups.length);
    this.#index = groups.length < FEW_GROUPS
      ? null
      : new Map(groups.map((group) => [keyOf(group.mask, group.edge), group]));
  }
}

function keyOf(mask: number, edge: boolean): number {
  return (mask >>> 0) + (edge ? 2 ** 32 : 0);
}
