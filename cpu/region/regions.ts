/**
 * The compiled regions of a machine: which there are, for which code, and when they end.
 *
 * A region belongs to addresses and to the frames that were there when it was compiled; every space
 * that has the same frames at the same addresses runs it. When any byte of its code changes it is
 * gone.
 *
 * @module
 */
import { type CodePages, Special } from "../memory/code_pages.ts";
import { Compiler } from "./compiler.ts";
import { Crossings } from "./crossings.ts";
import type { Decoder } from "../decoder.ts";
import { Effort } from "./effort.ts";
import { type Frames, WASM_PAGE } from "../memory/frames.ts";
import { Heat } from "./heat.ts";
import { inline } from "./inline.ts";
import type { Instruction } from "../instruction.ts";
import { Flow, type Isa } from "../isa.ts";
import { JumpTargets } from "./jump_targets.ts";
import { Access, LABELS, LABELS_SIZE, PAGE_SIZE, Site } from "../layout.ts";
import { type Meanings, meaningsOf } from "../meanings.ts";
import type { Mmu } from "../memory/mmu.ts";
import { type CodeSource, readRegion, type Region } from "./region.ts";
import type { Space } from "../memory/space.ts";
import { REGIONS_MAX, RegionTable } from "./table.ts";
import { type Imports, withSupport } from "./support.ts";
import type { TranslationPool } from "../memory/translations.ts";

/**
 * So often an address must be hot that a region holds already, as it will most likely be entered there
 * soon: otherwise a function with a table of jumps would be compiled once for each of them.
 */
const PATIENCE = 4;

/** So often a region is compiled again because control goes where it did not before. */
const RELEARNT_MAX = 8;

interface Compiled {
  /** Its places that remember accesses: the first, and the one behind the last. */
  readonly sites: readonly [from: number, to: number];
  readonly address: number;
  readonly slot: number;
  /** The frames that hold its code, by page. */
  readonly pages: ReadonlyMap<number, number>;
  /** Which halfwords of each frame are its code. */
  readonly halfwords: ReadonlyMap<number, Uint8Array>;
  /** Its indirect jumps, and where it knows them to go. */
  readonly jumps: ReadonlyMap<number, readonly number[]>;
  /** Where it ends because nobody had been there. */
  readonly edges: ReadonlySet<number>;
}

/** The parts of a machine that regions are about. */
export interface RegionParts {
  readonly frames: Frames;
  readonly code: CodePages;
  readonly decoder: Decoder;
  readonly mmu: Mmu;
  readonly pool: TranslationPool;
}

/** Compiles regions, finds them, and drops them. */
export class Regions implements CodeSource {
  /** What they import beside the memory, the table and what supports them. */
  imports: Imports = {};
  /** How many regions were compiled so far. */
  compiled = 0;
  readonly #table = new RegionTable();
  readonly #isa: Isa;
  readonly #meanings: Meanings;
  readonly #frames: Frames;
  readonly #code: CodePages;
  readonly #decoder: Decoder;
  readonly #mmu: Mmu;
  readonly #pool: TranslationPool;
  readonly #compiler: Compiler;
  readonly #byAddress = new Map<number, Compiled[]>();
  readonly #byFrame = new Map<number, Set<Compiled>>();
  readonly #freeSlots: number[] = [];
  #supported: Imports | null = null;
  #nextSlot = 1;
  #nextLabel = LABELS;
  #dropped = 0;
  readonly #crossings: Crossings;
  /** Blocks whose checks are not widened, by address. */
  readonly #narrow = new Set<number>();
  /** The blocks that places belong to. */
  readonly #makers: number[] = [];
  readonly #targets: JumpTargets;
  readonly #heat: Heat;
  readonly #effort: Effort;
  readonly #byEdge = new Map<number, Set<Compiled>>();
  /** How often regions that begin at an address were dropped because they knew too little. */
  readonly #relearnt = new Map<number, number>();
  /** How often an address was hot that a region holds. */
  readonly #waits = new Map<number, number>();

  /** What compiled functions are called through. */
  get table(): WebAssembly.Table {
    return this.#table.table;
  }

  constructor(isa: Isa, parts: RegionParts) {
    this.#isa = isa;
    this.#meanings = meaningsOf(isa);
    this.#frames = parts.frames;
    this.#code = parts.code;
    this.#decoder = parts.decoder;
    this.#mmu = parts.mmu;
    this.#pool = parts.pool;
    this.#targets = new JumpTargets(parts.frames);
    this.#heat = new Heat(parts.frames);
    this.#effort = new Effort(parts.frames);
    this.#crossings = new Crossings(parts.frames);
    this.#compiler = new Compiler(isa, {
      next: () => [parts.pool.sites.next, this.#nextLabel],
      labels: (count) => this.#labels(count),
      site: (address) => this.#site(address),
      setLabel: (address, label) => {
        this.#frames.bytes[address] = label;
        this.#frames.bytes[address + 1] = label >> 8;
      },
    }, parts.frames.memory.buffer.byteLength / WASM_PAGE);
  }

  /** What compiled code imports, made when there is any. */
  get #linked(): Imports {
    return this.#supported ??= this.#withSupport();
  }

  /** Code at an address is hot: compile it if it can be. */
  hot(address: number): void {
    this.#heat.cool(address);
    const { space } = this.#mmu;
    if (space.breakpoints !== null) return;
    if (this.#find(space, address) === null) {
      this.#targets.collect();
      if (this.#isWorthWaiting(address) || !this.#compile(address)) return;
    }
    const frame = space.lookup(Math.floor(address / PAGE_SIZE)) >>> 3;
    this.#decoder.mark(frame, address % PAGE_SIZE, Special.ENTER);
  }

  /** The place in the table of the function for an address in the running space, or 0. */
  enter(address: number): number {
    const { space, translations } = this.#mmu;
    if (space.breakpoints !== null) return 0;
    const found = this.#find(space, address);
    if (found === null) return 0;
    translations.fillCall(address, found.slot, found.pages.keys());
    return found.slot;
  }

  /**
   * The same for the interpreter, where a function was compiled for some space. Jumps to such a place
   * are not counted by the interpreter, so those of spaces that have it elsewhere are counted here.
   */
  meet(address: number): number {
    const slot = this.enter(address);
    if (slot !== 0 || this.#mmu.space.breakpoints !== null) return slot;
    if (!this.#heat.meets(address)) return 0;
    this.hot(address);
    return this.enter(address);
  }

  /** The same for a place in compiled code, which remembers the answer. */
  link(address: number, site: number): number {
    const slot = this.enter(address);
    if (slot === 0) this.#heat.warm(address);
    else if (site !== 0) this.#pool.sites.fillCall(site, slot);
    return slot;
  }

  /** Bytes of a frame changed: regions made from them are gone. */
  changed(frame: number, offset: number, size: number): void {
    for (const one of [...this.#byFrame.get(frame) ?? []]) {
      const halfwords = one.halfwords.get(frame)!;
      const last = (offset + size - 1) >>> 1;
      if (halfwords.subarray(offset >>> 1, last + 1).some((is) => is !== 0)) this.#drop(one);
    }
  }

  /**
   * A check at a place covers more than lies together in memory; where that is so often, it shrinks.
   * `absent` is the next page if that is not there, or -1; it may come, so once is no time.
   */
  crossed(site: number, absent: number): void {
    if (!this.#crossings.isOften(site, absent)) return;
    for (const regions of this.#byAddress.values()) {
      const one = regions.find(({ sites: [from, to] }) => site >= from && site < to);
      if (one === undefined) continue;
      this.#narrow.add(this.#makers[(site - Site.BASE) / Site.SIZE]!);
      this.#drop(one);
      return;
    }
  }

  /** What was not hot by now starts anew. */
  cool(): void {
    this.#waits.clear();
    this.#heat.clear();
    this.#effort.recover();
    if (this.#relearnt.size > REGIONS_MAX) this.#relearnt.clear();
  }

  /** Drop every region. */
  dropAll(): void {
    for (const regions of [...this.#byAddress.values()]) {
      for (const one of [...regions]) this.#drop(one);
    }
    this.#nextLabel = LABELS;
    this.#pool.sites.reset();
    this.#dropped = 0;
    this.#crossings.clear();
    this.#relearnt.clear();
    this.cool();
  }

  at(address: number): Instruction | null {
    const low = this.#mmu.peekCode(address);
    if (low < 0) return null;
    if (this.#isa.lengthOf(low) === 2) return this.#meanings.of(low)?.instruction ?? null;
    const high = this.#mmu.peekCode(address + 2);
    return high < 0 ? null : this.#meanings.of(low | (high << 16))?.instruction ?? null;
  }

  /** Whether a frame's code was compiled. */
  holds(frame: number): boolean {
    return this.#byFrame.has(frame);
  }

  isCompiled(address: number): boolean {
    return this.#find(this.#mmu.space, address) !== null;
  }

  targetsOf(address: number): number[] {
    return this.#targets.of(address);
  }

  isReached(address: number): boolean {
    if (this.#heat.threshold === 1) return true;
    const frame = this.#mmu.space.lookup(Math.floor(address / PAGE_SIZE)) >>> 3;
    return this.#decoder.isDecoded(frame, address % PAGE_SIZE);
  }

  /** Whether there is no need yet for a region that begins at an address. */
  #isWorthWaiting(address: number): boolean {
    if (this.#heat.threshold === 1) return false;
    if (this.#relearn(address)) return true;
    const frame = this.#mmu.space.lookup(Math.floor(address / PAGE_SIZE)) >>> 3;
    const at = address % PAGE_SIZE >>> 1;
    const holds = [...this.#byFrame.get(frame) ?? []].some((one) => one.halfwords.get(frame)![at]);
    const waits = (this.#waits.get(address) ?? 0) + 1;
    if (holds && waits < PATIENCE) this.#waits.set(address, waits);
    else this.#waits.delete(address);
    return holds && waits < PATIENCE;
  }

  /** Drop regions that lead to an address without knowing it: they are hot, and will come back. */
  #relearn(target: number): boolean {
    const ignorant = new Set(this.#byEdge.get(target));
    for (const jump of this.#targets.leadingTo(target)) {
      const frame = this.#mmu.space.lookup(Math.floor(jump / PAGE_SIZE)) >>> 3;
      for (const one of this.#byFrame.get(frame) ?? []) {
        if (one.jumps.has(jump) && !one.jumps.get(jump)!.includes(target)) ignorant.add(one);
      }
    }
    let dropped = false;
    for (const one of ignorant) {
      const count = this.#relearnt.get(one.address) ?? 0;
      if (count === RELEARNT_MAX) continue;
      this.#relearnt.set(one.address, count + 1);
      this.#drop(one);
      dropped = true;
    }
    return dropped;
  }

  #find(space: Space, address: number): Compiled | null {
    const found = this.#byAddress.get(address)?.find((one) => {
      for (const [page, frame] of one.pages) {
        const entry = space.lookup(page);
        if (entry >>> 3 !== frame || (entry & Access.EXECUTE) === 0) return false;
      }
      return true;
    });
    return found ?? null;
  }

  #compile(address: number): boolean {
    if (this.#isFull()) this.dropAll();
    const plain = readRegion(address, this.#isa, this, this.#effort.length);
    if (plain === null) return false;
    const region = inline(plain, this.#isa, this, this.#effort.copies);
    const slot = this.#freeSlots.pop() ?? this.#nextSlot++;
    const from = this.#pool.sites.next;
    const module = this.#compiler.compile(region, slot, this.#narrow);
    new WebAssembly.Instance(module, { e: this.#linked });
    this.compiled++;
    this.#effort.spend(region.blocks.reduce((sum, { body }) => sum + body.length, 0));
    this.#remember(region, slot, [from, this.#pool.sites.next]);
    return true;
  }

  #withSupport(): Imports {
    const { memory } = this.#frames;
    const own = { memory, table: this.table, ...this.imports };
    return withSupport(own, memory.buffer.byteLength / WASM_PAGE);
  }

  /** Whether to start over: with too much code, or with too little room left by code that is gone. */
  #isFull(): boolean {
    const live = this.#nextSlot - 1 - this.#freeSlots.length;
    if (live >= REGIONS_MAX) return true;
    const crowded = this.#pool.sites.full || this.#nextLabel > LABELS + LABELS_SIZE / 2;
    return crowded && this.#dropped > live;
  }

  #remember(region: Region, slot: number, sites: readonly [number, number]): void {
    const pages = new Map<number, number>();
    const halfwords = new Map<number, Uint8Array>();
    for (const [address, { length }] of region.instructions) {
      for (let at = address; at < address + length; at += 2) {
        const page = Math.floor(at / PAGE_SIZE);
        const frame = this.#mmu.space.lookup(page) >>> 3;
        pages.set(page, frame);
        let bits = halfwords.get(frame);
        if (bits === undefined) halfwords.set(frame, bits = new Uint8Array(PAGE_SIZE / 2));
        bits[at % PAGE_SIZE >>> 1] = 1;
      }
    }
    const { entry, blocks } = region;
    const strange = blocks.filter((block) => block.exit && !this.isReached(block.address));
    const edges = new Set(strange.map((block) => block.address));
    const one = { address: entry, slot, pages, halfwords, sites, jumps: jumpsOf(region), edges };
    const same = this.#byAddress.get(entry);
    if (same === undefined) this.#byAddress.set(entry, [one]);
    else same.push(one);
    for (const frame of halfwords.keys()) put(this.#byFrame, frame, one);
    for (const edge of edges) put(this.#byEdge, edge, one);
    // Where there is no room for all of these, others go, and what was made of them: this, if need be.
    for (const address of region.instructions.keys()) {
      this.#decoder.ensure(pages.get(Math.floor(address / PAGE_SIZE))!, address % PAGE_SIZE);
    }
  }

  #drop(one: Compiled): void {
    const same = this.#byAddress.get(one.address)!;
    same.splice(same.indexOf(one), 1);
    if (same.length === 0) this.#byAddress.delete(one.address);
    for (const frame of one.halfwords.keys()) take(this.#byFrame, frame, one);
    for (const edge of one.edges) take(this.#byEdge, edge, one);
    this.#dropped++;
    this.#table.clear(one.slot);
    this.#freeSlots.push(one.slot);
    for (const translations of this.#pool.all) translations.dropCalls();
    const frame = one.pages.get(Math.floor(one.address / PAGE_SIZE))!;
    this.#code.unmark(frame, one.address % PAGE_SIZE);
  }

  #site(address: number): number {
    const site = this.#pool.sites.take();
    if (site !== 0) this.#makers[(site - Site.BASE) / Site.SIZE] = address;
    return site;
  }

  #labels(count: number): number {
    const bytes = count * 2;
    if (this.#nextLabel + bytes > LABELS + LABELS_SIZE) return 0;
    const at = this.#nextLabel;
    this.#nextLabel += bytes;
    this.#frames.bytes.fill(0, at, at + bytes);
    return at;
  }
}

function jumpsOf({ blocks }: Region): Map<number, readonly number[]> {
  const jumps = new Map<number, readonly number[]>();
  for (const { flow, body, targets } of blocks) {
    if (flow === Flow.INDIRECT) jumps.set(body.at(-1)!.address, targets);
  }
  return jumps;
}

function put(index: Map<number, Set<Compiled>>, key: number, one: Compiled): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, new Set([one]));
  else there.add(one);
}

function take(index: Map<number, Set<Compiled>>, key: number, one: Compiled): void {
  const there = index.get(key)!;
  there.delete(one);
  if (there.size === 0) index.delete(key);
}
