/**
 * A processor's view of an address space, as a map: what the kernel told it, nothing else.
 *
 * @module
 */
import type { AddressSpace } from "../../kernel/ports.ts";

/** Pages by number, with a count of what was asked for. */
export class ProcessorSpace implements AddressSpace {
  readonly pages = new Map<number, number>();
  destroyed = false;
  unmapped = 0;

  map(page: number, frame: number, access: number): void {
    this.pages.set(page, frame * 8 + access);
  }

  unmap(page: number, count: number): void {
    if (count < this.pages.size) {
      for (let at = page; at < page + count; at++) if (this.pages.delete(at)) this.unmapped++;
      return;
    }
    for (const at of [...this.pages.keys()]) {
      if (at >= page && at < page + count && this.pages.delete(at)) this.unmapped++;
    }
  }

  lookup(page: number): number {
    return this.pages.get(page) ?? 0;
  }

  destroy(): void {
    this.pages.clear();
    this.destroyed = true;
  }
}
