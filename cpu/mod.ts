/**
 * A processor that executes RV64 machine code.
 *
 * Every instruction is written once (`riscv64/semantics.ts`), over a vocabulary (`algebra.ts`) that
 * each back end understands in its own way.
 *
 * @module
 */
import { Machine, type Tier } from "./machine.ts";
import { RISCV64 } from "./riscv64/isa.ts";

/** How a processor is made. */
export interface ProcessorOptions {
  /** How much memory there is for guests; 256 MiB unless said otherwise. It is committed lazily. */
  readonly memoryBytes?: number;
  /** Who executes; as it pays, unless a test wants one tier alone. */
  readonly tier?: Tier;
}

/** A processor with memory of its own. */
export function createProcessor(options: ProcessorOptions = {}): Machine {
  return new Machine(RISCV64, options.memoryBytes ?? 256 << 20, options.tier ?? "auto");
}
