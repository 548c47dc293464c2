/**
 * Ranges of a file as text: where somebody read on piece by piece, all pieces as one.
 *
 * @module
 */

/** A run of bytes. */
interface Range {
  readonly offset: number;
  readonly length: number;
}

/** Each range as its offset and its length; with how many there are, where those behind it are alike. */
export function rangeTexts(ranges: readonly Range[]): string[] {
  const runs: { offset: number; length: number; count: number }[] = [];
  for (const { offset, length } of ranges) {
    const last = runs.at(-1);
    if (last?.length === length && last.offset + last.count * length === offset) last.count++;
    else runs.push({ offset, length, count: 1 });
  }
  return runs.map(({ offset, length, count }) =>
    `${offset}+${length}${count > 1 ? `×${count}` : ""}`
  );
}
