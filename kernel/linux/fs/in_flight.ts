/**
 * Sockets whose descriptors are on their way in messages: those that only such messages refer to, which
 * nobody will ever receive, are found and let go.
 *
 * @module
 */
import type { OpenFile } from "./open_file.ts";

/** Of so many sockets on their way, one that somebody leaves has all looked at. */
const LOOKED_AT = 8;

/** A file that has messages, with others in them. */
export interface Carrier extends OpenFile {
  /** The files that are on their way in messages that wait in it. */
  readonly filesWaiting: readonly OpenFile[];
  /** Throw away what waits in it. */
  discard(): void;
}

/** All of one machine. */
export class InFlight {
  /** How often each is on its way. */
  readonly #counts = new Map<Carrier, number>();
  #left = 0;
  #isCollecting = false;

  /** How many are on their way. */
  get size(): number {
    return this.#counts.size;
  }

  /** A socket is sent. */
  add(carrier: Carrier): void {
    this.#counts.set(carrier, (this.#counts.get(carrier) ?? 0) + 1);
  }

  /** A socket arrived, or was lost. */
  remove(carrier: Carrier): void {
    const count = this.#counts.get(carrier)!;
    if (count > 1) this.#counts.set(carrier, count - 1);
    else this.#counts.delete(carrier);
  }

  /** Somebody refers to a socket no longer: now and then, who is lost is let go. */
  left(): void {
    if (this.#counts.size === 0 || this.#isCollecting) return;
    if (++this.#left * LOOKED_AT < this.#counts.size) return;
    this.#left = 0;
    this.#isCollecting = true;
    const lost = this.#lost();
    for (const one of lost) one.hold();
    for (const one of lost) one.discard();
    for (const one of lost) one.drop();
    this.#isCollecting = false;
  }

  /** Those whom nobody but each other refers to. */
  #lost(): readonly Carrier[] {
    const inside = new Map<OpenFile, number>();
    for (const [one, count] of this.#counts) if (one.references === count) inside.set(one, 0);
    const candidates = [...inside.keys()] as Carrier[];
    for (const file of candidates.flatMap(({ filesWaiting }) => filesWaiting)) {
      const count = inside.get(file);
      if (count !== undefined) inside.set(file, count + 1);
    }
    // Whom somebody else refers to is not lost, and neither is what waits in it.
    const kept = candidates.filter((one) => inside.get(one)! < one.references);
    for (const one of kept) inside.delete(one);
    for (let one = kept.pop(); one; one = kept.pop()) {
      for (const file of one.filesWaiting) {
        if (inside.delete(file)) kept.push(file as Carrier);
      }
    }
    return candidates.filter((one) => inside.has(one));
  }
}
