/**
 * What a filter sees of a call: its number, the machine, where it was made, its arguments.
 *
 * @module
 */
import { Register } from "../../abi/riscv64.ts";
import { BPF_MEMWORDS } from "../abi/bpf.ts";
import { AUDIT_ARCH_RISCV64, SeccompSize } from "../abi/seccomp.ts";
import type { Task } from "../task.ts";

const NUMBER_AT = 0;
const MACHINE_AT = 4;
const PLACE_AT = 8;
const ARGUMENTS_AT = 16;
const ARGUMENTS = 6;
const { A0, A7 } = Register;

/** What there is to know of the call that a task is making. */
export class CallData {
  /** Where programs that look at it write. */
  readonly scratch: Uint32Array = new Uint32Array(BPF_MEMWORDS);
  /** Whether anybody has looked at more than the number and the machine. */
  isLookedInto = false;
  readonly #view = new DataView(new ArrayBuffer(SeccompSize.DATA));

  /** The call whose number and arguments are in a task's registers. */
  constructor({ context }: Task) {
    const view = this.#view;
    view.setUint32(NUMBER_AT, context.getLow(A7), true);
    view.setUint32(MACHINE_AT, AUDIT_ARCH_RISCV64, true);
    view.setBigUint64(PLACE_AT, BigInt(context.pc), true);
    for (let one = 0; one < ARGUMENTS; one++) {
      view.setBigUint64(ARGUMENTS_AT + one * 8, context.getBig(A0 + one), true);
    }
  }

  /** A `struct seccomp_data`. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.#view.buffer);
  }

  /** The word at an offset. */
  word(offset: number): number {
    if (offset >= PLACE_AT) this.isLookedInto = true;
    return this.#view.getUint32(offset, true);
  }
}
