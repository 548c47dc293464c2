/**
 * Where a content's pages come from that it does not have: a pager outside the kernel.
 *
 * Whoever needs a page waits with a request. The pager hears of a range once, however many wait for
 * it. It supplies the pages, or fails, and everybody who waited goes on, or learns why not.
 *
 * @module
 */
import { type Failure, PagerCommand, Status } from "../abi.ts";
import { PAGE_SIZE } from "../ports.ts";
import type { Content } from "./content.ts";
import { DirtyPages } from "./dirty_pages.ts";
import { PageRuns } from "./page_runs.ts";

/** What it costs to remember of a page that it differs. */
const STATE_BYTES = 8;

/** For so many pages at once the kernel keeps the bytes for that. */
const ROOM = 1024;

/** One of the commands. */
export type PageCommand = typeof PagerCommand[keyof typeof PagerCommand];

/** Where requests are sent. */
export interface RequestSink {
  /** Ask for something; offset and length are bytes. Answers how to take it back, or null: nobody hears. */
  send(command: PageCommand, offset: number, length: number): (() => void) | null;
  /** There is nothing more to send. */
  close(): void;
}

/** What somebody cannot go on without. */
export interface PageNeed {
  /** Who can help. */
  readonly source: PageSource;
  /** How. */
  readonly command: PageCommand;
  /** The first page of the content behind the source. */
  readonly first: number;
  /** The page behind the last. */
  readonly end: number;
}

/** Somebody who waits for pages. */
export interface PageRequest {
  /** How the wait ends: OK to try again, or a failure. */
  readonly done: (status: 0 | Failure) => void;
  /** What for. */
  readonly command: PageCommand;
  /** The first page. */
  readonly firstPage: number;
  /** The page behind the last. */
  readonly endPage: number;
  /** How many came before it. */
  readonly order: number;
  /** The pages before this one are there. */
  ready: number;
  /** What was sent for it. */
  readonly sent: SentRange[];
}

interface SentRange {
  readonly first: number;
  readonly end: number;
  readonly takeBack: () => void;
}

/** Whoever keeps the sources. */
interface Keeper {
  /** The content is gone. */
  forget(source: PageSource): void;
}

/** The pager's end of one content. */
export class PageSource {
  /** Whether a write to a clean page waits for the pager to agree. */
  readonly trapDirty: boolean;
  /** Which pages differ from what the pager has. */
  readonly dirty = new DirtyPages();
  /** Whether anything was changed since somebody asked last. */
  modified = false;
  readonly #content: Content;
  readonly #sink: RequestSink;
  readonly #keeper: Keeper;
  /** For how many pages that differ and have no frame, at most, the kernel has kept bytes. */
  #room = 0;
  readonly #requests = new Map<PageCommand, PageRuns<PageRequest>>();
  #order = 0;
  #detached = false;
  #end: number;

  /** A source of everything that a content has not got yet. */
  constructor(content: Content, sink: RequestSink, options: {
    readonly trapDirty: boolean;
    readonly keeper: Keeper;
  }) {
    this.#content = content;
    this.#sink = sink;
    this.#keeper = options.keeper;
    this.trapDirty = options.trapDirty;
    this.#end = content.end;
  }

  /** The page behind the last that the pager can supply; what a resize added is zeros. */
  get end(): number {
    return this.#end;
  }

  /** What it means that a page is not there: wait, or, without a pager, never. */
  get absent(): typeof Status["SHOULD_WAIT"] | typeof Status["BAD_STATE"] {
    return this.#detached ? Status.BAD_STATE : Status.SHOULD_WAIT;
  }

  /** Whether the pager has been told that there is no more to do. */
  get detached(): boolean {
    return this.#detached;
  }

  /** Whether a page may be written to freely: the pager knows that it differs. */
  isDirty(page: number): boolean {
    return this.dirty.isDirty(page);
  }

  /** Whether a page may be written to now. */
  mayWrite(page: number): boolean {
    return !this.trapDirty || this.dirty.isDirty(page);
  }

  /** The first page of a range that may not be written to now, or `end`. */
  firstClean(first: number, end: number): number {
    return this.trapDirty ? this.dirty.firstClean(first, end) : end;
  }

  /** A page is about to be written to: OK, or why it cannot be yet. */
  admitWrite(page: number): 0 | PageSource["absent"] {
    if (!this.mayWrite(page)) return this.absent;
    this.dirty.set(page);
    this.modified = true;
    return Status.OK;
  }

  /** Wait for pages; `done` is called once, unless the wait is taken back. */
  request(need: PageNeed, done: (status: 0 | Failure) => void): PageRequest {
    const { command, first, end } = need;
    const order = this.#order++;
    const waits = { command, firstPage: first, endPage: end, ready: first };
    const request: PageRequest = { ...waits, order, done, sent: [] };
    const asked = this.#touching(command, first, end);
    this.#waiting(command).add(request);
    for (const [from, to] of without([[first, end]], asked)) {
      const takeBack = this.#sink.send(command, from * PAGE_SIZE, (to - from) * PAGE_SIZE);
      if (takeBack === null) {
        this.detach(true);
        break;
      }
      request.sent.push({ first: from, end: to, takeBack });
    }
    return request;
  }

  /** Wait no longer. */
  cancel(request: PageRequest): void {
    this.#waiting(request.command).remove(request);
    for (const sent of request.sent) {
      const others = this.#touching(request.command, sent.first, sent.end);
      // Whoever waits for some of it too relies on it; from now on it is theirs.
      if (others.length > 0) others[0]!.sent.push(sent);
      else sent.takeBack();
    }
  }

  /** Pages have arrived, or may be written to: whoever has all that it waits for goes on. */
  arrived(command: PageCommand, first: number, end: number): void {
    const ready = this.#touching(command, first, end).filter((request) => {
      while (request.ready < request.endPage && this.#isReady(command, request.ready)) {
        request.ready++;
      }
      return request.ready === request.endPage;
    });
    this.#finish(Status.OK, ready);
  }

  /** The pager cannot help with these pages. */
  fail(first: number, end: number, status: Failure): void {
    this.#finish(status, this.#allTouching(first, end));
  }

  /** The content has a new length: what was added is zeros that the pager does not know of. */
  resized(end: number): void {
    this.#end = Math.min(this.#end, end);
    this.dirty.truncate(end);
    this.dirty.zeroTail(this.#end, end);
    this.modified = true;
    this.#finish(Status.OK, this.#allTouching(end, Infinity));
  }

  /** No more requests; whoever waits, waits in vain. */
  detach(silently = false): void {
    if (this.#detached) return;
    this.#detached = true;
    if (!silently) this.#sink.send(PagerCommand.COMPLETE, 0, 0);
    this.#sink.close();
    this.#finish(Status.BAD_STATE, this.#allTouching(0, Infinity));
  }

  /** The content is gone. */
  close(): void {
    this.detach();
    this.#content.realm.letGo(this.#room * STATE_BYTES);
    this.#room = 0;
    this.#keeper.forget(this);
  }

  /** Let pages be written to: those that are there, and those among the zeros that somebody waits for. */
  allowWrites(first: number, end: number): void {
    this.#content.pages.forEach(first, end, (page) => this.dirty.set(page));
    for (const request of this.#touching(PagerCommand.DIRTY, first, end)) {
      const to = Math.min(end, request.endPage);
      for (let page = Math.max(first, this.#end, request.firstPage); page < to; page++) {
        if (!this.#hasRoom()) return;
        this.dirty.set(page);
      }
    }
    this.arrived(PagerCommand.DIRTY, first, end);
  }

  /** Whether the kernel may remember of one more page that it differs. */
  #hasRoom(): boolean {
    if (this.dirty.count < this.#room) return true;
    if (!this.#content.realm.keep(ROOM * STATE_BYTES)) return false;
    this.#room += ROOM;
    return true;
  }

  #isReady(command: PageCommand, page: number): boolean {
    return command === PagerCommand.DIRTY
      ? this.dirty.isDirty(page)
      : this.#content.pages.get(page) !== 0 || page >= this.#end;
  }

  #finish(status: 0 | Failure, requests: readonly PageRequest[]): void {
    for (const request of requests) this.#waiting(request.command).remove(request);
    for (const request of requests) request.done(status);
  }

  #waiting(command: PageCommand): PageRuns<PageRequest> {
    let waiting = this.#requests.get(command);
    if (!waiting) this.#requests.set(command, waiting = new PageRuns());
    return waiting;
  }

  /** The requests for something that touch a range of pages, in the order in which they came. */
  #touching(command: PageCommand, first: number, end: number): PageRequest[] {
    const found: PageRequest[] = [];
    this.#waiting(command).forEach(first, end, (request) => found.push(request));
    return found.sort((one, other) => one.order - other.order);
  }

  #allTouching(first: number, end: number): PageRequest[] {
    const found = [...this.#requests.keys()].flatMap((command) => {
      return this.#touching(command, first, end);
    });
    return found.sort((one, other) => one.order - other.order);
  }
}

/** What is left of some ranges of pages without those of some requests. */
function without(
  ranges: [number, number][],
  requests: readonly PageRequest[],
): [number, number][] {
  let left = ranges;
  for (const { firstPage: first, endPage: end } of requests) {
    left = left.flatMap(([from, to]): [number, number][] => {
      if (end <= from || first >= to) return [[from, to]];
      const pieces: [number, number][] = [[from, first], [end, to]];
      return pieces.filter(([start, stop]) => start < stop);
    });
  }
  return left;
}
