/**
 * What a scenario gives to a program, looked at before it is used.
 *
 * @module
 */
import { HeldHandle, OwnHandle } from "./object_handle.ts";
import { ScenarioError } from "./scenario_error.ts";
import type { CallFault } from "./world.ts";

/** A file is run without its types being checked: what makes no sense is told before it is used. */
export function checkGiven(
  name: string,
  handles: readonly unknown[],
  faults: readonly CallFault[],
  killAfter: number | undefined,
): void {
  if (typeof name !== "string" || name === "") {
    throw new ScenarioError('a program needs a name that claims can call it by, such as "deputy"');
  }
  if (!Array.isArray(handles)) {
    throw new ScenarioError(`program ${name} gets a list of handles, such as [bell]`);
  }
  const odd = handles.findIndex((one) => !(one instanceof HeldHandle || one instanceof OwnHandle));
  if (odd >= 0) {
    throw new ScenarioError(
      `what program ${name} gets at ${odd} is ${handles[odd]}, and no handle`,
    );
  }
  if (!Array.isArray(faults)) throw new ScenarioError(`the faults of program ${name} are no list`);
  if (killAfter !== undefined && !(Number.isSafeInteger(killAfter) && killAfter > 0)) {
    throw new ScenarioError(
      `program ${name} cannot be killed after ${killAfter} steps; 1 is least`,
    );
  }
}
