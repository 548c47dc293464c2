/**
 * What lies on a stack where a program begins: words from its pointer up, and what each is.
 *
 * @module
 */
import type { Photograph } from "../../lab/load/photograph.ts";

/** A piece of the stack. */
export interface StackPiece {
  /** Its address. */
  readonly address: number;
  /** What it holds, as it is written. */
  readonly value: string;
  /** What it is. */
  readonly meaning: string;
}

/** What the entries of the auxiliary vector are called. */
export const AUXILIARY_NAMES: Readonly<Record<number, string>> = {
  0: "AT_NULL",
  3: "AT_PHDR",
  4: "AT_PHENT",
  5: "AT_PHNUM",
  6: "AT_PAGESZ",
  7: "AT_BASE",
  8: "AT_FLAGS",
  9: "AT_ENTRY",
  11: "AT_UID",
  12: "AT_EUID",
  13: "AT_GID",
  14: "AT_EGID",
  15: "AT_PLATFORM",
  16: "AT_HWCAP",
  17: "AT_CLKTCK",
  23: "AT_SECURE",
  25: "AT_RANDOM",
  27: "AT_RSEQ_FEATURE_SIZE",
  28: "AT_RSEQ_ALIGN",
  31: "AT_EXECFN",
  33: "AT_SYSINFO_EHDR",
  40: "AT_L1I_CACHESIZE",
  41: "AT_L1I_CACHEGEOMETRY",
  42: "AT_L1D_CACHESIZE",
  43: "AT_L1D_CACHEGEOMETRY",
  44: "AT_L2_CACHESIZE",
  45: "AT_L2_CACHEGEOMETRY",
  46: "AT_L3_CACHESIZE",
  47: "AT_L3_CACHEGEOMETRY",
  51: "AT_MINSIGSTKSZ",
};

const WORD = 8;
const SP = 2;
const AT_RANDOM = 25;

/** The auxiliary vector on a stack, by key; empty if nothing lies there. */
export function readAuxiliary(photograph: Photograph): ReadonlyMap<number, number> {
  const reader = new StackReader(photograph);
  if (photograph.stack.length === 0) return new Map();
  reader.pointers("argv", reader.word());
  reader.pointers("envp", Infinity);
  return reader.auxiliary();
}

/** Every piece of a stack, lowest first; none if nothing lies there. */
export function stackPieces(photograph: Photograph): StackPiece[] {
  if (photograph.stack.length === 0) return [];
  const reader = new StackReader(photograph);
  const count = reader.word();
  reader.say(`${count}`, "argc");
  reader.pointers("argv", count);
  reader.pointers("envp", Infinity);
  const auxiliary = reader.auxiliary();
  reader.strings(auxiliary.get(AT_RANDOM) ?? 0);
  return reader.pieces.sort((a, b) => a.address - b.address);
}

/** Reads a stack from its pointer up. */
class StackReader {
  readonly pieces: StackPiece[] = [];
  readonly #base: number;
  readonly #stack: Uint8Array;
  readonly #strings: [address: number, meaning: string][] = [];
  #at = 0;

  constructor({ registers, stack }: Photograph) {
    this.#base = registers[SP]!;
    this.#stack = stack;
  }

  /** The next word. */
  word(): number {
    const view = new DataView(this.#stack.buffer, this.#stack.byteOffset, this.#stack.length);
    const value = this.#at + WORD <= view.byteLength ? view.getBigUint64(this.#at, true) : 0n;
    this.#at += WORD;
    return Number(value);
  }

  /** What the word was that was read last. */
  say(value: string, meaning: string): void {
    this.pieces.push({ address: this.#base + this.#at - WORD, value, meaning });
  }

  /** Pointers to strings, up to a zero. */
  pointers(name: string, most: number): void {
    for (let index = 0; index <= most; index++) {
      const value = this.word();
      this.say(value.toString(16), value === 0 ? `the end of ${name}` : `${name}[${index}]`);
      if (value === 0) return;
      this.#strings.push([value, `${name}[${index}]`]);
    }
  }

  /** Pairs, up to one whose key is zero. */
  auxiliary(): Map<number, number> {
    const found = new Map<number, number>();
    while (this.#at < this.#stack.length) {
      const key = this.word();
      const value = this.word();
      this.pieces.push({
        address: this.#base + this.#at - 2 * WORD,
        value: value.toString(16),
        meaning: AUXILIARY_NAMES[key] ?? `key ${key}`,
      });
      if (key === 0) break;
      found.set(key, value);
      if (key === 31) this.#strings.push([value, "the path, AT_EXECFN"]);
    }
    return found;
  }

  /** The strings that were pointed at, and the random bytes. */
  strings(random: number): void {
    for (const [address, meaning] of this.#strings) {
      const text = this.#textAt(address);
      if (text !== null) this.pieces.push({ address, value: JSON.stringify(text), meaning });
    }
    if (random < this.#base || random >= this.#base + this.#stack.length) return;
    this.pieces.push({ address: random, value: "16 bytes", meaning: "random, AT_RANDOM" });
  }

  #textAt(address: number): string | null {
    const at = address - this.#base;
    if (at < 0 || at >= this.#stack.length) return null;
    const end = this.#stack.indexOf(0, at);
    return new TextDecoder().decode(this.#stack.subarray(at, end < 0 ? undefined : end));
  }
}
