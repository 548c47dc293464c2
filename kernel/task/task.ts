/**
 * What jobs, processes and threads have in common: their exceptions can be handled.
 *
 * @module
 */
import type { ObjectType } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import { Exceptionate } from "./exceptionate.ts";

/** A job, a process or a thread. */
export abstract class Task extends KernelObject {
  /** Who handles what happens in it, if anybody wants to. */
  readonly exceptions: Exceptionate;

  /** A task whose exceptions nobody handles yet. */
  constructor(realm: Realm, type: ObjectType, signals = 0) {
    super(realm, type, signals);
    this.exceptions = new Exceptionate(realm);
  }
}

/** A task that holds other tasks: a job or a process. */
export abstract class TaskGroup extends Task {
  /** End it, and everything in it. */
  abstract kill(code?: number): void;
}
