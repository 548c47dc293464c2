/**
 * What happens when an inline translation fails: the page is looked up, the handler asked, and the
 * access done or refused whole.
 *
 * @module
 */
import type { CodePages } from "./code_pages.ts";
import type { Frames } from "./frames.ts";
import { Access, PAGE_SHIFT, PAGE_SIZE, State } from "../layout.ts";
import { allows } from "./segments.ts";
import type { Space } from "./space.ts";
import type { TranslationPool, Translations } from "./translations.ts";

const TWO_32 = 4294967296;
/** Pages of a 64-bit address space: an address that runs over its end starts again at 0. */
const PAGES = 2 ** 52;

/** Asked where a page is absent or forbids an access: true if the page is there now. */
export type FaultHandler = (address: number, access: number) => boolean;

/** The memory of the running address space, for accesses that machine code could not do inline. */
export class Mmu {
  /** The space that runs. */
  space!: Space;
  /** Its translations. */
  translations!: Translations;
  /** Asked before an access is refused. */
  onFault: FaultHandler | null = null;
  /** Frames that may not be written inline for some other reason than code. */
  readonly guarded = new Set<number>();
  /** Called before bytes of a guarded frame are written. */
  onGuarded: (frame: number, offset: number, size: number) => void = () => {};
  /** Told where compiled code wants more at once than lies together; `absent` as in `crossed`. */
  onCrossing: (site: number, absent: number) => void = () => {};
  readonly #frames: Frames;
  readonly #code: CodePages;
  readonly #pool: TranslationPool;

  constructor(frames: Frames, code: CodePages, pool: TranslationPool) {
    this.#frames = frames;
    this.#code = code;
    this.#pool = pool;
  }

  /** Switch to a space. */
  activate(space: Space): void {
    this.space = space;
    this.translations = this.#pool.of(space);
  }

  /** The host address to load from: the bytes themselves, or a copy if they cross pages; else 0. */
  read(low: number, high: number, size: number): number {
    const page = (high >>> 0) * 1048576 + (low >>> PAGE_SHIFT);
    const offset = low & (PAGE_SIZE - 1);
    const frame = this.#frame(page, offset, Access.READ);
    if (frame === 0) return 0;
    if (offset + size <= PAGE_SIZE) return frame * PAGE_SIZE + offset;
    const next = this.#frame((page + 1) % PAGES, 0, Access.READ);
    // The handler that brought the second page may have taken the first.
    if (next === 0 || !this.#still(page, offset, Access.READ)) return 0;
    const bytes = this.#frames.bytes;
    const here = PAGE_SIZE - offset;
    const first = (this.#lookup(page) >>> 3) * PAGE_SIZE + offset;
    for (let at = 0; at < size; at++) {
      bytes[State.SCRATCH + at] = at < here
        ? bytes[first + at]!
        : bytes[next * PAGE_SIZE + at - here]!;
    }
    return State.SCRATCH;
  }

  /** Store the low bytes of the scratch words; false if the access is refused, with nothing done. */
  write(low: number, high: number, size: number): boolean {
    const page = (high >>> 0) * 1048576 + (low >>> PAGE_SHIFT);
    const offset = low & (PAGE_SIZE - 1);
    if (this.#frame(page, offset, Access.WRITE) === 0) return false;
    const here = Math.min(size, PAGE_SIZE - offset);
    if (here < size && this.#frame((page + 1) % PAGES, 0, Access.WRITE) === 0) return false;
    if (!this.#still(page, offset, Access.WRITE)) return false;
    this.#writeBytes(this.#lookup(page) >>> 3, offset, State.SCRATCH, here);
    if (here < size) {
      const next = this.#lookup((page + 1) % PAGES) >>> 3;
      this.#writeBytes(next, 0, State.SCRATCH + here, size - here);
    }
    return true;
  }

  /** The host address of bytes on one page that may be written, for somebody who will; else 0. */
  own(low: number, high: number): number {
    const page = (high >>> 0) * 1048576 + (low >>> PAGE_SHIFT);
    const offset = low & (PAGE_SIZE - 1);
    const frame = this.#frame(page, offset, Access.WRITE);
    return frame === 0 ? 0 : frame * PAGE_SIZE + offset;
  }

  /** Refuse an access because it is not aligned. */
  misaligned(low: number, high: number, access: number): void {
    const page = (high >>> 0) * 1048576 + (low >>> PAGE_SHIFT);
    this.#refuse(page, low & (PAGE_SIZE - 1), access | Access.MISALIGNED);
  }

  /**
   * Whether the tables tell now where an access goes, which needs nobody's leave. Compiled code asks
   * here; what it cannot have so simply is left to the interpreter. `wanted` is the kind of access, and
   * behind 8 bits how many bytes it spans; `site` is where the code remembers the answer, or 0.
   */
  probe(low: number, high: number, wanted: number, site: number): boolean {
    const page = (high >>> 0) * 1048576 + (low >>> PAGE_SHIFT);
    const access = wanted & 255;
    const entry = this.#lookup(page);
    if (!allows(entry, access)) return false;
    if (access === Access.WRITE && !this.mayWrite(entry >>> 3)) return false;
    const offset = low & (PAGE_SIZE - 1);
    if (offset + (wanted >>> 8) <= this.translations.fillSegment(page, access)) return true;
    if (site !== 0) {
      const last = (page + 1) % PAGES;
      this.onCrossing(site, allows(this.#lookup(last), access) ? -1 : last);
    }
    return false;
  }

  /** The frame to fetch instructions from, or 0 if that is refused, as it is at odd addresses. */
  fetch(low: number, high: number): number {
    const page = (high >>> 0) * 1048576 + (low >>> PAGE_SHIFT);
    const offset = low & (PAGE_SIZE - 1);
    if ((low & 1) !== 0) return this.#refuse(page, offset, Access.EXECUTE);
    return this.#frame(page, offset, Access.EXECUTE);
  }

  /** A halfword of code, or -1 where none may be fetched; asks nobody. */
  peekCode(address: number): number {
    const entry = this.#lookup(Math.floor(address / PAGE_SIZE));
    if (!allows(entry, Access.EXECUTE)) return -1;
    const at = (entry >>> 3) * PAGE_SIZE + address % PAGE_SIZE;
    return this.#frames.bytes[at]! | (this.#frames.bytes[at + 1]! << 8);
  }

  #lookup(page: number): number {
    return this.space.lookup(page);
  }

  #frame(page: number, offset: number, access: number): number {
    let entry = this.#lookup(page);
    if (!allows(entry, access)) {
      const address = page * PAGE_SIZE + offset;
      if (this.onFault === null || !this.onFault(address, access)) {
        return this.#refuse(page, offset, access);
      }
      entry = this.#lookup(page);
      if (!allows(entry, access)) return this.#refuse(page, offset, access);
    }
    const frame = entry >>> 3;
    if (access === Access.READ || (access === Access.WRITE && this.mayWrite(frame))) {
      this.translations.fillPage(page, access, frame);
    }
    return frame;
  }

  #still(page: number, offset: number, access: number): boolean {
    if (allows(this.#lookup(page), access)) return true;
    this.#refuse(page, offset, access);
    return false;
  }

  #refuse(page: number, offset: number, access: number): number {
    const words = this.#frames.words;
    words[State.FAULT_ADDRESS >> 2] = (page % 2 ** 20) * PAGE_SIZE + offset;
    words[(State.FAULT_ADDRESS >> 2) + 1] = Math.floor(page * PAGE_SIZE / TWO_32);
    words[State.FAULT_ACCESS >> 2] = access;
    return 0;
  }

  /** Whether a frame may be written without anybody noticing. */
  mayWrite(frame: number): boolean {
    return !this.#code.has(frame) && !this.guarded.has(frame);
  }

  #writeBytes(frame: number, offset: number, from: number, size: number): void {
    if (this.guarded.has(frame)) this.onGuarded(frame, offset, size);
    this.#frames.bytes.copyWithin(frame * PAGE_SIZE + offset, from, from + size);
    this.#code.overwritten(frame, offset, size);
  }
}
