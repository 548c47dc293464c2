/**
 * Fills the records that the interpreter reads.
 *
 * @module
 */
import { type CodePage, type CodePages, Special } from "./memory/code_pages.ts";
import type { Frames } from "./memory/frames.ts";
import { Flow, type Isa } from "./isa.ts";
import { Extra, PAGE_SIZE, Record, State } from "./layout.ts";
import { type Meaning, type Meanings, meaningsOf } from "./meanings.ts";

/** At most so many instructions are decoded when one is reached. */
const AHEAD_MAX = 32;

/** From code to records. */
export class Decoder {
  readonly #frames: Frames;
  readonly #pages: CodePages;
  readonly #isa: Isa;
  readonly #meanings: Meanings;
  /** What records would do that are marked, as long as they are. */
  readonly #originals = new Map<number, number>();

  constructor(frames: Frames, pages: CodePages, isa: Isa) {
    this.#frames = frames;
    this.#pages = pages;
    this.#isa = isa;
    this.#meanings = meaningsOf(isa);
  }

  /** Decode at a record, and some way on; false if the record's page was dropped. */
  decode(record: number): boolean {
    const page = this.#pages.pageOf(record);
    if (page === undefined) return false;
    const { words } = this.#frames;
    for (let count = 0; count < AHEAD_MAX; count++) {
      const length = this.#decodeOne(page, record);
      record += length << Record.SHIFT;
      if (length === 0 || (words[record >> 2]! & 0xffff) !== Special.UNDECODED) break;
    }
    return true;
  }

  /** Decode the instruction at an offset of a frame, unless it is. */
  ensure(frame: number, offset: number): number {
    const base = this.#pages.recordsOf(frame, null, 0);
    const record = base + (offset << Record.SHIFT);
    if ((this.#frames.words[record >> 2]! & 0xffff) === Special.UNDECODED) {
      this.#decodeOne(this.#pages.pageOf(record)!, record);
    }
    return record;
  }

  /** Whether the instruction at an offset of a frame was decoded: it was executed, or one near. */
  isDecoded(frame: number, offset: number): boolean {
    const base = this.#pages.sharedPage(frame)?.base;
    if (base === undefined) return false;
    const record = base + (offset << Record.SHIFT);
    return (this.#frames.words[record >> 2]! & 0xffff) !== Special.UNDECODED;
  }

  /** Let something special be done at an offset of a frame. */
  mark(frame: number, offset: number, special: number): void {
    const record = this.ensure(frame, offset);
    const { words } = this.#frames;
    this.#originals.set(record, this.#decodedAt(record));
    words[record >> 2] = (words[record >> 2]! & ~0xffff) | special;
  }

  /** Write the record of an instruction on two pages, and one that says where it ends. */
  straddle(bits: number): number {
    const record = State.STRADDLE;
    const meaning = this.#meanings.of(bits);
    if (meaning === null) this.#writeOperation(record, Special.ILLEGAL);
    else this.#write(record, meaning, PAGE_SIZE - 2);
    const end = record + (4 << Record.SHIFT);
    this.#writeOperation(end, Special.PAGE_END);
    return record;
  }

  /** What a record would do if nothing special was to be done there. */
  operationAt(record: number): number {
    return this.#originals.get(record) ?? this.#decodedAt(record);
  }

  #decodedAt(record: number): number {
    const bits = this.#bitsAt(codeOf(this.#pages.pageOf(record)!, record));
    if (bits === null) return Special.STRADDLE;
    return this.#meanings.of(bits)?.operation ?? Special.ILLEGAL;
  }

  /** The bits of the instruction in memory, or null if it goes on behind its page. */
  #bitsAt(at: number): number | null {
    const { bytes } = this.#frames;
    const low = bytes[at]! | (bytes[at + 1]! << 8);
    if (this.#isa.lengthOf(low) === 2) return low;
    if (at % PAGE_SIZE === PAGE_SIZE - 2) return null;
    return low | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  /** Bytes to the next instruction, or 0 where control does not simply go on. */
  #decodeOne(page: CodePage, record: number): number {
    page.decoded++;
    const at = codeOf(page, record);
    const bits = this.#bitsAt(at);
    const meaning = bits === null ? null : this.#meanings.of(bits);
    if (meaning === null) {
      this.#writeOperation(record, bits === null ? Special.STRADDLE : Special.ILLEGAL);
    } else this.#write(record, meaning, at % PAGE_SIZE);
    const address = page.page * PAGE_SIZE + at % PAGE_SIZE;
    if (page.owner?.breakpoints?.has(address)) {
      const { words } = this.#frames;
      this.#originals.set(record, this.#decodedAt(record));
      words[record >> 2] = (words[record >> 2]! & ~0xffff) | Special.BREAKPOINT;
    }
    return meaning === null || meaning.flow !== Flow.NEXT ? 0 : meaning.instruction.length;
  }

  #writeOperation(record: number, operation: number): void {
    this.#frames.words[record >> 2] = operation;
  }

  #write(record: number, meaning: Meaning, offset: number): void {
    const { words } = this.#frames;
    const at = record >> 2;
    words[at] = meaning.words[0];
    words[at + 1] = meaning.words[1];
    words[at + 2] = meaning.instruction.imm;
    words[at + 3] = meaning.words[2] | (this.#extra(meaning, offset) << 24);
  }

  #extra({ instruction, flow }: Meaning, offset: number): number {
    if (flow === Flow.INDIRECT) return Extra.PROFILED;
    if (flow !== Flow.BRANCH && flow !== Flow.JUMP) return instruction.mode;
    const target = offset + instruction.imm;
    return instruction.imm > 0 && target < PAGE_SIZE - 2 ? Extra.NEAR : 0;
  }
}

/** Where the code lies in memory that a record stands for. */
function codeOf(page: CodePage, record: number): number {
  return page.frame * PAGE_SIZE + ((record - page.base) >>> Record.SHIFT);
}
