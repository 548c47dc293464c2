/**
 * A run of addresses at which a memory object can be seen.
 *
 * @module
 */
import { Status } from "../abi.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import type { AddressSpace } from "./address_space.ts";
import type { Region } from "./regions.ts";
import type { Viewer } from "./viewers.ts";
import type { Vmo } from "./vmo.ts";

/** What a mapping shows, and how. */
export interface MappingOptions {
  /** The address space it is in. */
  readonly space: AddressSpace;
  /** Its first address. */
  readonly base: number;
  /** Its length in bytes: whole pages. */
  readonly size: number;
  /** What it shows. */
  readonly vmo: Vmo;
  /** Where in it the mapping begins, in bytes: whole pages. */
  readonly offset: number;
  /** What may be done there now. */
  readonly access: number;
  /** What may ever be allowed there. */
  readonly accessMax: number;
  /** Whether what lies behind the stream's size cannot be touched. */
  readonly faultBeyondStream: boolean;
}

/** A window of an address space on a memory object. */
export class Mapping implements Region, Viewer {
  readonly base: number;
  readonly size: number;
  readonly firstPage: number;
  readonly endPage: number;
  /** The address space it is in. */
  readonly space: AddressSpace;
  /** What it shows. */
  readonly vmo: Vmo;
  /** Where in the memory object it begins, in bytes. */
  readonly offset: number;
  /** What may ever be allowed there. */
  readonly accessMax: number;
  /** Whether what lies behind the stream's size cannot be touched. */
  readonly faultBeyondStream: boolean;
  /** What may be done there now. */
  access: number;

  /** A mapping that nobody can see yet. */
  constructor(options: MappingOptions) {
    const { vmo, offset, size } = options;
    this.space = options.space;
    this.base = options.base;
    this.size = size;
    this.vmo = vmo;
    this.offset = offset;
    this.access = options.access;
    this.accessMax = options.accessMax;
    this.faultBeyondStream = options.faultBeyondStream;
    this.firstPage = vmo.firstPage + offset / PAGE_SIZE;
    this.endPage = this.firstPage + size / PAGE_SIZE;
    vmo.hold();
    vmo.showings.add(this.space);
    vmo.content.addViewer(this);
    if (vmo.content.paged) this.space.countPaged(1);
  }

  /** The address behind its last. */
  get end(): number {
    return this.base + this.size;
  }

  /** Show nothing any more; the processor must have forgotten it already. */
  close(): void {
    const { content } = this.vmo;
    content.removeViewer(this);
    if (content.paged) this.space.countPaged(-1);
    this.vmo.showings.remove(this.space);
    this.vmo.drop();
  }

  /** A mapping of a part of what this one shows, to stand in its place. */
  part(base: number, end: number): Mapping {
    return new Mapping({
      space: this.space,
      base,
      size: end - base,
      vmo: this.vmo,
      offset: this.offset + (base - this.base),
      access: this.access,
      accessMax: this.accessMax,
      faultBeyondStream: this.faultBeyondStream,
    });
  }

  /** Allow something else from now on. */
  protect(access: number): void {
    if (access === this.access) return;
    this.access = access;
    this.space.forgetAddresses(this.base, this.end);
  }

  /** Make the page at an address ready for an access; answers its frame, or why there is none. */
  touch(address: number, access: number): number {
    if ((this.access & access) !== access) return Status.ACCESS_DENIED;
    const content = this.vmo.content;
    const page = this.firstPage + Math.floor((address - this.base) / PAGE_SIZE);
    if (page >= this.#limit) return Status.OUT_OF_RANGE;
    const frame = (access & Access.WRITE) !== 0 ? content.write(page) : content.read(page);
    if (frame >= 0) this.show(page, frame);
    return frame;
  }

  /** Let the processor see a frame at a page, as far as it may be written to now. */
  show(page: number, frame: number): void {
    const { space } = this;
    const writable = (this.access & Access.WRITE) !== 0 && this.vmo.content.writable(page, frame);
    const access = writable ? this.access : this.access & ~Access.WRITE;
    const at = this.#addressPage(page);
    if (!space.show(at, frame, access)) return;
    const { log } = space.realm;
    if (log.listening) {
      log.emit("page-show", { space: space.koid, address: at * PAGE_SIZE, access });
    }
  }

  forget(first: number, end: number): void {
    const from = Math.max(first, this.firstPage);
    const to = Math.min(end, this.endPage);
    this.space.hide(this.#addressPage(from), to - from);
  }

  makeReadOnly(page: number): void {
    if ((this.access & Access.WRITE) !== 0) this.space.makeReadOnly(this.#addressPage(page));
  }

  /** The page behind the last that can be touched. */
  get #limit(): number {
    const { vmo } = this;
    const pages = this.faultBeyondStream
      ? Math.min(Math.ceil(vmo.streamSize / PAGE_SIZE), vmo.pageCount)
      : vmo.pageCount;
    return vmo.firstPage + pages;
  }

  #addressPage(page: number): number {
    return this.base / PAGE_SIZE + (page - this.firstPage);
  }
}
