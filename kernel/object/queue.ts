/**
 * A line of things that each stand in one line only: first in, first out, or out from the middle.
 *
 * @module
 */
import { invariant } from "../invariant.ts";

/** Something that can stand in a line. */
export abstract class Queued {
  /** The line it stands in. */
  queue: unknown = null;
  /** The one before it. */
  previous: Queued | null = null;
  /** The one behind it. */
  next: Queued | null = null;
}

/** A line. Everything but looking through it costs the same however long it is. */
export class Queue<T extends Queued> {
  #first: T | null = null;
  #last: T | null = null;
  #size = 0;

  /** How many stand in it. */
  get size(): number {
    return this.#size;
  }

  /** The one that came first. */
  get first(): T | null {
    return this.#first;
  }

  /** Let one more stand at the end. */
  push(one: T): void {
    invariant(one.queue === null, "a thing stands in one line");
    one.queue = this;
    one.previous = this.#last;
    if (this.#last) this.#last.next = one;
    else this.#first = one;
    this.#last = one;
    this.#size++;
  }

  /** Let the one that came first leave. */
  shift(): T | null {
    const one = this.#first;
    if (one) this.remove(one);
    return one;
  }

  /** Let one leave, wherever it stands; answers whether it stood here. */
  remove(one: T): boolean {
    if (one.queue !== this) return false;
    if (one.previous) one.previous.next = one.next;
    else this.#first = one.next as T | null;
    if (one.next) one.next.previous = one.previous;
    else this.#last = one.previous as T | null;
    one.queue = one.previous = one.next = null;
    this.#size--;
    return true;
  }

  /** Each of them, the first first; the one at hand may leave meanwhile. */
  *[Symbol.iterator](): Generator<T> {
    for (let one = this.#first; one;) {
      const next = one.next as T | null;
      yield one;
      one = next;
    }
  }
}
