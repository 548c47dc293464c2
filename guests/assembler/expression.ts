/**
 * Numbers as programs write them: literals, symbols and sums of them.
 *
 * @module
 */

/** What a symbol stands for. */
export interface SymbolValue {
  /** Its number or address. */
  readonly value: bigint;
  /** Whether it moves with the image; a plain number does not. */
  readonly isAddress: boolean;
}

/** How symbols are looked up; undefined where there is none of that name. */
export type Lookup = (name: string) => SymbolValue | undefined;

/** Text that is no number, with what was found and what was expected. */
export class ExpressionError extends Error {}

/** A symbol that an expression uses and nobody defines. */
export class UnknownSymbol extends ExpressionError {
  /** The name. */
  readonly symbol: string;

  /** Make an error for a name. */
  constructor(symbol: string) {
    super(`nobody defines ${symbol}`);
    this.symbol = symbol;
  }
}

type Binary = (left: bigint, right: bigint) => bigint;

/** Operators by how tightly they bind, loosest first. */
const LEVELS: readonly Readonly<Record<string, Binary>>[] = [
  { "|": (a, b) => a | b },
  { "^": (a, b) => a ^ b },
  { "&": (a, b) => a & b },
  { "<<": (a, b) => a << checkedShift(b), ">>": (a, b) => a >> checkedShift(b) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => checkedDivide(a, b), "%": (a, b) => a % checkedZero(b) },
];

const TOKEN =
  /\s*(0[xX][0-9a-fA-F_]+|0[bB][01_]+|\d+[bf](?![\w])|\d[\d_]*|'(?:[^'\\]|\\.)'|[A-Za-z_.$@][\w.$@]*|<<|>>|[-+*/%&|^~()])/y;

/** Work out an expression; names are looked up as they come. */
export function evaluate(text: string, lookup: Lookup): SymbolValue {
  const reader = new Reader(tokenize(text), text, lookup);
  const value = reader.level(0);
  reader.end();
  return value;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new ExpressionError(`found ${text.slice(start).trim()}; expected a number`);
    tokens.push(match[1]!);
  }
  return tokens;
}

/** Reads tokens from left to right, one level of operators inside another. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #text: string;
  readonly #lookup: Lookup;
  #at = 0;

  constructor(tokens: readonly string[], text: string, lookup: Lookup) {
    this.#tokens = tokens;
    this.#text = text;
    this.#lookup = lookup;
  }

  level(depth: number): SymbolValue {
    const operators = LEVELS[depth];
    if (!operators) return this.#unary();
    let left = this.level(depth + 1);
    for (;;) {
      const name = this.#tokens[this.#at] ?? "";
      const operator = Object.hasOwn(operators, name) ? operators[name] : undefined;
      if (!operator) return left;
      this.#at++;
      const right = this.level(depth + 1);
      const value = operator(left.value, right.value);
      left = { value, isAddress: this.#combined(name, left, right) };
    }
  }

  end(): void {
    if (this.#at < this.#tokens.length) {
      throw new ExpressionError(
        `found ${this.#tokens[this.#at]} in ${this.#text}; expected its end`,
      );
    }
  }

  /** An address plus a number is an address, the distance of two addresses is a number. */
  #combined(operator: string, left: SymbolValue, right: SymbolValue): boolean {
    if (!left.isAddress && !right.isAddress) return false;
    if (operator === "+" && left.isAddress !== right.isAddress) return true;
    if (operator === "-" && left.isAddress) return !right.isAddress;
    throw new ExpressionError(`${this.#text} is neither a number nor an address plus a number`);
  }

  #unary(): SymbolValue {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new ExpressionError(`${this.#text} ends; expected a number`);
    if (token === "(") {
      const value = this.level(0);
      if (this.#tokens[this.#at++] !== ")") throw new ExpressionError(`${this.#text} lacks a )`);
      return value;
    }
    if (token === "-" || token === "~" || token === "+") {
      const { value, isAddress } = this.#unary();
      if (isAddress) throw new ExpressionError(`${token} of an address in ${this.#text}`);
      return { value: token === "-" ? -value : token === "~" ? ~value : value, isAddress: false };
    }
    return this.#atom(token);
  }

  #atom(token: string): SymbolValue {
    if (/^\d+[bf]$/.test(token) || /^[A-Za-z_.$@]/.test(token)) {
      const known = this.#lookup(token);
      if (!known) throw new UnknownSymbol(token);
      return known;
    }
    if (/^\d/.test(token)) return { value: BigInt(token.replaceAll("_", "")), isAddress: false };
    if (token.startsWith("'")) return { value: character(token), isAddress: false };
    throw new ExpressionError(`found ${token} in ${this.#text}; expected a number`);
  }
}

function character(token: string): bigint {
  const escapes: Record<string, string> = { n: "\n", t: "\t", r: "\r", "0": "\0" };
  const inner = token.slice(1, -1);
  const text = inner.startsWith("\\") ? escapes[inner[1]!] ?? inner[1]! : inner;
  return BigInt(text.codePointAt(0)!);
}

function checkedShift(count: bigint): bigint {
  if (count < 0n || count > 64n) throw new ExpressionError(`a shift by ${count}; expected 0 to 64`);
  return count;
}

function checkedZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new ExpressionError("a division by zero");
  return divisor;
}

function checkedDivide(left: bigint, right: bigint): bigint {
  return left / checkedZero(right);
}
