/**
 * What a process does at each signal. Threads share it, and tasks that were cloned to.
 *
 * @module
 */
import { Handler, SIGNALS } from "../abi/signal.ts";
import { setOf, type SignalSet } from "./signal.ts";

/** What is done at a signal. */
export interface Action {
  /** Where the handler is, or a `Handler`. */
  readonly handler: number;
  /** A mask of `HandlerFlag` bits. */
  readonly flags: number;
  /** What is blocked meanwhile. */
  readonly mask: SignalSet;
}

const DEFAULT: Action = { handler: Handler.DFL, flags: 0, mask: 0n };

/** What is done at each signal. */
export class Handlers {
  /** How many processes share it. */
  users = 1;
  readonly #actions: Action[] = new Array<Action>(SIGNALS + 1).fill(DEFAULT);

  /** What is done at a signal. */
  get(signal: number): Action {
    return this.#actions[signal]!;
  }

  /** The signals whose handlers are such. */
  those(isMeant: (handler: number) => boolean): SignalSet {
    let set = 0n;
    this.#actions.forEach(({ handler }, signal) => {
      if (signal > 0 && isMeant(handler)) set |= setOf(signal);
    });
    return set;
  }

  /** Do something else from now on. */
  set(signal: number, action: Action): void {
    this.#actions[signal] = action;
  }

  /** Do at a signal what is done by default. */
  reset(signal: number): void {
    this.#actions[signal] = DEFAULT;
  }

  /** Others that do the same. */
  copy(): Handlers {
    const copy = new Handlers();
    this.#actions.forEach((action, signal) => copy.set(signal, action));
    return copy;
  }

  /** As after `execve`: what was ignored is ignored still, everything else is by default. */
  flush(): void {
    this.#actions.forEach((action, signal) => {
      const { handler } = action;
      if (handler === Handler.IGN) this.set(signal, { ...DEFAULT, handler });
      else this.reset(signal);
    });
  }
}
