/**
 * What each program could come to have: for each object the rights, those it could pass on, and those
 * that a Linux program which is executed in its place would have too.
 *
 * A pair of a program and an object is a cell, which has a number; what is known of it stands in
 * columns, so that a thousand programs cost no object for each pair.
 *
 * @module
 */

/** Rights on one object, as masks. */
export interface Possession {
  /** Those that a program could use. */
  readonly may: number;
  /** Those of them on a handle that it could pass on. */
  readonly moves: number;
  /** Those of them that `execve` leaves. */
  readonly keeps: number;
}

/** Cells by program and object. */
export class Possessions {
  readonly #cells: Map<number, number>[];
  readonly #programs: number[] = [];
  readonly #koids: number[] = [];
  readonly #may: number[] = [];
  readonly #moves: number[] = [];
  readonly #keeps: number[] = [];
  readonly #waits: boolean[] = [];
  readonly #news: number[] = [];

  /** Nobody has anything yet. */
  constructor(programs: number) {
    this.#cells = Array.from({ length: programs }, () => new Map());
  }

  /** How many cells there are. */
  get size(): number {
    return this.#may.length;
  }

  /** The objects that a program could have, each with its cell. */
  of(program: number): ReadonlyMap<number, number> {
    return this.#cells[program]!;
  }

  /** The program of a cell. */
  programOf(cell: number): number {
    return this.#programs[cell]!;
  }

  /** The object of a cell. */
  koidOf(cell: number): number {
    return this.#koids[cell]!;
  }

  /** The rights that a program could use. */
  may(cell: number): number {
    return this.#may[cell]!;
  }

  /** Those of them on a handle that it could pass on. */
  moves(cell: number): number {
    return this.#moves[cell]!;
  }

  /** Those of them that `execve` leaves. */
  keeps(cell: number): number {
    return this.#keeps[cell]!;
  }

  /** The rights that a program could use on an object. */
  rightsOn(program: number, koid: number): number {
    const cell = this.#cells[program]!.get(koid);
    return cell === undefined ? 0 : this.#may[cell]!;
  }

  /** A program could have rights on an object; answers its cell if that is a new one, or -1. */
  add(program: number, koid: number, more: Possession): number {
    const known = this.#cells[program]!.get(koid);
    if (known === undefined) return this.#open(program, koid, more);
    const may = this.#may[known]! | more.may;
    const moves = this.#moves[known]! | more.moves;
    const keeps = this.#keeps[known]! | more.keeps;
    const isOld = may === this.#may[known] && moves === this.#moves[known];
    if (isOld && keeps === this.#keeps[known]) return -1;
    this.#may[known] = may;
    this.#moves[known] = moves;
    this.#keeps[known] = keeps;
    this.#note(known);
    return -1;
  }

  /** A cell about which something is new since it was taken last; undefined if there is none. */
  take(): number | undefined {
    const cell = this.#news.pop();
    if (cell !== undefined) this.#waits[cell] = false;
    return cell;
  }

  #open(program: number, koid: number, { may, moves, keeps }: Possession): number {
    const cell = this.#may.length;
    this.#cells[program]!.set(koid, cell);
    this.#programs.push(program);
    this.#koids.push(koid);
    this.#may.push(may);
    this.#moves.push(moves);
    this.#keeps.push(keeps);
    this.#waits.push(false);
    this.#note(cell);
    return cell;
  }

  #note(cell: number): void {
    if (this.#waits[cell]) return;
    this.#waits[cell] = true;
    this.#news.push(cell);
  }
}
