/**
 * A photograph: a program's registers and its stack at one moment, as they are and not as anybody
 * says.
 *
 * @module
 */
import { Register } from "../../kernel/abi/riscv64.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { Access } from "../../kernel/ports.ts";
import { UserMemory } from "../../kernel/vm/user_memory.ts";

/** What was there. */
export interface Photograph {
  /** The address of the next instruction. */
  readonly pc: number;
  /** The registers x0 to x31. */
  readonly registers: readonly number[];
  /** What lies from the stack pointer on; no bytes where no page is. */
  readonly stack: Uint8Array;
}

/** What registers are called, by number. */
export const REGISTER_NAMES: readonly string[] = [
  ...["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"],
  ...["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"],
  ...["s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"],
];

const { SP } = Register;
const STACK_MAX = 4096;
const WORD = 8;

/** Takes one, once, and keeps it. */
export class Camera {
  /** What was taken; null before. */
  photograph: Photograph | null = null;
  readonly #kernel: Kernel;

  /** A camera for what runs on a kernel. */
  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Take the photograph of a thread. */
  readonly take = (process: number, thread: number): void => {
    this.photograph = photograph(this.#kernel, process, thread);
  };
}

/** Take one of a thread; null if it is not there, or runs no machine code. */
function photograph(kernel: Kernel, process: number, thread: number): Photograph | null {
  const owner = [...kernel.rootJob.processes].find(({ koid }) => koid === process);
  const body = [...owner?.threads ?? []].find(({ koid }) => koid === thread)?.body;
  if (!owner || body?.kind !== "machine") return null;
  const { context } = body;
  const registers = REGISTER_NAMES.map((_, at) => context.get(at));
  const memory = new UserMemory(owner.view);
  const words: number[] = [];
  for (let at = registers[SP]!; words.length < STACK_MAX; at += WORD) {
    // Looking must change nothing: where no page is yet, there is nothing to see.
    const page = owner.view.processor?.lookup(Math.floor(at / 4096)) ?? 0;
    if ((page & Access.READ) === 0) break;
    const bytes = memory.bytes(at, WORD);
    if (typeof bytes === "number") break;
    words.push(...bytes);
  }
  return { pc: context.pc, registers, stack: new Uint8Array(words) };
}
