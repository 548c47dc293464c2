/**
 * What a bench is.
 *
 * @module
 */

/** How a bench is run. */
export interface BenchOptions {
  /** Takes lines for people. */
  readonly print: (line: string) => void;
  /** How often each side runs; the best counts. */
  readonly rounds: number;
  /** Names of the parts to run, or all of them. */
  readonly only: readonly string[] | null;
  /** How long to soak, if at all. */
  readonly soakMinutes: number;
}

/** One thing measured on both sides, in milliseconds; absent where a tool is. */
export interface Row {
  readonly name: string;
  readonly ours_ms: number;
  /** Our first run, which compiles what others find compiled; absent where no such thing is told apart. */
  readonly first_ms: number | null;
  readonly peer_ms: number | null;
  readonly native_ms: number | null;
  /** How many times as fast as the peer. */
  readonly ratio: number | null;
}

/** What a bench found. */
export interface BenchResult {
  readonly rows: readonly Row[];
  /** The geometric mean of the ratios. */
  readonly geomean: number | null;
  /** Single numbers, by name with their unit. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Something that can be measured. */
export interface Bench {
  readonly name: string;
  /** The parts that `--only` chooses among. */
  readonly parts: readonly string[];
  run(options: BenchOptions): Promise<BenchResult>;
}

/** The geometric mean of those that are there. */
export function geometricMean(values: readonly (number | null)[]): number | null {
  const there = values.filter((value) => value !== null);
  if (there.length === 0) return null;
  return Math.exp(there.reduce((sum, value) => sum + Math.log(value), 0) / there.length);
}
