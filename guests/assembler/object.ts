/**
 * A program's text with every size known: what is in each section, and where the labels are in it.
 * Addresses come later, when somebody says where the sections go.
 *
 * @module
 */
import { AssemblyError, suggestion } from "./error.ts";
import { evaluate, type ExpressionError, type SymbolValue } from "./expression.ts";
import { instructionSize } from "./encoding.ts";
import { expandLi, expandPseudo, type Expansion } from "./pseudo.ts";
import { readStatements, readString, type Statement } from "./statement.ts";

/** The sections that a program has, in the order they are in memory. */
export const SECTIONS = [".text", ".rodata", ".data", ".bss"] as const;

/** One of the sections. */
export type SectionName = typeof SECTIONS[number];

/** Something in a section that becomes bytes once addresses are known. */
export type Item =
  | {
    readonly kind: "instruction";
    readonly line: number;
    readonly offset: number;
    readonly name: string;
    readonly operands: readonly string[];
  }
  | {
    readonly kind: "numbers";
    readonly line: number;
    readonly offset: number;
    readonly size: number;
    readonly operands: readonly string[];
  }
  | { readonly kind: "bytes"; readonly offset: number; readonly bytes: Uint8Array };

/** A section's items and size. */
export interface Section {
  /** What is in it. */
  readonly items: Item[];
  /** How many bytes it has. */
  size: number;
  /** The largest alignment that something in it asks for. */
  align: number;
}

/** Where a label is. */
export interface Label {
  /** Its section. */
  readonly section: SectionName;
  /** How far behind the section's start. */
  readonly offset: number;
}

/** A program's text, read. */
export interface ObjectCode {
  /** Its sections. */
  readonly sections: Readonly<Record<SectionName, Section>>;
  /** Its labels. */
  readonly labels: ReadonlyMap<string, Label>;
  /** Its named numbers. */
  readonly constants: ReadonlyMap<string, SymbolValue>;
  /** The labels that others may see. */
  readonly globals: ReadonlySet<string>;
  /** The labels that are functions. */
  readonly functions: ReadonlySet<string>;
}

const NUMBER_SIZES: Readonly<Record<string, number>> = {
  ".byte": 1,
  ".half": 2,
  ".short": 2,
  ".2byte": 2,
  ".word": 4,
  ".4byte": 4,
  ".dword": 8,
  ".quad": 8,
  ".8byte": 8,
};

const ALIGN_MAX = 4096;
const SPACE_MAX = 1 << 30;

/** Read a program's text. */
export function readObject(text: string): ObjectCode {
  const builder = new Builder();
  for (const statement of readStatements(text)) builder.add(statement);
  return builder;
}

/** The sizes and labels so far. */
class Builder implements ObjectCode {
  readonly sections: Record<SectionName, Section> = {
    ".text": { items: [], size: 0, align: 4 },
    ".rodata": { items: [], size: 0, align: 8 },
    ".data": { items: [], size: 0, align: 8 },
    ".bss": { items: [], size: 0, align: 8 },
  };
  readonly labels = new Map<string, Label>();
  readonly constants = new Map<string, SymbolValue>();
  readonly globals = new Set<string>();
  readonly functions = new Set<string>();
  #current: SectionName = ".text";
  /** How often each numeric label has been defined. */
  readonly #numeric = new Map<string, number>();

  add(statement: Statement): void {
    const { line, name } = statement;
    for (const label of statement.labels) this.#define(label, line);
    if (!name) return;
    const local = { ...statement, operands: statement.operands.map((one) => this.#rename(one)) };
    if (!name.startsWith(".")) return this.#addInstruction(local);
    const size = NUMBER_SIZES[name];
    if (size) return this.#addNumbers(local, size);
    const directive = DIRECTIVES[name];
    if (!directive) {
      const near = suggestion(name, [...Object.keys(DIRECTIVES), ...Object.keys(NUMBER_SIZES)]);
      throw new AssemblyError(line, `no directive is called ${name}${near}`);
    }
    directive(this, statement);
  }

  enter(section: SectionName): void {
    this.#current = section;
  }

  get section(): Section {
    return this.sections[this.#current];
  }

  get name(): SectionName {
    return this.#current;
  }

  append(bytes: Uint8Array, line: number): void {
    if (this.#current === ".bss" && bytes.some((byte) => byte !== 0)) {
      throw new AssemblyError(line, "found bytes in .bss; expected zeroes, or another section");
    }
    const { section } = this;
    section.items.push({ kind: "bytes", offset: section.size, bytes });
    section.size += bytes.length;
  }

  /** A number that must be known already. */
  number(text: string, line: number): number {
    return Number(this.exact(text, line));
  }

  exact(text: string, line: number): bigint {
    const { value, isAddress } = this.evaluate(text, line);
    if (isAddress) throw new AssemblyError(line, `${text} is an address; expected a number`);
    return value;
  }

  evaluate(text: string, line: number): SymbolValue {
    try {
      return evaluate(text, (name) => this.constants.get(name) ?? this.#distance(name));
    } catch (error) {
      throw new AssemblyError(line, `${(error as ExpressionError).message}`);
    }
  }

  /** Labels may be subtracted before addresses are known, where they are in one section. */
  #distance(name: string): SymbolValue | undefined {
    if (name === ".") return { value: BigInt(this.section.size), isAddress: true };
    const label = this.labels.get(name);
    return label?.section === this.#current
      ? { value: BigInt(label.offset), isAddress: true }
      : undefined;
  }

  #define(label: string, line: number): void {
    let name = label;
    if (/^\d+$/.test(label)) {
      const count = (this.#numeric.get(label) ?? 0) + 1;
      this.#numeric.set(label, count);
      name = numericName(label, count);
    } else if (this.labels.has(label) || this.constants.has(label)) {
      throw new AssemblyError(line, `${label} is defined twice`);
    }
    this.labels.set(name, { section: this.#current, offset: this.section.size });
  }

  /** `1b` is the last `1:` above, `1f` the next one below. */
  #rename(operand: string): string {
    return operand.replace(/(?<![\w.$@])(\d+)([bf])(?!\w)/g, (_, label: string, way: string) => {
      const count = this.#numeric.get(label) ?? 0;
      return numericName(label, way === "b" ? count : count + 1);
    });
  }

  #addNumbers({ line, operands }: Statement, size: number): void {
    const { section } = this;
    if (this.#current === ".bss") throw new AssemblyError(line, "found numbers in .bss");
    section.items.push({ kind: "numbers", line, offset: section.size, size, operands });
    section.size += size * operands.length;
  }

  #addInstruction(statement: Statement): void {
    const { line, name, operands } = statement;
    for (const [real, ...rest] of this.#expand(name, operands, line)) {
      if (real === ".word") {
        this.#addNumbers({ line, labels: [], name: real, operands: rest }, 4);
        continue;
      }
      const { section } = this;
      const item = { line, offset: section.size, name: real, operands: rest };
      section.items.push({ kind: "instruction", ...item });
      section.size += instructionSize(real, rest.length, line);
    }
  }

  #expand(name: string, operands: readonly string[], line: number): readonly Expansion[] {
    if (name !== "li") return expandPseudo(name, operands) ?? [[name, ...operands]];
    const [register, number] = operands;
    if (operands.length !== 2 || !register || !number) {
      throw new AssemblyError(line, `li has ${operands.length} operands; expected 2`);
    }
    const { value, isAddress } = this.evaluate(number, line);
    if (isAddress) throw new AssemblyError(line, `${number} is an address; use la instead of li`);
    if (value < -(2n ** 63n) || value >= 2n ** 64n) {
      throw new AssemblyError(line, `${number} is ${value}; expected a number of 64 bits`);
    }
    return expandLi(register, value);
  }
}

type Directive = (builder: Builder, statement: Statement) => void;

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  ".text": (builder) => builder.enter(".text"),
  ".rodata": (builder) => builder.enter(".rodata"),
  ".data": (builder) => builder.enter(".data"),
  ".bss": (builder) => builder.enter(".bss"),
  ".section": (builder, { line, operands }) => {
    const section = SECTIONS.find((one) =>
      operands[0] === one || operands[0]?.startsWith(`${one}.`)
    );
    if (!section) {
      throw new AssemblyError(line, `found ${operands[0]}; expected ${SECTIONS.join(", ")}`);
    }
    builder.enter(section);
  },
  ".globl": (builder, { operands }) => operands.forEach((name) => builder.globals.add(name)),
  ".global": (builder, { operands }) => operands.forEach((name) => builder.globals.add(name)),
  ".type": (builder, { operands }) => {
    if (operands[0] && operands[1]?.endsWith("function")) builder.functions.add(operands[0]);
  },
  ".equ": (builder, statement) => setConstant(builder, statement),
  ".set": (builder, statement) => setConstant(builder, statement),
  ".align": (builder, statement) => alignTo(builder, statement, true),
  ".p2align": (builder, statement) => alignTo(builder, statement, true),
  ".balign": (builder, statement) => alignTo(builder, statement, false),
  ".zero": (builder, statement) => space(builder, statement),
  ".skip": (builder, statement) => space(builder, statement),
  ".space": (builder, statement) => space(builder, statement),
  ".ascii": (builder, statement) => strings(builder, statement, ""),
  ".asciz": (builder, statement) => strings(builder, statement, "\0"),
  ".string": (builder, statement) => strings(builder, statement, "\0"),
};

function setConstant(builder: Builder, { line, name, operands }: Statement): void {
  const [symbol, text] = operands;
  if (operands.length !== 2 || !symbol || !text) {
    throw new AssemblyError(
      line,
      `${name} has ${operands.length} operands; expected a name and a number`,
    );
  }
  if (builder.labels.has(symbol)) throw new AssemblyError(line, `${symbol} is defined twice`);
  builder.constants.set(symbol, { value: builder.exact(text, line), isAddress: false });
}

function alignTo(builder: Builder, { line, name, operands }: Statement, isPower: boolean): void {
  const given = builder.number(operands[0] ?? "", line);
  const align = isPower ? 2 ** given : given;
  if (!Number.isInteger(Math.log2(align)) || align < 1 || align > ALIGN_MAX) {
    const wanted = isPower ? "0 to 12" : "a power of two up to 4096";
    throw new AssemblyError(line, `${name} is ${given}; expected ${wanted}`);
  }
  const { section } = builder;
  section.align = Math.max(section.align, align);
  const count = (align - section.size % align) % align;
  const bytes = new Uint8Array(count);
  if (builder.name === ".text") {
    // `addi x0, x0, 0`, so that execution can run through.
    for (let at = count % 4; at < count; at += 4) bytes[at] = 0x13;
  }
  builder.append(bytes, line);
}

function space(builder: Builder, { line, name, operands }: Statement): void {
  const count = builder.number(operands[0] ?? "", line);
  if (count < 0 || builder.section.size + count > SPACE_MAX) {
    throw new AssemblyError(line, `${name} is ${count}; expected 0 to ${SPACE_MAX}`);
  }
  const fill = operands[1] ? builder.number(operands[1], line) : 0;
  if (builder.name === ".bss" && fill === 0) builder.section.size += count;
  else builder.append(new Uint8Array(count).fill(fill), line);
}

function strings(builder: Builder, { line, operands }: Statement, end: string): void {
  for (const operand of operands) {
    builder.append(readString(operand, line), line);
    if (end) builder.append(new Uint8Array(1), line);
  }
}

function numericName(label: string, count: number): string {
  return `.L${label}@${count}`;
}
