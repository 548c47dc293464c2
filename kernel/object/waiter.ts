/**
 * Waiting in a line for something that only one can have.
 *
 * @module
 */
import { Queued } from "./queue.ts";

/** Somebody who stands in a line until it is their turn. */
export abstract class Waiter<T> extends Queued {
  /** It is their turn, and this is theirs. They no longer stand in the line. */
  abstract onTurn(what: T): void;

  /** There is nothing to wait for any more. They no longer stand in the line. */
  abstract onGone(): void;
}
