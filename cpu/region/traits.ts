/**
 * What the compiler must know of an instruction before it writes its code: which registers it reads
 * and writes, and how it touches memory. Learnt by reading its meaning once, over an algebra whose
 * values say only where they come from.
 *
 * @module
 */
import type { Algebra, Meaning, Size } from "../algebra.ts";

/** A memory access at a register plus the immediate. */
export interface SimpleAccess {
  readonly size: Size;
  readonly write: boolean;
}

/** What is known of an instruction, whatever its fields. */
export interface Traits {
  readonly readsRs1: boolean;
  readonly readsRs2: boolean;
  readonly readsRs3: boolean;
  readonly writesRd: boolean;
  /** Whether what it writes is `rs1 + imm`. */
  readonly linear: boolean;
  /** Its only access, if that is at `rs1 + imm`. */
  readonly access: SimpleAccess | null;
  /** Whether it touches memory in another way. */
  readonly complex: boolean;
  /** Whether it writes what it loads there as it is, if that is as long as a register. */
  readonly copies: boolean;
}

/** Where a value comes from. */
type Origin = "rs1" | "imm" | "rs1+imm" | "loaded" | "other";

const other = (): Origin => "other";
const nothing = (): void => {};

/** Reads a meaning and takes notes. */
class Reader implements Algebra<Origin> {
  readonly reads = new Set<string>();
  readonly accesses: (SimpleAccess & { readonly simple: boolean })[] = [];
  writes = false;
  linear = false;
  copies = false;

  load(address: Origin, size: Size): Origin {
    const simple = address === "rs1+imm";
    this.accesses.push({ size, write: false, simple });
    return simple && size === 8 ? "loaded" : "other";
  }

  store(address: Origin, _value: Origin, size: Size): void {
    this.accesses.push({ size, write: true, simple: address === "rs1+imm" });
  }

  add(a: Origin, b: Origin): Origin {
    return a === "rs1" && b === "imm" ? "rs1+imm" : "other";
  }

  let(value: Origin, use: (value: Origin) => void): void {
    use(value);
  }

  rd(value: Origin): void {
    this.linear = value === "rs1+imm" && !this.writes;
    this.copies = value === "loaded" && !this.writes;
    this.writes = true;
  }

  fd(): void {
    this.writes = true;
  }

  fs1(): Origin {
    this.reads.add("rs1");
    return "other";
  }

  fs2(): Origin {
    return this.rs2();
  }

  fs3(): Origin {
    this.reads.add("rs3");
    return "other";
  }

  update(_address: Origin, size: Size, change: (old: Origin) => Origin): Origin {
    change("other");
    this.accesses.push({ size, write: true, simple: false });
    return "other";
  }

  loadReserved(_address: Origin, size: Size): Origin {
    this.accesses.push({ size, write: false, simple: false });
    return "other";
  }

  storeConditional(_address: Origin, _value: Origin, size: Size): Origin {
    this.accesses.push({ size, write: true, simple: false });
    return "other";
  }

  rs1(): Origin {
    this.reads.add("rs1");
    return "rs1";
  }

  rs2(): Origin {
    this.reads.add("rs2");
    return "other";
  }

  imm(): Origin {
    return "imm";
  }

  pc = other;
  next = other;
  constant = other;
  sub = other;
  and = other;
  or = other;
  xor = other;
  mul = other;
  mulHigh = other;
  mulHighUnsigned = other;
  mulHighMixed = other;
  div = other;
  divUnsigned = other;
  rem = other;
  remUnsigned = other;
  shl = other;
  shr = other;
  sar = other;
  eq = other;
  ne = other;
  lt = other;
  ltUnsigned = other;
  ge = other;
  geUnsigned = other;
  word = other;
  unsignedWord = other;
  shlWord = other;
  shrWord = other;
  sarWord = other;
  divWord = other;
  divUnsignedWord = other;
  remWord = other;
  remUnsignedWord = other;
  not = other;
  rotl = other;
  rotr = other;
  select = other;
  clz = other;
  ctz = other;
  popcount = other;
  reverseBytes = other;
  byte = other;
  half = other;
  rotlWord = other;
  rotrWord = other;
  clzWord = other;
  ctzWord = other;
  popcountWord = other;
  fcsr = other;
  retired = other;
  time = other;
  bits = other;
  fromBits = other;
  fadd = other;
  fsub = other;
  fmul = other;
  fdiv = other;
  fsqrt = other;
  fma = other;
  fneg = other;
  fcopysign = other;
  fxorsign = other;
  fmin = other;
  fmax = other;
  feq = other;
  flt = other;
  fle = other;
  fclass = other;
  toInteger = other;
  fromInteger = other;
  widen = other;
  narrow = other;
  branch = nothing;
  jump = nothing;
  jumpTo = nothing;
  syscall = nothing;
  breakpoint = nothing;
  fence = nothing;
  fenceCode = nothing;
  setFcsr = nothing;
}

/** The traits of an instruction that means this. */
export function traitsOf(meaning: Meaning): Traits {
  const reader = new Reader();
  meaning(reader);
  const only = reader.accesses.length === 1 ? reader.accesses[0]! : null;
  const simple = only !== null && only.simple;
  return {
    readsRs1: reader.reads.has("rs1"),
    readsRs2: reader.reads.has("rs2"),
    readsRs3: reader.reads.has("rs3"),
    writesRd: reader.writes,
    linear: reader.linear,
    access: simple ? { size: only.size, write: only.write } : null,
    complex: !simple && reader.accesses.length > 0,
    copies: reader.copies,
  };
}
