/**
 * A handle: an object with rights. It never changes; it is only made, moved and closed.
 *
 * @module
 */
import { Signal } from "../abi.ts";
import { invariant } from "../invariant.ts";
import type { KernelObject } from "./object.ts";
import type { Observer } from "./observer.ts";

/** What one holder may do with one object. */
export class Handle {
  /** The object. */
  readonly object: KernelObject;
  /** What may be done with it. */
  readonly rights: number;
  #waits: Set<Observer> | null = null;
  #open = true;

  /** A handle to an object. */
  constructor(object: KernelObject, rights: number) {
    this.object = object;
    this.rights = rights >>> 0;
    object.realm.handles++;
    object.handleMade();
  }

  /** Whether it has all of these rights. */
  has(rights: number): boolean {
    return (this.rights & rights) === (rights | 0);
  }

  /** Let somebody wait for the object's signals by this handle. */
  observe(observer: Observer): void {
    (this.#waits ??= new Set()).add(observer);
    this.object.observe(observer);
  }

  /** Let somebody wait by this handle no longer. */
  unobserve(observer: Observer): void {
    this.#waits?.delete(observer);
    this.object.unobserve(observer);
  }

  /** End everybody's waiting by this handle: it is about to be closed, or to move elsewhere. */
  cancelWaits(): void {
    const waits = this.#waits;
    if (!waits) return;
    this.#waits = null;
    for (const observer of waits) {
      if (observer.list === null) continue;
      this.object.unobserve(observer);
      observer.onCancel((this.object.signals | Signal.HANDLE_CLOSED) >>> 0);
    }
  }

  /** The handle is gone. */
  close(): void {
    invariant(this.#open, "a handle is closed once");
    this.#open = false;
    this.cancelWaits();
    this.object.realm.handles--;
    this.object.handleGone();
  }
}
