/**
 * What is wrong with a program's text, and where.
 *
 * @module
 */

/** A program's text that cannot be assembled; the message names the line and what was expected. */
export class AssemblyError extends Error {
  /** Which line, counted from 1. */
  readonly line: number;

  /** Make an error from its line and its sentence. */
  constructor(line: number, sentence: string) {
    super(`line ${line}: ${sentence}`);
    this.name = "AssemblyError";
    this.line = line;
  }
}

/** The name in a list that a misspelt one is nearest to, as a question; empty where none is near. */
export function suggestion(found: string, known: Iterable<string>): string {
  let best = "";
  let bestDistance = Math.min(3, found.length);
  for (const name of known) {
    const distance = distanceBetween(found, name, bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best && `; did you mean ${best}?`;
}

/** How many letters must be added, dropped or changed; anything from `limit` up counts as far. */
function distanceBetween(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) >= limit) return limit;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}
