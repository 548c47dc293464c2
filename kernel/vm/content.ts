/**
 * What memory objects are made of: pages with frames, shared until somebody writes.
 *
 * A memory object is a window on a content; a slice and a reference are further windows on the same
 * content. A snapshot is a content of its own. It takes the frames of the original as they stand, and
 * from then on both hold them: whoever writes first to a frame that has several holders takes a copy.
 * So no content needs its origin afterwards, and they may change, shrink and die in any order.
 *
 * Only what a pager has still to supply cannot be taken over. A copy of such a content looks through,
 * where it has no page, to the content below it, and to zeros behind what that one had at the time.
 * What is below is always the pager's content itself: nobody looks through two others.
 *
 * @module
 */
import { PagerCommand, Status } from "../abi.ts";
import { invariant } from "../invariant.ts";
import type { Frames } from "../object/frames.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import type { PageNeed, PageSource } from "./page_source.ts";
import { Pages, ZERO_PAGE } from "./pages.ts";
import { type Viewer, Viewers } from "./viewers.ts";

/** What it may cost to mark a page as zeros that hide what is below it. */
const MARK_BYTES = 256;

/** So many pages at once are asked of a pager. */
const NEED_MAX = 1 << 16;

/** Why a page cannot be read or written: a pager comes first, or is gone; no frames; taken away. */
export type PageFailure = typeof Status["SHOULD_WAIT" | "BAD_STATE" | "NO_MEMORY" | "NOT_FOUND"];

/** Pages of memory that windows, mappings and other contents look at. */
export class Content {
  /** What it shares with everything else. */
  readonly realm: Realm;
  /** Its own frames. */
  readonly pages = new Pages();
  /** Whether it began as a copy of another content. */
  readonly copy: boolean;
  /** Who supplies the pages that it does not have, if somebody does. */
  source: PageSource | null = null;
  /** How many memory objects that show other pages were made from those that show these. */
  copies = 0;
  /** Whether its frames were taken away in need, which whoever uses it has to be told. */
  discarded = false;
  /** Who is asked before it has one more page, if somebody is. */
  room: { admit(): boolean } | null = null;
  readonly #frames: Frames;
  #viewers: Viewers | null = null;
  #end: number;
  #below: Content | null = null;
  #belowOffset = 0;
  #belowEnd = 0;
  #above: Set<Content> | null = null;
  #users = 0;
  #marks = 0;
  /** What the kernel keeps for the pages that it began with, if it is a copy. */
  #copyBytes = 0;

  /** A content of so many pages, all zeros. */
  constructor(realm: Realm, end: number, copy = false) {
    this.realm = realm;
    this.copy = copy;
    this.#frames = realm.frames;
    this.#end = end;
  }

  /** The page behind the last. */
  get end(): number {
    return this.#end;
  }

  /** Whether nobody but one memory object looks at it. */
  get solitary(): boolean {
    return this.#users === 1 && this.viewerCount === 0;
  }

  /** Whether a pager supplies it, or what it looks through to. */
  get paged(): boolean {
    return this.source !== null || (this.#below !== null && this.#below.paged);
  }

  /** How many mappings show it. */
  get viewerCount(): number {
    return this.#viewers?.size ?? 0;
  }

  /** Somebody looks at it. */
  hold(): void {
    this.#users++;
  }

  /** Somebody looks at it no longer; after the last one its frames are released. */
  drop(): void {
    invariant(this.#users > 0, "a content is dropped once by each of its users");
    if (--this.#users > 0) return;
    this.pages.forEach(0, this.#end, (_page, value) => {
      if (value > 0) this.#frames.release(value);
    });
    this.pages.truncate(0);
    this.source?.close();
    this.realm.letGo(this.#marks * MARK_BYTES + this.#copyBytes);
    this.#leaveBelow();
  }

  /** A mapping shows some pages. */
  addViewer(viewer: Viewer): void {
    (this.#viewers ??= new Viewers()).add(viewer);
  }

  /** A mapping no longer shows its pages. */
  removeViewer(viewer: Viewer): void {
    invariant(this.#viewers!.remove(viewer), "who shows pages no longer showed them before");
  }

  /** The frame to read a page from, or why there is none. */
  read(page: number): number {
    const own = this.pages.get(page);
    if (own > 0) return own;
    if (own === 0) {
      if (this.discarded) return Status.NOT_FOUND;
      if (this.source !== null && page < this.source.end) return this.source.absent;
      if (page < this.#belowEnd) return this.#below!.read(page + this.#belowOffset);
    }
    return this.#frames.zero || Status.NO_MEMORY;
  }

  /** Whether a frame at a page may be written to without asking again. */
  writable(page: number, frame: number): boolean {
    return this.pages.get(page) === frame && !this.#frames.shared(frame) &&
      (this.source === null || this.source.isDirty(page));
  }

  /** The frame to write a page to, made or copied if need be, or why there is none. */
  write(page: number): number {
    const own = this.pages.get(page);
    const { source } = this;
    if (own > 0 && !this.#frames.shared(own)) {
      return source === null ? own : source.admitWrite(page) || own;
    }
    const from = own > 0 ? own : this.read(page);
    if (from < 0) return from;
    if (source !== null && !source.mayWrite(page)) return source.absent;
    if (own <= 0 && this.room?.admit() === false) return Status.NO_MEMORY;
    const frame = this.#frames.allocateFor(this.pages, page, from);
    if (frame === 0) return Status.NO_MEMORY;
    this.forget(page, page + 1);
    if (own > 0) this.#frames.release(own);
    else if (own === ZERO_PAGE) this.#unmark();
    this.pages.set(page, frame);
    source?.admitWrite(page);
    return frame;
  }

  /** What a pager has to do before these pages can be read, or written; null if nothing. */
  need(first: number, end: number, writing: boolean): PageNeed | null {
    const page = this.#firstInNeed(first, end, writing);
    const need = page < end ? this.#needAt(page, writing) : null;
    if (need === null) return null;
    const limit = Math.min(end - page, NEED_MAX);
    let count = 1;
    while (count < limit && continues(need, this.#needAt(page + count, writing), count)) count++;
    return { ...need, end: need.first + count };
  }

  /** What a pager has to do before these pages can be zeros: those that are zeros need nothing. */
  needToZero(first: number, end: number): PageNeed | null {
    const supplied = Math.max(first, Math.min(end, this.source?.end ?? first));
    const need = this.need(first, supplied, true);
    if (need !== null || this.source === null) return need;
    let written = end;
    this.pages.forEach(supplied, end, (page) => {
      if (page < written && !this.source!.mayWrite(page)) written = page;
    });
    return written < end ? this.need(written, written + 1, true) : null;
  }

  /** Give every page of a range a frame of its own. */
  commit(first: number, end: number): 0 | PageFailure {
    // What a pager has supplied is its own, and does not differ only because it is there.
    const { source } = this;
    const to = source === null ? end : Math.min(end, source.end);
    for (let page = first; page < to; page++) {
      const frame = source === null ? this.write(page) : this.read(page);
      if (frame < 0) return frame as PageFailure;
    }
    return Status.OK;
  }

  /** Let a range of whole pages read as zeros, and give its frames back. */
  clear(first: number, end: number): 0 | PageFailure {
    if (this.source !== null) return this.#overwriteWithZeros(first, end);
    this.forget(first, end);
    this.#release(first, end);
    if (end >= this.#belowEnd) {
      this.#belowEnd = Math.min(this.#belowEnd, first);
      return Status.OK;
    }
    for (let page = first; page < end; page++) {
      if (!this.realm.keep(MARK_BYTES)) return Status.NO_MEMORY;
      this.#marks++;
      this.pages.set(page, ZERO_PAGE);
    }
    return Status.OK;
  }

  /** Put pages of another content in place of some of these; there they become zeros. */
  take(first: number, count: number, source: { from: Content; first: number }): void {
    const { from } = source;
    invariant(!this.paged && !from.paged, "only what has no pager gives and takes pages");
    // Both may be the same, and what is taken may lie where it is put.
    const taken: [page: number, frame: number][] = [];
    from.pages.forEach(source.first, source.first + count, (page, value) => {
      if (value <= 0) return;
      this.#frames.share(value);
      taken.push([first + page - source.first, value]);
    });
    from.clear(source.first, source.first + count);
    this.clear(first, first + count);
    for (const [page, frame] of taken) this.pages.set(page, frame);
  }

  /** Let bytes within one page be zeros. */
  clearPart(page: number, from: number, to: number): 0 | PageFailure {
    const current = this.read(page);
    if (current < 0) return current as PageFailure;
    if (current === this.#frames.zero) return Status.OK;
    const frame = this.write(page);
    if (frame < 0) return frame as PageFailure;
    const base = frame * PAGE_SIZE;
    this.realm.memory.bytes.fill(0, base + from, base + to);
    this.realm.memory.wrote(frame);
    return Status.OK;
  }

  /** Change its length. What is cut off is gone; what is added is zeros. */
  resize(end: number): void {
    const before = this.#end;
    if (end < before) {
      this.forget(end, before);
      this.#viewers?.forEach(end, before, (viewer) => viewer.cutOff?.(end, before));
      this.#release(end, before);
      this.pages.truncate(end);
      this.#belowEnd = Math.min(this.#belowEnd, end);
      for (const above of this.#above ?? []) above.#cutBelow(end);
    }
    this.#end = end;
    // Whoever waits for what is gone looks again at once, so this comes last.
    this.source?.resized(end);
  }

  /** A copy, of `count` pages, of the pages from `first` to `end` as they are now; more is zeros. */
  snapshot(first: number, end: number, count: number): Content {
    const copy = new Content(this.realm, count, true);
    this.pages.forEach(first, end, (page, value) => {
      if (value > 0) this.#shareAt(page, value);
      copy.pages.set(page - first, value);
    });
    const below = Math.min(end, this.#belowEnd) - first;
    if (this.#below && below > 0) {
      copy.#lookThrough(this.#below, first + this.#belowOffset, below);
    }
    return copy;
  }

  /**
   * The same, but NO_MEMORY where the kernel keeps too much already: a copy takes no frames, and what
   * says which frames it shares is the host's.
   */
  snapshotKept(first: number, end: number, count: number): Content | typeof Status["NO_MEMORY"] {
    const bytes = this.pages.bytesOf(first, end);
    if (!this.realm.keep(bytes)) return Status.NO_MEMORY;
    const copy = this.snapshot(first, end, count);
    copy.#copyBytes = bytes;
    return copy;
  }

  /** A copy like that, which goes on to show what this one has wherever nobody wrote to the copy. */
  lookingThrough(first: number, end: number, count: number): Content {
    const copy = new Content(this.realm, count, true);
    if (end > first) copy.#lookThrough(this, first, end - first);
    return copy;
  }

  /** Let nobody write to a page through a mapping without asking. */
  makeReadOnly(page: number): void {
    this.#viewers?.forEach(page, page + 1, (viewer) => viewer.makeReadOnly(page));
  }

  /** Let everybody who shows these pages look again. */
  forget(first: number, end: number): void {
    this.#viewers?.forEach(first, end, (viewer) => viewer.forget(first, end));
    if (this.#above === null) return;
    for (const above of this.#above) {
      const from = Math.max(first - above.#belowOffset, 0);
      const to = Math.min(end - above.#belowOffset, above.#belowEnd);
      if (from < to) above.forget(from, to);
    }
  }

  /**
   * The first page of a range for which a pager is needed, or `end`. Only pages that are there are
   * looked at one by one, and there are never more of those than frames.
   */
  #firstInNeed(first: number, end: number, writing: boolean): number {
    const { source } = this;
    const below = this.#below;
    if (source !== null) {
      const limit = Math.min(end, source.end);
      const absent = this.pages.firstEmpty(first, limit);
      const clean = writing ? source.firstClean(first, end) : end;
      return Math.min(absent < limit ? absent : end, clean);
    }
    if (below === null || below.source === null) return end;
    const offset = this.#belowOffset;
    const limit = Math.min(end, this.#belowEnd, below.source.end - offset);
    for (let page = first; page < limit; page++) {
      if (this.pages.get(page) === 0 && below.pages.get(page + offset) === 0) return page;
    }
    return end;
  }

  #needAt(page: number, writing: boolean): PageNeed | null {
    const own = this.pages.get(page);
    const { source } = this;
    const need = { first: page, end: page + 1 };
    if (own === 0 && source !== null && page < source.end) {
      return { source, command: PagerCommand.READ, ...need };
    }
    if (writing && source !== null && !source.mayWrite(page)) {
      return { source, command: PagerCommand.DIRTY, ...need };
    }
    if (own !== 0 || page >= this.#belowEnd) return null;
    return this.#below!.#needAt(page + this.#belowOffset, false);
  }

  /** What a pager supplies, it is told of when it becomes zeros. */
  #overwriteWithZeros(first: number, end: number): 0 | PageFailure {
    const supplied = Math.min(end, this.source!.end);
    let status: 0 | PageFailure = Status.OK;
    for (let page = first; page < supplied && status === Status.OK; page++) {
      status = this.clearPart(page, 0, PAGE_SIZE);
    }
    this.pages.forEach(Math.max(first, supplied), end, (page) => {
      if (status === Status.OK) status = this.clearPart(page, 0, PAGE_SIZE);
    });
    return status;
  }

  /** A page is no longer marked as zeros. */
  #unmark(): void {
    if (this.#marks === 0) return;
    this.#marks--;
    this.realm.letGo(MARK_BYTES);
  }

  /** From now on a frame has one more holder, and nobody may write to it without asking. */
  #shareAt(page: number, frame: number): void {
    const writable = !this.#frames.shared(frame);
    this.#frames.share(frame);
    if (writable) this.makeReadOnly(page);
  }

  #release(first: number, end: number): void {
    this.pages.forEach(first, end, (page, value) => {
      if (value > 0) this.#frames.release(value);
      else this.#unmark();
      this.pages.set(page, 0);
    });
  }

  #lookThrough(below: Content, offset: number, end: number): void {
    below.hold();
    this.#below = below;
    this.#belowOffset = offset;
    this.#belowEnd = end;
    (below.#above ??= new Set()).add(this);
  }

  /** What is below has become shorter; who showed what was cut off has been told already. */
  #cutBelow(end: number): void {
    this.#belowEnd = Math.max(0, Math.min(this.#belowEnd, end - this.#belowOffset));
  }

  #leaveBelow(): void {
    const below = this.#below;
    if (below === null) return;
    this.#below = null;
    below.#above!.delete(this);
    below.drop();
  }
}

/** Whether one need is the next page of a run that began with another. */
function continues(run: PageNeed, next: PageNeed | null, count: number): boolean {
  return next !== null && next.source === run.source && next.command === run.command &&
    next.first === run.first + count;
}
