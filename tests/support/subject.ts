/**
 * One face for everything that executes RV64: the oracle, and the machine in each of its tiers.
 *
 * @module
 */
import type { Context } from "../../cpu/context.ts";
import { createProcessor, type ProcessorOptions } from "../../cpu/mod.ts";
import { Oracle } from "../../cpu/oracle.ts";
import { PagedMemory } from "../../cpu/oracle/memory.ts";
import { decode, lengthOf } from "../../cpu/riscv64/decode.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";
import { State } from "../../cpu/layout.ts";
import type { Space } from "../../cpu/memory/space.ts";
import type { StopReason } from "../../cpu/stop_reason.ts";

type Machine = ReturnType<typeof createProcessor>;
type Tier = NonNullable<ProcessorOptions["tier"]>;

/** The register number of `fcsr`. */
export const FCSR = 64;

/** After how many jumps to it code is compiled where that is left to the machine. */
const HOT = 10;

/** What a run left behind, besides registers and memory. */
export interface Outcome {
  /** Why it ended. */
  readonly reason: StopReason;
  /** Where it ended. */
  readonly pc: number;
  /** How many instructions were executed since the beginning. */
  readonly retired: number;
  /** After FAULT: address and access. */
  readonly fault: readonly [address: number, access: number];
  /** After ILLEGAL: the bits. */
  readonly illegal: number;
}

/** A program that can be run piece by piece. */
export abstract class Subject {
  /** The machine whose memory it has. */
  readonly cpu: Machine;
  /** What it sees of it. */
  readonly space: Space;

  constructor(tier: Tier) {
    this.cpu = createProcessor({ memoryBytes: 16 << 20, tier });
    // Programs of tests are short, and are to be compiled all the same, by what was reached of them.
    if (tier === "auto") this.cpu.memory.words[State.THRESHOLD >> 2] = HOT;
    this.space = this.cpu.createSpace();
  }

  /** Called at system calls: whether to go on. */
  abstract set onSyscall(handler: (() => boolean) | null);
  /** Called at accesses that would fault: whether the page is there now. */
  abstract set onFault(handler: ((address: number, access: number) => boolean) | null);
  /** What `time` reads. */
  abstract set onTime(clock: (() => bigint) | null);
  /** The address of the next instruction. */
  abstract pc: number;
  /** A register: 0 to 31 integer, 32 to 63 floating-point, then `fcsr`. */
  abstract get(register: number): bigint;
  /** Set a register. */
  abstract set(register: number, value: bigint): void;
  /** Stop before the instruction at an address. */
  abstract breakAt(address: number): void;
  /** Execute at most `budget` instructions. */
  abstract run(budget: number): Outcome;

  /** Put a new frame of zeros, or a given one, at an address; answers the frame. */
  map(address: number, access: number, frame: number = this.cpu.memory.allocate()): number {
    this.space.map(address / 4096, frame, access);
    return frame;
  }

  /** Copy bytes to where pages are mapped. */
  write(address: number, bytes: Uint8Array): void {
    for (const { from, to, place } of this.#pieces(address, bytes.length)) {
      this.cpu.memory.bytes.set(bytes.subarray(from, to), place);
      this.cpu.memory.wrote(Math.floor(place / 4096));
    }
  }

  /** Read bytes of mapped pages. */
  read(address: number, size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (const { from, to, place } of this.#pieces(address, size)) {
      bytes.set(this.cpu.memory.bytes.subarray(place, place + to - from), from);
    }
    return bytes;
  }

  /** Copy instructions to where pages are mapped. */
  writeCode(address: number, words: readonly number[]): void {
    this.write(address, new Uint8Array(Int32Array.from(words).buffer));
  }

  /** A range cut at page borders: which part of it lies where in the machine's memory. */
  *#pieces(address: number, size: number): Generator<{ from: number; to: number; place: number }> {
    for (let from = 0; from < size;) {
      const offset = (address + from) % 4096;
      const to = Math.min(size, from + 4096 - offset);
      const page = Math.floor((address + from) / 4096);
      yield { from, to, place: Math.floor(this.space.lookup(page) / 8) * 4096 + offset };
      from = to;
    }
  }
}

class OracleSubject extends Subject {
  readonly #memory: PagedMemory;
  readonly #oracle: Oracle;

  constructor() {
    super("interpreter");
    this.#memory = new PagedMemory(this.space, this.cpu.memory);
    this.#oracle = new Oracle({ semantics: SEMANTICS, decode, lengthOf }, this.#memory);
  }

  override set onSyscall(handler: (() => boolean) | null) {
    this.#oracle.onSyscall = handler;
  }

  override set onFault(handler: ((address: number, access: number) => boolean) | null) {
    this.#memory.onFault = handler;
  }

  override set onTime(clock: (() => bigint) | null) {
    this.#oracle.onTime = clock;
  }

  override get pc(): number {
    return Number(this.#oracle.address);
  }

  override set pc(value: number) {
    this.#oracle.address = BigInt(value);
  }

  override get(register: number): bigint {
    return register === FCSR ? this.#oracle.control : this.#oracle.registers[register]!;
  }

  override set(register: number, value: bigint): void {
    if (register === FCSR) this.#oracle.control = value;
    else if (register !== 0) this.#oracle.registers[register] = BigInt.asUintN(64, value);
  }

  /** Who writes to a page breaks what is reserved there, as a machine does it by itself. */
  override write(address: number, bytes: Uint8Array): void {
    super.write(address, bytes);
    const page = Math.floor(Number(this.#oracle.reserved ?? -1n) / 4096);
    const last = Math.floor((address + bytes.length - 1) / 4096);
    if (page >= Math.floor(address / 4096) && page <= last) this.#oracle.reserved = null;
  }

  override breakAt(address: number): void {
    this.#oracle.breakpoints.add(BigInt(address));
  }

  override run(budget: number): Outcome {
    const reason = this.#oracle.run(budget);
    const { retiredCount, faultAddress, faultAccess, illegalBits } = this.#oracle;
    return {
      reason,
      pc: this.pc,
      retired: retiredCount,
      fault: [Number(faultAddress), faultAccess],
      illegal: illegalBits,
    };
  }
}

class MachineSubject extends Subject {
  readonly #context: Context;

  constructor(tier: Tier) {
    super(tier);
    this.#context = this.cpu.createContext();
  }

  override set onSyscall(handler: (() => boolean) | null) {
    this.cpu.onSyscall = handler;
  }

  override set onFault(handler: ((address: number, access: number) => boolean) | null) {
    this.cpu.onFault = handler;
  }

  override set onTime(clock: (() => bigint) | null) {
    this.cpu.onTime = clock;
  }

  override get pc(): number {
    return this.#context.pc;
  }

  override set pc(value: number) {
    this.#context.pc = value;
  }

  override get(register: number): bigint {
    return this.#context.getBig(register);
  }

  override set(register: number, value: bigint): void {
    this.#context.setBig(register, value);
  }

  override breakAt(address: number): void {
    this.cpu.setBreakpoint(this.space, address, true);
  }

  override run(budget: number): Outcome {
    const reason = this.cpu.run(this.#context, this.space, budget);
    const { retired, faultAddress, faultAccess, illegalBits } = this.cpu;
    const fault = [faultAddress, faultAccess] as const;
    return { reason, pc: this.pc, retired, fault, illegal: illegalBits };
  }
}

/** A way to execute. */
export interface Way {
  /** What it is called. */
  readonly name: string;
  /** A machine of that kind, with nothing mapped. */
  create(): Subject;
}

/** All ways to execute. */
export const WAYS: readonly Way[] = [
  { name: "oracle", create: () => new OracleSubject() },
  ...(["interpreter", "compiler", "auto"] as const).map((tier) => ({
    name: tier,
    create: () => new MachineSubject(tier),
  })),
];
