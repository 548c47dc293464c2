/**
 * What one process sees: its tree of regions, joined to what the processor knows of it.
 *
 * The processor learns of a page when it is first touched. A machine without a processor has no
 * such space, and one that never runs code in it never makes it.
 *
 * @module
 */
import { makeReadOnly } from "./area.ts";
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
  /** Addresses that others see too, above its own. */
  readonly above?: AddressSpace;
  /** The identity of its root region, where that was spoken of already. */
  readonly rootKoid?: number;
}

const NOBODY: readonly AddressSpace[] = [];

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
  /** The addresses above its own, which others see too. */
  readonly above: AddressSpace | null;
  readonly #createSpace: (() => ProcessorSpace) | null;
  /** The spaces that show these addresses above their own. */
  #below: Set<AddressSpace> | null = null;
  #last: Mapping | null = null;

  /** An empty address space. */
  constructor(options: AddressSpaceOptions) {
    const { realm, createSpace, koid, base = USER_BASE, above = null } = options;
    const top = options.top ?? above?.root.base ?? USER_TOP;
    this.realm = realm;
    this.koid = koid;
    this.above = above;
    this.#createSpace = createSpace;
    this.root = Vmar.root(this, { base, size: top - base }, options.rootKoid ?? 0);
    this.root.hold();
    if (above === null) return;
    this.vdsoCode = above.vdsoCode;
    this.pagedMappings = above.pagedMappings;
    (above.#below ??= new Set()).add(this);
  }

  /** The regions that everything else lies in: its own, and that of the addresses above. */
  get roots(): readonly Vmar[] {
    return this.above === null ? [this.root] : [this.root, this.above.root];
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
    const { above } = this;
    if (above !== null && address >= above.root.base) return above.mappingAt(address);
    const last = this.#last;
    if (last !== null && address >= last.base && address < last.end) return last;
    return this.#last = this.root.mappingAt(address);
  }

  /** What is at these addresses has changed: look again when they are touched. */
  forgetAddresses(from: number, to: number): void {
    this.#last = null;
    this.hide(from / PAGE_SIZE, (to - from) / PAGE_SIZE);
  }

  /** Let the processor see a frame at a page; answers whether there is a view of it to change. */
  show(page: number, frame: number, access: number): boolean {
    this.processor?.map(page, frame, access);
    let shown = this.processor !== null;
    for (const space of this.#below ?? NOBODY) shown = space.show(page, frame, access) || shown;
    return shown;
  }

  /** Let the processor forget what is at pages. */
  hide(page: number, count: number): void {
    this.processor?.unmap(page, count);
    for (const space of this.#below ?? NOBODY) space.hide(page, count);
  }

  /** Let the processor refuse to write to the frame at a page. */
  makeReadOnly(page: number): void {
    makeReadOnly(this.processor, page);
    for (const space of this.#below ?? NOBODY) space.makeReadOnly(page);
  }

  /** Whether the code of the vDSO, which no process maps twice, can be mapped. */
  get takesVdso(): boolean {
    if (this.vdsoCode !== 0) return false;
    return this.#below === null || [...this.#below].every((space) => space.takesVdso);
  }

  /** The code of the vDSO is mapped: calls come from there. */
  showVdso(address: number): void {
    this.vdsoCode = address;
    for (const space of this.#below ?? NOBODY) space.showVdso(address);
  }

  /** So many more mappings, or fewer, show what a pager supplies. */
  countPaged(more: number): void {
    this.pagedMappings += more;
    for (const space of this.#below ?? NOBODY) space.countPaged(more);
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

  /** Nothing runs here any more, while others go on to see these addresses. */
  forgetProcessor(): void {
    this.processor?.destroy();
    this.processor = null;
  }

  /** Everything is unmapped; nothing can be mapped again. */
  destroy(): void {
    if (!this.root.alive) return;
    // First the processor's view: it need not hear of each mapping.
    this.forgetProcessor();
    if (this.above !== null) this.above.#below?.delete(this);
    this.#last = null;
    this.root.destroyTree();
    this.root.drop();
  }
}
