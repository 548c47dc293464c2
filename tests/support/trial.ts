/**
 * Single instructions, tried with operands of choice in one program: operands come from memory and
 * results go there, so that every way to execute sees real code.
 *
 * @module
 */
import { encode, encodingOf, type Fields } from "../../cpu/riscv64/encode.ts";
import { StopReason } from "../../cpu/stop_reason.ts";
import type { Way } from "./subject.ts";

/** An instruction, with what is in the registers that it may read. */
export interface Trial {
  /** Its bits; operands are `x6`, `x7` or `f6`, `f7`, `f8`, the destination is `x5` or `f5`. */
  readonly word: number;
  /** The operands: for integers the first two count. */
  readonly operands: readonly bigint[];
  /** What is in `fcsr` before; 0 unless told. */
  readonly fcsr?: number;
}

/** What an instruction made. */
export interface Result {
  /** The integer destination, unsigned. */
  readonly x: bigint;
  /** The floating-point destination. */
  readonly f: bigint;
  /** What is in `fcsr` behind it. */
  readonly fcsr: number;
}

const CODE = 0x100000;
const DATA = 0x800000;
const RECORD = 64;

/** An instruction in the registers that trials use; `fields` adds what is special. */
export function tried(name: string, fields: Fields = {}): number {
  const encoding = encodingOf(name);
  if (encoding === undefined) throw new RangeError(`There is no instruction ${name}`);
  return encode(encoding, { d: 5, s: 6, t: 7, R: 8, ...fields });
}

/** Try instructions; the results are in the order of the trials. */
export function attempt(way: Way, trials: readonly Trial[]): Result[] {
  const subject = way.create();
  const code = [...trials.flatMap(({ word }) => around(word)), 0x73];
  const pages = (size: number) => Math.ceil(size / 4096);
  for (let page = 0; page < pages(code.length * 4); page++) subject.map(CODE + page * 4096, 1 | 4);
  for (let page = 0; page < pages(trials.length * RECORD); page++) {
    subject.map(DATA + page * 4096, 1 | 2);
  }
  const data = new BigUint64Array(trials.length * RECORD / 8);
  trials.forEach(({ operands, fcsr }, index) => {
    data.set([...operands, 0n, 0n, 0n].slice(0, 3), index * 8);
    data[index * 8 + 3] = BigInt(fcsr ?? 0);
  });
  subject.writeCode(CODE, code);
  subject.write(DATA, new Uint8Array(data.buffer));
  subject.pc = CODE;
  subject.set(10, BigInt(DATA));
  const { reason, pc } = subject.run(code.length);
  if (reason !== StopReason.SYSCALL) {
    throw new Error(`${way.name} stopped for reason ${reason} at ${pc.toString(16)}`);
  }
  const out = new BigUint64Array(subject.read(DATA, data.byteLength).buffer);
  return trials.map((_, index) => ({
    x: out[index * 8 + 4]!,
    f: out[index * 8 + 5]!,
    fcsr: Number(out[index * 8 + 6]!),
  }));
}

/** Load operands, do it, store results, go to the next record. */
function around(word: number): number[] {
  const load = (name: string, d: number, m: number) => encode(encodingOf(name)!, { d, s: 10, m });
  const store = (name: string, t: number, M: number) => encode(encodingOf(name)!, { t, s: 10, M });
  const control = (name: string, d: number, s: number) =>
    encode(encodingOf(name)!, { d, s, c: FCSR_NUMBER });
  const next = encode(encodingOf("addi")!, { d: 10, s: 10, i: RECORD });
  return [
    load("ld", 6, 0),
    load("ld", 7, 8),
    load("ld", 5, 24),
    ...[6, 7, 8].map((register) => load("fld", register, register * 8 - 48)),
    control("csrrw", 0, 5),
    word,
    store("sd", 5, 32),
    store("fsd", 5, 40),
    control("csrrs", 5, 0),
    store("sd", 5, 48),
    next,
  ];
}

/** The number of `fcsr` in instructions. */
const FCSR_NUMBER = 3;
