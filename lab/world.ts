/**
 * The world of a scenario: objects, programs with exactly the handles listed, faults, and claims.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  failed,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  type PolicyConditionName,
  type RightName,
  Status,
  type StatusName,
  statusName,
} from "../kernel/abi.ts";
import type { HandleType } from "../kernel/handle_value.ts";
import { Channel } from "../kernel/ipc/channel.ts";
import { Event } from "../kernel/ipc/event.ts";
import { EventPair } from "../kernel/ipc/event_pair.ts";
import { Port } from "../kernel/ipc/port.ts";
import { Socket } from "../kernel/ipc/socket.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Handle } from "../kernel/object/handle.ts";
import type { KernelObject } from "../kernel/object/object.ts";
import { Job } from "../kernel/task/job.ts";
import { Process } from "../kernel/task/process.ts";
import { type Script, Thread } from "../kernel/task/thread.ts";
import { Vmo } from "../kernel/vm/vmo.ts";
import { WatchedScript } from "./actor.ts";
import type { ClaimKind, Predicate } from "./claim.ts";
import { HeldHandle, type ObjectHandle, type ValuesOf } from "./object_handle.ts";
import { ScenarioError } from "./scenario_error.ts";

/** The rights of a new handle to a memory object. */
export type VmoRight =
  | "DUPLICATE"
  | "TRANSFER"
  | "WAIT"
  | "INSPECT"
  | "READ"
  | "WRITE"
  | "MAP"
  | "GET_PROPERTY"
  | "SET_PROPERTY"
  | "SIGNAL";
/** The rights of a new handle to a channel's end. */
export type ChannelRight =
  | "TRANSFER"
  | "WAIT"
  | "INSPECT"
  | "READ"
  | "WRITE"
  | "SIGNAL"
  | "SIGNAL_PEER";
/** The rights of a new handle to an event. */
export type EventRight = "DUPLICATE" | "TRANSFER" | "WAIT" | "INSPECT" | "SIGNAL";
/** The rights of a new handle to one of a pair of events. */
export type EventPairRight = EventRight | "SIGNAL_PEER";
/** The rights of a new handle to a port. */
export type PortRight = "DUPLICATE" | "TRANSFER" | "INSPECT" | "READ" | "WRITE";
/** The rights of a new handle to a socket's end. */
export type SocketRight =
  | EventPairRight
  | "READ"
  | "WRITE"
  | "GET_PROPERTY"
  | "SET_PROPERTY"
  | "MANAGE_SOCKET";
/** The rights of a new handle to a job. */
export type JobRight =
  | EventRight
  | "READ"
  | "WRITE"
  | "GET_PROPERTY"
  | "SET_PROPERTY"
  | "GET_POLICY"
  | "SET_POLICY"
  | "ENUMERATE"
  | "DESTROY"
  | "MANAGE_JOB"
  | "MANAGE_PROCESS"
  | "MANAGE_THREAD";
/** The rights of a new handle to a process. */
export type ProcessRight =
  | EventRight
  | "READ"
  | "WRITE"
  | "GET_PROPERTY"
  | "SET_PROPERTY"
  | "ENUMERATE"
  | "DESTROY"
  | "MANAGE_PROCESS"
  | "MANAGE_THREAD";

/** What a job's policy says: for each condition named, what is to happen. */
export type JobRules = Readonly<Partial<Record<PolicyConditionName, keyof typeof PolicyAction>>>;

/** What may be said of a program besides its handles. */
export interface ProgramOptions {
  /** The job it lives in; the root job unless told. */
  readonly job?: ObjectHandle<"Job", RightName>;
  /** Calls that fail as planned: the call, which time, and with what. */
  readonly faults?: readonly CallFault[];
}

/** A call that is to fail. */
export interface CallFault {
  /** The call, such as `vmoCreate`. */
  readonly call: string;
  /** Which time it is made, from 1; every time unless told. */
  readonly nth?: number;
  /** What it answers. */
  readonly status: Exclude<StatusName, "OK">;
}

/** Where a scenario is set up. Everything here happens before the first step. */
export interface World {
  /** A memory object, with these bytes or this text in it. */
  vmo(name: string, contents?: Uint8Array | string): ObjectHandle<"Vmo", VmoRight>;
  /** A channel: its two ends. */
  channel(name: string): readonly [
    ObjectHandle<"Channel", ChannelRight>,
    ObjectHandle<"Channel", ChannelRight>,
  ];
  /** An event. */
  event(name: string): ObjectHandle<"Event", EventRight>;
  /** A pair of events. */
  eventPair(name: string): readonly [
    ObjectHandle<"EventPair", EventPairRight>,
    ObjectHandle<"EventPair", EventPairRight>,
  ];
  /** A socket: its two ends. */
  socket(name: string): readonly [
    ObjectHandle<"Socket", SocketRight>,
    ObjectHandle<"Socket", SocketRight>,
  ];
  /** A port. */
  port(name: string): ObjectHandle<"Port", PortRight>;
  /** A job below the root job, with a policy. */
  job(name: string, rules?: JobRules): ObjectHandle<"Job", JobRight>;
  /** A program with exactly these handles, which it gets as its arguments. */
  program<const H extends readonly ObjectHandle[]>(
    name: string,
    handles: H,
    main: (...values: ValuesOf<H>) => Script,
    options?: ProgramOptions,
  ): ObjectHandle<"Process", ProcessRight>;
  /** Something that happens once, at any time: a handle of the scenario is closed, a program killed. */
  anytime(name: string, deed: () => void): void;
  /** End a program from outside, as part of a deed. */
  kill(program: string): void;
  /** Claim something that holds after every step. */
  always(name: string, predicate: Predicate): void;
  /** Claim something that is true after no step. */
  never(name: string, predicate: Predicate): void;
  /** Claim something that is true after some step of some schedule. */
  sometimes(name: string, predicate: Predicate): void;
  /** Claim something that is true at the end of every schedule. */
  eventually(name: string, predicate: Predicate): void;
}

/** Told what a world holds. */
export interface WorldListener {
  /** A program was made. */
  programMade(name: string, process: Process, script: WatchedScript): void;
  /** A claim was made. */
  claimed(kind: ClaimKind, name: string, predicate: Predicate): void;
}

/** Sets a kernel up. */
export class KernelWorld implements World {
  readonly #kernel: Kernel;
  readonly #listener: WorldListener;
  readonly #processes = new Map<string, Process>();
  /** The handles that the scenario has made, given away or not. */
  readonly handles: HeldHandle[] = [];

  /** The world of one run. */
  constructor(kernel: Kernel, listener: WorldListener) {
    this.#kernel = kernel;
    this.#listener = listener;
  }

  vmo(name: string, contents: Uint8Array | string = new Uint8Array(0)) {
    const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    const vmo = this.#good(Vmo.create(this.#kernel.realm, Math.max(bytes.length, 1)), name);
    if (bytes.length > 0) vmo.write(0, bytes);
    return this.#made(vmo, name, "Vmo", DEFAULT_RIGHTS.vmo) as ObjectHandle<"Vmo", VmoRight>;
  }

  channel(name: string) {
    return this.#pair(
      Channel.create(this.#kernel.realm),
      name,
      "Channel",
      DEFAULT_RIGHTS.channel,
    ) as ReturnType<World["channel"]>;
  }

  event(name: string) {
    const event = new Event(this.#kernel.realm);
    return this.#made(event, name, "Event", DEFAULT_RIGHTS.event) as ObjectHandle<
      "Event",
      EventRight
    >;
  }

  eventPair(name: string) {
    const pair = EventPair.create(this.#kernel.realm);
    return this.#pair(pair, name, "EventPair", DEFAULT_RIGHTS.eventPair) as ReturnType<
      World["eventPair"]
    >;
  }

  socket(name: string) {
    return this.#pair(
      Socket.create(this.#kernel.realm),
      name,
      "Socket",
      DEFAULT_RIGHTS.socket,
    ) as ReturnType<World["socket"]>;
  }

  port(name: string) {
    const port = new Port(this.#kernel.realm);
    return this.#made(port, name, "Port", DEFAULT_RIGHTS.port) as ObjectHandle<"Port", PortRight>;
  }

  job(name: string, rules: JobRules = {}) {
    const job = this.#good(this.#kernel.rootJob.createJob(), name);
    const entries = Object.entries(rules).map(([condition, action]) => ({
      condition: PolicyCondition[condition as PolicyConditionName],
      action: PolicyAction[action],
      override: JobPolicy.OVERRIDE_DENY,
    }));
    const status = job.setPolicy(JobPolicy.ABSOLUTE, entries);
    if (status !== Status.OK) {
      throw new ScenarioError(`the policy of job ${name} is refused: ${statusName(status)}`);
    }
    return this.#made(job, name, "Job", DEFAULT_RIGHTS.job) as ObjectHandle<"Job", JobRight>;
  }

  program<const H extends readonly ObjectHandle[]>(
    name: string,
    handles: H,
    main: (...values: ValuesOf<H>) => Script,
    { job, faults = [] }: ProgramOptions = {},
  ): ObjectHandle<"Process", ProcessRight> {
    if (this.#processes.has(name)) {
      throw new ScenarioError(
        `two programs are named ${name}: claims and stories need one of a name`,
      );
    }
    const home = job ? (job as unknown as HeldHandle).object as Job : this.#kernel.rootJob;
    const process = this.#good(Process.create(home, name), name);
    this.#processes.set(name, process);
    const held = this.#made(process, name, "Process", DEFAULT_RIGHTS.process);
    const values = handles.map((handle) =>
      process.addHandle((handle as unknown as HeldHandle).give(), "given by the scenario")
    );
    const script = new WatchedScript(name, main(...values as unknown as ValuesOf<H>));
    if (faults.length > 0) script.intercept = interceptionOf(faults);
    this.#listener.programMade(name, process, script);
    const thread = this.#good(Thread.create(process, name), name);
    process.begin();
    thread.start({ kind: "script", script, reply: undefined });
    return held as unknown as ObjectHandle<"Process", ProcessRight>;
  }

  anytime(name: string, deed: () => void): void {
    this.program(name, [], function* () {
      deed();
    });
  }

  kill(program: string): void {
    const process = this.#processes.get(program);
    if (!process) throw new ScenarioError(`there is no program named ${program} to kill`);
    process.kill();
  }

  always(name: string, predicate: Predicate): void {
    this.#listener.claimed("always", name, predicate);
  }

  never(name: string, predicate: Predicate): void {
    this.#listener.claimed("never", name, predicate);
  }

  sometimes(name: string, predicate: Predicate): void {
    this.#listener.claimed("sometimes", name, predicate);
  }

  eventually(name: string, predicate: Predicate): void {
    this.#listener.claimed("eventually", name, predicate);
  }

  #made(object: KernelObject, name: string, type: HandleType, rights: number): HeldHandle {
    if (object.name === "") object.name = name;
    const held = new HeldHandle(object, type, new Handle(object, rights));
    this.handles.push(held);
    return held;
  }

  #pair(
    [one, other]: readonly [KernelObject, KernelObject],
    name: string,
    type: HandleType,
    rights: number,
  ): readonly [HeldHandle, HeldHandle] {
    return [
      this.#made(one, `${name}/0`, type, rights),
      this.#made(other, `${name}/1`, type, rights),
    ];
  }

  #good<T extends object>(result: T | number, name: string): T {
    if (typeof result !== "number") return result;
    throw new ScenarioError(`${name} cannot be made: ${statusName(result)}`);
  }
}

function interceptionOf(faults: readonly CallFault[]) {
  return (call: string, nth: number): number | undefined => {
    const fault = faults.find((one) => one.call === call && (one.nth ?? nth) === nth);
    return fault ? Status[fault.status] : undefined;
  };
}
