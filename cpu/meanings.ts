/**
 * What bits of code mean, looked up wherever code is decoded or compiled: a program has the same
 * instructions at many places, and other machines of the process run the same programs.
 *
 * @module
 */
import type { Instruction } from "./instruction.ts";
import type { Flow, Isa } from "./isa.ts";
import { Record, Registers } from "./layout.ts";
import { Special } from "./memory/code_pages.ts";

/** So many are known at a time; a guest may write and run any number of others. */
const KNOWN_MAX = 1 << 17;

/** What an instruction is, wherever it stands. */
export interface Meaning {
  /** Its parts. */
  readonly instruction: Instruction;
  /** How control goes on behind it. */
  readonly flow: Flow;
  /** The number of what the interpreter does. */
  readonly operation: number;
  /** Of its record the first word, the second, and the last without what depends on the place. */
  readonly words: readonly [number, number, number];
}

/** The meanings of one instruction set. */
export class Meanings {
  readonly #isa: Isa;
  readonly #operations: ReadonlyMap<string, number>;
  /** By bits; null of what is no instruction. */
  readonly #known = new Map<number, Meaning | null>();

  constructor(isa: Isa) {
    this.#isa = isa;
    const names = Object.keys(isa.semantics);
    this.#operations = new Map(names.map((name, at) => [name, Special.COUNT + at]));
  }

  /** What bits mean, or null if they mean nothing. */
  of(bits: number): Meaning | null {
    const known = this.#known.get(bits);
    return known === undefined ? this.#learn(bits) : known;
  }

  #learn(bits: number): Meaning | null {
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    const instruction = this.#isa.decode(bits);
    const meaning = instruction && this.#meaningOf(instruction);
    this.#known.set(bits, meaning);
    return meaning;
  }

  #meaningOf(instruction: Instruction): Meaning {
    const { name, rd, rs1, rs2, rs3, length } = instruction;
    const operation = this.#operations.get(name)!;
    const place = rd === 0 ? Registers.SINK : rd * 8;
    return {
      instruction,
      flow: this.#isa.flow(instruction),
      operation,
      words: [
        operation | (place << 16),
        (rs1 * 8) | (rs2 * 8 << 16),
        (rs3 * 8) | (length << Record.SHIFT << 16),
      ],
    };
  }
}

const MEANINGS = new Map<Isa, Meanings>();

/** The meanings of an instruction set, which all of its machines share. */
export function meaningsOf(isa: Isa): Meanings {
  const meanings = MEANINGS.get(isa) ?? new Meanings(isa);
  MEANINGS.set(isa, meanings);
  return meanings;
}
