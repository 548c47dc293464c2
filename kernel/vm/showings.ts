/**
 * How many mappings show a memory object, and in how many address spaces.
 *
 * @module
 */

/** The mappings of one memory object, counted. */
export class Showings {
  #mappings = 0;
  #bySpace: Map<object, number> | null = null;

  /** How many mappings there are. */
  get mappings(): number {
    return this.#mappings;
  }

  /** How many address spaces they are in. */
  get spaces(): number {
    return this.#bySpace?.size ?? 0;
  }

  /** There is one more in an address space. */
  add(space: object): void {
    this.#mappings++;
    const bySpace = this.#bySpace ??= new Map();
    bySpace.set(space, (bySpace.get(space) ?? 0) + 1);
  }

  /** There is one less in an address space. */
  remove(space: object): void {
    this.#mappings--;
    const others = this.#bySpace!.get(space)! - 1;
    if (others > 0) this.#bySpace!.set(space, others);
    else this.#bySpace!.delete(space);
  }
}
