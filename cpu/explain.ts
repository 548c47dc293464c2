/**
 * The vocabulary as text: what an instruction does, in a line for traces and for the manual.
 *
 * @module
 */
import { type Algebra, type Format, Integer, type Meaning, type Size } from "./algebra.ts";
import type { Instruction } from "./instruction.ts";

/**
 * What an instruction does. With an instruction and the names of registers, in terms of those; else
 * in terms of roles.
 *
 * @example
 * ```ts
 * import { SEMANTICS } from "./riscv64/semantics.ts";
 *
 * if (explain(SEMANTICS.addw) !== "rd = word(rs1 + rs2)") throw new Error("not as in the manual");
 * ```
 */
export function explain(
  meaning: Meaning,
  instruction?: Instruction,
  registers?: readonly string[],
): string {
  const explainer = new Explainer(instruction, registers);
  meaning(explainer);
  return explainer.lines.join("; ");
}

/** A piece of text, and whether it can stand beside an operator as it is. */
interface Phrase {
  readonly text: string;
  readonly isAtom: boolean;
}

function atom(text: string): Phrase {
  return { text, isAtom: true };
}

function phrase(text: string): Phrase {
  return { text, isAtom: false };
}

function inner({ text, isAtom }: Phrase): string {
  return isAtom ? text : `(${text})`;
}

type Infix = (a: Phrase, b: Phrase) => Phrase;

function infix(operator: string): Infix {
  return (a, b) => phrase(`${inner(a)} ${operator} ${inner(b)}`);
}

function call(name: string): (...args: Phrase[]) => Phrase {
  return (...args) => atom(`${name}(${args.map(({ text }) => text).join(", ")})`);
}

/** An operation on the low halves, sign-extended behind it. */
function words(operator: string): Infix {
  return (a, b) => call("word")(infix(operator)(call("word")(a), call("word")(b)));
}

type Infloat = (format: Format, a: Phrase, b: Phrase) => Phrase;

function infloat(operator: string): Infloat {
  return (_format, a, b) => infix(operator)(a, b);
}

function floatCall(name: string): (format: Format, ...args: Phrase[]) => Phrase {
  return (_format, ...args) => call(name)(...args);
}

const INTEGER_NAMES: Readonly<Record<Integer, string>> = {
  [Integer.WORD]: "word",
  [Integer.UNSIGNED_WORD]: "unsignedWord",
  [Integer.LONG]: "long",
  [Integer.UNSIGNED_LONG]: "unsignedLong",
};

const NAMES = ["a", "b", "c", "d"];

class Explainer implements Algebra<Phrase> {
  readonly lines: string[] = [];
  readonly #instruction: Instruction | undefined;
  readonly #registers: readonly string[] | undefined;
  #named = 0;

  constructor(instruction?: Instruction, registers?: readonly string[]) {
    this.#instruction = instruction;
    this.#registers = registers;
  }

  constant(value: bigint): Phrase {
    return atom(value < 10n ? `${value}` : `0x${value.toString(16)}`);
  }

  let(value: Phrase, use: (value: Phrase) => void): void {
    if (value.isAtom && !value.text.includes("(")) return use(value);
    const name = NAMES[this.#named++]!;
    this.#say(`${name} = ${value.text}`);
    use(atom(name));
  }

  rs1 = () => this.#register("rs1");
  rs2 = () => this.#register("rs2");
  imm = () => atom(this.#instruction ? `${this.#instruction.imm}` : "imm");
  pc = () => atom("pc");
  next = () => atom("next");
  rd = (value: Phrase) => this.#say(`${this.#register("rd").text} = ${value.text}`);
  fs1 = (format: Format) => this.#float("rs1", format);
  fs2 = (format: Format) => this.#float("rs2", format);
  fs3 = (format: Format) => this.#float("rs3", format);
  fd = (format: Format, value: Phrase) => {
    const name = this.#instruction ? this.#register("rd").text : "frd";
    this.#say(`${name} = ${format === 32 ? call("boxed")(value).text : value.text}`);
  };
  fcsr = () => atom("fcsr");
  setFcsr = (value: Phrase) => this.#say(`fcsr = ${value.text}`);
  retired = () => atom("retired");
  time = () => atom("time");

  add = infix("+");
  sub = infix("-");
  and = infix("&");
  or = infix("|");
  xor = infix("^");
  not = (a: Phrase) => atom(`~${inner(a)}`);
  mul = infix("*");
  mulHigh = call("highProduct");
  mulHighUnsigned = call("highProductUnsigned");
  mulHighMixed = call("highProductMixed");
  div = infix("/");
  divUnsigned = infix("/u");
  rem = infix("%");
  remUnsigned = infix("%u");
  shl = infix("<<");
  shr = infix(">>>");
  sar = infix(">>");
  rotl = call("rotateLeft");
  rotr = call("rotateRight");
  eq = infix("==");
  ne = infix("!=");
  lt = infix("<");
  ltUnsigned = infix("<u");
  ge = infix(">=");
  geUnsigned = infix(">=u");
  select = (condition: Phrase, yes: Phrase, no: Phrase) =>
    phrase(`${inner(condition)} ? ${inner(yes)} : ${inner(no)}`);
  clz = call("leadingZeros");
  ctz = call("trailingZeros");
  popcount = call("ones");
  reverseBytes = call("reversedBytes");
  byte = call("byte");
  half = call("half");
  word = call("word");
  unsignedWord = call("unsignedWord");
  shlWord = words("<<");
  shrWord = words(">>>");
  sarWord = words(">>");
  rotlWord = call("rotateWordLeft");
  rotrWord = call("rotateWordRight");
  divWord = words("/");
  divUnsignedWord = words("/u");
  remWord = words("%");
  remUnsignedWord = words("%u");
  clzWord = call("leadingZerosOfWord");
  ctzWord = call("trailingZerosOfWord");
  popcountWord = call("onesOfWord");

  bits = (format: Format, a: Phrase) => call(`bits${format}`)(a);
  fromBits = (format: Format, a: Phrase) => call(`float${format}`)(a);
  fadd = infloat("+.");
  fsub = infloat("-.");
  fmul = infloat("*.");
  fdiv = infloat("/.");
  fsqrt = floatCall("sqrt");
  fma = (_format: Format, a: Phrase, b: Phrase, c: Phrase) =>
    phrase(`${inner(a)} *. ${inner(b)} +. ${inner(c)}`);
  fneg = (_format: Format, a: Phrase) => atom(`-${inner(a)}`);
  fcopysign = floatCall("copySign");
  fxorsign = floatCall("xorSign");
  fmin = floatCall("min");
  fmax = floatCall("max");
  feq = infloat("==.");
  flt = infloat("<.");
  fle = infloat("<=.");
  fclass = floatCall("class");
  toInteger = (_format: Format, kind: Integer, a: Phrase) => call(INTEGER_NAMES[kind])(a);
  fromInteger = (format: Format, kind: Integer, a: Phrase) =>
    atom(`rounded${format}(${INTEGER_NAMES[kind]} ${inner(a)})`);
  widen = call("rounded64");
  narrow = call("rounded32");

  load = (address: Phrase, size: Size, signed: boolean) =>
    atom(`${signed || size === 8 ? "" : "unsigned "}memory${size * 8}[${address.text}]`);
  store = (address: Phrase, value: Phrase, size: Size) =>
    this.#say(`memory${size * 8}[${address.text}] = ${value.text}`);
  loadReserved = (address: Phrase, size: Size) => {
    this.#say(`reserve ${address.text}`);
    return this.load(address, size, true);
  };

  update(address: Phrase, size: Size, change: (old: Phrase) => Phrase): Phrase {
    const old = atom("old");
    const place = this.load(address, size, true);
    this.#say(`old = ${place.text}`);
    this.#say(`${place.text} = ${change(old).text}`);
    return old;
  }

  storeConditional(address: Phrase, value: Phrase, size: Size): Phrase {
    this.#say(
      `if reserved ${address.text}: ${this.load(address, size, true).text} = ${value.text}`,
    );
    this.#say("reserve nothing");
    return atom("failed");
  }

  branch = (taken: Phrase) => this.#say(`if ${taken.text}: goto ${this.#target()}`);
  jump = () => this.#say(`goto ${this.#target()}`);
  jumpTo = (address: Phrase) => this.#say(`goto ${inner(address)} & ~1`);
  syscall = () => this.#say("ask the kernel");
  breakpoint = () => this.#say("stop for the debugger");
  fence = () => this.#say("order memory accesses");
  fenceCode = () => this.#say("see code that was written");

  #say(line: string): void {
    this.lines.push(line);
  }

  #register(role: "rd" | "rs1" | "rs2" | "rs3"): Phrase {
    if (!this.#instruction) return atom(role);
    const number = this.#instruction[role];
    return atom(this.#registers?.[number] ?? (number < 32 ? `x${number}` : `f${number - 32}`));
  }

  #float(role: "rs1" | "rs2" | "rs3", format: Format): Phrase {
    const register = this.#register(role);
    const name = this.#instruction ? register.text : `f${role}`;
    return format === 64 ? atom(name) : atom(`single(${name})`);
  }

  #target(): string {
    return `pc + ${this.#instruction ? this.#instruction.imm : "imm"}`;
  }
}
