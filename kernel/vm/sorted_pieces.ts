/**
 * Things in the order of a number that each has to itself. They lie in pieces of bounded length, so that
 * putting one in or taking one out moves few others, however many there are.
 *
 * @module
 */

/** Something with a place in an order. */
export interface Placed {
  /** What it is ordered by. */
  readonly base: number;
}

/** A piece that grows longer than this is cut in two. */
const PIECE_MAX = 512;

/** Things in order. */
export class SortedPieces<T extends Placed> {
  /** No piece is empty, but for a single one. */
  #pieces: T[][] = [[]];
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The last one at or before a number. */
  upTo(base: number): T | undefined {
    const piece = this.#pieces[this.#pieceFor(base)]!;
    return piece[firstBehind(piece, base) - 1];
  }

  /** Visit those from a number on, in order, until `visit` answers false. */
  forEachFrom(base: number, visit: (item: T) => boolean): void {
    const first = this.#pieceFor(base);
    for (let index = first; index < this.#pieces.length; index++) {
      const piece = this.#pieces[index]!;
      for (let at = index === first ? firstAt(piece, base) : 0; at < piece.length; at++) {
        if (!visit(piece[at]!)) return;
      }
    }
  }

  /** Put one in; nothing else is at its number. */
  add(item: T): void {
    const index = this.#pieceFor(item.base);
    const piece = this.#pieces[index]!;
    this.#size++;
    if (piece.length === 0 || piece[piece.length - 1]!.base < item.base) piece.push(item);
    else piece.splice(firstBehind(piece, item.base), 0, item);
    if (piece.length > PIECE_MAX) this.#pieces.splice(index + 1, 0, piece.splice(PIECE_MAX / 2));
  }

  /** Take out the one at a number. */
  remove(base: number): void {
    const index = this.#pieceFor(base);
    const piece = this.#pieces[index]!;
    piece.splice(firstAt(piece, base), 1);
    this.#size--;
    if (piece.length === 0 && this.#pieces.length > 1) this.#pieces.splice(index, 1);
  }

  /** Take out all from one number up to another. */
  removeFrom(base: number, end: number): void {
    const kept: T[][] = [];
    this.#size = 0;
    for (const piece of this.#pieces) {
      const outside = piece.length > 0 && (piece[0]!.base >= end || piece.at(-1)!.base < base);
      const rest = outside ? piece : piece.filter((item) => item.base < base || item.base >= end);
      if (rest.length > 0) kept.push(rest);
      this.#size += rest.length;
    }
    this.#pieces = kept.length > 0 ? kept : [[]];
  }

  /** All of them, in order; whoever asks keeps it as it is. */
  all(): readonly T[] {
    return this.#pieces.length === 1 ? this.#pieces[0]! : this.#pieces.flat();
  }

  /** The last piece that begins at or before a number; else the first. */
  #pieceFor(base: number): number {
    let low = 0;
    let high = this.#pieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#pieces[middle]![0]!.base <= base) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The place of the first one behind a number. */
function firstBehind(piece: readonly Placed[], base: number): number {
  let low = 0;
  let high = piece.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (piece[middle]!.base <= base) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The place of the first one at a number or behind it; numbers are whole. */
function firstAt(piece: readonly Placed[], base: number): number {
  return firstBehind(piece, base - 1);
}
