/**
 * Code that machines of this process compiled lately, for those that compile the same again: who runs a
 * program once more, as experiments do, has its code at once, as good as V8 has made it by then.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import type { Isa } from "../isa.ts";
import type { Region } from "./region.ts";

/** Modules at a time. */
const MODULES_MAX = 2048;
/** Bytes of all of them; V8 needs a few times as much for their code. */
const BYTES_MAX = 16 << 20;
/** So many facts at the beginning mostly tell what is not the same. */
const KEY_LENGTH = 5;

/** All that a module depends on. Instructions are the same if their bits are. */
export type Facts = readonly (number | boolean | Instruction)[];

/** Room for what code keeps outside of itself. */
export interface CodeData {
  /** Where the next place and the next table will be. */
  next(): readonly [site: number, table: number];
  /** A place for the code of a block to remember what it accessed, or 0. */
  site(address: number): number;
  /** Where a table of so many 16-bit labels may lie, or 0. */
  labels(count: number): number;
  /** Fill a label. */
  setLabel(address: number, label: number): void;
}

/** What was asked for while code was written: who is as far then has the same answers. */
export interface Notes {
  readonly sites: number[];
  readonly tables: number[];
  readonly labels: (readonly [address: number, label: number])[];
}

/** A module that was made. */
export interface Made {
  readonly module: WebAssembly.Module;
  readonly notes: Notes;
  /** Bytes of the module. */
  readonly size: number;
}

interface Kept extends Made {
  readonly facts: Facts;
}

/** The code of one instruction set. */
export class Shelf {
  /** What was wanted last is at the end. */
  readonly #kept = new Map<string, Kept>();
  #size = 0;

  /** What was made of the same. */
  find(facts: Facts): Made | null {
    const key = keyOf(facts);
    const kept = this.#kept.get(key);
    if (kept === undefined || !areSame(kept.facts, facts)) return null;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  /** Keep what was made, as long as there is room. */
  put(facts: Facts, made: Made): void {
    const key = keyOf(facts);
    this.#take(key);
    this.#kept.set(key, { ...made, facts });
    this.#size += made.size;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= BYTES_MAX && this.#kept.size <= MODULES_MAX) return;
      this.#take(oldest);
    }
  }

  #take(key: string): void {
    this.#size -= this.#kept.get(key)?.size ?? 0;
    this.#kept.delete(key);
  }
}

const SHELVES = new Map<Isa, Shelf>();

/** The shelf of an instruction set. */
export function shelfOf(isa: Isa): Shelf {
  const shelf = SHELVES.get(isa) ?? new Shelf();
  SHELVES.set(isa, shelf);
  return shelf;
}

/** Everything about a region. */
export function factsOf({ blocks }: Region): Facts {
  const facts: (number | boolean | Instruction)[] = [];
  for (const { address, flow, exit, successors, body } of blocks) {
    facts.push(address, flow, exit, successors.length, body.length);
    for (const { index } of successors) facts.push(index);
    // They lie one behind the other.
    for (const { instruction } of body) facts.push(instruction);
  }
  return facts;
}

/** Passes on what is asked for, and takes notes. */
export class NoteTaker implements CodeData {
  /** The notes. */
  readonly notes: Notes = { sites: [], tables: [], labels: [] };
  readonly #data: CodeData;

  constructor(data: CodeData) {
    this.#data = data;
  }

  next(): readonly [site: number, table: number] {
    return this.#data.next();
  }

  site(address: number): number {
    this.notes.sites.push(address);
    return this.#data.site(address);
  }

  labels(count: number): number {
    this.notes.tables.push(count);
    return this.#data.labels(count);
  }

  setLabel(address: number, label: number): void {
    this.notes.labels.push([address, label]);
    this.#data.setLabel(address, label);
  }
}

/** Ask for the same again. */
export function repeat(notes: Notes, data: CodeData): void {
  for (const address of notes.sites) data.site(address);
  for (const count of notes.tables) data.labels(count);
  for (const [address, label] of notes.labels) data.setLabel(address, label);
}

function keyOf(facts: Facts): string {
  return facts.slice(0, KEY_LENGTH).join();
}

function areSame(one: Facts, other: Facts): boolean {
  return one.length === other.length && one.every((fact, at) => fact === other[at]);
}
