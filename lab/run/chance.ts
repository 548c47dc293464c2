/**
 * Keeps chance and the clock away from programs while they run, so that a run can be repeated.
 *
 * @module
 */
import type { Patience } from "./patience.ts";
import { ScenarioError } from "../scenario_error.ts";

const DIFFERS = "differs from run to run; a program asks the kernel:";
const TIME = `${DIFFERS} zx.clockGetMonotonic`;
const CHANCE = `${DIFFERS} zx.cprngDraw`;
const LATER = "comes back when no schedule sees it; a program waits in the kernel: zx.nanosleep";
const OUTSIDE = "asks the world outside, which differs from run to run; programs have channels";

/** What a run may not depend on, and why. */
const REFUSED: readonly (readonly [owner: string, names: readonly string[], why: string])[] = [
  ["Math", ["random"], CHANCE],
  ["crypto", ["getRandomValues", "randomUUID"], CHANCE],
  ["performance", ["now"], TIME],
  ["Temporal.Now", [
    "instant",
    "plainDateISO",
    "plainDateTimeISO",
    "plainTimeISO",
    "zonedDateTimeISO",
  ], TIME],
  ["", ["setTimeout", "setInterval", "queueMicrotask"], LATER],
  ["", ["fetch"], OUTSIDE],
];

/**
 * Do something in which nobody may ask for the time or for random numbers, nor put things off; it is
 * ended where it goes on without end, if somebody has no more patience than so.
 */
export function withoutChance<T>(deed: () => T, patience?: Patience): T {
  const { Date: HostDate } = globalThis;
  const putBack = REFUSED.flatMap(([owner, names, why]) => refuseAll(owner, names, why));
  globalThis.Date = refusing(HostDate);
  try {
    return patience ? patience.until(deed) : deed();
  } finally {
    globalThis.Date = HostDate;
    for (const one of putBack) one();
  }
}

/** A date that is told is as good as any; only that of today is refused. */
function refusing(HostDate: DateConstructor): DateConstructor {
  return new Proxy(HostDate, {
    construct: (target, args) => {
      return args.length === 0 ? refuse("Date", TIME) : new target(...args as []);
    },
    apply: () => refuse("Date", TIME),
    get: (target, name) => {
      if (name === "now") return () => refuse("Date.now", TIME);
      return Reflect.get(target, name);
    },
  });
}

/** Refuse functions of an object of the host; answers what puts them back. */
function refuseAll(path: string, names: readonly string[], why: string): (() => void)[] {
  const found = path.split(".").filter((part) => part !== "").reduce<unknown>(
    (owner, part) => (owner as Record<string, unknown> | undefined)?.[part],
    globalThis,
  );
  if (found === undefined) return [];
  const owner = found as Record<string, unknown>;
  return names.filter((name) => name in owner).map((name) => {
    const own = Object.getOwnPropertyDescriptor(owner, name);
    const full = path === "" ? name : `${path}.${name}`;
    const value = () => refuse(full, why);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    return () => {
      if (own) Object.defineProperty(owner, name, own);
      else delete owner[name];
    };
  });
}

function refuse(name: string, why: string): never {
  throw new ScenarioError(`${name} ${why}`);
}
