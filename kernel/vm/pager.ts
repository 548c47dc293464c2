/**
 * A program that supplies the pages of memory objects when somebody needs them.
 *
 * @module
 */
import { ObjectType, PagerCommand, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import type { DirtyRange } from "./dirty_pages.ts";
import { PageSource, type RequestSink } from "./page_source.ts";
import { Vmo, VMO_SIZE_MAX } from "./vmo.ts";

/** Supplies memory objects with pages. */
export class Pager extends KernelObject {
  readonly type = ObjectType.PAGER;
  readonly #sources = new Set<PageSource>();

  /** A pager without memory objects. */
  constructor(realm: Realm) {
    super(realm, ObjectType.PAGER);
  }

  override get waitable(): boolean {
    return false;
  }

  /** A memory object of which this pager supplies every page. */
  createVmo(size: number, sink: () => RequestSink, options: {
    readonly resizable: boolean;
    readonly trapDirty: boolean;
  }): Vmo | typeof Status["OUT_OF_RANGE"] {
    if (size > VMO_SIZE_MAX) return Status.OUT_OF_RANGE;
    const vmo = Vmo.create(this.realm, size, options);
    if (typeof vmo === "number") return vmo;
    const source = new PageSource(vmo.content, sink(), {
      trapDirty: options.trapDirty,
      keeper: this,
    });
    vmo.content.source = source;
    this.#sources.add(source);
    return vmo;
  }

  /** A content that it supplied is gone. */
  forget(source: PageSource): void {
    this.#sources.delete(source);
  }

  /** The source behind a memory object, if it is one of this pager's. */
  sourceOf(vmo: Vmo): PageSource | null {
    const { source } = vmo.content;
    const own = source !== null && this.#sources.has(source);
    return own && vmo.parent === null && !vmo.slice ? source : null;
  }

  /** Move pages from another memory object into one of this pager's. */
  supply(vmo: Vmo, first: number, count: number, from: Vmo, fromFirst: number) {
    const source = this.sourceOf(vmo)!;
    if (first + count > vmo.pageCount) return Status.OUT_OF_RANGE;
    if (fromFirst + count > from.pageCount) return Status.OUT_OF_RANGE;
    if (!from.canGivePages) return Status.BAD_STATE;
    if (source.detached) return Status.BAD_STATE;
    const given = from.content.pages;
    const { pages } = vmo.content;
    const end = Math.min(first + count, source.end);
    for (let page = first; page < end; page++) {
      if (pages.get(page) !== 0) continue;
      const at = fromFirst + page - first;
      const frame = Math.max(given.get(at), 0) || this.realm.frames.allocate();
      if (frame === 0) return Status.NO_MEMORY;
      pages.set(page, frame);
      given.set(at, 0);
    }
    from.content.clear(fromFirst, fromFirst + count);
    source.arrived(PagerCommand.READ, first, end);
    return Status.OK;
  }

  /** Let pages be written to that are there: NOT_FOUND if one is not. */
  makeDirty(vmo: Vmo, first: number, end: number) {
    const source = this.sourceOf(vmo)!;
    if (source.detached) return Status.BAD_STATE;
    const supplied = Math.min(end, source.end);
    if (vmo.content.pages.firstEmpty(first, supplied) < supplied) return Status.NOT_FOUND;
    source.allowWrites(first, end);
    return Status.OK;
  }

  /** Begin to write back: what is written to from now on will differ again. */
  beginWriteback(vmo: Vmo, first: number, end: number): void {
    const written = this.sourceOf(vmo)!.dirty.beginWriteback(first, end);
    for (const page of written) vmo.content.makeReadOnly(page);
  }

  /** Everything that was written back, and not written to meanwhile, is clean. */
  endWriteback(vmo: Vmo, first: number, end: number): void {
    this.sourceOf(vmo)!.dirty.endWriteback(first, end);
  }

  /** Runs of pages that differ from what the pager has. */
  dirtyRanges(vmo: Vmo, first: number, end: number): DirtyRange[] {
    return this.sourceOf(vmo)!.dirty.ranges(first, end);
  }

  /** Supply a memory object no longer. */
  detach(vmo: Vmo): void {
    this.sourceOf(vmo)!.detach();
  }

  protected override onZeroHandles(): void {
    // A pager that is gone is told nothing more.
    for (const source of this.#sources) source.detach(true);
    this.#sources.clear();
  }
}
