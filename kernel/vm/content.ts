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
 *
 * @module
 */
import { type Failure, Status } from "../abi.ts";
import { invariant } from "../invariant.ts";
import type { Frames } from "../object/frames.ts";
import type { Realm } from "../object/realm.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Pages, ZERO_PAGE } from "./pages.ts";
import { type Viewer, Viewers } from "./viewers.ts";

/** So many pages at once may be marked as zeros that hide what is below them. */
const MARKED_MAX = 1 << 18;

/** Pages of memory that windows, mappings and other contents look at. */
export class Content {
  /** What it shares with everything else. */
  readonly realm: Realm;
  /** Its own frames. */
  readonly pages = new Pages();
  /** Whether it began as a copy of another content. */
  readonly copy: boolean;
  readonly #frames: Frames;
  #viewers: Viewers | null = null;
  #end: number;
  #below: Content | null = null;
  #belowOffset = 0;
  #belowEnd = 0;
  #above: Set<Content> | null = null;
  #users = 0;

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
    this.#leaveBelow();
  }

  /** A mapping shows some pages. */
  addViewer(viewer: Viewer): void {
    (this.#viewers ??= new Viewers()).add(viewer);
  }

  /** A mapping no longer shows its pages. */
  removeViewer(viewer: Viewer): void {
    this.#viewers!.remove(viewer);
  }

  /** The frame to read a page from, or why there is none. */
  read(page: number): number {
    const own = this.pages.get(page);
    if (own > 0) return own;
    if (own === ZERO_PAGE || this.#below === null || page >= this.#belowEnd) {
      return this.#frames.zero || Status.NO_MEMORY;
    }
    return this.#below.read(page + this.#belowOffset);
  }

  /** Whether a frame at a page may be written to without asking again. */
  writable(page: number, frame: number): boolean {
    return this.pages.get(page) === frame && !this.#frames.shared(frame);
  }

  /** The frame to write a page to, made or copied if need be, or why there is none. */
  write(page: number): number {
    const own = this.pages.get(page);
    if (own > 0 && !this.#frames.shared(own)) return own;
    const from = own > 0 ? own : this.read(page);
    if (from < 0) return from;
    const frame = from === this.#frames.zero ? this.#frames.allocate() : this.#frames.copy(from);
    if (frame === 0) return Status.NO_MEMORY;
    this.forget(page, page + 1);
    if (own > 0) this.#frames.release(own);
    this.pages.set(page, frame);
    return frame;
  }

  /** Give every page of a range a frame of its own. */
  commit(first: number, end: number): 0 | Failure {
    for (let page = first; page < end; page++) {
      const frame = this.write(page);
      if (frame < 0) return frame as Failure;
    }
    return Status.OK;
  }

  /** Let a range of whole pages read as zeros, and give its frames back. */
  clear(first: number, end: number): 0 | Failure {
    const hidden = Math.min(end, this.#belowEnd);
    const tail = end >= this.#belowEnd;
    if (!tail && hidden - first > MARKED_MAX) return Status.NO_MEMORY;
    this.forget(first, end);
    this.#release(first, end);
    if (tail) this.#belowEnd = Math.min(this.#belowEnd, first);
    else for (let page = first; page < hidden; page++) this.pages.set(page, ZERO_PAGE);
    return Status.OK;
  }

  /** Let bytes within one page be zeros. */
  clearPart(page: number, from: number, to: number): 0 | Failure {
    const current = this.read(page);
    if (current < 0) return current as Failure;
    if (current === this.#frames.zero) return Status.OK;
    const frame = this.write(page);
    if (frame < 0) return frame as Failure;
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
      this.#release(end, before);
      this.pages.truncate(end);
      this.#belowEnd = Math.min(this.#belowEnd, end);
      for (const above of this.#above ?? []) above.#cutBelow(end);
    }
    this.#end = end;
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

  /** A copy like that, which goes on to show what this one has wherever nobody wrote to the copy. */
  lookingThrough(first: number, end: number, count: number): Content {
    const copy = new Content(this.realm, count, true);
    if (end > first) copy.#lookThrough(this, first, end - first);
    return copy;
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

  /** From now on a frame has one more holder, and nobody may write to it without asking. */
  #shareAt(page: number, frame: number): void {
    const writable = !this.#frames.shared(frame);
    this.#frames.share(frame);
    if (writable) this.#viewers?.forEach(page, page + 1, (viewer) => viewer.makeReadOnly(page));
  }

  #release(first: number, end: number): void {
    this.pages.forEach(first, end, (page, value) => {
      if (value > 0) this.#frames.release(value);
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

  #cutBelow(end: number): void {
    const limit = Math.max(0, Math.min(this.#belowEnd, end - this.#belowOffset));
    if (limit === this.#belowEnd) return;
    const before = this.#belowEnd;
    this.#belowEnd = limit;
    this.forget(limit, before);
  }

  #leaveBelow(): void {
    const below = this.#below;
    if (below === null) return;
    this.#below = null;
    below.#above!.delete(this);
    below.drop();
  }
}
