/**
 * Why a call is refused, where nobody who refused it has said so: the argument that was not taken, or
 * what the answer means.
 *
 * @module
 */
import { Status, type StatusName, statusName } from "../abi.ts";
import type { Denial } from "../events.ts";
import type { KernelObject } from "../object/object.ts";
import type { Call } from "./call.ts";

/** Answers that are news and no refusals: the call was good, and the world is as it is. */
const NEWS: ReadonlySet<number> = new Set([
  Status.SHOULD_WAIT,
  Status.TIMED_OUT,
  Status.CANCELED,
  Status.PEER_CLOSED,
  Status.INTERNAL_INTR_RETRY,
]);

/** What an answer means where the call has nothing more exact to say: what is so, and what would do. */
interface Meaning {
  readonly where: string;
  readonly grant: string;
}

const MEANINGS: { readonly [N in StatusName]?: Meaning } = {
  NOT_SUPPORTED: {
    where: "nothing here can do what is asked",
    grant: "another object, option or kind that has it",
  },
  NO_RESOURCES: {
    where: "there is no room where it would have to go",
    grant: "a smaller size, or fewer limits on the place",
  },
  NO_MEMORY: {
    where: "memory, or what the kernel keeps of the caller's, is used up, or is not there",
    grant: "memory or handles that somebody gives back, or an address that is mapped",
  },
  INVALID_ARGS: {
    where: "the arguments make no sense together",
    grant: "arguments within what the call's manual allows",
  },
  BAD_HANDLE: {
    where: "a handle among the arguments names nothing, or was given twice",
    grant: "handles that are open, each once",
  },
  WRONG_TYPE: {
    where: "the object is of a type that the call does not serve",
    grant: "a handle to an object of another type",
  },
  OUT_OF_RANGE: {
    where: "a number lies beyond what there is, or may be",
    grant: "a smaller number",
  },
  BUFFER_TOO_SMALL: {
    where: "there is more to give than room for it",
    grant: "as much room as the call said is wanted",
  },
  BAD_STATE: {
    where: "the object is not in a state for it",
    grant: "the same call at another time of the object's life",
  },
  NOT_FOUND: {
    where: "there is nothing of that description",
    grant: "the name, key or place of something that is there",
  },
  ALREADY_EXISTS: {
    where: "something is there already",
    grant: "another place, or taking away what is there",
  },
  ALREADY_BOUND: {
    where: "somebody has it already",
    grant: "waiting until it is given up",
  },
  UNAVAILABLE: {
    where: "the object was made without the ability, or cannot do it now",
    grant: "an object that was made with it",
  },
  ACCESS_DENIED: {
    where: "what the object is part of forbids it, whatever the handle allows",
    grant: "an object without that limit",
  },
  NO_SPACE: { where: "it is full", grant: "somebody who takes something out" },
  FILE_BIG: { where: "it would be larger than it may be", grant: "a smaller end" },
  IO: { where: "whoever supplies the pages failed", grant: "another try" },
};

const UNKNOWN: Meaning = { where: "it cannot be done", grant: "other arguments" };

/** Write down why a call is refused, unless it is no refusal or somebody has. */
export function explainRefusal(call: Call, status: number): void {
  const said = call.denied ? call.thread.denial : null;
  if (said?.status === status || NEWS.has(status)) return;
  // Some calls answer with another status than what refused them on the way.
  if (said) return call.deny({ ...said, status: status as Status });
  call.deny(call.refused >= 0 ? ofArgument(call, status) : ofDeed(call, status));
}

/** The kind of an argument did not take it. */
function ofArgument({ row, raws, refused }: Call, status: number): Omit<Denial, "syscall"> {
  const argument = row.names[refused]!;
  const label = row.kinds[refused]!.label.replace(/^options,? (must be )?/, "");
  return {
    status: status as Status,
    argument,
    koid: 0,
    type: "none",
    wanted: label,
    held: textOf(raws[refused]),
    rule: `${row.name} wants ${argument} to be ${label}`,
    grant: `${argument} that is ${label}`,
  };
}

/** All arguments were taken, and the deed cannot be done. */
function ofDeed(call: Call, status: number): Omit<Denial, "syscall"> {
  const { row } = call;
  const name = statusName(status) as StatusName;
  const { where, grant: usual } = MEANINGS[name] ?? UNKNOWN;
  const grant = row.grants?.[name] ?? usual;
  const subject = subjectOf(call);
  return {
    status: status as Status,
    argument: subject?.argument ?? "the arguments",
    koid: subject?.object.koid ?? 0,
    type: subject?.object.label ?? "none",
    wanted: grant,
    held: givenTo(call),
    rule: `${row.name} answers ${name} where ${row.why?.[name] ?? where}`,
    grant,
  };
}

/** The object that the call is about: the one of its first handle. */
function subjectOf(call: Call): { argument: string; object: KernelObject } | null {
  const { row, raws, process } = call;
  const at = row.kinds.findIndex(({ demands }) => demands !== undefined);
  const value = raws[at];
  if (at < 0 || typeof value !== "number") return null;
  const object = process.handleTable.get(value)?.object;
  return object ? { argument: row.names[at]!, object } : null;
}

/** What the call was given, as text. */
function givenTo({ row, raws }: Call): string {
  const given = row.names.flatMap((name, at) => {
    const { role } = row.kinds[at]!;
    return role === "in" || role === "optional" ? [`${name} ${textOf(raws[at])}`] : [];
  });
  return given.length === 0 ? "nothing to choose" : given.join(", ");
}

const SMALL = 4096;
const TEXT_MAX = 40;

function textOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") {
    return value > SMALL && value !== Infinity ? `0x${value.toString(16)}` : `${value}`;
  }
  if (typeof value === "string") return JSON.stringify(value.slice(0, TEXT_MAX));
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return value === undefined ? "nothing" : "a record";
}
