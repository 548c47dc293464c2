/**
 * What the kernel asks of the world: memory, a processor, time, chance and a console.
 *
 * Types only. The kernel knows no processor and the processors know no kernel; whatever has these
 * shapes will do, and the machine in `lab/` introduces them to each other.
 *
 * @module
 */

/** Bytes in a page, and in a frame of physical memory. */
export const PAGE_SIZE = 4096;

/** Ways to touch memory, as bits: a page allows some, an access is one of them. */
export const Access = {
  /** A load. */
  READ: 1,
  /** A store. */
  WRITE: 2,
  /** An instruction fetch. */
  EXECUTE: 4,
  /** Besides one of the others: it had to be aligned and was not; no page can help it. */
  MISALIGNED: 8,
} as const;

/** The frames that all memory objects are made of. Never grows, so views of it stay good. */
export interface PhysicalMemory {
  /** All of it; frame `n` is the 4096 bytes at `n * 4096`. */
  readonly bytes: Uint8Array;
  /** How many frames are free. */
  readonly freeFrames: number;
  /** How many frames there are to give. */
  readonly totalFrames: number;
  /**
   * Take a frame of zeros; 0 when none is left (frame 0 is never given out). `wanted` is the frame
   * that would suit best by those of pages nearby, or 0; where it cannot be had, a `page`
   * that is not negative says that neighbours may follow, and `neighbours` about how many: a power of
   * two, negative if they come before it.
   */
  allocate(wanted?: number, page?: number, neighbours?: number): number;
  /** Whether a frame that is wanted can be had. */
  isFree(frame: number): boolean;
  /** Give a frame back. */
  release(frame: number): void;
  /** Say that somebody other than a guest wrote to a frame, so code compiled from it is stale. */
  wrote(frame: number): void;
}

/** What one process sees: which frame is at which page, and what may be done there. */
export interface AddressSpace {
  /** Put a frame at a page, in place of what was there. `access` is a mask of `Access` bits. */
  map(page: number, frame: number, access: number): void;
  /** Take away what is at these pages, if anything. */
  unmap(page: number, count: number): void;
  /** What is at a page: `frame * 8 + access`, or 0 where nothing is. */
  lookup(page: number): number;
  /** Forget everything; the space is not used again. */
  destroy(): void;
}

/** The registers of one thread. Numbers name registers as the processor's `isa` describes them. */
export interface Context {
  /** The address of the next instruction. */
  pc: number;
  /** A register as an unsigned number; not exact beyond 2^53. */
  get(register: number): number;
  /** A register's low 32 bits, unsigned. */
  getLow(register: number): number;
  /** A register as a signed number; not exact beyond 2^53. */
  getSigned(register: number): number;
  /** A register as an unsigned 64-bit integer. */
  getBig(register: number): bigint;
  /** Set a register; a negative number is sign-extended to 64 bits. */
  set(register: number, value: number): void;
  /** Set all 64 bits of a register. */
  setBig(register: number, value: bigint): void;
  /** The context is not used again. */
  release(): void;
}

/** Why a run ended. */
export const StopReason = {
  /** As many instructions were executed as were allowed. */
  BUDGET: 0,
  /** The guest made a system call, and the handler asked to stop; `pc` is behind the instruction. */
  SYSCALL: 1,
  /** A memory access is not allowed; `pc` is at the instruction, nothing of it is done. */
  FAULT: 2,
  /** A breakpoint instruction, or an address that a debugger marked; `pc` is at it. */
  BREAKPOINT: 3,
  /** No such instruction; `pc` is at it. */
  ILLEGAL: 4,
} as const;

/** One of the reasons. */
export type StopReason = typeof StopReason[keyof typeof StopReason];

/** Something that executes machine code. */
export interface Processor {
  /** Its registers by name, and how system calls use them. */
  readonly isa: InstructionSet;
  /** The memory that it works on. */
  readonly memory: PhysicalMemory;
  /** Instructions executed since the processor was made; exact whenever somebody can look. */
  readonly retired: number;
  /** After FAULT: the address that could not be accessed. */
  readonly faultAddress: number;
  /** After FAULT: the `Access` bit that was wanted, with MISALIGNED if that was wrong. */
  readonly faultAccess: number;
  /** After ILLEGAL: the bits that are no instruction. */
  readonly illegalBits: number;
  /**
   * Called at a system call, with the context up to date and `pc` behind the instruction: answer
   * true to go on at once, false to end the run. Without a handler every call ends the run.
   */
  onSyscall: (() => boolean) | null;
  /**
   * Called where a page is absent or forbids an access, with `pc` at the instruction: answer true
   * if the page is there now, false to end the run. Without a handler every such access ends it.
   */
  onFault: ((address: number, access: number) => boolean) | null;
  /** What `time` reads, in ticks; asked for each time. */
  onTime: (() => bigint) | null;
  /** An empty address space. */
  createSpace(): AddressSpace;
  /** Registers that are all zero. */
  createContext(): Context;
  /** Run a thread, at most `budget` instructions. */
  run(context: Context, space: AddressSpace, budget: number): StopReason;
  /**
   * Within `onSyscall`, which answers true then: another thread goes on in place of the one that
   * called, or that one with another budget, as if a run had ended and the next one begun. What `run`
   * answers is about the thread that was handed over to last.
   */
  handOver(context: Context, space: AddressSpace, budget: number): void;
  /** Stop before the instruction at an address of a space whenever it is about to run, or no more. */
  setBreakpoint(space: AddressSpace, address: number, on: boolean): void;
}

/** An instruction set's registers by name, and its calling convention, as data. */
export interface InstructionSet {
  /** Such as `riscv64`. */
  readonly name: string;
  /** The ELF machine number. */
  readonly elfMachine: number;
  /** Register names; the index is the register's number in a `Context`. */
  readonly registers: readonly string[];
  /** The stack pointer. */
  readonly stackPointer: number;
  /** The thread pointer. */
  readonly threadPointer: number;
  /** Where functions take their arguments, in order. */
  readonly args: readonly number[];
  /** Where functions leave their result. */
  readonly result: number;
}

/** Where text goes that programs and the kernel print. */
export interface Console {
  /** Take bytes as they come. */
  write(bytes: Uint8Array): void;
}

/** Where random numbers come from. */
export interface Entropy {
  /** The next 32 random bits, unsigned. */
  next(): number;
}

/** What the host says of one of its files. */
export interface HostFile {
  /** What kind it is. */
  readonly kind: "file" | "directory" | "symlink" | "fifo";
  /** Its permissions. */
  readonly mode: number;
  /** How many bytes it has. */
  readonly size: number;
  /** When it was last changed, in milliseconds since 1970. */
  readonly modifiedMs: number;
  /** How many names it has; 1 unless told. */
  readonly links?: number;
  /** What is the same for all of them, and for no other file; told where it has several. */
  readonly identity?: string;
}

/** Files of the host, to be read only. Paths begin with a slash and are text. */
export interface HostFiles {
  /** What is at a path, links not followed; null where nothing is. */
  stat(path: string): HostFile | null;
  /** The names in a directory. */
  list(path: string): readonly string[];
  /** The bytes of a file. */
  read(path: string): Uint8Array;
  /** The path that a link stands for. */
  target(path: string): string;
}
