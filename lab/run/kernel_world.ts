/**
 * Sets a kernel up as a scenario says.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  ResourceKind,
  type RightName,
  Status,
  statusName,
} from "../../kernel/abi.ts";
import type { HandleType } from "../../kernel/handle_value.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { EventPair } from "../../kernel/ipc/event_pair.ts";
import { Port } from "../../kernel/ipc/port.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { Socket } from "../../kernel/ipc/socket.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { Job } from "../../kernel/task/job.ts";
import type { Processor } from "../../kernel/ports.ts";
import { Process } from "../../kernel/task/process.ts";
import { type Script, Thread } from "../../kernel/task/thread.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { calledOnce, WatchedScript } from "./actor.ts";
import type { ClaimKind, Predicate } from "../claim.ts";
import { hasEndlessLoop } from "./endless_loop.ts";
import { startElf } from "./elf_program.ts";
import { HeldHandle, type ObjectHandle, OwnHandle, type ValuesOf } from "../object_handle.ts";
import type {
  ElfSettings,
  EventRight,
  JobRight,
  JobRules,
  NamespaceValues,
  PortRight,
  ProcessRight,
  ProgramSettings,
  ResourceRight,
  VmoRight,
  World,
} from "../world.ts";
import { PlannedFailures } from "./planned_failures.ts";
import { checkGiven, placed } from "./given.ts";
import type { LoadableProgram } from "../load/model_comparison.ts";
import { placeOf, ScenarioError } from "../scenario_error.ts";
import { factOfHandle } from "../step.ts";
import { vdsoObject } from "../machine/vdso.ts";

/** A program that was made. */
export interface MadeProgram {
  /** Its name. */
  readonly name: string;
  /** Its process. */
  readonly process: Process;
  /** What it does, if that is a script. */
  readonly script: WatchedScript | null;
  /** What is planned to fail of the calls of machine code. */
  readonly failures?: PlannedFailures | null;
  /** After how many steps it is killed, if at all. */
  readonly killAfter: number | undefined;
  /** Whether others may take steps between its accesses to memory that they see too. */
  readonly accesses?: boolean;
}

type Namespace = NonNullable<ProgramSettings["namespace"]>;

const NOTHING: Namespace = {};
const NO_VALUES: NamespaceValues = Object.freeze({});

/** More than there are kinds of resources of the system. */
const SYSTEM_RESOURCES = 16;

/** Told what a world holds. */
export interface WorldListener {
  /** A program was made. */
  programMade(program: MadeProgram): void;
  /** What executes machine code; asking for it is what makes a scenario have it. */
  readonly processor: Processor;
  /** Whether this is the first run: what cannot change from run to run is looked at only then. */
  readonly isFirst: boolean;
  /** Whether what a program does is another function than in the first run, as where setup makes it. */
  isNew(program: string, main: unknown): boolean;
  /** A claim was made. */
  claimed(kind: ClaimKind, name: string, predicate: Predicate): void;
  /** Something is not modelled. */
  leftOut(what: string): void;
}

/** Sets a kernel up. */
export class KernelWorld implements World {
  readonly #kernel: Kernel;
  readonly #listener: WorldListener;
  /** The programs' processes by name. */
  readonly processes = new Map<string, Process>();
  /** The handles that the scenario has made, given away or not. */
  readonly handles: HeldHandle[] = [];
  /** The programs in machine code. */
  readonly files: LoadableProgram[] = [];
  #vdso: Vmo | null = null;
  /** Whether things are still being set up. */
  isOpen = true;

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

  resources(name: string) {
    const { realm, system } = this.#kernel;
    const root = Resource.root(realm, system.resources, ResourceKind.SYSTEM, SYSTEM_RESOURCES);
    return this.#made(root, name, "Resource", DEFAULT_RIGHTS.resource) as ObjectHandle<
      "Resource",
      ResourceRight
    >;
  }

  job(name: string, rules: JobRules = {}, above?: ObjectHandle<"Job", RightName>) {
    const job = this.#good(this.#jobOf(above).createJob(), name);
    // A file is run without its types being checked: a misspelled rule must not be taken for one.
    const entries = Object.entries(rules).map(([condition, action]) => ({
      condition: ruleNumber(PolicyCondition, condition),
      action: ruleNumber(PolicyAction, action),
      override: JobPolicy.OVERRIDE_DENY,
    }));
    const status = job.setPolicy(JobPolicy.ABSOLUTE, entries);
    if (status !== Status.OK) {
      throw new ScenarioError(`the policy of job ${name} is refused: ${statusName(status)}`);
    }
    return this.#made(job, name, "Job", DEFAULT_RIGHTS.job) as ObjectHandle<"Job", JobRight>;
  }

  own(type: "Process" | "Vmar") {
    const rights = type === "Vmar" ? DEFAULT_RIGHTS.rootVmar : DEFAULT_RIGHTS.process;
    return new OwnHandle(type, rights) as unknown as never;
  }

  program<const H extends readonly ObjectHandle[]>(
    name: string,
    handles: H,
    main: (...values: [...ValuesOf<H>, namespace: NamespaceValues]) => Script,
    { job, faults = [], killAfter, namespace = NOTHING }: ProgramSettings = {},
  ): ObjectHandle<"Process", ProcessRight> {
    if (this.#listener.isFirst) checkGiven(name, handles, faults, killAfter);
    if (typeof main !== "function") {
      throw new ScenarioError(`program ${name} has no function to run: write function* (…) {…}`);
    }
    const [process, held] = this.#process(name, job);
    const values: unknown[] = handles.map((handle) =>
      process.addHandle(handleOf(handle, process), "given by the scenario")
    );
    if (this.#listener.isFirst && hasEndlessLoop(String(main))) {
      throw new ScenarioError(
        `program ${name} never yields: it has an endless loop with no call in it`,
      );
    }
    if (this.#listener.isNew(name, main)) calledOnce(main);
    values.push(this.#namespaceOf(process, namespace));
    const script = new WatchedScript(name, main as (...values: unknown[]) => Script, values);
    if (faults.length > 0) script.failures = new PlannedFailures(faults);
    this.#listener.programMade({ name, process, script, killAfter });
    const thread = this.#good(Thread.create(process, name), name);
    process.begin();
    thread.start({ kind: "script", script, reply: undefined });
    return held as unknown as ObjectHandle<"Process", ProcessRight>;
  }

  elf(
    name: string,
    file: Uint8Array,
    handles: readonly ObjectHandle[],
    { args = [name], environ = [], accesses = false, ...settings }: ElfSettings = {},
  ): ObjectHandle<"Process", ProcessRight> {
    const { processor } = this.#listener;
    const { job, faults = [], killAfter, namespace = NOTHING } = settings;
    if (this.#listener.isFirst) checkGiven(name, handles, faults, killAfter);
    if (!(file instanceof Uint8Array)) {
      throw new ScenarioError(
        `program ${name} has no file: give its bytes, not its path`,
      );
    }
    const [process, held] = this.#process(name, job);
    const given = handles.map((handle) => handleOf(handle, process));
    const paths = placed(namespace, name).map(([path, one]) => {
      return [path, handleOf(one, process)] as const;
    });
    const all = [...given, ...paths.map(([, handle]) => handle)];
    this.files.push({ name, file, args, environ, given: all.map((one) => factOfHandle(one)) });
    const failures = faults.length > 0 ? new PlannedFailures(faults) : null;
    this.#listener.programMade({ name, process, script: null, failures, killAfter, accesses });
    const vdso = this.#vdso ??= vdsoObject(this.#kernel.realm);
    startElf({ process, processor, vdso, file, handles: given, paths, args, environ });
    return held as unknown as ObjectHandle<"Process", ProcessRight>;
  }

  /** Everything is there, and the first step can be taken. */
  begins(): void {
    this.isOpen = false;
  }

  /** Where a program was made; empty if nobody looked. */
  placeOf(program: string): string {
    const held = this.handles.find(({ name, type }) => name === program && type === "Process");
    return held?.place ?? "";
  }

  /** Let go of what the kernel has only for the programs of this world. */
  clear(): void {
    this.#vdso?.drop();
    this.#vdso = null;
  }

  anytime(name: string, deed: () => void): void {
    this.program(name, [], function* () {
      deed();
    });
  }

  kill(program: string): void {
    this.#processOf(program, "kill").kill();
  }

  close(program: string, { koid }: ObjectHandle): void {
    const process = this.#processOf(program, "close handles of");
    // Also where nothing is found: what the program holds decides what this does.
    this.#kernel.realm.witness?.tableChanged(process);
    for (const [value, { object }] of [...process.handleTable.entries()]) {
      if (object.koid === koid) process.removeHandle(value, "closed by the scenario")?.close();
    }
  }

  always(name: string, predicate: Predicate): void {
    this.#claim("always", name, predicate);
  }

  never(name: string, predicate: Predicate): void {
    this.#claim("never", name, predicate);
  }

  sometimes(name: string, predicate: Predicate): void {
    this.#claim("sometimes", name, predicate);
  }

  eventually(name: string, predicate: Predicate): void {
    this.#claim("eventually", name, predicate);
  }

  #claim(kind: ClaimKind, name: string, predicate: Predicate): void {
    this.#mustBeOpen(`the claim ${name}`);
    if (typeof predicate !== "function") {
      throw new ScenarioError(`${kind} ${name} has nothing to ask: write (view) => …`);
    }
    this.#listener.claimed(kind, name, predicate);
  }

  notModelled(what: string): void {
    this.#listener.leftOut(what);
  }

  #namespaceOf(process: Process, namespace: Namespace): NamespaceValues {
    if (namespace === NOTHING) return NO_VALUES;
    const values = placed(namespace, process.name).map(([path, handle]) => {
      return [path, process.addHandle(handleOf(handle, process), "given by the scenario")];
    });
    return Object.fromEntries(values);
  }

  #jobOf(job: ObjectHandle<"Job", RightName> | undefined): Job {
    if (!job) return this.#kernel.rootJob;
    const { object } = job as unknown as HeldHandle;
    if (object instanceof Job) return object;
    throw new ScenarioError(`${job.name} is no job that anything could be in`);
  }

  #processOf(program: string, deed: string): Process {
    const process = this.processes.get(program);
    if (process) return process;
    throw new ScenarioError(`there is no program named ${program} to ${deed}`);
  }

  #process(
    name: string,
    job: ObjectHandle<"Job", RightName> | undefined,
  ): readonly [Process, HeldHandle] {
    this.#mustBeOpen(`program ${name}`);
    if (this.processes.has(name)) {
      throw new ScenarioError(
        `two programs are named ${name}: claims and stories need one of a name`,
      );
    }
    const process = this.#good(Process.create(this.#jobOf(job), name), name);
    this.processes.set(name, process);
    return [process, this.#made(process, name, "Process", DEFAULT_RIGHTS.process)];
  }

  /** What is made later would be there in some schedules only, and nobody would know whose it is. */
  #mustBeOpen(what: string): void {
    if (this.isOpen) return;
    throw new ScenarioError(
      `${what} comes after the first step: a program makes objects with calls, such as zx.eventCreate`,
    );
  }

  #made(object: KernelObject, name: string, type: HandleType, rights: number): HeldHandle {
    this.#mustBeOpen(name);
    if (typeof name !== "string" || name === "") {
      throw new ScenarioError(`a ${type} needs a name that stories can call it by, such as "bell"`);
    }
    if (object.name === "") object.name = name;
    const place = this.#listener.isFirst ? placeOf(new Error()) : "";
    const held = new HeldHandle(object, type, new Handle(object, rights), place);
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

/** A scenario's handle as a program is to have it. */
function handleOf(handle: ObjectHandle, process: Process): Handle {
  return handle instanceof OwnHandle ? handle.of(process) : (handle as HeldHandle).give();
}

/** What a condition or an action of a policy is called by number. */
function ruleNumber<T extends number>(known: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(known, name)) return known[name]!;
  const names = Object.keys(known).join(", ");
  throw new ScenarioError(`a job's policy knows no ${name}; there is ${names}`);
}
