/**
 * What is concluded from what was found: of each claim, and of all of them together.
 *
 * @module
 */
import type { ClaimRecord } from "../claim.ts";
import type { ClaimResult, Verdict } from "../telling/report.ts";

/** What came of each claim; `complete` where every schedule was covered. */
export function claimResults(
  records: readonly ClaimRecord[],
  wrong: ClaimRecord | null,
  complete: boolean,
): ClaimResult[] {
  return records.map((record) => {
    const { kind, name, error, chances, hits } = record;
    if (error !== null) return { kind, name, state: "throws", error };
    if (record === wrong) return { kind, name, state: "violated" };
    if (kind === "sometimes" && hits === 0) {
      return { kind, name, state: complete ? "violated" : "unreached" };
    }
    const vacuous = chances === 0 && kind !== "sometimes";
    return { kind, name, state: vacuous ? "vacuous" : "holds" };
  });
}

/** The verdict of all that was found. */
export function verdictOf({ failures, claims, found, cut, leftOut, sameTwice }: {
  readonly failures: readonly string[];
  readonly claims: readonly ClaimResult[];
  readonly found: boolean;
  readonly cut: readonly string[];
  readonly leftOut: ReadonlySet<string>;
  readonly sameTwice: boolean;
}): Verdict {
  if (!sameTwice) return "nondeterministic";
  if (failures.length > 0 || claims.some(({ state }) => state === "throws")) return "broken";
  if (found || claims.some(({ state }) => state === "violated")) return "violated";
  if (cut.length > 0) return "incomplete";
  return leftOut.size > 0 ? "not-modelled" : "holds";
}
