/**
 * The addresses of a process (`rt_aspace`): runs of addresses, and the pages that are its own.
 *
 * Pages that nobody else may see lie in one content at the page numbers of their addresses, so a fork
 * is one snapshot. A page that was only read shows the one frame of zeros; the first write gives it a
 * frame. Whatever can be read here can be written and executed too.
 *
 * @module
 */
import { firstEndingBehind, viewerOfAll } from "../../vm/area.ts";
import { invariant } from "../../invariant.ts";
import type { Realm } from "../../object/realm.ts";
import { Access, type AddressSpace, PAGE_SIZE } from "../../ports.ts";
import { Content } from "../../vm/content.ts";
import { UserMemory } from "../../vm/user_memory.ts";
import type { UserSpace } from "../../vm/user_space.ts";
import { RtError } from "../error.ts";
import { type Layout, pageDown, pageUp } from "./layout.ts";
import { type MemObject, RWX, Varea } from "./varea.ts";

/** Nothing is mapped where somebody wanted to go. */
const NOTHING = -1;

/** There is no memory left for a page. */
const NO_MEMORY = -2;

/** What an address space is made from. */
export interface AspaceOptions {
  /** The ground that memory objects stand on. */
  readonly realm: Realm;
  /** Where its parts are. */
  readonly layout: Layout;
  /** How the processor makes a space. */
  readonly createSpace: () => AddressSpace;
  /** A number that no other has. */
  readonly nextIdentity: () => number;
}

/** What is to be mapped. */
export interface MapRequest {
  /** Where; 0 for wherever there is room. */
  readonly address: number;
  /** How many bytes. */
  readonly length: number;
  /** Whether it has to be there, in place of what was. */
  readonly fixed?: boolean;
  /** Whether every page gets its frame at once (`MMF_PREFETCH`). */
  readonly prefetch?: boolean;
  /** What people call it. */
  readonly name?: string;
  /** What it shows; zeros unless told. */
  readonly object?: MemObject;
  /** Where in the object it begins, in bytes. */
  readonly offset?: number;
}

/** The addresses of a process. */
export class Aspace implements UserSpace {
  readonly realm: Realm;
  /** A number that no other has. */
  readonly identity: number;
  /** Where its parts are. */
  readonly layout: Layout;
  /** The bytes of what it sees. */
  readonly memory: UserMemory;
  processor: AddressSpace | null = null;
  readonly #options: AspaceOptions;
  readonly #vareas: Varea[] = [];
  readonly #pageCount: number;
  #pages: Content;
  #last: Varea | null = null;
  readonly #viewer;

  /** Addresses with nothing at them. */
  constructor(options: AspaceOptions, pages?: Content) {
    this.#options = options;
    this.realm = options.realm;
    this.identity = options.nextIdentity();
    this.layout = options.layout;
    this.memory = new UserMemory(this);
    this.#pageCount = options.layout.top / PAGE_SIZE;
    this.#pages = pages ?? new Content(options.realm, this.#pageCount);
    this.#pages.hold();
    this.#viewer = viewerOfAll(this, this.#pageCount);
    this.#pages.addViewer(this.#viewer);
  }

  /** Its runs of addresses, lowest first. */
  get vareas(): readonly Varea[] {
    return this.#vareas;
  }

  /** Nothing is left of it. */
  destroy(): void {
    this.processor?.destroy();
    this.processor = null;
    for (const varea of this.#vareas) varea.close();
    this.#vareas.length = 0;
    this.#last = null;
    this.#pages.removeViewer(this.#viewer);
    this.#pages.drop();
  }

  /** Another one that sees the same, until one of the two writes. */
  fork(): Aspace {
    const pages = this.#pages.snapshot(0, this.#pageCount, this.#pageCount);
    const child = new Aspace(this.#options, pages);
    for (const varea of this.#vareas) child.#vareas.push(varea.copyFor(child));
    return child;
  }

  forProcessor(): AddressSpace {
    return this.processor ??= this.#options.createSpace();
  }

  /** The run at an address (`rt_aspace_query`). */
  at(address: number): Varea | null {
    const last = this.#last;
    if (last !== null && address >= last.start && address < last.end) return last;
    const found = this.#vareas[firstEndingBehind(this.#vareas, address)];
    return found !== undefined && found.start <= address ? this.#last = found : null;
  }

  /** Map something; answers where, or why not. */
  map(request: MapRequest): number {
    const { address, fixed = false, prefetch = false, name, object, offset = 0 } = request;
    const length = pageUp(request.length);
    if (length === 0 || address % PAGE_SIZE !== 0) return RtError.EINVAL;
    const start = fixed ? address : this.#room(address, length);
    if (start < 0) return start;
    const end = start + length;
    if (start < this.layout.start || end > this.layout.top) return RtError.EINVAL;
    if (fixed) this.unmap(start, end);
    const varea = new Varea(this, {
      start,
      end,
      offset,
      ...(name === undefined ? {} : { name }),
      ...(object === undefined ? {} : { object }),
    });
    this.#vareas.splice(firstEndingBehind(this.#vareas, start), 0, varea);
    this.#last = null;
    this.#logMap(varea);
    if (prefetch && !this.#prefetch(varea)) {
      this.unmap(start, end);
      return RtError.ENOMEM;
    }
    return start;
  }

  /** Take away what is at some addresses. */
  unmap(start: number, end: number): void {
    const found = this.#vareas.filter((one) => one.start < end && one.end > start);
    if (found.length === 0) return;
    this.#last = null;
    for (const one of found) {
      const parts: Varea[] = [];
      if (one.start < start) parts.push(one.part(one.start, start));
      if (one.end > end) parts.push(one.part(end, one.end));
      this.#vareas.splice(this.#vareas.indexOf(one), 1, ...parts);
      one.close();
    }
    this.#pages.clear(start / PAGE_SIZE, end / PAGE_SIZE);
    this.processor?.unmap(start / PAGE_SIZE, (end - start) / PAGE_SIZE);
    const { log } = this.realm;
    if (log.listening) {
      log.emit("unmap", { space: this.identity, address: start, length: end - start });
    }
  }

  /** Where in physical memory an address's page is that has a frame (`lwp_v2p`); 0 if it has none. */
  v2p(address: number): number {
    if (address < 0 || address >= this.layout.top) return 0;
    const page = Math.floor(address / PAGE_SIZE);
    const frame = this.#pages.pages.get(page);
    if (frame > 0) return frame;
    const there = this.processor?.lookup(page) ?? 0;
    return there >>> 3;
  }

  fault(thread: number, address: number, access: number): number {
    const frame = this.touch(address, access);
    if (this.realm.log.listening) {
      const result = frame > 0 ? "OK" : frame === NO_MEMORY ? "NO_MEMORY" : "UNRECOVERABLE";
      this.realm.log.emit("page-fault", { process: 0, thread, address, access, result });
    }
    return frame > 0 ? 0 : frame;
  }

  touch(address: number, access: number): number {
    const varea = this.at(address);
    if (varea === null) return NOTHING;
    const page = Math.floor(address / PAGE_SIZE);
    const isWrite = (access & Access.WRITE) !== 0;
    const { object } = varea;
    if (object === null || this.#pages.pages.get(page) > 0) return this.#touchOwn(page, isWrite);
    const objectPage = varea.firstPage + (page - varea.start / PAGE_SIZE);
    const { content, shared } = object;
    // Behind a file's end there are zeros, but none that several could share.
    if (objectPage >= content.end) return shared ? NOTHING : this.#touchOwn(page, isWrite);
    if (shared) return this.#show(page, content.write(objectPage), RWX);
    const from = content.read(objectPage);
    if (!isWrite) return this.#show(page, from, RWX & ~Access.WRITE);
    return this.#copyFrom(page, from);
  }

  /** Forget what the processor knows of some addresses. */
  forgetAddresses(start: number, end: number): void {
    this.processor?.unmap(start / PAGE_SIZE, (end - start) / PAGE_SIZE);
  }

  #touchOwn(page: number, isWrite: boolean): number {
    const pages = this.#pages;
    const frame = isWrite ? pages.write(page) : pages.read(page);
    if (frame <= 0) return NO_MEMORY;
    const writable = isWrite || pages.writable(page, frame);
    return this.#show(page, frame, writable ? RWX : RWX & ~Access.WRITE);
  }

  #copyFrom(page: number, from: number): number {
    const { frames } = this.realm;
    if (from <= 0) return NO_MEMORY;
    const frame = frames.allocateFor(this.#pages.pages, page, from);
    if (frame === 0) return NO_MEMORY;
    this.#pages.forget(page, page + 1);
    this.#pages.pages.set(page, frame);
    return this.#show(page, frame, RWX);
  }

  #show(page: number, frame: number, access: number): number {
    if (frame <= 0) return NO_MEMORY;
    this.forProcessor().map(page, frame, access);
    const { log } = this.realm;
    if (log.listening) {
      log.emit("page-show", { space: this.identity, address: page * PAGE_SIZE, access });
    }
    return frame;
  }

  #prefetch(varea: Varea): boolean {
    for (let at = varea.start; at < varea.end; at += PAGE_SIZE) {
      if (this.touch(at, Access.WRITE) < 0) return false;
    }
    return true;
  }

  /** Room for so many bytes: where somebody would like it, or as low as there is. */
  #room(wanted: number, length: number): number {
    const isFree = (start: number) =>
      start >= this.layout.start && start + length <= this.layout.top &&
      !this.#vareas.some((one) => one.start < start + length && one.end > start);
    if (wanted !== 0 && isFree(wanted)) return wanted;
    let start = Math.max(this.layout.start, pageDown(wanted));
    for (const varea of this.#vareas) {
      if (varea.end <= start) continue;
      if (varea.start - start >= length) return start;
      start = varea.end;
    }
    if (start + length <= this.layout.top) return start;
    return wanted === 0 ? RtError.ENOMEM : this.#room(0, length);
  }

  #logMap({ start, end, object, offset, name }: Varea): void {
    invariant(end > start, "a run of addresses is not empty");
    const { log } = this.realm;
    if (!log.listening) return;
    log.emit("map", {
      space: this.identity,
      address: start,
      length: end - start,
      access: RWX,
      vmo: object?.koid ?? 0,
      offset,
      name,
    });
  }
}
