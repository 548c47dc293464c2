/**
 * The claims of one run: asked after every step, and those about the end when that has come.
 *
 * @module
 */
import { type Claim, type ClaimKind, ClaimRecord, type Predicate, type Sight } from "../claim.ts";
import type { Footprint } from "../explore/footprint.ts";
import { placeOf, ScenarioError, sentenceOf } from "../scenario_error.ts";
import { RememberingView, type Scene } from "../view.ts";

/** The claims of one run. */
export class RunClaims {
  readonly #scene: Scene;
  readonly #records: ClaimRecord[];
  readonly #footprint: Footprint;
  readonly #claims: Claim[] = [];
  #view: RememberingView | null = null;
  /** The claim whose predicate is at work. */
  asked: ClaimRecord | null = null;

  /** About a run, what is known of them over all runs, and what its steps depend on. */
  constructor(scene: Scene, records: ClaimRecord[], footprint: Footprint) {
    this.#scene = scene;
    this.#records = records;
    this.#footprint = footprint;
  }

  /** Whether there are any. */
  get some(): boolean {
    return this.#claims.length > 0;
  }

  /** One more. */
  add(kind: ClaimKind, name: string, predicate: Predicate): void {
    const at = this.#claims.length;
    const record = this.#records[at] ??= new ClaimRecord(kind, name, placeOf(new Error()));
    this.#claims.push({ record, predicate });
  }

  /** Ask those about every step; answers the first that is wrong. */
  ask(): ClaimRecord | null {
    let wrong: ClaimRecord | null = null;
    this.#claims.forEach((claim, at) => {
      const { record } = claim;
      if (record.kind !== "eventually" && record.error === null) {
        const isTrue = this.#isTrue(claim);
        const isWrong = record.kind === "always" ? !isTrue : record.kind === "never" && isTrue;
        if (record.error === null && isWrong) wrong ??= record;
      }
      if (!this.#isSeen(record.sight)) return;
      record.chances++;
      this.#footprint.add(-1 - at, true);
    });
    return wrong;
  }

  /** Ask those about the end; answers the first that is wrong. */
  askAtEnd(): ClaimRecord | null {
    for (const claim of this.#claims) {
      const { record } = claim;
      if (record.kind !== "eventually" || record.error !== null) continue;
      record.chances++;
      if (!this.#isTrue(claim) && record.error === null) return record;
    }
    return null;
  }

  #isTrue({ record, predicate }: Claim): boolean {
    const view = this.#view ??= new RememberingView(this.#scene, record.sight);
    view.sight = record.sight;
    this.asked = record;
    try {
      const isTrue: unknown = predicate(view);
      if (isTrue === true) record.hits++;
      else if (isTrue !== false) throw noAnswer(isTrue);
      return isTrue;
    } catch (error) {
      record.error = sentenceOf(error, record.place);
      return false;
    } finally {
      this.asked = null;
    }
  }

  /** Whether the step just taken changed what a claim looks at. */
  #isSeen(sight: Sight): boolean {
    if (sight.everything) return true;
    for (const key of sight.keys) if (this.#footprint.changesKey(key)) return true;
    return sight.calls.size > 0 &&
      this.#scene.answered.some(({ program, call }) =>
        sight.calls.has(`${program}:${call}`) || sight.calls.has(`${program}:`)
      );
  }
}

/** A file is run without its types being checked: what is neither true nor false is taken for neither. */
function noAnswer(value: unknown): ScenarioError {
  const what = value instanceof Promise ? "a promise: it may not be async" : `${value}`;
  return new ScenarioError(`it must answer true or false, and answers ${what}`);
}
