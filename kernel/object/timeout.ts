/**
 * Deadlines: what is to happen at which time, the earliest first.
 *
 * @module
 */

/** Something that happens at a deadline unless it is cancelled. */
export interface Timeout {
  /** When, in nanoseconds. */
  readonly deadline: number;
  /** What happens. */
  readonly fire: () => void;
}

interface Entry extends Timeout {
  /** Deadlines that are equal come in the order they were set. */
  readonly order: number;
  /** Where it stands in the heap; -1 when it is not there. */
  at: number;
}

/** A heap of deadlines: setting, cancelling and firing one cost the logarithm of how many there are. */
export class Timeouts {
  readonly #heap: Entry[] = [];
  #order = 0;

  /** The earliest deadline, or infinity. */
  get next(): number {
    return this.#heap[0]?.deadline ?? Infinity;
  }

  /** How many deadlines are set. */
  get size(): number {
    return this.#heap.length;
  }

  /** Set a deadline. */
  set(deadline: number, fire: () => void): Timeout {
    const entry: Entry = { deadline, fire, order: this.#order++, at: this.#heap.length };
    this.#heap.push(entry);
    this.#up(entry);
    return entry;
  }

  /** Take a deadline back; it may have passed already. */
  cancel(timeout: Timeout): void {
    const entry = timeout as Entry;
    if (entry.at < 0) return;
    this.#remove(entry);
  }

  /** Let everything happen whose time has come; answers whether something did. */
  fireDue(now: number): boolean {
    let fired = false;
    for (let first = this.#heap[0]; first && first.deadline <= now; first = this.#heap[0]) {
      this.#remove(first);
      first.fire();
      fired = true;
    }
    return fired;
  }

  #remove(entry: Entry): void {
    const last = this.#heap.pop()!;
    const at = entry.at;
    entry.at = -1;
    if (last === entry) return;
    this.#place(last, at);
    this.#up(last);
    this.#down(last);
  }

  #place(entry: Entry, at: number): void {
    this.#heap[at] = entry;
    entry.at = at;
  }

  #up(entry: Entry): void {
    while (entry.at > 0) {
      const parentAt = (entry.at - 1) >> 1;
      const parent = this.#heap[parentAt]!;
      if (!before(entry, parent)) return;
      const at = entry.at;
      this.#place(entry, parentAt);
      this.#place(parent, at);
    }
  }

  #down(entry: Entry): void {
    for (;;) {
      const left = this.#heap[2 * entry.at + 1];
      if (!left) return;
      const right = this.#heap[2 * entry.at + 2];
      const child = right && before(right, left) ? right : left;
      if (!before(child, entry)) return;
      const at = entry.at;
      this.#place(entry, child.at);
      this.#place(child, at);
    }
  }
}

function before(one: Entry, other: Entry): boolean {
  return one.deadline < other.deadline ||
    (one.deadline === other.deadline && one.order < other.order);
}
