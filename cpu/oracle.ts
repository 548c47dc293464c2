/**
 * The reference machine: slow, obvious, and right. Every other way of executing must do what this
 * one does.
 *
 * @module
 */
import type { Algebra, Format, Size } from "./algebra.ts";
import type { Instruction } from "./instruction.ts";
import type { Isa } from "./isa.ts";
import { Access } from "./layout.ts";
import { Numbers } from "./oracle/floats.ts";
import { u64 } from "./oracle/integers.ts";
import { type PagedMemory, Refusal } from "./oracle/memory.ts";
import type { RoundingMode } from "./float/softfloat.ts";
import { StopReason } from "./stop_reason.ts";

const NAN_32 = 0x7fc00000n;
const BOX = 0xffffffff00000000n;

/** What an oracle needs of an instruction set. */
export type OracleIsa = Pick<Isa, "semantics" | "decode" | "lengthOf">;

/** Thrown where an instruction ends the run instead of being done. */
class Stop {
  readonly reason: StopReason;
  constructor(reason: StopReason) {
    this.reason = reason;
  }
}

/** A processor with one set of registers. */
export class Oracle extends Numbers implements Algebra<bigint> {
  /** Registers, unsigned: 0 to 31 integer, 32 to 63 floating-point. */
  readonly registers: bigint[] = new Array(64).fill(0n);
  /** The control register of floating point. */
  control = 0n;
  /** The address of the next instruction. */
  address = 0n;
  /** The reserved address, if there is one. */
  reserved: bigint | null = null;
  /** Instructions executed. */
  retiredCount = 0;
  /** After FAULT: the address that could not be accessed. */
  faultAddress = 0n;
  /** After FAULT: the `Access` bits that were wanted. */
  faultAccess = 0;
  /** After ILLEGAL: the bits that are no instruction. */
  illegalBits = 0;
  /** Addresses to stop at. */
  readonly breakpoints = new Set<bigint>();
  /** Called at a system call; true goes on, false ends the run. */
  onSyscall: (() => boolean) | null = null;
  /** What `time` reads. */
  onTime: (() => bigint) | null = null;
  readonly #isa: OracleIsa;
  readonly #memory: PagedMemory;
  #at!: Instruction;
  #bits = 0;
  #following = 0n;

  constructor(isa: OracleIsa, memory: PagedMemory) {
    super();
    this.#isa = isa;
    this.#memory = memory;
  }

  /** Execute at most `budget` instructions. */
  run(budget: number): StopReason {
    for (let count = 0; count < budget; count++) {
      try {
        this.#step();
      } catch (stop) {
        if (stop instanceof Refusal) return this.#fault(stop);
        if (stop instanceof Stop) return stop.reason;
        throw stop;
      }
    }
    return StopReason.BUDGET;
  }

  #step(): void {
    if (this.breakpoints.has(this.address)) throw new Stop(StopReason.BREAKPOINT);
    this.#bits = this.#fetch();
    const instruction = this.#isa.decode(this.#bits);
    if (instruction === null) this.#illegal();
    this.#at = instruction;
    this.#following = this.next();
    this.#isa.semantics[instruction.name]!(this);
    this.address = this.#following;
    this.retiredCount++;
  }

  #fetch(): number {
    const { address } = this;
    if (address % 2n !== 0n) throw new Refusal(address, Access.EXECUTE);
    const low = Number(this.#memory.read(address, 2, Access.EXECUTE));
    if (this.#isa.lengthOf(low) === 2) return low;
    const high = Number(this.#memory.read(u64(address + 2n), 2, Access.EXECUTE));
    return low | high << 16;
  }

  #fault({ address, access }: Refusal): StopReason {
    this.faultAddress = address;
    this.faultAccess = access;
    return StopReason.FAULT;
  }

  #illegal(): never {
    this.illegalBits = this.#bits >>> 0;
    throw new Stop(StopReason.ILLEGAL);
  }

  rs1 = () => this.registers[this.#at.rs1]!;
  rs2 = () => this.registers[this.#at.rs2]!;
  imm = () => u64(BigInt(this.#at.imm));
  pc = () => this.address;
  next = () => u64(this.address + BigInt(this.#at.length));
  fs1 = (format: Format) => this.#float(this.#at.rs1, format);
  fs2 = (format: Format) => this.#float(this.#at.rs2, format);
  fs3 = (format: Format) => this.#float(this.#at.rs3, format);
  fcsr = () => this.control;
  retired = () => BigInt(this.retiredCount);
  time = () => u64(this.onTime?.() ?? 0n);

  rd(value: bigint): void {
    if (this.#at.rd !== 0) this.registers[this.#at.rd] = value;
  }

  fd(format: Format, value: bigint): void {
    this.rd(format === 32 ? BOX | value : value);
  }

  setFcsr(value: bigint): void {
    this.control = value;
  }

  load(address: bigint, size: Size, signed: boolean): bigint {
    const value = this.#memory.read(address, size);
    return signed ? u64(BigInt.asIntN(size * 8, value)) : value;
  }

  store(address: bigint, value: bigint, size: Size): void {
    this.#memory.write(address, value, size);
  }

  update(address: bigint, size: Size, change: (old: bigint) => bigint): bigint {
    align(address, size, Access.WRITE);
    this.#memory.demand(address, size, Access.WRITE);
    const old = this.load(address, size, true);
    this.store(address, change(old), size);
    return old;
  }

  loadReserved(address: bigint, size: Size): bigint {
    align(address, size, Access.READ);
    const value = this.load(address, size, true);
    this.reserved = address;
    return value;
  }

  storeConditional(address: bigint, value: bigint, size: Size): bigint {
    align(address, size, Access.WRITE);
    if (this.reserved === address) this.store(address, value, size);
    const failed = this.reserved === address ? 0n : 1n;
    this.reserved = null;
    return failed;
  }

  branch(taken: bigint): void {
    if (taken !== 0n) this.jump();
  }

  jump(): void {
    this.#following = u64(this.address + BigInt(this.#at.imm));
  }

  jumpTo(address: bigint): void {
    this.#following = address & ~1n;
  }

  /** The handler sees the instruction done; it may move the program. */
  syscall(): void {
    this.address = this.#following;
    this.retiredCount++;
    if (this.onSyscall === null || !this.onSyscall()) throw new Stop(StopReason.SYSCALL);
    this.#following = this.address;
    this.retiredCount--;
  }

  breakpoint(): void {
    throw new Stop(StopReason.BREAKPOINT);
  }

  fence(): void {
    // One access is done behind the other anyway.
  }

  fenceCode(): void {
    // Every instruction is fetched when it is executed.
  }

  protected roundingMode(): RoundingMode {
    const mode = this.#at.mode === 7 ? Number(this.control >> 5n) : this.#at.mode;
    if (mode > 4) this.#illegal();
    return mode as RoundingMode;
  }

  protected raise(flags: number): void {
    this.control |= BigInt(flags);
  }

  #float(register: number, format: Format): bigint {
    const value = this.registers[register]!;
    if (format === 64) return value;
    return (value & BOX) === BOX ? BigInt.asUintN(32, value) : NAN_32;
  }
}

function align(address: bigint, size: Size, access: number): void {
  if (address % BigInt(size) !== 0n) throw new Refusal(address, access | Access.MISALIGNED);
}
