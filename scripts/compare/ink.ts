/**
 * Ink for a terminal: what stands out and what steps back, or nothing of that where output goes
 * elsewhere or nobody wants it.
 *
 * @module
 */

/** Marks up text. */
export interface Ink {
  /** Text that stands out. */
  readonly strong: (text: string) => string;
  /** Text that steps back. */
  readonly soft: (text: string) => string;
  /** Text about the kernel. */
  readonly kernel: (text: string) => string;
  /** Text about what went wrong. */
  readonly alarm: (text: string) => string;
}

/** Ink that marks nothing. */
export const PLAIN: Ink = { strong: same, soft: same, kernel: same, alarm: same };

/** Ink for a terminal with colours. */
export const COLOURED: Ink = {
  strong: (text) => `\x1b[1m${text}\x1b[0m`,
  soft: (text) => `\x1b[2m${text}\x1b[0m`,
  kernel: (text) => `\x1b[7m${text}\x1b[0m`,
  alarm: (text) => `\x1b[31m${text}\x1b[0m`,
};

function same(text: string): string {
  return text;
}
