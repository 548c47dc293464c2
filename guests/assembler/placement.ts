/**
 * Sections at their addresses: labels become numbers, items become bytes.
 *
 * @module
 */
import { ByteWriter } from "../byte_writer.ts";
import { encode, type Surroundings } from "./encoding.ts";
import { AssemblyError, suggestion } from "./error.ts";
import { evaluate, type Lookup, type SymbolValue, UnknownSymbol } from "./expression.ts";
import { type Item, type ObjectCode, type SectionName, SECTIONS } from "./object.ts";

/** Where each section goes. */
export type Addresses = Readonly<Record<SectionName, number>>;

/** A label at its address. */
export interface PlacedLabel {
  /** Its section. */
  readonly section: SectionName;
  /** Its address. */
  readonly address: number;
}

/** Sections as bytes. */
export interface Placed {
  /** Each section's bytes; the zeroes of `.bss` are not written out. */
  readonly bytes: Readonly<Record<SectionName, Uint8Array>>;
  /** Every label at its address. */
  readonly labels: ReadonlyMap<string, PlacedLabel>;
}

/** What may be decided when sections are placed. */
export interface PlaceOptions {
  /** Addresses that the text uses and does not define. */
  readonly externals?: Readonly<Record<string, number>>;
  /** Whether the program stays at these addresses, so that data may hold them. */
  readonly fixed?: boolean;
}

/** Put sections at their addresses. */
export function place(code: ObjectCode, at: Addresses, options: PlaceOptions = {}): Placed {
  const labels = new Map<string, PlacedLabel>();
  for (const [name, { section, offset }] of code.labels) {
    labels.set(name, { section, address: at[section] + offset });
  }
  const placer = new Placer(code, at, labels, options);
  const bytes = SECTIONS.map((name) => [name, placer.section(name)] as const);
  return { bytes: Object.fromEntries(bytes) as Record<SectionName, Uint8Array>, labels };
}

/** Turns one section after another into bytes. */
class Placer {
  readonly #code: ObjectCode;
  readonly #at: Addresses;
  readonly #labels: ReadonlyMap<string, PlacedLabel>;
  readonly #options: PlaceOptions;
  /** What each `auipc` with a `%pcrel_hi` aims at, by its address. */
  readonly #aims = new Map<number, bigint>();

  constructor(
    code: ObjectCode,
    at: Addresses,
    labels: ReadonlyMap<string, PlacedLabel>,
    options: PlaceOptions,
  ) {
    this.#code = code;
    this.#at = at;
    this.#labels = labels;
    this.#options = options;
  }

  section(name: SectionName): Uint8Array {
    const out = new ByteWriter();
    if (name === ".bss") return out.bytes();
    const { items, size } = this.#code.sections[name];
    out.zeros(size);
    for (const item of items) this.#write(out, item, this.#at[name] + item.offset);
    return out.bytes();
  }

  #write(out: ByteWriter, item: Item, address: number): void {
    if (item.kind === "bytes") {
      item.bytes.forEach((byte, index) => out.setU8(item.offset + index, byte));
    } else if (item.kind === "instruction") {
      const around = this.#around(item.line, address);
      out.setU32(item.offset, encode(item.name, item.operands, around));
    } else {
      item.operands.forEach((operand, index) => {
        const value = this.#datum(operand, item.size, item.line, address + index * item.size);
        for (let byte = 0; byte < item.size; byte++) {
          const bits = Number((value >> BigInt(byte * 8)) & 0xffn);
          out.setU8(item.offset + index * item.size + byte, bits);
        }
      });
    }
  }

  #datum(operand: string, size: number, line: number, address: number): bigint {
    const { value, isAddress } = this.#evaluate(operand, line, address);
    if (isAddress && !this.#options.fixed) {
      const way = "use la at run time, or a program of type EXEC";
      throw new AssemblyError(line, `${operand} is an address, and the program may move: ${way}`);
    }
    const bits = BigInt(size * 8);
    if (value < -(1n << (bits - 1n)) || value >= 1n << bits) {
      throw new AssemblyError(line, `${operand} is ${value}; expected a number of ${bits} bits`);
    }
    return value;
  }

  #around(line: number, address: number): Surroundings {
    return {
      line,
      address,
      number: (text) => this.#number(text, line, address),
      target: (text) => {
        const { value, isAddress } = this.#evaluate(text, line, address);
        // A plain number is a distance, as disassemblers print it.
        return isAddress ? value : value + BigInt(address);
      },
    };
  }

  #number(text: string, line: number, address: number): bigint {
    const [, operator, inner] = /^%(\w+)\s*\((.*)\)$/s.exec(text) ?? [];
    if (!operator) {
      const { value, isAddress } = this.#evaluate(text, line, address);
      if (isAddress) {
        throw new AssemblyError(line, `${text} is an address; use la, or %lo(${text})`);
      }
      return value;
    }
    const { value } = this.#evaluate(inner!, line, address);
    switch (operator) {
      case "hi":
        return high(value) & 0xfffffn;
      case "lo":
        return BigInt.asIntN(12, value);
      case "pcrel_hi":
        return this.#aim(value, line, address);
      case "pcrel_lo_behind":
        return BigInt.asIntN(12, value - BigInt(address - 4));
      case "pcrel_lo":
        return this.#aimedAt(value, inner!, line);
    }
    const known = "%hi, %lo, %pcrel_hi and %pcrel_lo";
    throw new AssemblyError(line, `found %${operator}; expected ${known}`);
  }

  #aim(value: bigint, line: number, address: number): bigint {
    const distance = value - BigInt(address);
    if (distance !== BigInt.asIntN(32, distance)) {
      throw new AssemblyError(
        line,
        `the address is ${distance} bytes away; expected 2 GiB at most`,
      );
    }
    this.#aims.set(address, value);
    return high(distance) & 0xfffffn;
  }

  #aimedAt(label: bigint, name: string, line: number): bigint {
    const aim = this.#aims.get(Number(label));
    if (aim === undefined) {
      throw new AssemblyError(line, `${name} is no auipc with a %pcrel_hi above this line`);
    }
    return BigInt.asIntN(12, aim - label);
  }

  #evaluate(text: string, line: number, address: number): SymbolValue {
    const lookup: Lookup = (name) => {
      if (name === ".") return { value: BigInt(address), isAddress: true };
      const label = this.#labels.get(name);
      if (label) return { value: BigInt(label.address), isAddress: true };
      const external = this.#options.externals?.[name];
      if (external !== undefined) return { value: BigInt(external), isAddress: true };
      return this.#code.constants.get(name);
    };
    try {
      return evaluate(text, lookup);
    } catch (error) {
      throw new AssemblyError(line, this.#sentence(error as Error));
    }
  }

  #sentence(error: Error): string {
    if (!(error instanceof UnknownSymbol)) return error.message;
    const local = /^\.L(\d+)@/.exec(error.symbol)?.[1];
    if (local) return `no label ${local}: is there in that direction`;
    const names = [...this.#labels.keys(), ...this.#code.constants.keys()];
    return error.message + suggestion(error.symbol, names);
  }
}

/** The upper 20 bits, such that adding the lower 12 as a signed number gives the value. */
function high(value: bigint): bigint {
  return (value + 0x800n) >> 12n;
}
