/**
 * How many mappings show a memory object, and in how many address spaces.
 *
 * @module
 */

/** The mappings of one memory object, counted. */
export class Showings {
  #mappings = 0;
  /** The first address space that shows it, which mostly is the only one, and how many times it does. */
  #first: object | null = null;
  #inFirst = 0;
  #inOthers: Map<object, number> | null = null;

  /** How many mappings there are. */
  get mappings(): number {
    return this.#mappings;
  }

  /** How many address spaces they are in. */
  get spaces(): number {
    return (this.#inFirst > 0 ? 1 : 0) + (this.#inOthers?.size ?? 0);
  }

  /** There is one more in an address space. */
  add(space: object): void {
    this.#mappings++;
    const others = this.#inOthers?.get(space) ?? 0;
    if (others === 0 && (this.#inFirst === 0 || this.#first === space)) {
      this.#first = space;
      this.#inFirst++;
    } else (this.#inOthers ??= new Map()).set(space, others + 1);
  }

  /** There is one less in an address space. */
  remove(space: object): void {
    this.#mappings--;
    if (this.#first === space) {
      if (--this.#inFirst === 0) this.#first = null;
      return;
    }
    const left = this.#inOthers!.get(space)! - 1;
    if (left > 0) this.#inOthers!.set(space, left);
    else this.#inOthers!.delete(space);
  }
}
