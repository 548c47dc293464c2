/**
 * What every object has: an identity, a name, signals, observers, and a count of who refers to it.
 *
 * @module
 */
import { type ObjectType, objectTypeName, Signal } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { type Observer, Observers } from "./observer.ts";
import type { Realm } from "./realm.ts";

/** How many bytes a name may have, with the zero that ends it. */
export const NAME_MAX = 32;

const GONE = -1;

/** Anything that a handle can refer to. */
export abstract class KernelObject {
  /** The type, as userspace sees it. */
  abstract readonly type: ObjectType;
  /** What it shares with all other objects. */
  readonly realm: Realm;
  /** Its identity: never used again, never 0. */
  readonly koid: number;
  #name = "";
  #signals: number;
  #observers: Observers | null = null;
  #handles = 0;
  /** How much in the kernel refers to it; GONE once it is dead. */
  #references = 0;

  /**
   * An object with its first signals, which nobody refers to yet; `known` is the identity of one that
   * has been spoken of before it is made.
   */
  constructor(realm: Realm, type: ObjectType, signals = 0, known = 0) {
    this.realm = realm;
    this.koid = realm.born(type, known);
    this.#signals = signals;
    if (known === 0 && realm.log.listening) {
      realm.log.emit("object-create", { koid: this.koid, type: objectTypeName(type) });
    }
  }

  /** The word it stands under in the census and in the log. */
  get label(): string {
    return objectTypeName(this.type);
  }

  /** What people call it. */
  get name(): string {
    return this.#name;
  }

  /** Name it; what is too long is cut off. */
  set name(name: string) {
    this.#name = name.slice(0, NAME_MAX - 1);
    if (this.realm.log.listening) {
      this.realm.log.emit("object-name", { koid: this.koid, name: this.#name });
    }
  }

  /** The identity of the object it belongs with: its peer, parent or process; 0 if there is none. */
  get relatedKoid(): number {
    return 0;
  }

  /** The signals that hold now. */
  get signals(): number {
    return this.#signals;
  }

  /** Whether anybody may wait for its signals. */
  get waitable(): boolean {
    return true;
  }

  /** The signals that `zx_object_signal` may change. */
  get userSignals(): number {
    return Signal.USER_ALL;
  }

  /** How many handles refer to it. */
  get handles(): number {
    return this.#handles;
  }

  /** How many observers wait for its signals. */
  get observers(): number {
    return this.#observers?.size ?? 0;
  }

  /** Whether the last reference is gone. */
  get dead(): boolean {
    return this.#references === GONE;
  }

  /** Change signals, and tell who waits for what is there now. */
  updateSignals(clear: number, set: number): void {
    const before = this.#signals;
    const signals = ((before & ~clear) | set) >>> 0;
    if (signals === before) return;
    this.#signals = signals;
    this.realm.witness?.changed(this);
    if (this.realm.log.listening) this.#logSignals(clear >>> 0, set >>> 0);
    this.#observers?.notify(signals, signals & ~before);
  }

  #logSignals(clear: number, set: number): void {
    this.realm.log.emit("signal", { koid: this.koid, set, clear, signals: this.#signals });
  }

  /** Tell who waits for some signals that they were there for a moment. */
  strobeSignals(signals: number): void {
    this.#observers?.notify((this.#signals | signals) >>> 0, signals);
  }

  /** Let somebody wait for signals that are not there now. */
  observe(observer: Observer): void {
    (this.#observers ??= new Observers()).add(observer);
  }

  /** Let somebody wait no longer. */
  unobserve(observer: Observer): void {
    this.#observers?.remove(observer);
  }

  /** A handle to it was made. */
  handleMade(): void {
    this.#handles++;
    this.hold();
  }

  /** A handle to it is gone. */
  handleGone(): void {
    invariant(this.#handles > 0, "a handle goes once");
    this.#handles--;
    if (this.#handles === 0) {
      this.realm.witness?.changed(this);
      this.onZeroHandles();
    }
    this.drop();
  }

  /** Something in the kernel refers to it. */
  hold(): void {
    invariant(this.#references !== GONE, "nobody refers to an object that is gone");
    this.#references++;
  }

  /** Something in the kernel no longer refers to it. */
  drop(): void {
    invariant(this.#references > 0, "a reference goes once");
    if (--this.#references === 0) this.#die();
  }

  /** Give up an object that was made but that nobody came to refer to. */
  abandon(): void {
    if (this.#references !== 0) return;
    this.onZeroHandles();
    if (this.#references === 0) this.#die();
  }

  /** No handle refers to it any more: time to tell its peer. */
  protected onZeroHandles(): void {}

  /** Nothing refers to it any more: time to give back what it holds. */
  protected onDeath(): void {}

  #die(): void {
    this.#references = GONE;
    this.onDeath();
    this.realm.died(this.type);
    if (this.realm.log.listening) {
      this.realm.log.emit("object-destroy", { koid: this.koid, type: this.label });
    }
  }
}
