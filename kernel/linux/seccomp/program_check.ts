/**
 * Whether something is a program that may filter calls: no jump leads out of it or back, it reads
 * nothing that it has not written, and it ends with an answer.
 *
 * @module
 */
import {
  BPF_MEMWORDS,
  BpfAlu,
  BpfAnswer,
  BpfClass,
  BpfJump,
  BpfMode,
  BpfMove,
  BpfSource,
} from "../abi/bpf.ts";
import { SeccompSize } from "../abi/seccomp.ts";

/** An instruction. */
export interface Instruction {
  /** What it does. */
  readonly code: number;
  /** How many are skipped if a condition holds. */
  readonly jt: number;
  /** How many are skipped if it does not. */
  readonly jf: number;
  /** A number that goes with it. */
  readonly k: number;
}

const { LD, LDX, ST, STX, ALU, JMP, RET, MISC } = BpfClass;
const BOTH = Object.values(BpfSource);
const WORD_BITS = 32;
const ALL = 0xffff;

const LOAD_WORD = LD | BpfMode.ABS;
const READING: readonly number[] = [LD | BpfMode.MEM, LDX | BpfMode.MEM];
const WRITING: readonly number[] = [ST, STX];
const SHIFTS: readonly number[] = [ALU | BpfAlu.LSH, ALU | BpfAlu.RSH];
const ANSWERS: readonly number[] = Object.values(BpfAnswer).map((one) => RET | one);
const ALWAYS = JMP | BpfJump.JA;
const CONDITIONAL: readonly number[] = Object.values(BpfJump)
  .filter((one) => one !== BpfJump.JA)
  .flatMap((one) => BOTH.map((source) => JMP | one | source));
const COMPUTING: readonly number[] = Object.values(BpfAlu)
  .filter((one) => one !== BpfAlu.NEG)
  .flatMap((one) => BOTH.map((source) => ALU | one | source));

/** What filters may do: there is more, for those of packets. */
const ALLOWED: ReadonlySet<number> = new Set<number>([
  LOAD_WORD,
  ...[BpfMode.IMM, BpfMode.LEN].flatMap((mode) => [LD | mode, LDX | mode]),
  ...READING,
  ...WRITING,
  ...COMPUTING,
  ALU | BpfAlu.NEG,
  ALWAYS,
  ...CONDITIONAL,
  ...ANSWERS,
  ...Object.values(BpfMove).map((one) => MISC | one),
]);

/** Whether instructions are such a program; there is one at least. */
export function isProgram(instructions: readonly Instruction[]): boolean {
  return instructions.every((one, at) => isGood(one, instructions.length - at - 1)) &&
    ANSWERS.includes(instructions.at(-1)!.code) && readsWhatItWrote(instructions);
}

/** Whether an instruction may stand before so many others. */
function isGood({ code, jt, jf, k }: Instruction, behind: number): boolean {
  if (!ALLOWED.has(code)) return false;
  if (code === LOAD_WORD) return k < SeccompSize.DATA && k % 4 === 0;
  if (code === (ALU | BpfAlu.DIV)) return k !== 0;
  if (SHIFTS.includes(code)) return k < WORD_BITS;
  if (READING.includes(code) || WRITING.includes(code)) return k < BPF_MEMWORDS;
  if (code === ALWAYS) return k < behind;
  return !CONDITIONAL.includes(code) || (jt < behind && jf < behind);
}

/** Whether on every way to where a word is read it was written before. */
function readsWhatItWrote(instructions: readonly Instruction[]): boolean {
  const arriving = new Uint16Array(instructions.length).fill(ALL);
  let written = 0;
  for (const [at, { code, jt, jf, k }] of instructions.entries()) {
    written &= arriving[at]!;
    if (WRITING.includes(code)) written |= 1 << k;
    else if (READING.includes(code)) {
      if ((written & (1 << k)) === 0) return false;
    } else if (code === ALWAYS || CONDITIONAL.includes(code)) {
      const targets = code === ALWAYS ? [k] : [jt, jf];
      for (const skipped of targets) arriving[at + 1 + skipped]! &= written;
      written = ALL;
    }
  }
  return true;
}
