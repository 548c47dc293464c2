/**
 * The steps of a load in order, each with what it changed in the program's address space.
 *
 * @module
 */
import type { LoadStep, MappingChange } from "./report.ts";

/** The steps of a load. */
export class LoadSteps {
  readonly #all: { -readonly [K in keyof LoadStep]: LoadStep[K] }[] = [];
  readonly #bySeq = new Map<number, MappingChange[]>();
  #pending: MappingChange[] = [];

  /** All, in order. */
  get all(): readonly LoadStep[] {
    return this.#all;
  }

  /**
   * One more: a call, by the number of its event, or a step, whose number is 0; a step that takes
   * them has made the changes that belong to no call.
   */
  add(step: Omit<LoadStep, "changes">, seq: number, takesPending: boolean): void {
    const changes = takesPending ? this.#pending : [];
    if (takesPending) this.#pending = [];
    this.#all.push({ ...step, changes });
    if (seq > 0) this.#bySeq.set(seq, changes);
  }

  /** A call was only made to tell of a step: it is none itself. */
  drop(seq: number): void {
    const changes = this.#bySeq.get(seq);
    const at = this.#all.findLastIndex((one) => one.changes === changes);
    if (changes && at >= 0) this.#all.splice(at, 1);
  }

  /** Something changed, by a call or, as will be told, by a step. */
  change(change: MappingChange, cause: number): void {
    (this.#bySeq.get(cause) ?? this.#pending).push(change);
  }
}
