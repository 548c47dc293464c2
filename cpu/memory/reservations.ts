/**
 * Reservations of threads that do not run. While one is held its frame is not written inline, so
 * that whoever writes there breaks it, be it with the value that was there before.
 *
 * @module
 */
import type { Context } from "../context.ts";
import type { Frames } from "./frames.ts";
import { CONTEXT, PAGE_SIZE, Registers } from "../layout.ts";
import type { Mmu } from "./mmu.ts";
import type { Space } from "./space.ts";
import type { TranslationPool } from "./translations.ts";

/** Bytes that are reserved together. */
const GRANULE = 8;
/** Writes to a guarded frame after which its reservations are given up: threads may forget them. */
const WRITES_MAX = 1000;

/** Where it says whether the running thread has reserved something. */
const RESERVED = (CONTEXT + Registers.RESERVED) >> 2;

interface Reservation {
  readonly context: Context;
  readonly frame: number;
  readonly offset: number;
}

/** What preempted threads have reserved. */
export class Reservations {
  readonly #frames: Frames;
  readonly #mmu: Mmu;
  readonly #pool: TranslationPool;
  #held: Reservation[] = [];
  #writes = 0;

  constructor(frames: Frames, mmu: Mmu, pool: TranslationPool) {
    this.#frames = frames;
    this.#mmu = mmu;
    this.#pool = pool;
    mmu.onGuarded = (frame, offset, size) => this.#written(frame, offset, size);
  }

  /** The running thread is about to be another one. */
  leave(context: Context, space: Space): void {
    const { words } = this.#frames;
    if (words[RESERVED] === 0) return;
    const address = this.#address();
    const frame = space.lookup(Math.floor(address / PAGE_SIZE)) >>> 3;
    if (frame === 0) words[RESERVED] = 0;
    else this.#guard({ context, frame, offset: address % PAGE_SIZE });
  }

  /** A thread runs again, or is gone. */
  enter(context: Context): void {
    if (this.#held.length > 0) this.#release((one) => one.context === context);
  }

  /** All of a frame is something else; the space is the one that runs. */
  drop(frame: number, space: Space | null): void {
    if (this.#held.length > 0) this.#break(frame, 0, PAGE_SIZE);
    const { words } = this.#frames;
    if (words[RESERVED] === 0 || space === null) return;
    const page = Math.floor(this.#address() / PAGE_SIZE);
    if (space.lookup(page) >>> 3 === frame) words[RESERVED] = 0;
  }

  /** What the running thread has reserved. */
  #address(): number {
    const { words } = this.#frames;
    const at = (CONTEXT + Registers.RESERVATION) >> 2;
    return (words[at]! >>> 0) + (words[at + 1]! >>> 0) * 4294967296;
  }

  #guard(reservation: Reservation): void {
    this.#held.push(reservation);
    this.#mmu.guarded.add(reservation.frame);
    for (const translations of this.#pool.all) translations.dropWritesTo(reservation.frame);
  }

  #written(frame: number, offset: number, size: number): void {
    if (++this.#writes > WRITES_MAX) this.#break(frame, 0, PAGE_SIZE);
    else this.#break(frame, offset, size);
  }

  #break(frame: number, offset: number, size: number): void {
    const hit = (one: Reservation) => {
      const from = one.offset & -GRANULE;
      return one.frame === frame && offset < from + GRANULE && offset + size > from;
    };
    for (const one of this.#held.filter(hit)) {
      this.#frames.words[(one.context.base + Registers.RESERVED) >> 2] = 0;
    }
    this.#release(hit);
  }

  #release(which: (one: Reservation) => boolean): void {
    const gone = this.#held.filter(which);
    this.#held = this.#held.filter((one) => !which(one));
    for (const { frame } of gone) {
      if (!this.#held.some((one) => one.frame === frame)) this.#mmu.guarded.delete(frame);
    }
    if (this.#held.length === 0) this.#writes = 0;
  }
}
