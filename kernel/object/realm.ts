/**
 * The ground that all objects of one kernel stand on: identities, the census, time, memory, the log.
 *
 * @module
 */
import { ObjectType, objectTypeName } from "../abi.ts";
import { EventLog } from "../events.ts";
import { invariant } from "../invariant.ts";
import type { Entropy, PhysicalMemory } from "../ports.ts";
import { Frames } from "./frames.ts";
import { BytePool } from "./byte_pool.ts";
import { ByteSlab } from "./byte_slab.ts";
import type { Handle } from "./handle.ts";
import type { Witness } from "./witness.ts";
import { Timeouts } from "./timeout.ts";

/** The first identity given to an object; smaller ones are reserved. */
export const KOID_FIRST = 1024;

/**
 * How many handles a machine may have in all, unless told: two million. What they keep alive is
 * bounded with them, within what a host has by far.
 */
export const HANDLES_MAX = 2 * 1024 * 1024;

/** How many bytes the kernel may keep for programs outside their memory, unless told: 256 MiB. */
export const KEPT_MAX = 256 * 1024 * 1024;

const NOBODY: readonly number[] = new Array(Math.max(...Object.values(ObjectType)) + 1).fill(0);

/** What a realm is made of. */
export interface RealmOptions {
  /** The frames that memory objects are made of. */
  readonly memory: PhysicalMemory;
  /** Where handle values, addresses and random bytes come from. */
  readonly entropy: Entropy;
  /** How many handles there may be in all. */
  readonly handlesMax?: number;
  /** How many bytes the kernel may keep for programs: messages, packets, what waits in sockets. */
  readonly keptMax?: number;
  /** Small arrays of bytes that another realm has used; its own, unless told. */
  readonly pool?: BytePool | undefined;
  /** Where identities come from; one after the other, unless told. */
  readonly identities?: (() => number) | undefined;
}

/** Everything the objects of one kernel share. */
export class Realm {
  /** What happens. */
  readonly log: EventLog;
  /** What is to happen, and when. */
  readonly timeouts = new Timeouts();
  /** The frames that memory objects are made of. */
  readonly memory: PhysicalMemory;
  /** The same frames, with who shares them. */
  readonly frames: Frames;
  /** Where chance comes from. */
  readonly entropy: Entropy;
  /** Small arrays of bytes to use again. */
  readonly pool: BytePool;
  /** Small arrays of bytes that somebody keeps. */
  readonly slab: ByteSlab = new ByteSlab();
  /** How many handles there may be in all. */
  readonly handlesMax: number;
  /** How many handles there are. */
  handles = 0;
  /** How many messages there have been. */
  messages = 0;
  /** Who watches what deeds depend on. */
  witness: Witness | null = null;
  /** The time, in nanoseconds since the machine began; only the kernel's loop sets it. */
  now = 0;
  /** By type: how many objects there are. */
  readonly #living: number[] = NOBODY.slice();
  readonly #keptMax: number;
  readonly #closing: Handle[] = [];
  readonly #identities: () => number;
  #kept = 0;
  #isClosing = false;
  /** What follows from what is being done; null while nothing is. */
  #following: (() => void)[] | null = null;

  /** A realm in which nothing is yet. */
  constructor(options: RealmOptions) {
    const { memory, entropy, handlesMax = HANDLES_MAX, keptMax = KEPT_MAX, identities } = options;
    this.pool = options.pool ?? new BytePool();
    let next = KOID_FIRST;
    this.#identities = identities ?? (() => next++);
    this.memory = memory;
    this.frames = new Frames(memory);
    this.#keptMax = keptMax;
    this.entropy = entropy;
    this.handlesMax = handlesMax;
    this.log = new EventLog(() => this.now);
  }

  /** How many bytes the kernel keeps for programs. */
  get kept(): number {
    return this.#kept;
  }

  /** Keep some bytes for a program; answers false when that would be too many. */
  keep(bytes: number): boolean {
    if (this.#kept + bytes > this.#keptMax) return false;
    this.#kept += bytes;
    return true;
  }

  /** Keep some bytes no longer. */
  letGo(bytes: number): void {
    invariant(bytes <= this.#kept, "what is let go was kept");
    this.#kept -= bytes;
  }

  /**
   * Close a handle that dies with what it was in. That may end an object with more handles in it;
   * those are closed after it and not within it, so that no chain of them is too long.
   */
  closeInTurn(handle: Handle): void {
    this.#closing.push(handle);
    if (this.#isClosing) return;
    this.#isClosing = true;
    for (let one = this.#closing.pop(); one; one = this.#closing.pop()) one.close();
    this.#isClosing = false;
  }

  /**
   * Do what may lead to more of its kind, as the end of a task does that held others' exceptions:
   * what follows is done after it and not within it, so that no chain of them is too long.
   */
  inTurn(deed: () => void): void {
    if (this.#following !== null) return void this.#following.push(deed);
    const deeds = this.#following = [deed];
    for (let at = 0; at < deeds.length; at++) deeds[at]!();
    this.#following = null;
  }

  /** Enter a new object in the census; answers its identity, which is a new one unless it is known. */
  born(type: ObjectType, known = 0): number {
    this.#living[type]!++;
    return known || this.#identities();
  }

  /** Strike an object from the census. */
  died(type: ObjectType): void {
    invariant(this.#living[type]! > 0, "an object dies once, after it was born");
    this.#living[type]!--;
  }

  /** How many objects of each type there are; types that have none are left out. */
  census(): Record<string, number> {
    const counts = this.#living.map((living, type) => [objectTypeName(type), living] as const)
      .filter(([, living]) => living > 0);
    return Object.fromEntries(counts.sort(([a], [b]) => a < b ? -1 : 1));
  }
}
