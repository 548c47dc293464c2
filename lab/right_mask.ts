/**
 * Rights by their names, as a mask.
 *
 * @module
 */
import { Right, type RightName } from "../kernel/abi.ts";
import { ScenarioError } from "./scenario_error.ts";

/** A file is run without its types being checked: a misspelled right must not be taken for none. */
export function maskOf(rights: readonly RightName[]): number {
  const odd = rights.find((name) => !Object.hasOwn(Right, name));
  if (odd === undefined) return rights.reduce((sum, name) => sum | Right[name], 0) >>> 0;
  const names = Object.keys(Right).filter((name) => name !== "NONE").join(", ");
  throw new ScenarioError(`there is no right ${odd}; there is ${names}`);
}
