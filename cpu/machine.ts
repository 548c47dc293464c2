/**
 * A processor: memory, address spaces, contexts, and a loop that runs one of them at a time.
 *
 * A machine that runs no machine code costs next to nothing: the interpreter is compiled once for
 * all machines of one size, and instantiated when a machine runs for the first time.
 *
 * @module
 */
import { CodePages } from "./memory/code_pages.ts";
import { type Context, Contexts, type Move } from "./context.ts";
import { Decoder } from "./decoder.ts";
import { directedFloat } from "./float/directed_rounding.ts";
import { setFloatLimits } from "./float/limits.ts";
import { FloatUnit } from "./float/operation.ts";
import { Frames, WASM_PAGE } from "./memory/frames.ts";
import { interpreterBytes } from "./interpreter/interpreter.ts";
import { NOWHERE, type Run, STACK } from "./interpreter/stepping_aside.ts";
import type { InstructionSet, Isa } from "./isa.ts";
import { CONTEXT, CONTINUE, HEAT, HEAT_COUNT, PAGE_SIZE, Registers, State } from "./layout.ts";
import { Mmu } from "./memory/mmu.ts";
import { Regions } from "./region/regions.ts";
import { Reservations } from "./memory/reservations.ts";
import { Space, SpaceBudget } from "./memory/space.ts";
import { StopReason } from "./stop_reason.ts";
import { TranslationPool } from "./memory/translations.ts";

const TWO_32 = 4294967296;

/**
 * Instructions between two returns from WebAssembly while code is new: V8 replaces code only where it
 * is entered.
 */
const SLICE = 1 << 20;

/**
 * The same when nothing was compiled for `SETTLING`. Wherever a slice ends the interpreter takes over,
 * for every function that is on the stack.
 */
const LONG_SLICE = 1 << 26;
const SETTLING = 1 << 26;

/**
 * Code that is not hot by the end of so many instructions starts anew. What the interpreter does at
 * the ends of slices would add up otherwise, and be compiled for nothing.
 */
const COOLING = 1 << 26;

/** Who executes: the interpreter alone, compiled code from the first sight, or both as it pays. */
export type Tier = "interpreter" | "compiler" | "auto";

/**
 * After how many jumps to it code is compiled. A region takes some milliseconds to compile, as long as
 * it takes to interpret a hundred thousand instructions: what short programs do is not worth that.
 */
const THRESHOLDS: Record<Tier, number> = { interpreter: 1 << 30, compiler: 1, auto: 2000 };

/** Interpreters by instruction set and size of memory. */
const INTERPRETERS = new Map<Isa, Map<number, WebAssembly.Module>>();

/** Something that executes machine code. */
export class Machine {
  /** Its registers by name, and how system calls use them. */
  readonly isa: InstructionSet;
  /** The memory that it works on. */
  readonly memory: Frames;
  /** Called at a system call; true goes on, false ends the run. */
  onSyscall: (() => boolean) | null = null;
  /** Called where a page is absent or forbids an access; true if it is there now. */
  onFault: ((address: number, access: number) => boolean) | null = null;
  /** What `time` reads. */
  onTime: (() => bigint) | null = null;
  /** Reads a clock, if somebody wants to know what compiling costs. */
  clock: (() => number) | null = null;
  /** What compiling took by that clock. */
  compileTime = 0;
  /** After ILLEGAL: the bits that are no instruction. */
  illegalBits = 0;
  readonly #budget = new SpaceBudget();
  readonly #isa: Isa;
  readonly #contexts: Contexts;
  readonly #code: CodePages;
  readonly #mmu: Mmu;
  readonly #decoder: Decoder;
  readonly #regions: Regions;
  readonly #pool: TranslationPool;
  readonly #reservations: Reservations;
  #run: Run | null = null;
  #move: Move | null = null;
  #retired = 0;
  #slice = 0;
  /** How many instructions the running thread may still execute, with those of this slice. */
  #left = 0;
  /** When WebAssembly is to be left, whoever runs then. */
  #leaveAt = 0;
  /** How many regions there were when slices were last counted, and until when code is new. */
  #known = 0;
  #settledAt = SETTLING;
  #coolAt = COOLING;
  readonly #unit = new FloatUnit();
  #context: Context | null = null;
  #space: Space | null = null;

  constructor(isa: Isa, memoryBytes: number, tier: Tier) {
    this.#isa = isa;
    this.isa = isa.description;
    this.memory = new Frames(memoryBytes);
    this.#contexts = new Contexts(this.memory);
    this.#code = new CodePages(this.memory);
    this.#pool = new TranslationPool(this.memory);
    this.#mmu = new Mmu(this.memory, this.#code, this.#pool);
    this.#decoder = new Decoder(this.memory, this.#code, isa);
    this.#regions = new Regions(isa, {
      frames: this.memory,
      code: this.#code,
      decoder: this.#decoder,
      mmu: this.#mmu,
      pool: this.#pool,
    });
    this.memory.words[State.THRESHOLD >> 2] = THRESHOLDS[tier];
    this.#mmu.onCrossing = (site, absent) => this.#regions.crossed(site, absent);
    this.#code.onChanged = (frame, offset, size) => this.#regions.changed(frame, offset, size);
    this.#code.isNeeded = (frame) => this.#regions.holds(frame);
    this.#pool.mayWrite = (frame) => this.#mmu.mayWrite(frame);
    this.#reservations = new Reservations(this.memory, this.#mmu, this.#pool);
    this.memory.onStale = (frame) => {
      this.#code.drop(frame);
      this.#reservations.drop(frame, this.#space);
    };
    this.#code.onProtected = (frame) => this.#pool.all.forEach((one) => one.dropWritesTo(frame));
    this.#code.onDropped = () => this.#pool.all.forEach((one) => one.dropFetches());
  }

  /** Instructions executed since the processor was made, or last counted from zero. */
  get retired(): number {
    return this.#retired + this.#slice - this.memory.words[State.FUEL >> 2]!;
  }

  /** Regions compiled since the processor was made. */
  get compiled(): number {
    return this.#regions.compiled;
  }

  /** After FAULT: the address that could not be accessed. */
  get faultAddress(): number {
    const at = State.FAULT_ADDRESS >> 2;
    const { words } = this.memory;
    return (words[at]! >>> 0) + (words[at + 1]! >>> 0) * TWO_32;
  }

  /** After FAULT: the `Access` bit that was wanted. */
  get faultAccess(): number {
    return this.memory.words[State.FAULT_ACCESS >> 2]!;
  }

  /** Count from zero again, as where another machine begins: what programs count is then their own. */
  restart(): void {
    this.#coolAt -= this.#retired;
    this.#settledAt -= this.#retired;
    this.#retired = 0;
  }

  /** An empty address space. */
  createSpace(): Space {
    return new Space(this.#budget);
  }

  /** Registers that are all zero. */
  createContext(): Context {
    return this.#contexts.create((context) => {
      this.#reservations.enter(context);
      if (this.#context === context) this.#context = null;
    });
  }

  /** Stop before the instruction at an address of a space whenever it is about to run, or no more. */
  setBreakpoint(space: Space, address: number, on: boolean): void {
    if (on) (space.breakpoints ??= new Set()).add(address);
    else if (space.breakpoints?.delete(address) && space.breakpoints.size === 0) {
      space.breakpoints = null;
    }
    this.#code.dropOwned(space);
    space.translations?.dropFetches();
    space.translations?.dropCalls();
  }

  /** Run a thread, at most `budget` instructions. */
  run(context: Context, space: Space, budget: number): StopReason {
    const { words } = this.memory;
    const run = this.#run ??= this.#instantiate();
    this.#enter(context, space, budget);
    words[State.UNWIND >> 2] = 0;
    this.#mmu.onFault = this.onFault;
    while (this.#left > 0) {
      this.#leaveAt = this.#retired + this.#sliceLength();
      this.#beginSlice();
      run(this.#mmu.translations.base, NOWHERE, STACK);
      this.#endSlice();
      const reason = words[State.STOP >> 2] as StopReason;
      if (reason !== StopReason.BUDGET) {
        if (reason === StopReason.ILLEGAL) this.illegalBits = this.#bitsAt(this.#context!.pc);
        return reason;
      }
    }
    return StopReason.BUDGET;
  }

  /**
   * From within `onSyscall`, which is to answer true: let another thread go on in place of the one
   * that made the call, as if the run had ended and the next one begun. The run ends with that thread,
   * or one that it hands over to.
   */
  handOver(context: Context, space: Space, budget: number): void {
    this.#endSlice();
    this.#enter(context, space, budget);
    this.#beginSlice();
    this.memory.words[State.UNWIND >> 2] = 1;
  }

  #enter(context: Context, space: Space, budget: number): void {
    this.#switchTo(context);
    this.#space = space;
    this.#left = budget;
    setFloatLimits(this.memory);
  }

  #sliceLength(): number {
    const { compiled } = this.#regions;
    if (this.#known !== compiled) this.#settledAt = this.#retired + SETTLING;
    this.#known = compiled;
    return this.#retired < this.#settledAt ? SLICE : LONG_SLICE;
  }

  #beginSlice(): void {
    const { words } = this.memory;
    if (this.#retired >= this.#coolAt) this.#cool();
    this.#mmu.activate(this.#space!);
    words[State.TRANSLATIONS >> 2] = this.#mmu.translations.base;
    const slice = Math.min(this.#left, this.#leaveAt - this.#retired);
    const until = this.#retired + slice;
    this.#slice = slice;
    words[State.FUEL >> 2] = slice;
    // Where a slice happens to begin is no place to compile from, unless all is to be compiled.
    words[State.COLD >> 2] = words[State.THRESHOLD >> 2] === 1 ? 0 : 1;
    words[State.RETIRED >> 2] = until;
    words[(State.RETIRED >> 2) + 1] = Math.floor(until / TWO_32);
  }

  #endSlice(): void {
    const { words } = this.memory;
    const used = this.#slice - words[State.FUEL >> 2]!;
    this.#retired += used;
    this.#left -= used;
    this.#slice = 0;
    words[State.FUEL >> 2] = 0;
  }

  #cool(): void {
    this.memory.bytes.fill(0, HEAT, HEAT + HEAT_COUNT * 2);
    this.#regions.cool();
    this.#coolAt = this.#retired + COOLING;
  }

  #switchTo(context: Context): void {
    if (this.#context === context) return;
    if (this.#context !== null && this.#space !== null) {
      this.#reservations.leave(this.#context, this.#space);
    }
    this.#context?.leave(this.#move!);
    context.enter(this.#move!);
    this.#reservations.enter(context);
    this.#context = context;
  }

  #bitsAt(address: number): number {
    const low = this.#mmu.peekCode(address);
    if (this.#isa.lengthOf(low) === 2) return low;
    return (low | (this.#mmu.peekCode(address + 2) << 16)) >>> 0;
  }

  #instantiate(): Run {
    const pages = this.memory.bytes.length / WASM_PAGE;
    const modules = INTERPRETERS.get(this.#isa) ?? new Map<number, WebAssembly.Module>();
    INTERPRETERS.set(this.#isa, modules);
    let module = modules.get(pages);
    if (module === undefined) {
      module = new WebAssembly.Module(interpreterBytes(this.#isa, pages));
      modules.set(pages, module);
    }
    const [{ memory }, { table }] = [this.memory, this.#regions];
    const float = (code: number, a: bigint, b: bigint, c: bigint) => this.#float(code, a, b, c);
    const imports = {
      ...this.#imports(),
      float: directedFloat({ memory, float }, pages),
      time: () => this.onTime?.() ?? 0n,
    };
    const e = { memory, table, ...imports };
    const { run, move } = new WebAssembly.Instance(module, { e }).exports;
    this.#regions.imports = { ...imports, interpret: run! };
    this.#move = move as unknown as Move;
    return run as unknown as Run;
  }

  #imports(): Record<string, (...args: number[]) => number> {
    return {
      syscall: () => this.#syscall(),
      fetch: (low, high) => this.#fetch(low! >>> 0, high! >>> 0),
      decode: (record) => Number(this.#decoder.decode(record!)),
      straddle: (low, high) => this.#straddle((low! >>> 0) + (high! >>> 0) * TWO_32),
      read: (low, high, size) => this.#mmu.read(low!, high!, size!) || this.#stop(StopReason.FAULT),
      write: (low, high, size) =>
        this.#mmu.write(low!, high!, size!) ? 1 : this.#stop(StopReason.FAULT),
      hot: (low, high) => this.#hot((low! >>> 0) + (high! >>> 0) * TWO_32),
      enter: (low, high) => this.#regions.meet((low! >>> 0) + (high! >>> 0) * TWO_32),
      link: (low, high, site) => this.#regions.link((low! >>> 0) + (high! >>> 0) * TWO_32, site!),
      probe: (low, high, wanted, site) => Number(this.#mmu.probe(low!, high!, wanted!, site!)),
      trap: () => this.#trap(),
      own: (low, high) => this.#mmu.own(low!, high!) || this.#stop(StopReason.FAULT),
      misaligned: (low, high, access) => this.#misaligned(low!, high!, access!),
      limits: () => (setFloatLimits(this.memory), 0),
      breakpoint: (low, high) => Number(this.#broken((low! >>> 0) + (high! >>> 0) * TWO_32)),
      original: (record) => this.#decoder.operationAt(record!),
    };
  }

  #stop(reason: StopReason): 0 {
    this.memory.words[State.STOP >> 2] = reason;
    return 0;
  }

  #syscall(): number {
    if (this.onSyscall === null || !this.onSyscall()) return this.#stop(StopReason.SYSCALL);
    setFloatLimits(this.memory);
    return 1;
  }

  #float(code: number, a: bigint, b: bigint, c: bigint): bigint {
    const { words } = this.memory;
    const at = (CONTEXT + Registers.FCSR) >> 2;
    const result = this.#unit.compute(code, a, b, c, words[at]! >>> 5);
    words[State.MODE_BAD >> 2] = result === null ? 1 : 0;
    if (result === null) {
      this.#stop(StopReason.ILLEGAL);
      return 0n;
    }
    if ((words[at]! | this.#unit.flags) !== words[at]) {
      words[at]! |= this.#unit.flags;
      setFloatLimits(this.memory);
    }
    return result;
  }

  #misaligned(low: number, high: number, access: number): number {
    this.#mmu.misaligned(low, high, access);
    return this.#stop(StopReason.FAULT);
  }

  #hot(address: number): number {
    const start = this.clock?.() ?? 0;
    this.#regions.hot(address);
    this.compileTime += (this.clock?.() ?? 0) - start;
    return 0;
  }

  /** A system call from compiled code: 1 where it may go on in place, with all registers loaded. */
  #trap(): number {
    const { words } = this.memory;
    const at = (CONTEXT + Registers.PC) >> 2;
    const low = words[at];
    const high = words[at + 1];
    if (this.#syscall() === 0) return 0;
    if (words[at] === low && words[at + 1] === high && words[State.UNWIND >> 2] === 0) return 1;
    words[State.UNWIND >> 2] = 0;
    words[State.STOP >> 2] = CONTINUE;
    return 0;
  }

  #fetch(low: number, high: number): number {
    const address = low + high * TWO_32;
    const frame = this.#mmu.fetch(low, high);
    if (frame === 0) return this.#stop(StopReason.FAULT);
    const page = Math.floor(address / PAGE_SIZE);
    const owner = this.#mmu.space.breakpoints === null ? null : this.#mmu.space;
    const records = this.#code.recordsOf(frame, owner, page);
    this.#mmu.translations.fillFetch(page, records);
    return records;
  }

  #straddle(address: number): number {
    const next = address + 2;
    if (this.#mmu.fetch(next % TWO_32, Math.floor(next / TWO_32)) === 0) {
      return this.#stop(StopReason.FAULT);
    }
    return this.#decoder.straddle(this.#bitsAt(address) | 0);
  }

  #broken(address: number): boolean {
    return this.#mmu.space.breakpoints?.has(address) ?? false;
  }
}
