/**
 * Waiting at words of memory (`lwp_futex`).
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../../ports.ts";
import type { Lwp } from "../lwp.ts";
import { SuspendList } from "./suspend_list.ts";

/** Who waits at which word: lists by the words' places, which are gone when nobody waits. */
export class Futexes {
  readonly #lists = new Map<string, SuspendList>();

  /** How many words have somebody who waits. */
  get size(): number {
    return this.#lists.size;
  }

  /** Where a word is: an address of a process, or, if it is shared, a byte of physical memory. */
  placeOf({ aspace }: Lwp, address: number, isPrivate: boolean): string {
    if (isPrivate) return `${aspace.identity}:${address}`;
    const frame = aspace.touch(address, Access.READ | Access.WRITE);
    return `:${frame * PAGE_SIZE + address % PAGE_SIZE}`;
  }

  /** The list of a place, to wait in. */
  listOf(place: string): SuspendList {
    const list = this.#lists.get(place) ?? new SuspendList();
    this.#lists.set(place, list);
    return list;
  }

  /** Wake so many; answers how many there were. */
  wake(place: string, count: number): number {
    const list = this.#lists.get(place);
    let woken = 0;
    while (woken < count && list?.resumeFirst()) woken++;
    this.tidy(place);
    return woken;
  }

  /** Let so many wait elsewhere; answers how many. */
  requeue(from: string, to: string, count: number): number {
    const list = this.#lists.get(from);
    if (!list || from === to) return 0;
    const moved = list.all.slice(0, count);
    for (const one of moved) one.moveTo(this.listOf(to));
    this.tidy(from);
    return moved.length;
  }

  /** Forget a place where nobody waits. */
  tidy(place: string): void {
    if (this.#lists.get(place)?.size === 0) this.#lists.delete(place);
  }
}
