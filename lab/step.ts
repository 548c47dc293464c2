/**
 * A step: one system call of one program, or its end.
 *
 * @module
 */
import { type RightName, rightNames, Status } from "../kernel/abi.ts";
import type { Denial } from "../kernel/events.ts";
import type { Handle } from "../kernel/object/handle.ts";
import type { Row } from "../kernel/syscall/row.ts";
import type { Request } from "../kernel/task/thread.ts";
import type { Job } from "../kernel/task/job.ts";
import type { Process } from "../kernel/task/process.ts";

/** An object as a handle shows it. */
export interface ObjectFact {
  /** Its identity. */
  readonly koid: number;
  /** Its type, such as `channel`. */
  readonly type: string;
  /** Its name. */
  readonly name: string;
  /** The rights of the handle. */
  readonly rights: readonly RightName[];
  /** The identity of its peer, its parent or its process; 0 if it has none. */
  readonly related: number;
}

/** What one program did in one step. */
export interface Step {
  /** The number of the step in its run, from 1. */
  readonly number: number;
  /** The program. */
  readonly program: string;
  /** The call, such as `channelWrite`; empty where the program came to its end. */
  readonly call: string;
  /** Its arguments. */
  readonly args: Readonly<Record<string, unknown>>;
  /** The objects that its handles named, by argument; those in a list as `items.0`. */
  readonly objects: Readonly<Record<string, ObjectFact>>;
  /** The objects whose handles it sent. */
  readonly sent: readonly ObjectFact[];
  /** The objects whose handles it got. */
  readonly got: readonly ObjectFact[];
  /** The status, 0 where it succeeded; null while it waits. */
  readonly status: number | null;
  /** What it answered; undefined while it waits. */
  readonly result: unknown;
  /** What it did besides its call, in words; empty for most. */
  readonly note: string;
  /** Why it was refused, where a rule refused it. */
  readonly denial: Denial | null;
  /** What it was refused on, such as `job sandbox`; empty where that is nothing. */
  readonly refusedOn: string;
  /** Whether its process came to its end in this call. */
  readonly fatal: boolean;
}

/** A call with what its handles name, noted before the kernel takes any of them away. */
export interface NotedCall {
  /** The call. */
  readonly request: Request;
  /** The objects that its handles named, by argument. */
  readonly objects: Record<string, ObjectFact>;
  /** The objects whose handles it sends. */
  readonly sent: readonly ObjectFact[];
}

const NOTHING: Readonly<Record<string, unknown>> = {};

/** Look at a call before the kernel does. */
export function noteCall(process: Process, row: Row, request: Request): NotedCall {
  const args = request.args ?? NOTHING;
  const objects: Record<string, ObjectFact> = {};
  for (const name of handleArguments(row)) {
    const found = factOf(process, args[name]);
    if (found) objects[name] = found;
  }
  if (Array.isArray(args.items)) {
    args.items.forEach((item, at) => {
      const found = factOf(process, item?.handle);
      if (found) objects[`items.${at}`] = found;
    });
  }
  return { request, objects, sent: sentHandles(process, args) };
}

/** What a call came to. */
export function stepOf(
  at: {
    readonly number: number;
    readonly program: string;
    readonly process: Process;
    readonly denial: Denial | null;
    /** What it did besides its call. */
    readonly note: string;
    /** The objects whose handles it got, where the answer does not show them. */
    readonly got?: readonly ObjectFact[];
  },
  noted: NotedCall | null,
  reply: unknown,
): Step {
  return {
    number: at.number,
    program: at.program,
    call: noted?.request.call ?? "",
    args: noted?.request.args ?? NOTHING,
    objects: noted?.objects ?? {},
    sent: noted?.sent ?? [],
    got: at.got ?? gotHandles(at.process, reply),
    status: statusOf(reply),
    result: reply,
    denial: at.denial,
    refusedOn: at.denial ? subjectOf(at.denial, at.process, noted) : "",
    note: at.note,
    fatal: noted !== null && at.process.state === "dead",
  };
}

/** What a denial is about, as people call it. */
function subjectOf({ koid, type }: Denial, process: Process, noted: NotedCall | null): string {
  if (koid === 0) return "";
  const facts = noted ? [...Object.values(noted.objects), ...noted.sent] : [];
  const known = facts.find((one) => one.koid === koid) ?? ownersOf(process).get(koid);
  return `${type} ${known?.name || koid}`;
}

/** A process, and the jobs that it is in. */
function ownersOf(process: Process): ReadonlyMap<number, { readonly name: string }> {
  const owners = new Map<number, { readonly name: string }>([[process.koid, process]]);
  for (let job: Job | null = process.job; job; job = job.parent) owners.set(job.koid, job);
  return owners;
}

/** The object that a handle value names in a process. */
export function factOf(process: Process, value: unknown): ObjectFact | undefined {
  if (typeof value !== "number") return undefined;
  const handle = process.handleTable.get(value);
  return handle ? factOfHandle(handle) : undefined;
}

/** What a handle shows of its object. */
export function factOfHandle({ object, rights }: Handle): ObjectFact {
  const { koid, label, name, relatedKoid } = object;
  return { koid, type: label, name, rights: rightNames(rights), related: relatedKoid };
}

/** The status in a reply: there is none while the call waits, and results mean success. */
function statusOf(reply: unknown): number | null {
  if (reply === undefined) return null;
  if (typeof reply === "number") return reply;
  const status = (reply as { readonly status?: unknown } | null)?.status;
  return typeof status === "number" ? status : Status.OK;
}

const HANDLE_ARGUMENTS = new WeakMap<Row, readonly string[]>();

/** The names of a row's arguments that are handles. */
export function handleArguments(row: Row): readonly string[] {
  const known = HANDLE_ARGUMENTS.get(row);
  if (known) return known;
  const names = row.names.filter((_, at) => {
    const kind = row.kinds[at]!;
    return kind.demands !== undefined || kind.label === "handle";
  });
  HANDLE_ARGUMENTS.set(row, names);
  return names;
}

function sentHandles(process: Process, args: Readonly<Record<string, unknown>>): ObjectFact[] {
  const inner = args.args as { readonly handles?: unknown } | undefined;
  const list = args.handles ?? inner?.handles;
  if (!Array.isArray(list)) return [];
  const values = list.map((one) => typeof one === "number" ? one : one?.handle);
  return values.map((value) => factOf(process, value)).filter((fact) => fact !== undefined);
}

function gotHandles(process: Process, reply: unknown): ObjectFact[] {
  const handles = (reply as { readonly handles?: unknown } | null | undefined)?.handles;
  if (!Array.isArray(handles)) return [];
  const values = handles.map((one) => typeof one === "number" ? one : one?.handle);
  return values.map((value) => factOf(process, value)).filter((fact) => fact !== undefined);
}
