/**
 * The oracle as a processor that a whole machine runs on: registers, memory and address spaces are the
 * real processor's, and every instruction is done by the oracle.
 *
 * @module
 */
import { createProcessor, type ProcessorOptions } from "../../cpu/mod.ts";
import { Oracle } from "../../cpu/oracle.ts";
import { PagedMemory } from "../../cpu/oracle/memory.ts";
import { decode, lengthOf } from "../../cpu/riscv64/decode.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";
import type { AddressSpace, Context, Processor, StopReason } from "../../kernel/ports.ts";

/** Integer and floating-point registers, and the control register behind them. */
const REGISTERS = 64;

type Turn = Parameters<Processor["run"]>;

/** Slow, obvious, and right. */
export class OracleProcessor implements Processor {
  onSyscall: (() => boolean) | null = null;
  onFault: ((address: number, access: number) => boolean) | null = null;
  onTime: (() => bigint) | null = null;
  faultAddress = 0;
  faultAccess = 0;
  illegalBits = 0;
  readonly #real: Processor;
  readonly #oracles = new WeakMap<AddressSpace, Oracle>();
  readonly #reserved = new WeakMap<Context, bigint | null>();
  #running: Oracle | null = null;
  #retired = 0;
  /** Whose turn it is in place of who runs now. */
  #next: Turn | null = null;

  constructor(options: ProcessorOptions) {
    this.#real = createProcessor(options);
  }

  get isa() {
    return this.#real.isa;
  }

  get memory() {
    return this.#real.memory;
  }

  get retired(): number {
    return this.#retired + (this.#running?.retiredCount ?? 0);
  }

  createSpace(): AddressSpace {
    return this.#real.createSpace();
  }

  createContext(): Context {
    return this.#real.createContext();
  }

  setBreakpoint(space: AddressSpace, address: number, on: boolean): void {
    const { breakpoints } = this.#oracleOf(space);
    if (on) breakpoints.add(BigInt(address));
    else breakpoints.delete(BigInt(address));
  }

  run(...turn: Turn): StopReason {
    for (;;) {
      this.#next = null;
      const reason = this.#runOne(...turn);
      if (!this.#next) return reason;
      turn = this.#next;
    }
  }

  /** Here it is what it is said to be like: the run ends, and another one begins. */
  handOver(...turn: Turn): void {
    this.#next = turn;
  }

  #runOne(context: Context, space: AddressSpace, budget: number): StopReason {
    const oracle = this.#oracleOf(space);
    oracle.onSyscall = () => this.#outside(context, oracle, () => this.onSyscall?.() ?? false);
    oracle.onTime = () => this.onTime?.() ?? 0n;
    oracle.retiredCount = 0;
    this.#running = oracle;
    load(oracle, context);
    oracle.reserved = this.#reserved.get(context) ?? null;
    const reason = oracle.run(budget);
    store(oracle, context);
    this.#reserved.set(context, oracle.reserved);
    this.#retired += oracle.retiredCount;
    this.#running = null;
    this.faultAddress = Number(oracle.faultAddress);
    this.faultAccess = oracle.faultAccess;
    this.illegalBits = oracle.illegalBits;
    return reason;
  }

  /** Let the kernel see, and change, the registers while it is asked. */
  #outside(context: Context, oracle: Oracle, ask: () => boolean): boolean {
    store(oracle, context);
    const goesOn = ask() && !this.#next;
    load(oracle, context);
    return goesOn;
  }

  #oracleOf(space: AddressSpace): Oracle {
    const known = this.#oracles.get(space);
    if (known) return known;
    const memory = new PagedMemory(space, this.memory);
    memory.onFault = (address, access) => this.onFault?.(address, access) ?? false;
    const oracle = new Oracle({ semantics: SEMANTICS, decode, lengthOf }, memory);
    this.#oracles.set(space, oracle);
    return oracle;
  }
}

function load(oracle: Oracle, context: Context): void {
  for (let at = 1; at < REGISTERS; at++) oracle.registers[at] = context.getBig(at);
  oracle.control = context.getBig(REGISTERS);
  oracle.address = BigInt(context.pc);
}

function store(oracle: Oracle, context: Context): void {
  for (let at = 1; at < REGISTERS; at++) context.setBig(at, oracle.registers[at]!);
  context.setBig(REGISTERS, oracle.control);
  context.pc = Number(oracle.address);
}
