/**
 * A handle: an object with rights. It never changes; it is only made, moved and closed.
 *
 * @module
 */
import { Signal } from "../abi.ts";
import { invariant } from "../invariant.ts";
import type { KernelObject } from "./object.ts";
import type { Observer, WaitedBy } from "./observer.ts";

/** What one holder may do with one object. */
export class Handle implements WaitedBy {
  /** The object. */
  readonly object: KernelObject;
  /** What may be done with it. */
  readonly rights: number;
  #firstWait: Observer | null = null;
  #lastWait: Observer | null = null;
  #open = true;

  /** A handle to an object. */
  constructor(object: KernelObject, rights: number) {
    this.object = object;
    this.rights = rights >>> 0;
    object.realm.handles++;
    object.realm.witness?.counted(object);
    object.handleMade();
  }

  /** Whether it has all of these rights. */
  has(rights: number): boolean {
    return (this.rights & rights) === (rights | 0);
  }

  /** Let somebody wait for the object's signals by this handle. */
  observe(observer: Observer): void {
    observer.by = this;
    observer.byPrevious = this.#lastWait;
    if (this.#lastWait) this.#lastWait.byNext = observer;
    else this.#firstWait = observer;
    this.#lastWait = observer;
    this.object.observe(observer);
  }

  /** Let somebody wait by this handle no longer. */
  unobserve(observer: Observer): void {
    if (observer.by !== this) return;
    this.forget(observer);
    this.object.unobserve(observer);
  }

  /** Somebody who waited by this handle does so no longer. */
  forget(observer: Observer): void {
    if (observer.byPrevious) observer.byPrevious.byNext = observer.byNext;
    else this.#firstWait = observer.byNext;
    if (observer.byNext) observer.byNext.byPrevious = observer.byPrevious;
    else this.#lastWait = observer.byPrevious;
    observer.by = observer.byPrevious = observer.byNext = null;
  }

  /** End everybody's waiting by this handle: it is about to be closed, or to move elsewhere. */
  cancelWaits(): void {
    for (let one = this.#firstWait; one; one = this.#firstWait) {
      this.unobserve(one);
      one.onCancel((this.object.signals | Signal.HANDLE_CLOSED) >>> 0);
    }
  }

  /** The handle is gone. */
  close(): void {
    invariant(this.#open, "a handle is closed once");
    this.#open = false;
    this.cancelWaits();
    this.object.realm.witness?.counted(this.object);
    this.object.realm.handles--;
    this.object.handleGone();
  }
}
