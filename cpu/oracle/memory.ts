/**
 * Memory as the oracle sees it: byte by byte, through an address space.
 *
 * @module
 */
import type { Size } from "../algebra.ts";
import { Access, PAGE_SIZE } from "../layout.ts";

/** What is at which page. */
export interface Pages {
  /** What is at a page: `frame * 8 + access`, or 0 where nothing is. */
  lookup(page: number): number;
}

/** The frames that pages show. */
export interface FrameBytes {
  /** All of it; frame `n` is the 4096 bytes at `n * 4096`. */
  readonly bytes: Uint8Array;
  /** Told which frames were written to. */
  wrote(frame: number): void;
}

/** An access that cannot be: where, and what was wanted. */
export class Refusal {
  /** The first address that could not be accessed. */
  readonly address: bigint;
  /** `Access` bits. */
  readonly access: number;

  constructor(address: bigint, access: number) {
    this.address = address;
    this.access = access;
  }
}

const SIZE = BigInt(PAGE_SIZE);
const END = 1n << 64n;

/** One address space's memory. */
export class PagedMemory {
  /** Asked before an access is refused; true if the page is there now. */
  onFault: ((address: number, access: number) => boolean) | null = null;
  readonly #pages: Pages;
  readonly #frames: FrameBytes;

  constructor(pages: Pages, frames: FrameBytes) {
    this.#pages = pages;
    this.#frames = frames;
  }

  /** Read bytes, the lowest first, as an unsigned number; `access` may be a fetch. */
  read(address: bigint, size: Size, access: number = Access.READ): bigint {
    this.demand(address, size, access);
    let value = 0n;
    for (let at = size - 1; at >= 0; at--) {
      value = value << 8n | BigInt(this.#frames.bytes[this.#place(address + BigInt(at))]!);
    }
    return value;
  }

  /** Write the low bytes of a value; all of them, or none. */
  write(address: bigint, value: bigint, size: Size): void {
    this.demand(address, size, Access.WRITE);
    for (let at = 0; at < size; at++) {
      const place = this.#place(address + BigInt(at));
      this.#frames.bytes[place] = Number(BigInt.asUintN(8, value >> BigInt(8 * at)));
      this.#frames.wrote(Math.floor(place / PAGE_SIZE));
    }
  }

  /** See that an access is allowed, on both pages that it may touch. */
  demand(address: bigint, size: Size, access: number): void {
    this.#demandPage(address, access);
    const last = (address + BigInt(size - 1)) % END;
    const isOnePage = last / SIZE === address / SIZE;
    if (isOnePage) return;
    this.#demandPage(last / SIZE * SIZE, access);
    // The handler that brought the second page may have taken the first.
    if (!this.#allows(address, access)) throw new Refusal(address, access);
  }

  #demandPage(address: bigint, access: number): void {
    if (this.#allows(address, access)) return;
    const isBrought = this.onFault?.(Number(address), access) ?? false;
    if (!isBrought || !this.#allows(address, access)) throw new Refusal(address, access);
  }

  /** Who may write may read: a page that can only be written cannot be written. */
  #allows(address: bigint, access: number): boolean {
    const entry = this.#pages.lookup(Number(address / SIZE));
    const wanted = access === Access.WRITE ? Access.READ | Access.WRITE : access;
    return (entry & wanted) === wanted;
  }

  #place(address: bigint): number {
    const entry = this.#pages.lookup(Number(address % END / SIZE));
    return Math.floor(entry / 8) * PAGE_SIZE + Number(address % SIZE);
  }
}
