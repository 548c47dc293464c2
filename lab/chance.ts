/**
 * Keeps chance and the clock away from programs while they run, so that a run can be repeated.
 *
 * @module
 */
import { ScenarioError } from "./scenario_error.ts";

/** Do something in which nobody may ask for the time or for random numbers. */
export function withoutChance<T>(deed: () => T): T {
  const { random } = Math;
  const { Date: HostDate } = globalThis;
  Math.random = () => refuse("Math.random", "zx.cprngDraw");
  globalThis.Date = new Proxy(HostDate, {
    construct: (target, args) => {
      return args.length === 0 ? refuse("Date", "zx.clockGetMonotonic") : new target(...args as []);
    },
    apply: () => refuse("Date", "zx.clockGetMonotonic"),
    get: (target, name) => {
      if (name === "now") return () => refuse("Date.now", "zx.clockGetMonotonic");
      return Reflect.get(target, name);
    },
  });
  try {
    return deed();
  } finally {
    Math.random = random;
    globalThis.Date = HostDate;
  }
}

function refuse(name: string, instead: string): never {
  throw new ScenarioError(`${name} differs from run to run; a program asks the kernel: ${instead}`);
}
