/**
 * Which memory object another was made from, and how many were made from it. When one of them goes, what
 * was made from it belongs where it belonged: nobody is told, but whoever asks finds out in a few steps.
 *
 * @module
 */
import { invariant } from "../invariant.ts";
import type { Content } from "./content.ts";

/** A memory object, as its family sees it. */
interface Member {
  /** The pages that it shows. */
  readonly content: Content;
  /** It has children, or has none any more. */
  childrenChanged(): void;
}

/** A place in a family. */
export class Family<M extends Member> {
  /** Who has the place; null once it has gone. */
  #member: M | null;
  /** The place above; of one that has gone, where to look on. */
  #above: Family<M> | null = null;
  /** How many children show the same pages. */
  #windows = 0;
  /** How many show others. */
  #copies = 0;

  /** The place of a memory object that nothing was made from, and that was made from nothing. */
  constructor(member: M) {
    this.#member = member;
  }

  /** How many were made from it, and live. */
  get children(): number {
    return this.#windows + this.#copies;
  }

  /** What it was made from, or, if that has gone, what that was made from. */
  get parent(): M | null {
    const above = this.#parentPlace();
    return above === null ? null : above.#member;
  }

  /** Something is made from it. */
  adopt(child: Family<M>): void {
    const member = this.#living();
    child.#above = this;
    if (child.#living().content === member.content) this.#windows++;
    else this.#gainCopies(1);
    member.childrenChanged();
  }

  /** It has gone. */
  leave(): void {
    const above = this.#parentPlace();
    const { content } = this.#living();
    const children = this.children;
    content.copies -= this.#copies;
    if (above !== null) {
      if (above.#living().content === content) {
        above.#windows += this.#windows - 1;
        above.#gainCopies(this.#copies);
      } else above.#gainCopies(children - 1);
      above.#living().childrenChanged();
    }
    this.#above = above;
    this.#member = null;
    this.#windows = this.#copies = 0;
  }

  #gainCopies(count: number): void {
    this.#copies += count;
    this.#living().content.copies += count;
  }

  #living(): M {
    const member = this.#member;
    invariant(member !== null, "who has gone has no place in a family");
    return member;
  }

  /** The place above that somebody still has. */
  #parentPlace(): Family<M> | null {
    let found = this.#above;
    while (found !== null && found.#member === null) found = found.#above;
    // Nobody on the way has to be passed again.
    let one = this.#above;
    this.#above = found;
    while (one !== null && one !== found) {
      const next = one.#above;
      one.#above = found;
      one = next;
    }
    return found;
  }
}
