/**
 * What jobs, processes and threads have in common: their exceptions can be handled.
 *
 * @module
 */
import { KernelObject } from "../object/object.ts";
import { CLOSED, Exceptionate } from "./exceptionate.ts";

/** A job, a process or a thread. */
export abstract class Task extends KernelObject {
  #exceptions: Exceptionate | null = null;

  /** Who handles what happens in it, if anybody wants to. */
  get exceptions(): Exceptionate {
    return this.#exceptions ??= new Exceptionate(this.realm);
  }

  /** It is gone: nobody will handle anything. */
  protected closeExceptions(): void {
    if (this.#exceptions) this.#exceptions.close();
    else this.#exceptions = CLOSED;
  }
}

/** A task that holds other tasks: a job or a process. */
export abstract class TaskGroup extends Task {
  /** End it, and everything in it. */
  abstract kill(code?: number): void;
}
