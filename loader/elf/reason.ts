/**
 * Why bytes are refused: which field, what it holds, and what was expected in its place.
 *
 * @module
 */

/** Why a file is no program that can be loaded. */
export class ElfReason {
  /** The field, by its name in the ELF manual, such as `e_machine` or `segment 2 p_filesz`. */
  readonly field: string;
  /** What was found there. */
  readonly value: number | string;
  /** What would have been right. */
  readonly expected: string;

  /** Make a reason from its three parts. */
  constructor(field: string, value: number | string, expected: string) {
    this.field = field;
    this.value = value;
    this.expected = expected;
  }

  /** The reason as a sentence. */
  get text(): string {
    return `${this.field} is ${shown(this.value)}; expected ${this.expected}`;
  }
}

/** Narrow "the thing, or why not". */
export function refused<T>(result: T | ElfReason): result is ElfReason {
  return result instanceof ElfReason;
}

/** A number as people read it in such files: small ones plain, others in hexadecimal. */
export function hex(value: number): string {
  const text = `0x${BigInt(value).toString(16)}`;
  return Number.isSafeInteger(value) ? text : `about ${text}`;
}

function shown(value: number | string): string {
  if (typeof value === "string") return value;
  return value < 4096 ? `${value}` : hex(value);
}
