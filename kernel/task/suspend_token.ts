/**
 * What holds a thread, or a process with all its threads, still for as long as it exists.
 *
 * @module
 */
import { ObjectType } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Process } from "./process.ts";
import type { Thread } from "./thread.ts";

/** Whoever has a handle to it keeps a task from running. */
export class SuspendToken extends KernelObject {
  readonly type = ObjectType.SUSPEND_TOKEN;
  readonly #task: Thread | Process;

  /** Hold a task still from now on. */
  constructor(task: Thread | Process) {
    super(task.realm, ObjectType.SUSPEND_TOKEN);
    this.#task = task;
    task.hold();
    task.suspend();
  }

  override get waitable(): boolean {
    return false;
  }

  override get relatedKoid(): number {
    return this.#task.koid;
  }

  protected override onZeroHandles(): void {
    this.#task.unsuspend();
  }

  protected override onDeath(): void {
    this.#task.drop();
  }
}
