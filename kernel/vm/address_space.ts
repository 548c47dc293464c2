/**
 * What one process sees: its tree of regions, joined to what the processor knows of it.
 *
 * The processor learns of a page when it is first touched. A machine without a processor has no
 * such space, and one that never runs code in it never makes it.
 *
 * @module
 */
import { Status, statusName, USER_BASE, USER_TOP } from "../abi.ts";
import type { Realm } from "../object/realm.ts";
import { Access, type AddressSpace as ProcessorSpace, PAGE_SIZE } from "../ports.ts";
import type { Mapping } from "./mapping.ts";
import type { UserSpace } from "./user_space.ts";
import type { PageNeed } from "./page_source.ts";
import { Vmar } from "./vmar.ts";

/** What an address space is made of. */
export interface AddressSpaceOptions {
  /** What it shares with everything else. */
  readonly realm: Realm;
  /** How the processor makes a space; null where there is no processor. */
  readonly createSpace: (() => ProcessorSpace) | null;
  /** The identity it has in the log: its process. */
  readonly koid: number;
  /** The first address. */
  readonly base?: number;
  /** The address behind the last. */
  readonly top?: number;
}

/** The addresses of a process and what is at them. */
export class AddressSpace implements UserSpace {
  /** What it shares with everything else. */
  readonly realm: Realm;
  /** The identity it has in the log. */
  readonly koid: number;
  /** The region that all others lie in. */
  readonly root: Vmar;
  /** Where the code of the vDSO is mapped; 0 while it is not. */
  vdsoCode = 0;
  /** How many mappings show what a pager supplies. */
  pagedMappings = 0;
  /** The processor's view, once something runs here. */
  processor: ProcessorSpace | null = null;
  readonly #createSpace: (() => ProcessorSpace) | null;
  #last: Mapping | null = null;

  /** An empty address space. */
  constructor(options: AddressSpaceOptions) {
    const { realm, createSpace, koid, base = USER_BASE, top = USER_TOP } = options;
    this.realm = realm;
    this.koid = koid;
    this.#createSpace = createSpace;
    this.root = Vmar.root(this, base, top - base);
    this.root.hold();
  }

  /** The processor's view, made now if it was not yet; null where there is no processor. */
  forProcessor(): ProcessorSpace | null {
    if (this.processor === null && this.root.alive) {
      this.processor = this.#createSpace?.() ?? null;
    }
    return this.processor;
  }

  /** The mapping at an address. */
  mappingAt(address: number): Mapping | null {
    const last = this.#last;
    if (last !== null && address >= last.base && address < last.end) return last;
    return this.#last = this.root.mappingAt(address);
  }

  /** What is at these addresses has changed: look again when they are touched. */
  forgetAddresses(from: number, to: number): void {
    this.#last = null;
    this.processor?.unmap(from / PAGE_SIZE, (to - from) / PAGE_SIZE);
  }

  /** Make a page ready for an access; answers its frame, or why it cannot be. */
  touch(address: number, access: number): number {
    const mapping = this.mappingAt(address);
    return mapping === null ? Status.NOT_FOUND : mapping.touch(address, access);
  }

  /** What a pager has to do before bytes at an address can be accessed; null if nothing. */
  need(address: number, length: number, access: number): PageNeed | null {
    const end = address + length;
    const writing = (access & Access.WRITE) !== 0;
    for (let at = address; at < end;) {
      const mapping = this.mappingAt(at);
      if (mapping === null || (mapping.access & access) !== access) return null;
      const { vmo, offset, base } = mapping;
      const to = Math.min(end, mapping.end);
      const need = vmo.content.paged ? vmo.need(offset + (at - base), to - at, writing) : null;
      if (need !== null) return need;
      at = to;
    }
    return null;
  }

  /** A thread met a page that was not there or forbids what it wants: OK to go on, or why not. */
  fault(thread: number, address: number, access: number): number {
    const frame = this.touch(address, access);
    const status = frame < 0 ? frame : Status.OK;
    if (this.realm.log.listening) {
      const result = statusName(status);
      const process = this.koid;
      this.realm.log.emit("page-fault", { process, thread, address, access, result });
    }
    return status;
  }

  /** Everything is unmapped; nothing can be mapped again. */
  destroy(): void {
    if (!this.root.alive) return;
    // First the processor's view: it need not hear of each mapping.
    this.processor?.destroy();
    this.processor = null;
    this.root.destroyTree();
    this.root.drop();
  }
}
