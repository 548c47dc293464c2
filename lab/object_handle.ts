/**
 * Handles as a scenario has them: typed by object and rights, given away once, disposed of at will.
 *
 * @module
 */
import { Right, type RightName, rightNames } from "../kernel/abi.ts";
import type { HandleTo, HandleType } from "../kernel/handle_value.ts";
import { Handle } from "../kernel/object/handle.ts";
import type { KernelObject } from "../kernel/object/object.ts";
import type { Process } from "../kernel/task/process.ts";
import { maskOf } from "./right_mask.ts";
import { ScenarioError } from "./scenario_error.ts";

/** A handle that a scenario holds until it gives it to a program. */
export interface ObjectHandle<T extends HandleType = HandleType, R extends RightName = RightName>
  extends Disposable {
  /** What the scenario calls the object. */
  readonly name: string;
  /** The object's identity, which is the same in every run. */
  readonly koid: number;
  /** The object's type. */
  readonly type: T;
  /** The rights. */
  readonly rights: readonly R[];
  /**
   * A handle with only these rights: another one where the object may have many, this one in its
   * place where handles to it cannot be duplicated.
   */
  only<S extends R>(...rights: S[]): ObjectHandle<T, S>;
}

/** The handle value that a program gets for a scenario's handle. */
export type ValueOf<H> = H extends ObjectHandle<infer T, infer R> ? HandleTo<T, R> : never;

/** The handle values that a program gets for a list of handles. */
export type ValuesOf<H extends readonly ObjectHandle[]> = { [N in keyof H]: ValueOf<H[N]> };

/** What a scenario's handle is made of. */
export class HeldHandle implements ObjectHandle {
  readonly name: string;
  readonly koid: number;
  readonly type: HandleType;
  /** The object, whatever becomes of the handle. */
  readonly object: KernelObject;
  /** Where in the scenario's file it was made, such as `caretaker.ts:12`; empty if nobody looked. */
  readonly place: string;
  /** Whether lesser handles were made from it. */
  isShared = false;
  #handle: Handle | null;

  /** A handle to an object of the scenario. */
  constructor(object: KernelObject, type: HandleType, handle: Handle, place = "") {
    this.place = place;
    this.name = object.name;
    this.koid = object.koid;
    this.type = type;
    this.object = object;
    this.#handle = handle;
  }

  /** Whether it was given away or disposed of. */
  get gone(): boolean {
    return this.#handle === null;
  }

  get rights(): RightName[] {
    return rightNames(this.#handle?.rights ?? 0);
  }

  only(...rights: RightName[]): ObjectHandle<HandleType, never> {
    const handle = this.#mine("be made less of");
    const mask = maskOf(rights);
    if (mask & ~handle.rights) {
      const more = rightNames(mask & ~handle.rights);
      throw new ScenarioError(`the handle to ${this.name} has no right ${more.join(", ")} to keep`);
    }
    this.isShared = true;
    const only = new HeldHandle(this.object, this.type, new Handle(this.object, mask >>> 0));
    if (!handle.has(Right.DUPLICATE)) this[Symbol.dispose]();
    return only as unknown as ObjectHandle<HandleType, never>;
  }

  /** Take the handle out, to give it to a program. */
  give(): Handle {
    const handle = this.#mine("be given away");
    this.#handle = null;
    return handle;
  }

  [Symbol.dispose](): void {
    const handle = this.#handle;
    this.#handle = null;
    handle?.close();
  }

  #mine(deed: string): Handle {
    if (this.#handle) return this.#handle;
    throw new ScenarioError(
      `the handle to ${this.name} is gone, it cannot ${deed}: give each handle once, or only() of it`,
    );
  }
}

/** A handle to what belongs to whichever program is given it: its process, its memory. */
export class OwnHandle implements ObjectHandle {
  readonly name: string;
  readonly koid = 0;
  readonly type: "Process" | "Vmar";
  readonly #rights: number;

  /** With these rights. */
  constructor(type: "Process" | "Vmar", rights: number) {
    this.name = `its own ${type}`;
    this.type = type;
    this.#rights = rights;
  }

  get rights(): RightName[] {
    return rightNames(this.#rights);
  }

  only(...rights: RightName[]): ObjectHandle<HandleType, never> {
    const mask = maskOf(rights);
    const less = new OwnHandle(this.type, mask & this.#rights);
    return less as unknown as ObjectHandle<HandleType, never>;
  }

  /** The handle for a program. */
  of(process: Process): Handle {
    return new Handle(this.type === "Vmar" ? process.space.root : process, this.#rights);
  }

  [Symbol.dispose](): void {}
}
