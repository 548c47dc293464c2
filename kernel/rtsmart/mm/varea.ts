/**
 * A run of addresses of one process (`rt_varea`): what it shows. What may be done there is not said:
 * everything may.
 *
 * @module
 */
import { type AreaOwner, forgetPages, protectPage } from "../../vm/area.ts";
import type { Viewer } from "../../vm/viewers.ts";
import { Access, PAGE_SIZE } from "../../ports.ts";
import type { Content } from "../../vm/content.ts";

/** Read, write and execute: the only permission there is (`MMU_MAP_U_RWCB`). */
export const RWX = Access.READ | Access.WRITE | Access.EXECUTE;

/** Pages that a run can show besides its own. */
export interface MemObject {
  /** What people call it. */
  readonly name: string;
  /** Its identity in the log. */
  readonly koid: number;
  /** Its pages. */
  readonly content: Content;
  /** Whether writes are seen by everybody who maps it; otherwise the first write to a page copies it. */
  readonly shared: boolean;
  /** One more run shows it. */
  hold(): void;
  /** One fewer does. */
  drop(): void;
}

/** What a run of addresses is for. */
export interface VareaOptions {
  /** The first address. */
  readonly start: number;
  /** The address behind the last. */
  readonly end: number;
  /** What it is called, where it has no object's name. */
  readonly name?: string;
  /** What it shows; zeros if nothing. */
  readonly object?: MemObject | null;
  /** Where in the object it begins, in bytes. */
  readonly offset?: number;
}

/** A run of addresses. */
export class Varea implements Viewer {
  readonly start: number;
  readonly end: number;
  readonly firstPage: number;
  readonly endPage: number;
  /** Where in the object it begins. */
  readonly offset: number;
  /** What it is called. */
  readonly name: string;
  /** What it shows; null for zeros. */
  readonly object: MemObject | null;

  readonly #owner: AreaOwner;

  /** A run that looks at its object from now on. */
  constructor(owner: AreaOwner, { start, end, name, object = null, offset = 0 }: VareaOptions) {
    this.#owner = owner;
    this.start = start;
    this.end = end;
    this.offset = offset;
    this.firstPage = offset / PAGE_SIZE;
    this.endPage = this.firstPage + (end - start) / PAGE_SIZE;
    this.object = object;
    this.name = name ?? object?.name ?? "";
    object?.hold();
    object?.content.addViewer(this);
  }

  /** Another one for a part of it. */
  part(start: number, end: number): Varea {
    const { name, object } = this;
    const offset = object ? this.offset + (start - this.start) : 0;
    return new Varea(this.#owner, { start, end, name, object, offset });
  }

  /** The same one for another process. */
  copyFor(owner: AreaOwner): Varea {
    const { start, end, name, object, offset } = this;
    return new Varea(owner, { start, end, name, object, offset });
  }

  /** Look at its object no longer. */
  close(): void {
    this.object?.content.removeViewer(this);
    this.object?.drop();
  }

  forget(first: number, end: number): void {
    forgetPages(this.#owner, this, first, end);
  }

  makeReadOnly(page: number): void {
    protectPage(this.#owner, this, page);
  }
}
