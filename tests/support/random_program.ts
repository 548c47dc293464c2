/**
 * Random programs that end: straight lines, loops of a few rounds, jumps ahead and calls, over two
 * pages of data. Where control goes is kept as an item's place among the others, so that items can be
 * dropped and the rest still is a program.
 *
 * @module
 */
import { explain } from "../../cpu/explain.ts";
import { SHORT_ENCODINGS } from "../../cpu/riscv64/compressed.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import { encode, encodingOf, type Fields } from "../../cpu/riscv64/encode.ts";
import { ENCODINGS } from "../../cpu/riscv64/encoding.ts";
import { SEMANTICS } from "../../cpu/riscv64/semantics.ts";
import type { SeededRandom } from "./seeded_random.ts";

/** Where programs start. */
export const CODE = 0x10000;
/** Two pages to read and write; nothing is around them. */
export const DATA = 0x20000;
/** Registers that programs do not write, and what they must hold: pointers to the data. */
export const POINTERS: ReadonlyMap<number, bigint> = new Map([
  [2, BigInt(DATA)],
  [8, BigInt(DATA + 0x1000)],
]);

/** An instruction of a program. */
export interface Item {
  /** Its place among all items that the program had. */
  readonly place: number;
  /** Its bits; a distance in it is zero. */
  readonly bits: number;
  /** Its name, where it has a target. */
  readonly jump?: { readonly name: string; readonly fields: Fields; readonly target: number };
}

const LINK = 1;
const ATOMIC_ADDRESS = 7;
const COUNTERS = [9, 18, 19] as const;
const KEPT = new Set<number>([LINK, ...POINTERS.keys(), ...COUNTERS]);
const LOADS = ["lb", "lh", "lw", "ld", "lbu", "lhu", "lwu", "flw", "fld"] as const;
const STORES = ["sb", "sh", "sw", "sd", "fsw", "fsd"] as const;
const BRANCHES = ["beq", "bne", "blt", "bge", "bltu", "bgeu"] as const;
const CONTROL = /^(j|b(eq|ne|lt|ge)|[sl][bhwd]u?$|f[ls][wd]$|e(call|break)|csr|lr|sc\.|amo)/;

const NAMES = ENCODINGS.map(({ name }) => name);
const PLAIN = NAMES.filter((name) => !CONTROL.test(name));
const ATOMICS = NAMES.filter((name) => /^(amo|lr|sc)/.test(name));

/** Writes random programs. */
export class ProgramWriter {
  readonly #random: SeededRandom;
  readonly #items: Item[] = [];
  readonly #rounds: number;

  /** An outermost loop is repeated so often at most. */
  constructor(random: SeededRandom, rounds: number) {
    this.#random = random;
    this.#rounds = rounds;
  }

  /** A program of about so many items; it ends by asking the kernel. */
  write(size: number): Item[] {
    this.#items.length = 0;
    while (this.#items.length < size) this.#something(0);
    this.#put("ecall", {});
    return [...this.#items];
  }

  #something(depth: number): void {
    const kind = this.#random.below(20);
    if (kind < 9) return this.#arithmetic();
    if (kind < 11) return this.#shortOne();
    if (kind < 14) return this.#access();
    if (kind < 15) return this.#atomic();
    if (kind < 16) return this.#control();
    if (kind < 18) return this.#ahead(depth);
    if (kind < 19) return this.#call(depth);
    if (depth < COUNTERS.length) this.#loop(depth);
  }

  #put(name: string, fields: Fields, target?: number): number {
    const place = this.#items.length;
    const bits = encode(encodingOf(name)!, fields);
    this.#items.push(
      target === undefined ? { place, bits } : { place, bits, jump: { name, fields, target } },
    );
    return place;
  }

  #source(): number {
    return this.#random.below(32);
  }

  #destination(): number {
    for (;;) {
      const register = this.#random.below(32);
      if (!KEPT.has(register)) return register;
    }
  }

  #operands(more: Fields = {}): Fields {
    const value = this.#random.next() | 0;
    const immediate = this.#random.below(3) === 0 ? value % 4 : value;
    return {
      d: this.#destination(),
      s: this.#source(),
      t: this.#source(),
      D: this.#source(),
      S: this.#source(),
      T: this.#source(),
      R: this.#source(),
      i: immediate,
      h: value,
      w: value,
      u: value,
      r: this.#random.pick([0, 1, 2, 3, 4, 7, 7, 7, 7]),
      ...more,
    };
  }

  #arithmetic(): void {
    this.#put(this.#random.pick(PLAIN), this.#operands());
  }

  /** A 16-bit instruction that goes straight on and leaves alone what is kept. */
  #shortOne(): void {
    const { match, mask } = this.#random.pick(SHORT_ENCODINGS);
    const bits = match | this.#random.next() & ~mask & 0xffff;
    const found = decode(bits);
    if (found === null || (found.rd < 32 && KEPT.has(found.rd))) return;
    const isAccess = /^[ls]|^f[ls]/.test(found.name) && CONTROL.test(found.name);
    if (isAccess ? !POINTERS.has(found.rs1) : CONTROL.test(found.name)) return;
    this.#items.push({ place: this.#items.length, bits });
  }

  /** An access that is allowed, wherever it lies; one in a few hundred is not. */
  #access(): void {
    const base = this.#random.below(300) === 0 ? this.#source() : 8;
    const names = this.#random.below(2) === 0 ? LOADS : STORES;
    const near = this.#random.below(4) === 0 ? this.#random.below(16) - 8 : this.#random.next() | 0;
    const offset = Math.max(-2048, Math.min(2040, near << 20 >> 20));
    this.#put(this.#random.pick<string>(names), this.#operands({ s: base, m: offset, M: offset }));
  }

  #atomic(): void {
    const name = this.#random.pick(ATOMICS);
    const size = name.endsWith(".w") ? 4 : 8;
    const offset = this.#random.below(64) * size + (this.#random.below(100) === 0 ? 1 : 0);
    this.#put("addi", { d: ATOMIC_ADDRESS, s: 8, i: offset });
    const fields = this.#operands({ A: ATOMIC_ADDRESS, o: this.#random.below(4) });
    this.#put(name, { ...fields, s: ATOMIC_ADDRESS });
    if (name.startsWith("lr")) this.#put(`sc${name.slice(2)}`, { ...fields, s: ATOMIC_ADDRESS });
  }

  /** Reading and writing \`fcsr\`; the rounding mode mostly is one. */
  #control(): void {
    const name = this.#random.pick(["csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci"]);
    const isMode = this.#random.below(2) === 0;
    if (!isMode) return void this.#put(name, this.#operands({ c: 1, z: this.#random.below(32) }));
    const mode = this.#random.below(100) === 0 ? 6 : this.#random.below(5);
    this.#put("csrrwi", this.#operands({ c: 2, z: mode }));
  }

  /** A branch or a jump over a few items. */
  #ahead(depth: number): void {
    const isBranch = this.#random.below(5) > 0;
    const name = isBranch ? this.#random.pick(BRANCHES) : "jal";
    const fields = this.#operands({ d: 0 });
    const place = this.#put(name, fields, 0);
    const count = this.#random.below(6);
    for (let index = 0; index < count; index++) this.#something(depth + 1);
    this.#items[place] = {
      ...this.#items[place]!,
      jump: { name, fields, target: this.#items.length },
    };
  }

  /** A call of a few items that lie behind the call and are jumped over. */
  #call(depth: number): void {
    if (depth > 0) return this.#arithmetic();
    const over = this.#put("jal", { d: 0 }, 0);
    const start = this.#items.length;
    const count = 1 + this.#random.below(5);
    for (let index = 0; index < count; index++) this.#arithmetic();
    this.#put("jalr", { d: 0, s: LINK, m: 0 });
    const target = this.#items.length;
    this.#items[over] = { ...this.#items[over]!, jump: { name: "jal", fields: { d: 0 }, target } };
    this.#put("jal", { d: LINK }, start);
  }

  #loop(depth: number): void {
    const counter = COUNTERS[depth]!;
    this.#put("addi", {
      d: counter,
      s: 0,
      i: 2 + this.#random.below(depth === 0 ? this.#rounds : 6),
    });
    const start = this.#items.length;
    const count = 1 + this.#random.below(8);
    for (let index = 0; index < count; index++) this.#something(depth + 1);
    this.#put("addi", { d: counter, s: counter, i: -1 });
    this.#put("bne", { s: counter, t: 0 }, start);
  }
}

/** The bytes of a program, from `CODE` on. */
export function assembled(items: readonly Item[]): Uint8Array {
  const addresses = addressesOf(items);
  const size = (addresses[items.length] ?? CODE) - CODE;
  const view = new DataView(new ArrayBuffer(size));
  items.forEach((item, index) => {
    const at = addresses[index]! - CODE;
    const bits = placed(item, items, addresses, index);
    if ((bits & 3) === 3) view.setInt32(at, bits, true);
    else view.setUint16(at, bits, true);
  });
  return new Uint8Array(view.buffer);
}

/** A program as text, an instruction a line. */
export function listing(items: readonly Item[]): string {
  const addresses = addressesOf(items);
  return items.map((item, index) => {
    const bits = placed(item, items, addresses, index);
    const found = decode(bits)!;
    const hex = (bits >>> 0).toString(16).padStart(8, "0");
    const address = addresses[index]!.toString(16);
    return `${address}: ${hex}  ${found.name.padEnd(10)} ${explain(SEMANTICS[found.name], found)}`;
  }).join("\n");
}

function addressesOf(items: readonly Item[]): number[] {
  let address = CODE;
  const addresses = items.map(({ bits }) => {
    const here = address;
    address += (bits & 3) === 3 ? 4 : 2;
    return here;
  });
  return [...addresses, address];
}

/** An item's bits with its distance; a target that was dropped is the next item that was not. */
function placed(
  { bits, jump }: Item,
  items: readonly Item[],
  addresses: readonly number[],
  index: number,
): number {
  if (jump === undefined) return bits;
  const at = items.findIndex(({ place }) => place >= jump.target);
  const target = addresses[at < 0 ? items.length - 1 : at]!;
  const distance = target - addresses[index]!;
  return encode(encodingOf(jump.name)!, { ...jump.fields, b: distance, j: distance });
}
