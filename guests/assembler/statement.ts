/**
 * Lines of assembly text: labels, an instruction or directive, and its operands.
 *
 * @module
 */
import { AssemblyError } from "./error.ts";

/** One line's meaning. */
export interface Statement {
  /** Which line, counted from 1. */
  readonly line: number;
  /** The labels in front. */
  readonly labels: readonly string[];
  /** The instruction or the directive (with its dot); empty on a line with labels only. */
  readonly name: string;
  /** What stands behind it, split at commas. */
  readonly operands: readonly string[];
}

const LABEL = /^\s*([A-Za-z_.$][\w.$]*|\d+)\s*:/;

/** Split a program's text into statements; empty lines and comments leave none. */
export function readStatements(text: string): Statement[] {
  return readLines(text).map(({ line, code }) => readStatement(code, line))
    .filter((statement) => statement !== undefined);
}

/**
 * Cut the text at line ends and semicolons, and leave comments out. A quoted string may hold line
 * ends, since in a template literal of TypeScript the two letters `\n` have become one already.
 */
function readLines(text: string): { line: number; code: string }[] {
  const lines: { line: number; code: string }[] = [];
  let line = 1;
  let code = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "#" || (character === "/" && text[at + 1] === "/")) {
      while (at + 1 < text.length && text[at + 1] !== "\n") at++;
    } else if (character === "\n" || character === ";") {
      lines.push({ line, code });
      code = "";
      if (character === "\n") line++;
    } else if (character === '"' || character === "'") {
      const end = endOfQuote(text, at, line);
      const quoted = text.slice(at, end + 1);
      code += quoted;
      line += quoted.split("\n").length - 1;
      at = end;
    } else code += character;
  }
  lines.push({ line, code });
  return lines;
}

/** The bytes of a string operand, in quotes, with the escapes of C. */
export function readString(operand: string, line: number): Uint8Array {
  const inner = /^"((?:[^"\\]|\\.)*)"$/s.exec(operand)?.[1];
  if (inner === undefined) {
    throw new AssemblyError(line, `found ${operand}; expected a string in quotes`);
  }
  const text = inner.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)/g, (_, escape: string) => {
    return unescape(escape, line);
  });
  // An escape may name any byte, so each character up to 255 that came from one stands for itself.
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= ESCAPED && code < ESCAPED + 256) bytes.push(code - ESCAPED);
    else bytes.push(...new TextEncoder().encode(character));
  }
  return new Uint8Array(bytes);
}

/** Where escaped bytes are kept apart from characters: a private plane that no text uses. */
const ESCAPED = 0xf0000;

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  e: 27,
  "\\": 92,
  '"': 34,
  "'": 39,
};

function unescape(escape: string, line: number): string {
  let code = ESCAPES[escape];
  if (/^x[0-9a-fA-F]/.test(escape)) code = parseInt(escape.slice(1), 16);
  if (/^[0-7]/.test(escape)) code = parseInt(escape, 8) & 255;
  if (code === undefined) {
    throw new AssemblyError(
      line,
      `found \\${escape}; expected an escape such as \\n, \\0 or \\x1b`,
    );
  }
  return String.fromCodePoint(ESCAPED + code);
}

function readStatement(text: string, line: number): Statement | undefined {
  const labels: string[] = [];
  let rest = text;
  for (let match = LABEL.exec(rest); match; match = LABEL.exec(rest)) {
    labels.push(match[1]!);
    rest = rest.slice(match[0].length);
  }
  rest = rest.trim();
  if (!rest) return labels.length > 0 ? { line, labels, name: "", operands: [] } : undefined;
  const name = /^\S+/.exec(rest)![0];
  const behind = rest.slice(name.length).trim();
  const operands = behind ? splitOutside(behind, ",", line).map((one) => one.trim()) : [];
  if (operands.some((operand) => operand === "")) {
    throw new AssemblyError(line, `${name} has an empty operand: ${behind}`);
  }
  return { line, labels, name: name.toLowerCase(), operands };
}

/** Split at a separator that is neither in quotes nor in parentheses. */
function splitOutside(text: string, separator: string, line: number): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"' || character === "'") at = endOfQuote(text, at, line);
    else if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === separator && depth <= 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

function endOfQuote(text: string, start: number, line: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === text[start]) return at;
  }
  const shown = text.slice(start).split("\n")[0]!;
  throw new AssemblyError(line, `the quote at ${shown} does not end`);
}
