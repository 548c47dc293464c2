/**
 * Claims: what a scenario says must hold, must not, must be possible, must be so in the end.
 *
 * Each claim remembers what it looks at. Steps that change what a claim looks at may not change
 * places, whatever else they do; and a claim whose sight never changed never had a chance to fail.
 *
 * @module
 */
import type { View } from "./view.ts";

/** The ways to claim something. */
export type ClaimKind = "always" | "never" | "sometimes" | "eventually";

/** Asked after every step, or at the end. */
export type Predicate = (view: View) => boolean;

/** What a claim looks at, over all runs. */
export class Sight {
  /** Keys of objects' states and processes' tables. */
  readonly keys = new Set<number>();
  /** Programs and calls, as `program:call` or `program:`. */
  readonly calls = new Set<string>();
  /** Whether it looks at every step. */
  everything = false;
  /** How often something was added. */
  growth = 0;

  /** Look at a key. */
  key(key: number): void {
    if (this.keys.has(key)) return;
    this.keys.add(key);
    this.growth++;
  }

  /** Look at a program's calls. */
  call(name: string): void {
    if (this.calls.has(name)) return;
    this.calls.add(name);
    this.growth++;
  }

  /** Look at every step. */
  all(): void {
    if (this.everything) return;
    this.everything = true;
    this.growth++;
  }
}

/** What is known of a claim over all runs. */
export class ClaimRecord {
  /** The way it claims. */
  readonly kind: ClaimKind;
  /** Its sentence. */
  readonly name: string;
  /** What it looks at. */
  readonly sight = new Sight();
  /** How many steps changed what it looks at. */
  chances = 0;
  /** How often its predicate was true. */
  hits = 0;
  /** What its predicate threw, if it did. */
  error: string | null = null;
  /** Where it is made, such as `caretaker.ts:12`. */
  readonly place: string;

  /** A claim nobody has tried yet. */
  constructor(kind: ClaimKind, name: string, place: string) {
    this.kind = kind;
    this.name = name;
    this.place = place;
  }
}

/** A claim in one run. */
export interface Claim {
  /** What is known of it over all runs. */
  readonly record: ClaimRecord;
  /** Its predicate in this run. */
  readonly predicate: Predicate;
}
