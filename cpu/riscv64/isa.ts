/**
 * RV64 as the processor sees it: its registers, its calling convention, and where control goes.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import { Flow, type Isa } from "../isa.ts";
import { decode, lengthOf } from "./decode.ts";
import { SEMANTICS } from "./semantics.ts";

const INTEGER =
  "zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6";
const FLOATING =
  "ft0 ft1 ft2 ft3 ft4 ft5 ft6 ft7 fs0 fs1 fa0 fa1 fa2 fa3 fa4 fa5 fa6 fa7 fs2 fs3 fs4 fs5 fs6 fs7 fs8 fs9 fs10 fs11 ft8 ft9 ft10 ft11";

const BRANCHES = new Set(["beq", "bne", "blt", "bge", "bltu", "bgeu"]);
const TRAPS = new Set(["ecall", "ebreak"]);

/** The instruction set. */
export const RISCV64: Isa = {
  description: {
    name: "riscv64",
    elfMachine: 243,
    registers: [...INTEGER.split(" "), ...FLOATING.split(" "), "fcsr"],
    stackPointer: 2,
    threadPointer: 4,
    args: [10, 11, 12, 13, 14, 15, 16, 17],
    result: 10,
  },
  semantics: SEMANTICS,
  decode,
  lengthOf,
  flow,
};

/**
 * The convention says that x1 and x5 link, and that jumping to one of them returns. Who links another
 * register, as tables of procedures of other files do, does not want to come back.
 */
function flow({ name, rd, rs1 }: Instruction): Flow {
  if (BRANCHES.has(name)) return Flow.BRANCH;
  if (name === "jal") return isLink(rd) ? Flow.CALL : Flow.JUMP;
  if (name === "jalr") {
    if (isLink(rd)) return Flow.INDIRECT_CALL;
    if (rd !== 0) return Flow.TAIL;
    return isLink(rs1) ? Flow.RETURN : Flow.INDIRECT;
  }
  return TRAPS.has(name) ? Flow.TRAP : Flow.NEXT;
}

function isLink(register: number): boolean {
  return register === 1 || register === 5;
}
