/**
 * The handles of one process, by the values that its programs know them by.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Entropy } from "../ports.ts";
import type { Handle } from "./handle.ts";

/** The low bits that every handle value has, so that a pointer or a count is hardly ever one. */
const MARK = 3;
const INDEX_BITS = 20;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
const GENERATION_MASK = (1 << (30 - INDEX_BITS)) - 1;

/** So many slots come with the table; from then on, so many at a time are paid for. */
const FEW_SLOTS = 256;
/** What a slot costs the host: its handle, its generation, its place among those that are free. */
const SLOT_BYTES = 24;

/** Who says how many bytes the kernel may keep. */
interface Keeper {
  keep(bytes: number): boolean;
  letGo(bytes: number): void;
}

/** Handles by value. Values are the process's own secret: slot and generation, mixed with chance. */
export class HandleTable {
  /** Slot 0 stays empty: with any mixer, no handle's value may be the invalid handle, 0. */
  readonly #slots: (Handle | null)[] = [null];
  /** By slot, how often a handle was taken out; made when one first is. */
  #generations: number[] | null = null;
  #free: number[] | null = null;
  readonly #mixer: number;
  readonly #keeper: Keeper | null;
  #kept = 0;
  #size = 0;

  /** An empty table whose values are mixed with the next random number; slots stay once they are there. */
  constructor(entropy: Entropy, keeper: Keeper | null = null) {
    this.#mixer = entropy.next() & ~MARK;
    this.#keeper = keeper;
  }

  /** How many handles there are. */
  get size(): number {
    return this.#size;
  }

  /** Put a handle in; answers its value, or NO_MEMORY when there are too many. */
  add(handle: Handle): number {
    const index = this.#free?.pop() ?? this.#slots.length;
    if (index > INDEX_MASK) return Status.NO_MEMORY;
    if (index === this.#slots.length && index % FEW_SLOTS === 0 && !this.#keepMore()) {
      return Status.NO_MEMORY;
    }
    if (index === this.#slots.length) this.#slots.push(handle);
    else this.#slots[index] = handle;
    this.#size++;
    return this.#valueOf(index);
  }

  /** The handle with this value, if there is one. */
  get(value: number): Handle | null {
    const index = this.#indexOf(value);
    return index < 0 ? null : this.#slots[index]!;
  }

  /** Take a handle out, ending all waits by it; the caller owns it now. */
  remove(value: number): Handle | null {
    const index = this.#indexOf(value);
    const handle = index < 0 ? null : this.#slots[index]!;
    if (!handle) return null;
    this.#slots[index] = null;
    const generations = this.#generations ??= [0];
    while (generations.length <= index) generations.push(0);
    generations[index] = (generations[index]! + 1) & GENERATION_MASK;
    (this.#free ??= []).push(index);
    this.#size--;
    handle.cancelWaits();
    return handle;
  }

  /** Every handle with its value, in the order of the slots. */
  *entries(): Generator<readonly [value: number, handle: Handle]> {
    for (let index = 1; index < this.#slots.length; index++) {
      const handle = this.#slots[index];
      if (handle) yield [this.#valueOf(index), handle];
    }
  }

  /** Close everything. */
  clear(): void {
    for (let index = 1; index < this.#slots.length; index++) {
      const handle = this.#slots[index];
      if (!handle) continue;
      this.#slots[index] = null;
      this.#size--;
      handle.close();
    }
    // Taking out what is behind is cheaper than setting a length, where there is little.
    while (this.#slots.length > 1) this.#slots.pop();
    this.#generations = this.#free = null;
    this.#keeper?.letGo(this.#kept);
    this.#kept = 0;
  }

  /** Whether there may be so many more slots. */
  #keepMore(): boolean {
    const bytes = FEW_SLOTS * SLOT_BYTES;
    if (this.#keeper !== null && !this.#keeper.keep(bytes)) return false;
    this.#kept += bytes;
    return true;
  }

  #valueOf(index: number): number {
    const base = (this.#generationOf(index) << INDEX_BITS) | index;
    return (((base << 2) | MARK) ^ this.#mixer) >>> 0;
  }

  #indexOf(value: number): number {
    if ((value & MARK) !== MARK) return -1;
    const base = (value ^ this.#mixer) >>> 2;
    const index = base & INDEX_MASK;
    const known = index < this.#slots.length && this.#slots[index] !== null;
    return known && this.#generationOf(index) === base >>> INDEX_BITS ? index : -1;
  }

  #generationOf(index: number): number {
    const generations = this.#generations;
    return generations !== null && index < generations.length ? generations[index]! : 0;
  }
}
