/**
 * One system call on its way from a script: what `yield*` works through.
 *
 * @module
 */
import type { Request } from "../task/thread.ts";

/** Where an asking is: nobody has taken its request yet, or it waits for the answer, or it is over. */
const Stage = { NEW: 0, ASKED: 1, OVER: 2 } as const;

/**
 * What a generator would be that yields a request and returns the reply, at half the price: scripts do
 * little else. It is its own result, so whoever goes on with it looks at the result before that.
 */
export class Asking {
  /** The request, and then the reply. */
  value: unknown;
  /** Whether the value is the reply. */
  done = false;
  #stage: typeof Stage[keyof typeof Stage] = Stage.NEW;

  /** An asking that nobody has gone on with. */
  constructor(request: Request) {
    this.value = request;
  }

  /** Give the request; when called again with the reply, that. */
  next(reply: unknown): this {
    if (this.#stage === Stage.NEW) {
      this.#stage = Stage.ASKED;
      return this;
    }
    return this.#end(this.#stage === Stage.ASKED ? reply : undefined);
  }

  /** The script goes no further. */
  return(value: unknown): this {
    return this.#end(value);
  }

  /** The script is to go on with an error. */
  throw(error: unknown): never {
    this.#end(undefined);
    throw error;
  }

  /** Itself. */
  [Symbol.iterator](): this {
    return this;
  }

  /** Nobody wants it any more. */
  [Symbol.dispose](): void {
    this.#end(undefined);
  }

  #end(value: unknown): this {
    this.#stage = Stage.OVER;
    this.value = value;
    this.done = true;
    return this;
  }
}
