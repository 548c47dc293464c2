/**
 * Where things lie in the memory that guests, interpreter, compiled code and TypeScript share.
 *
 * The low 128 MiB are the host's: they are at fixed addresses, so that one compiled module serves
 * every machine. Guest frames follow. Nothing here is touched before it is used, and what is not
 * touched costs no memory.
 *
 * @module
 */

/** Bytes in a page and in a frame. */
export const PAGE_SIZE = 4096;

/** The page offset's bits. */
export const PAGE_SHIFT = 12;

/** Ways to touch memory, as bits; misaligned is one that had to be aligned, besides what it is. */
export const Access = { READ: 1, WRITE: 2, EXECUTE: 4, MISALIGNED: 8 } as const;

/** The first frame that guests may have; what lies below belongs to the host. */
export const FIRST_FRAME = 32768;

/** The machine's state, at fixed addresses from 0. */
export const State = {
  /** How many instructions may still be executed in this slice; 32 bits. */
  FUEL: 64,
  /** Why the interpreter returned: a `StopReason`; 32 bits. */
  STOP: 68,
  /** The address that could not be accessed; 64 bits. */
  FAULT_ADDRESS: 72,
  /** The kind of access that was wanted; 32 bits. */
  FAULT_ACCESS: 80,
  /** Raised when compiled code on the host's stack must not be returned to; 32 bits. */
  UNWIND: 84,
  /** The record that the interpreter is at while it asks for memory, or for code to be compiled; 32 bits. */
  CURRENT: 88,
  /** After how many jumps to it code is hot; 32 bits. */
  THRESHOLD: 92,
  /** 1 where the interpreter goes on at a place that nobody jumps to; 32 bits. */
  COLD: 116,
  /** Where the translations of the running space are; 32 bits. */
  TRANSLATIONS: 120,
  /** How many sites were filled since they were all empty; 32 bits. */
  FILLED: 112,
  /** Sums are right, with nothing to raise, if they are less than this: infinity, or 0; 64 bits. */
  SUM_LIMIT: 176,
  /** How many exponents of 64-bit products are as good, as doubled bits; 64 bits. */
  PRODUCT_LIMIT: 184,
  /** The same for 32 bits; 32 bits. */
  SINGLE_LIMIT: 192,
  /** 1 if `fcsr` holds a rounding mode; 32 bits. */
  MODE_VALID: 196,
  /** 1 once an operation had a rounding mode that is none; 32 bits. */
  MODE_BAD: 200,
  /** The `fcsr` that the limits are for, and one more; 0 before they are first set; 32 bits. */
  LIMITS_OF: 204,
  /** Instructions executed when this slice is over; 64 bits. */
  RETIRED: 208,
  /** Where control goes that compiled code does not lead to; 64 bits. */
  ELSEWHERE: 216,
  /** Two words for values that cross a page boundary. */
  SCRATCH: 96,
  /** Decoded records for an instruction that lies on two pages. */
  STRADDLE: 128,
} as const;

/** The registers of the thread that runs, laid out as `Registers` says. */
export const CONTEXT = 0x200;

/** In `State.STOP`: the run does not end, only compiled code had to be left. */
export const CONTINUE = -1;

/** How often code at an address was jumped to: 65536 counters of 16 bits, hashed. */
export const HEAT = 0xaa0000;

/** How many heat counters there are. */
export const HEAT_COUNT = 65536;

/** Where indirect jumps went lately: 4096 pairs of addresses, hashed. */
export const TARGETS = 0x8000;

/** How many pairs there are. */
export const TARGETS_COUNT = 4096;

/** Translations of the address spaces that ran last. */
export const TLB_POOL = 0x20000;

/** How many address spaces have translations at a time; as many switch without loss. */
export const TLB_COUNT = 16;

/** Bytes of one address space's translations. */
export const TLB_SIZE = 0x68000;

/** Parts of one address space's translations. An entry is 16 bytes: a 64-bit tag, then what for. */
export const Tlb = {
  /** Pages to read: tag, addend. */
  READ: 0,
  /** Pages to write: tag, addend. */
  WRITE: 0x10000,
  /** Code to call: tag is the address, then the function's place in the table. */
  CALL: 0x20000,
  /** Pages to fetch from: tag, decoded records. */
  FETCH: 0x30000,
  /** What lies around a page to read, entry by entry: first address, bytes, its host address. */
  READ_SEGMENT: 0x40000,
  /** What lies around a page to write. */
  WRITE_SEGMENT: 0x50000,
  /** The same by windows of pages: for each, what was found there last. */
  READ_WINDOW: 0x60000,
  WRITE_WINDOW: 0x64000,
  /** A window's size, as a shift. */
  WINDOW_SHIFT: 17,
  /** Bits of a window's place, from an address shifted right by 13. */
  WINDOW_MASK: 0x3ff0,
  /** Bits of an entry's place, from an address shifted right by 8. */
  PAGE_MASK: 0xfff0,
  /** Bits of an entry's place in `FETCH`, from an address shifted right by 8. */
  FETCH_MASK: 0xfff0,
  /** Bits of an entry's place in `CALL`. */
  CALL_MASK: 0xfff0,
  /** A tag that no address has: page tags have these bits clear, calls go to even addresses. */
  INVALID: 0x9,
} as const;

/**
 * What places in compiled code remember of the memory that they accessed last, or of the function
 * that they called. It holds for the space that runs; a space that takes turns finds it empty.
 */
export const Site = {
  /** Where the first one lies. */
  BASE: 0x6a0000,
  /** Where the places of those lie that are filled, as far as there is room. */
  LIST: 0x18000,
  /** How many there is room for; beyond that all are emptied. */
  LIST_COUNT: 4096,
  /** The function's place in the table; 32 bits. Calls use no more. */
  SLOT: 0,
  /** The first address, less what is added to the base there; 64 bits. */
  FIRST: 0,
  /** Distances from there up to this one are fine, this one is not; 64 bits. */
  LIMIT: 8,
  /** What to add to the base to have the host's address; 32 bits. */
  ADDEND: 16,
  /** Bytes of an entry. */
  SIZE: 32,
  /** How many there are; code that comes too late does without. */
  COUNT: 32768,
} as const;

/** Tables that turn the target of an indirect jump into a label. */
export const LABELS = 0x7a0000;

/** Bytes of those tables. */
export const LABELS_SIZE = 0x300000;

/** Decoded pages. */
export const RECORDS = 0x4000000;

/** A decoded instruction: 16 bytes for every two bytes of code. */
export const Record = {
  /** What to do; 16 bits. */
  OP: 0,
  /** Where the destination register lies in a context; 16 bits. */
  RD: 2,
  /** Where the first source lies; 16 bits. */
  RS1: 4,
  /** Where the second source lies; 16 bits. */
  RS2: 6,
  /** The immediate, sign-extended; 32 bits. */
  IMM: 8,
  /** Where the third source lies; 16 bits. */
  RS3: 12,
  /** Bytes of records to the next instruction; 8 bits. */
  LENGTH: 14,
  /** What depends on the kind of instruction, see `Extra`; 8 bits. */
  EXTRA: 15,
  /** Bytes of a record, as a shift: a record is 16 bytes for 2 bytes of code. */
  SHIFT: 3,
  /** Bytes of a record. */
  SIZE: 16,
} as const;

/** Bits of a record's `EXTRA`. */
export const Extra = {
  /** A relative jump that goes forward and stays on its page. */
  NEAR: 1,
  /** A jump through a register whose targets are worth remembering. */
  PROFILED: 2,
} as const;

/** Bytes of a page's records, with one behind the last. */
export const RECORDS_STRIDE = 2048 * 16 + 64;

/** How many pages may be decoded at a time: 8 MiB of code. */
export const RECORDS_COUNT = Math.floor((FIRST_FRAME * PAGE_SIZE - RECORDS) / RECORDS_STRIDE);

/** Contexts. */
export const CONTEXTS = 0xb20000;

/** Bytes of a context: a cache line's multiple. */
export const CONTEXT_SIZE = 640;

/** How many contexts there may be at a time. */
export const CONTEXTS_COUNT = Math.floor((RECORDS - CONTEXTS) / CONTEXT_SIZE);

/** Parts of a context. */
export const Registers = {
  /** 32 integer registers of 64 bits. */
  X: 0,
  /** 32 floating-point registers of 64 bits. */
  F: 256,
  /** The address of the next instruction; 64 bits. */
  PC: 512,
  /** Accrued flags and rounding mode, as in `fcsr`; 64 bits. */
  FCSR: 520,
  /** The reserved address; 64 bits. */
  RESERVATION: 528,
  /** 1 while an address is reserved; 32 bits. */
  RESERVED: 536,
  /** Where writes to the register that is always zero go; 64 bits. */
  SINK: 544,
} as const;
