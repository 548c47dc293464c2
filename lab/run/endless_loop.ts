/**
 * Loops that never end and never make a call, as far as a program's text shows them.
 *
 * Whether a program goes on for ever cannot be told in general; a loop whose condition is always true,
 * with no way out and no call in its body, can be.
 *
 * @module
 */

const ALWAYS = /\b(?:while\s*\(\s*(?:true|1)\s*\)|for\s*\([^;()]*;\s*(?:true)?\s*;[^;()]*\))/g;
const WAY_OUT = /\b(?:yield|return|break|throw)\b/;

/** Whether there is such a loop in a function's text. */
export function hasEndlessLoop(text: string): boolean {
  const code = withoutText(text);
  for (const { index, 0: head } of code.matchAll(ALWAYS)) {
    if (!WAY_OUT.test(bodyAt(code, index + head.length))) return true;
  }
  return false;
}

/** The text with nothing in its comments and strings. */
function withoutText(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, "");
}

/** A loop's body: a block, or all up to the next semicolon. */
function bodyAt(code: string, start: number): string {
  const first = code.slice(start).search(/\S/) + start;
  if (code[first] !== "{") return code.slice(first, code.indexOf(";", first) + 1);
  let depth = 0;
  for (let at = first; at < code.length; at++) {
    if (code[at] === "{") depth++;
    else if (code[at] === "}" && --depth === 0) return code.slice(first, at + 1);
  }
  return code.slice(first);
}
