/**
 * Authority that was used: the rights that each successful call demanded of the handles it named.
 *
 * @module
 */
import { Right } from "../../kernel/abi.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import type { Step } from "../step.ts";
import { objectText } from "../telling/step_text.ts";
import { type Authority, AuthoritySet } from "./authority_set.ts";

const ROWS: Readonly<Record<string, Row>> = ZIRCON_ROWS;

/** What the steps of a run used. */
export function exercisedBy(steps: readonly Step[]): AuthoritySet {
  return new AuthoritySet(steps.flatMap(exercised));
}

function exercised(step: Step): Authority[] {
  const row = ROWS[step.call];
  if (!row || step.status !== 0) return [];
  const named = Object.entries(step.objects).flatMap(([argument, fact]) => {
    const rights = row.args[argument]?.demands?.rights ?? 0;
    return AuthoritySet.ofRights(step.program, fact.koid, objectText(fact), rights);
  });
  const sent = step.sent.flatMap((fact) =>
    AuthoritySet.ofRights(step.program, fact.koid, objectText(fact), Right.TRANSFER)
  );
  return [...named, ...sent];
}
