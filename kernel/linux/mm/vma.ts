/**
 * A run of addresses of one process that has one purpose: what may be done there, and what it shows.
 *
 * @module
 */
import { type AreaOwner, forgetPages, protectPage } from "../../vm/area.ts";
import type { Content } from "../../vm/content.ts";
import type { Viewer } from "../../vm/viewers.ts";
import { Access, PAGE_SIZE } from "../../ports.ts";
import type { OpenRegular } from "../fs/open_regular.ts";

/** What the kernel's code for programs is called. */
export const VDSO_NAME = "[vdso]";

/** What the facts are called that it reads. */
export const VVAR_NAME = "[vvar]";

/** Whose addresses they are. */
export interface VmaOwner extends AreaOwner {
  /** The pages that are nobody else's, at the page numbers of their addresses. */
  readonly pages: Content;
}

/** Whether pages stay where they are once they are there, and when they come. */
export type Locking = "no" | "at once" | "when touched";

/** What a run of addresses is for. */
export interface VmaOptions {
  /** The first address. */
  readonly start: number;
  /** The address behind the last. */
  readonly end: number;
  /** What may be done there: a mask of `Access` bits. */
  readonly prot: number;
  /** Whether writes are seen by everybody who maps the file. */
  readonly shared?: boolean;
  /** Whether it grows downwards when it is touched below its start. */
  readonly growsDown?: boolean;
  /** What it shows; zeros if nothing. */
  readonly file?: OpenRegular | null;
  /** Where in the file it begins, in bytes. */
  readonly offset?: number;
  /** What it is called, where it has no file's name. */
  readonly name?: string;
  /** Whether nobody asks if there could be memory for all of it. */
  readonly noReserve?: boolean;
  /** Whether a child gets nothing of it. */
  readonly skippedInFork?: boolean;
  /** Whether a child gets zeros instead. */
  readonly wipedInFork?: boolean;
  /** Whether it may be written to, once somebody asks to. */
  readonly mayWrite?: boolean;
  /** Whether its pages stay where they are once they are there, and when they come. */
  readonly locking?: Locking;
  /** Whether nobody may change it any more. */
  readonly sealed?: boolean;
}

/** Whether it is data: what may be written and is nobody else's, but for stacks. */
export function isData(
  { prot, shared, growsDown }: Pick<VmaOptions, "prot" | "shared" | "growsDown">,
): boolean {
  return (prot & Access.WRITE) !== 0 && !shared && !growsDown;
}

/** A run of addresses. */
export class Vma implements Viewer {
  readonly start: number;
  readonly end: number;
  readonly firstPage: number;
  readonly endPage: number;
  /** What may be done there. */
  readonly prot: number;
  /** Whether writes are seen by everybody who maps the file. */
  readonly shared: boolean;
  /** Whether it grows downwards. */
  readonly growsDown: boolean;
  /** What it shows; null for zeros. */
  readonly file: OpenRegular | null;
  /** Where in the file it begins. */
  readonly offset: number;
  /** What it is called, where it has no file's name. */
  readonly name: string;
  /** Whether a child gets nothing of it. */
  readonly skippedInFork: boolean;
  /** Whether a child gets zeros instead. */
  readonly wipedInFork: boolean;
  /** Whether it may be written to, once somebody asks to. */
  readonly mayWrite: boolean;
  /** Whether its pages stay where they are once they are there, and when they come. */
  readonly locking: Locking;
  /** Whether nobody may change it any more. */
  readonly sealed: boolean;
  readonly #owner: VmaOwner;

  /** A run that looks at its file from now on. */
  constructor(owner: VmaOwner, options: VmaOptions) {
    this.#owner = owner;
    this.start = options.start;
    this.end = options.end;
    this.prot = options.prot;
    this.shared = options.shared ?? false;
    this.growsDown = options.growsDown ?? false;
    this.file = options.file ?? null;
    this.offset = options.offset ?? 0;
    this.name = options.name ?? "";
    this.skippedInFork = options.skippedInFork ?? false;
    this.wipedInFork = options.wipedInFork ?? false;
    this.mayWrite = options.mayWrite ?? true;
    this.locking = options.locking ?? "no";
    this.sealed = options.sealed ?? false;
    this.firstPage = this.offset / PAGE_SIZE;
    this.endPage = this.firstPage + this.pages;
    if (this.file) {
      this.file.hold();
      this.file.inode.vmo.content.addViewer(this);
    }
  }

  /** How many pages it has. */
  get pages(): number {
    return (this.end - this.start) / PAGE_SIZE;
  }

  /** Whether its pages stay where they are. */
  get locked(): boolean {
    return this.locking !== "no";
  }

  /** Whether the kernel put it there, for every program. */
  get special(): boolean {
    return this.name === VDSO_NAME || this.name === VVAR_NAME;
  }

  /** Whether an access is allowed; who may write may read. */
  allows(access: number): boolean {
    const want = access === Access.READ ? Access.READ | Access.WRITE : access;
    return (this.prot & want) !== 0;
  }

  /** What the processor allows at a page that this shows and whose frame is this one's to write. */
  get access(): number {
    return (this.prot & Access.WRITE) !== 0 ? this.prot | Access.READ : this.prot;
  }

  /** Another one for a part of it, or for a part with something else allowed. */
  part(start: number, end: number, change: Partial<VmaOptions> = {}): Vma {
    const offset = this.file ? this.offset + (start - this.start) : 0;
    return new Vma(this.#owner, { ...this, start, end, offset, ...change });
  }

  /** The same one for another process, which has to lock it itself. */
  copyFor(owner: VmaOwner): Vma {
    return new Vma(owner, { ...this, locking: "no" });
  }

  /** Whether another one right behind it is the same thing. */
  continuesIn(next: Vma): boolean {
    return this.end === next.start && this.prot === next.prot && this.shared === next.shared &&
      this.growsDown === next.growsDown && this.name === next.name && this.file === next.file &&
      this.skippedInFork === next.skippedInFork && this.wipedInFork === next.wipedInFork &&
      this.mayWrite === next.mayWrite &&
      this.locking === next.locking && this.sealed === next.sealed &&
      (this.file === null || this.offset + (this.end - this.start) === next.offset);
  }

  /** Look at its file no longer. */
  close(): void {
    if (!this.file) return;
    this.file.inode.vmo.content.removeViewer(this);
    this.file.drop();
  }

  forget(first: number, end: number): void {
    forgetPages(this.#owner, this, first, end);
  }

  makeReadOnly(page: number): void {
    protectPage(this.#owner, this, page);
  }

  cutOff(first: number, end: number): void {
    if (this.shared) return;
    const distance = this.start / PAGE_SIZE - this.firstPage;
    const from = Math.max(first, this.firstPage) + distance;
    this.#owner.pages.clear(from, Math.min(end, this.endPage) + distance);
  }
}
