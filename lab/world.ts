/**
 * The world of a scenario: objects, programs with exactly the handles listed, faults, and claims.
 *
 * @module
 */
import type { PolicyAction, PolicyConditionName, RightName, StatusName } from "../kernel/abi.ts";
import type { Script } from "../kernel/task/thread.ts";
import type { ZirconClient } from "../kernel/zircon_client.ts";
import type { Predicate } from "./claim.ts";
import type { ObjectHandle, ValuesOf } from "./object_handle.ts";

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
/** The rights of a new handle to resources. */
export type ResourceRight = "DUPLICATE" | "TRANSFER" | "WRITE" | "INSPECT";
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
/** The rights of a handle to all of a program's memory. */
export type VmarRight =
  | "DUPLICATE"
  | "TRANSFER"
  | "INSPECT"
  | "OP_CHILDREN"
  | "READ"
  | "WRITE"
  | "EXECUTE";

/** What a job's policy says: for each condition named, what is to happen. */
export type JobRules = Readonly<Partial<Record<PolicyConditionName, keyof typeof PolicyAction>>>;

/** What may be said of a program besides its handles. */
export interface ProgramSettings {
  /** The job it lives in; the root job unless told. */
  readonly job?: ObjectHandle<"Job", RightName>;
  /** Calls that fail as planned: the call, which time, and with what. */
  readonly faults?: readonly CallFault[];
  /** It is killed when it has taken so many steps. */
  readonly killAfter?: number;
  /**
   * What it can call by a path, and the handle that it has under each: its namespace. A generator gets
   * it behind its handles; machine code finds it in its bootstrap message, as `PA_NS_DIR`.
   */
  readonly namespace?: Readonly<Record<string, ObjectHandle>>;
}

/** The handle values of a program's namespace, by path. */
export type NamespaceValues = Readonly<Record<string, number>>;

/** What may be said of a program in machine code besides its handles. */
export interface ElfSettings extends ProgramSettings {
  /** Its arguments, its name first; only the name unless told. */
  readonly args?: readonly string[];
  /** Its environment, as `NAME=value`. */
  readonly environ?: readonly string[];
  /**
   * Whether others may take steps between its accesses to memory that they can see too. It has many
   * more schedules then; without it a step goes from one call to the next.
   */
  readonly accesses?: boolean;
}

/** A call that is to fail. */
export interface CallFault {
  /** The call, such as `vmoCreate`. */
  readonly call: keyof ZirconClient;
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
  /** The resources of the system: who holds them may ask for what only the system may do. */
  resources(name: string): ObjectHandle<"Resource", ResourceRight>;
  /** A job with a policy, below another one; below the root job unless told. */
  job(
    name: string,
    rules?: JobRules,
    above?: ObjectHandle<"Job", RightName>,
  ): ObjectHandle<"Job", JobRight>;
  /** What belongs to whichever program this handle is given to: its process. */
  own(type: "Process"): ObjectHandle<"Process", ProcessRight>;
  /** All the memory of whichever program this handle is given to. */
  own(type: "Vmar"): ObjectHandle<"Vmar", VmarRight>;
  /** A program with exactly these handles, which it gets as its arguments, and its namespace. */
  program<const H extends readonly ObjectHandle[]>(
    name: string,
    handles: H,
    main: (...values: [...ValuesOf<H>, namespace: NamespaceValues]) => Script,
    options?: ProgramSettings,
  ): ObjectHandle<"Process", ProcessRight>;
  /**
   * A program in machine code: a static ELF file, which finds the n-th of these handles in its
   * bootstrap message as `PA_HND(PA_USER0, n)`. A step of it goes up to the answer of its next call.
   */
  elf(
    name: string,
    file: Uint8Array,
    handles: readonly ObjectHandle[],
    settings?: ElfSettings,
  ): ObjectHandle<"Process", ProcessRight>;
  /** Something that happens once, at any time: a handle of the scenario is closed, a program killed. */
  anytime(name: string, deed: () => void): void;
  /** End a program from outside, as part of a deed. */
  kill(program: string): void;
  /** Close every handle that a program has to an object, as part of a deed: a peer goes away. */
  close(program: string, object: ObjectHandle): void;
  /** Claim something that holds after every step. */
  always(name: string, predicate: Predicate): void;
  /** Claim something that is true after no step. */
  never(name: string, predicate: Predicate): void;
  /** Claim something that is true after some step of some schedule. */
  sometimes(name: string, predicate: Predicate): void;
  /** Claim something that is true at the end of every schedule. */
  eventually(name: string, predicate: Predicate): void;
  /** Say what the question is about and no machine here has: the verdict is never `holds` then. */
  notModelled(what: string): void;
}
