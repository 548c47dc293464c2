/**
 * Shared memory: pieces of two to some power of pages, found by a key, that processes map.
 *
 * @module
 */
import type { Realm } from "../../object/realm.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { Content } from "../../vm/content.ts";
import type { MemObject } from "../mm/varea.ts";

/** So many pieces there can be (`RT_LWP_SHM_MAX_NR`). */
export const SHM_MAX = 64;

/** The largest piece is so many pages. */
const PAGES_MAX = 1024;

/** A piece of memory that processes share. */
class Piece implements MemObject {
  readonly shared = true;
  readonly koid = 0;
  readonly key: number;
  readonly name: string;
  readonly content: Content;
  readonly pages: number;
  users = 0;

  constructor(realm: Realm, key: number, pages: number) {
    this.key = key;
    this.name = `[shm ${key}]`;
    this.pages = pages;
    this.content = new Content(realm, pages);
    this.content.hold();
  }

  hold(): void {
    this.users++;
  }

  drop(): void {
    this.users--;
  }
}

/** The pieces of a machine. */
export class SharedMemory {
  readonly #realm: Realm;
  readonly #pieces: (Piece | undefined)[] = [];

  /** No pieces. */
  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** The number of the piece of a key, made if need be; -1 if that cannot be. */
  get(key: number, size: number, create: boolean): number {
    const there = this.#pieces.findIndex((one) => one?.key === key);
    if (there >= 0) return there;
    const wanted = Math.max(1, Math.ceil(size / PAGE_SIZE));
    const pages = 2 ** Math.ceil(Math.log2(wanted));
    const { freeFrames } = this.#realm.memory;
    if (!create || size <= 0 || pages > PAGES_MAX || pages >= freeFrames) return -1;
    let id = 0;
    while (this.#pieces[id] !== undefined) id++;
    if (id >= SHM_MAX) return -1;
    const piece = new Piece(this.#realm, key, pages);
    if (piece.content.commit(0, pages) < 0) {
      piece.content.drop();
      return -1;
    }
    this.#pieces[id] = piece;
    return id;
  }

  /** A piece as something to map, and how many bytes it has. */
  piece(id: number): { readonly object: MemObject; readonly length: number } | null {
    const piece = this.#pieces[id];
    return piece ? { object: piece, length: piece.pages * PAGE_SIZE } : null;
  }

  /** Give a piece back, if nobody maps it: 0 whether or not, -1 if there is none. */
  remove(id: number): number {
    const piece = this.#pieces[id];
    if (!piece) return -1;
    if (piece.users > 0) return 0;
    this.#pieces[id] = undefined;
    piece.content.drop();
    return 0;
  }

  /** Whether something that is mapped is a piece. */
  isPiece(object: MemObject | null): boolean {
    return object instanceof Piece;
  }
}
