/**
 * A call while a trace looks at it: its arguments as they were, its answer once there is one, and the
 * memory of the task that made it.
 *
 * @module
 */
import { Register } from "../../kernel/abi/riscv64.ts";
import type { LinuxCall } from "../../kernel/linux/call.ts";
import type { Task } from "../../kernel/linux/task.ts";

const ARGUMENTS = 6;
const { A0 } = Register;

/** A call while a trace looks at it. */
export class Seen {
  /** Who made it. */
  readonly task: Task;
  /** Which call it is. */
  readonly row: LinuxCall;
  /** What it answered; null while it has not. */
  answer: number | null = null;
  /** What its arguments led to before, by their places, where it puts something else there. */
  readonly remembered: Map<number, number> = new Map();
  readonly #registers: readonly bigint[];

  /** A call that is being made; the registers are remembered. */
  constructor(task: Task, row: LinuxCall) {
    this.task = task;
    this.row = row;
    const { context } = task;
    this.#registers = Array.from({ length: ARGUMENTS }, (_, at) => context.getBig(A0 + at));
  }

  /** Whether it answered an error. */
  get failed(): boolean {
    return this.answer !== null && this.answer < 0;
  }

  /** An argument as 32 bits with a sign. */
  int(at: number): number {
    return Number(BigInt.asIntN(32, this.#registers[at]!));
  }

  /** An argument as 32 bits without. */
  uint(at: number): number {
    return Number(BigInt.asUintN(32, this.#registers[at]!));
  }

  /** An argument as all of its bits. */
  whole(at: number): bigint {
    return BigInt.asUintN(64, this.#registers[at]!);
  }

  /** An argument as an address or a size. */
  address(at: number): number {
    return Number(this.whole(at));
  }

  /** Bytes of the task's memory; null where they cannot be read. */
  view(address: number, size: number): DataView | null {
    const bytes = this.task.thread.ended ? -1 : this.task.mm.memory.bytes(address, size);
    return typeof bytes === "number" ? null : new DataView(bytes.buffer);
  }

  /** Bytes up to a zero; null where they cannot be read. */
  string(address: number, max: number): Uint8Array | null {
    const bytes = this.task.thread.ended ? -1 : this.task.mm.memory.stringBytes(address, max);
    return typeof bytes === "number" ? null : bytes;
  }
}
