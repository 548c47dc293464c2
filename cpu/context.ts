/**
 * The registers of one thread. While it runs, and until another one does, they are where the processor
 * works on them; whoever reads or sets them need not know.
 *
 * @module
 */
import type { Frames } from "./memory/frames.ts";
import { CONTEXT, CONTEXT_SIZE, CONTEXTS, CONTEXTS_COUNT, Registers } from "./layout.ts";

/** Bytes that are moved when threads take turns. */
export const REGISTERS_SIZE = Registers.SINK;

/** Moves the registers of a thread from one place to another. */
export type Move = (to: number, from: number) => void;

const TWO_32 = 4294967296;

/** A thread's registers; numbers 0 to 31 are integer registers, 32 to 63 floating-point ones. */
export class Context {
  /** Where its registers lie: in a place of its own, or where the processor works on them. */
  base: number;
  readonly #home: number;
  readonly #words: Int32Array;
  readonly #longs: BigInt64Array;
  readonly #onRelease: (context: Context) => void;

  constructor(frames: Frames, base: number, onRelease: (context: Context) => void) {
    this.base = base;
    this.#home = base;
    this.#words = frames.words;
    this.#longs = frames.longs;
    this.#onRelease = onRelease;
  }

  /** The address of the next instruction. */
  get pc(): number {
    return this.#number((this.base + Registers.PC) >> 2);
  }

  set pc(value: number) {
    this.#setNumber((this.base + Registers.PC) >> 2, value);
  }

  /** A register as an unsigned number; not exact beyond 2^53. */
  get(register: number): number {
    return this.#number(this.#at(register) >> 2);
  }

  /** A register's low 32 bits, unsigned. */
  getLow(register: number): number {
    return this.#words[this.#at(register) >> 2]! >>> 0;
  }

  /** A register as a signed number; not exact beyond 2^53. */
  getSigned(register: number): number {
    const word = this.#at(register) >> 2;
    return (this.#words[word]! >>> 0) + this.#words[word + 1]! * TWO_32;
  }

  /** A register as an unsigned 64-bit integer. */
  getBig(register: number): bigint {
    return BigInt.asUintN(64, this.#longs[this.#at(register) >> 3]!);
  }

  /** Set a register; a negative number is sign-extended to 64 bits. */
  set(register: number, value: number): void {
    if (register !== 0) this.#setNumber(this.#at(register) >> 2, value);
  }

  /** Set all 64 bits of a register. */
  setBig(register: number, value: bigint): void {
    if (register !== 0) this.#longs[this.#at(register) >> 3] = BigInt.asIntN(64, value);
  }

  /** Move the registers to where the processor works on them. */
  enter(move: Move): void {
    move(CONTEXT, this.#home);
    this.base = CONTEXT;
  }

  /** Move the registers back, so that others can be there. */
  leave(move: Move): void {
    move(this.#home, CONTEXT);
    this.base = this.#home;
  }

  /** The context is not used again. */
  release(): void {
    this.#onRelease(this);
  }

  /** Registers 0 to 63 lie in order; what follows is `fcsr`. */
  #at(register: number): number {
    return this.base + register * 8 + (register === 64 ? Registers.FCSR - Registers.PC : 0);
  }

  #number(word: number): number {
    return (this.#words[word]! >>> 0) + (this.#words[word + 1]! >>> 0) * TWO_32;
  }

  #setNumber(word: number, value: number): void {
    this.#words[word] = value;
    this.#words[word + 1] = Math.floor(value / TWO_32);
  }
}

/** Where contexts come from and go back to. */
export class Contexts {
  readonly #frames: Frames;
  readonly #free: number[] = [];
  #next = 0;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Registers that are all zero. */
  create(onRelease: (context: Context) => void): Context {
    const index = this.#free.pop() ?? this.#next++;
    if (index >= CONTEXTS_COUNT) {
      throw new RangeError(`A processor has at most ${CONTEXTS_COUNT} contexts at a time`);
    }
    const base = CONTEXTS + index * CONTEXT_SIZE;
    this.#frames.bytes.fill(0, base, base + CONTEXT_SIZE);
    return new Context(this.#frames, base, (context) => {
      this.#free.push(index);
      onRelease(context);
    });
  }
}
