/**
 * Handles that a scenario has made and neither given to a program nor disposed of.
 *
 * @module
 */
import { Peered } from "../../kernel/object/peer.ts";
import type { HeldHandle } from "../object_handle.ts";
import type { Run } from "./run.ts";

/** What a scenario keeps, and what of that it cannot have meant to. */
export interface KeptHandles {
  /** All of them, each with where it was made. */
  readonly kept: readonly string[];
  /** Those that nothing can come of, as sentences. */
  readonly leaks: readonly string[];
}

/** What the setup of a run has kept. */
export function keptBy(run: Run): KeptHandles {
  const kept = run.world.handles.filter((handle) => !handle.gone && handle.type !== "Process");
  return { kept: kept.map(nameOf), leaks: kept.flatMap(leakOf) };
}

function nameOf({ name, place }: HeldHandle): string {
  return place === "" ? name : `${name} (${place})`;
}

/** A job may be there for the programs in it, and the rest for claims, if programs have some of it. */
function leakOf(handle: HeldHandle): string[] {
  if (handle.type === "Job") return [];
  if (handle.object instanceof Peered) {
    return [
      `${nameOf(handle)} stays with the scenario: whoever has the other end never sees it closed`,
    ];
  }
  return handle.isShared ? [] : [`${nameOf(handle)} is given to no program and not disposed of`];
}
