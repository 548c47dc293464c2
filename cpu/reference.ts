/**
 * One instruction at a time by the oracle, for those that no WebAssembly is emitted for.
 *
 * @module
 */
import type { Context } from "./context.ts";
import type { Frames } from "./frames.ts";
import type { Isa } from "./isa.ts";
import { Oracle } from "./oracle.ts";
import { PagedMemory } from "./oracle/memory.ts";
import type { Space } from "./space.ts";
import type { StopReason } from "./stop_reason.ts";

/** The number of the control register of floating point in a context. */
const CONTROL = 64;

/** What is around an instruction. */
export interface Surroundings {
  /** Asked where a page is absent or forbids an access. */
  readonly onFault: ((address: number, access: number) => boolean) | null;
  /** What `time` reads. */
  readonly onTime: (() => bigint) | null;
  /** Instructions executed so far. */
  readonly retired: number;
}

/** Executes single instructions for a machine. */
export class Reference {
  readonly #isa: Isa;
  readonly #frames: Frames;
  #oracle: Oracle | null = null;
  #memory: PagedMemory | null = null;
  #space: Space | null = null;
  #context: Context | null = null;

  constructor(isa: Isa, frames: Frames) {
    this.#isa = isa;
    this.#frames = frames;
  }

  /** After FAULT: the address that could not be accessed. */
  get faultAddress(): bigint {
    return this.#oracle!.faultAddress;
  }

  /** After FAULT: the `Access` bits that were wanted. */
  get faultAccess(): number {
    return this.#oracle!.faultAccess;
  }

  /** Execute the instruction at the context's address; BUDGET if it is done. */
  execute(context: Context, space: Space, around: Surroundings): StopReason {
    const oracle = this.#oracleOf(space);
    if (this.#context !== context) oracle.reserved = null;
    this.#context = context;
    this.#memory!.onFault = around.onFault;
    oracle.onTime = around.onTime;
    oracle.retiredCount = around.retired;
    for (let at = 0; at < CONTROL; at++) oracle.registers[at] = context.getBig(at);
    oracle.control = context.getBig(CONTROL);
    oracle.address = BigInt(context.pc);
    const reason = oracle.run(1);
    for (let at = 1; at < CONTROL; at++) context.setBig(at, oracle.registers[at]!);
    context.setBig(CONTROL, oracle.control);
    context.pc = Number(oracle.address);
    return reason;
  }

  #oracleOf(space: Space): Oracle {
    if (this.#oracle === null || this.#space !== space) {
      this.#memory = new PagedMemory(space, this.#frames);
      this.#oracle = new Oracle(this.#isa.whole, this.#memory);
      this.#space = space;
    }
    return this.#oracle;
  }
}
