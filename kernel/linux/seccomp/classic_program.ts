/**
 * A program of classic BPF over what there is to know of a call: checked once, then run at calls.
 *
 * @module
 */
import {
  BPF_MAXINSNS,
  BpfAlu,
  BpfAnswer,
  BpfClass,
  BpfJump,
  BpfMode,
  BpfMove,
  BpfSize,
  BpfSource,
} from "../abi/bpf.ts";
import { SeccompSize } from "../abi/seccomp.ts";
import { Errno } from "../errno.ts";
import type { CallData } from "./call_data.ts";
import { type Instruction, isProgram } from "./program_check.ts";

const CLASS = 7;
const OPERATION = 0xf0;
const MODE = 0xe0;
const SIGN = 0x80000000;
/** What Linux puts before every program that it translates. */
const PROLOGUE = 3;

/** A program that is good. */
export class ClassicProgram {
  /** How many instructions of its own Linux makes of it. */
  readonly length: number;
  /** Two words for each instruction: what it does with how far it jumps, and its number. */
  readonly #words: Uint32Array;

  private constructor(instructions: readonly Instruction[]) {
    this.#words = Uint32Array.from(
      instructions.flatMap(({ code, jt, jf, k }) => [code | jt << 16 | jf << 24, k]),
    );
    this.length = instructions.reduce((sum, one) => sum + translatedLength(one), PROLOGUE);
  }

  /** The program that bytes spell, or EINVAL. */
  static from(bytes: Uint8Array): ClassicProgram | typeof Errno.EINVAL {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const instructions: Instruction[] = [];
    for (let at = 0; at < bytes.length; at += BpfSize.FILTER) {
      const [code, k] = [view.getUint16(at, true), view.getUint32(at + 4, true)];
      instructions.push({ code, jt: view.getUint8(at + 2), jf: view.getUint8(at + 3), k });
    }
    if (instructions.length === 0 || instructions.length > BPF_MAXINSNS) return Errno.EINVAL;
    return isProgram(instructions) ? new ClassicProgram(instructions) : Errno.EINVAL;
  }

  /** What it answers to a call. */
  run(data: CallData): number {
    // What a program reads here it has written before.
    const { scratch } = data;
    const words = this.#words;
    let [a, x] = [0, 0];
    // No jump leads back, and the last instruction answers.
    for (let at = 0;; at++) {
      const [code, k] = [words[2 * at]!, words[2 * at + 1]!];
      const operand = (code & BpfSource.X) !== 0 ? x : k;
      switch (code & CLASS) {
        case BpfClass.LD:
          a = loaded(code, k, data);
          break;
        case BpfClass.LDX:
          x = loaded(code, k, data);
          break;
        case BpfClass.ST:
          scratch[k] = a;
          break;
        case BpfClass.STX:
          scratch[k] = x;
          break;
        case BpfClass.ALU:
          if ((code & OPERATION) === BpfAlu.DIV && operand === 0) return 0;
          a = computed(code & OPERATION, a, operand);
          break;
        case BpfClass.JMP:
          if ((code & OPERATION) === BpfJump.JA) at += k;
          else at += isTaken(code & OPERATION, a, operand) ? (code >>> 16) & 0xff : code >>> 24;
          break;
        case BpfClass.RET:
          return (code & BpfAnswer.A) !== 0 ? a : k;
        default:
          if ((code & OPERATION) === BpfMove.TXA) a = x;
          else x = a;
      }
    }
  }
}

function loaded(code: number, k: number, data: CallData): number {
  switch (code & MODE) {
    case BpfMode.ABS:
      return data.word(k);
    case BpfMode.MEM:
      return data.scratch[k]!;
    case BpfMode.LEN:
      return SeccompSize.DATA;
    default:
      return k;
  }
}

function computed(operation: number, a: number, operand: number): number {
  switch (operation) {
    case BpfAlu.ADD:
      return (a + operand) >>> 0;
    case BpfAlu.SUB:
      return (a - operand) >>> 0;
    case BpfAlu.MUL:
      return Math.imul(a, operand) >>> 0;
    case BpfAlu.DIV:
      return Math.floor(a / operand);
    case BpfAlu.OR:
      return (a | operand) >>> 0;
    case BpfAlu.AND:
      return (a & operand) >>> 0;
    case BpfAlu.LSH:
      return (a << operand) >>> 0;
    case BpfAlu.RSH:
      return a >>> operand;
    case BpfAlu.XOR:
      return (a ^ operand) >>> 0;
    default:
      return -a >>> 0;
  }
}

function isTaken(condition: number, a: number, operand: number): boolean {
  switch (condition) {
    case BpfJump.JEQ:
      return a === operand;
    case BpfJump.JGT:
      return a > operand;
    case BpfJump.JGE:
      return a >= operand;
    default:
      return (a & operand) !== 0;
  }
}

/** How many instructions Linux makes of one: a limit counts those. */
function translatedLength({ code, jt, jf, k }: Instruction): number {
  const operation = code & OPERATION;
  const isX = (code & BpfSource.X) !== 0;
  switch (code & CLASS) {
    case BpfClass.ALU:
      return operation === BpfAlu.DIV && isX ? 5 : 1;
    case BpfClass.RET:
      return (code & BpfAnswer.A) !== 0 ? 1 : 2;
    case BpfClass.JMP: {
      if (operation === BpfJump.JA) return 1;
      const isShort = jf === 0 || (jt === 0 && operation !== BpfJump.JSET);
      return (isShort ? 1 : 2) + (!isX && k >= SIGN ? 1 : 0);
    }
    default:
      return 1;
  }
}
