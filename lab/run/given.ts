/**
 * What a scenario gives to a program, looked at before it is used.
 *
 * @module
 */
import { HeldHandle, type ObjectHandle, OwnHandle } from "../object_handle.ts";
import { ScenarioError } from "../scenario_error.ts";
import type { CallFault } from "../world.ts";

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

/** A path from the top, that leads neither up nor to itself nor nowhere. */
const PATH = /^\/(?!.*\/\.{0,2}(\/|$))./;

/** What a program can call by a path, path by path. */
export function placed(
  namespace: Readonly<Record<string, ObjectHandle>>,
  program: string,
): (readonly [path: string, handle: ObjectHandle])[] {
  const entries = Object.entries(namespace);
  for (const [path, handle] of entries) {
    if (!PATH.test(path)) {
      throw new ScenarioError(`${path} of program ${program} is no path such as /data or /svc/log`);
    }
    if (handle instanceof HeldHandle || handle instanceof OwnHandle) continue;
    throw new ScenarioError(`what program ${program} has as ${path} is ${handle}, and no handle`);
  }
  return entries;
}
