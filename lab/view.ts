/**
 * What a claim may look at: who holds what, who did what, in which state things are.
 *
 * @module
 */
import { type RightName, Signal } from "../kernel/abi.ts";
import { Channel } from "../kernel/ipc/channel.ts";
import { Port } from "../kernel/ipc/port.ts";
import { Socket } from "../kernel/ipc/socket.ts";
import type { KernelObject } from "../kernel/object/object.ts";
import { Peered } from "../kernel/object/peer.ts";
import type { Process } from "../kernel/task/process.ts";
import { Vmo } from "../kernel/vm/vmo.ts";
import { graphOf } from "./authority/authority_graph.ts";
import type { AuthoritySet } from "./authority/authority_set.ts";
import { Closure } from "./authority/closure.ts";
import { exercisedBy } from "./authority/exercise.ts";
import type { Sight } from "./claim.ts";
import { EVERYTHING, familyOf, stateKey, tableKey } from "./explore/footprint.ts";
import { mapEntriesOf, type MapEntry } from "./map_entry.ts";
import type { HeldHandle, ObjectHandle } from "./object_handle.ts";
import type { Delivery, Provenance } from "./provenance.ts";
import { maskOf } from "./right_mask.ts";
import { ScenarioError } from "./scenario_error.ts";
import { factOfHandle, type ObjectFact, type Step } from "./step.ts";

/** The machine as it is after a step. */
export interface View {
  /** How many steps there have been. */
  readonly step: number;
  /** The step just taken. */
  readonly last: Step;
  /** The call that a program has just had answered, if it is this one (any, where none is named). */
  did(program: string, call?: string): Step | undefined;
  /** Whether a program holds a handle to an object with all of these rights. */
  holds(program: string, object: ObjectHandle, ...rights: RightName[]): boolean;
  /** Everything that a program holds. */
  held(program: string): readonly ObjectFact[];
  /** The programs that hold a handle to an object with all of these rights. */
  holders(object: ObjectHandle, ...rights: RightName[]): readonly string[];
  /** Whether a call of a program that demands a right on an object has succeeded so far. */
  used(program: string, object: ObjectHandle, right: RightName): boolean;
  /** Everything that programs have used so far. */
  observed(): AuthoritySet;
  /** Everything that programs could come to use from now on, whatever they do. */
  closure(): AuthoritySet;
  /**
   * How a step became possible, from last to first: the step that read the message which gave the
   * handle that it used, the step that wrote it, and so on to a handle that was there at first.
   */
  causes(step: Step): readonly Step[];
  /** The message that a program has read last, with the step that wrote it. */
  message(program: string): Delivery | undefined;
  /** What a program has mapped, lowest first, with what may be done there. */
  mappings(program: string): readonly MapEntry[];
  /** The state that an object is in. */
  stateOf(object: ObjectHandle): ObjectState;
  /** Whether a program could come to use a right on an object, whatever programs do from now on. */
  couldReach(program: string, object: ObjectHandle, right: RightName): boolean;
  /** Whether a program has not ended. */
  alive(program: string): boolean;
  /** What a program ended with; undefined while it lives. */
  exitCode(program: string): number | undefined;
  /** The signals that an object has. */
  signals(object: ObjectHandle): number;
  /** The first bytes of a memory object. */
  bytes(object: ObjectHandle, length: number): Uint8Array;
  /** The text at the beginning of a memory object, up to its first zero. */
  text(object: ObjectHandle): string;
}

/** What can be seen of an object from outside. */
export interface ObjectState {
  /** Its type, such as `channel`. */
  readonly type: string;
  /** Its signals. */
  readonly signals: number;
  /** Whether the other one of its pair is gone; false where there never was one. */
  readonly peerClosed: boolean;
  /** How many messages wait in it, or bytes, or packets; 0 where nothing can. */
  readonly waiting: number;
  /** How many bytes it has, if it is a memory object. */
  readonly size: number;
}

/** What a view looks at. */
export interface Scene {
  /** How many steps there have been. */
  readonly step: number;
  /** The step just taken. */
  readonly last: Step | null;
  /** The calls that were answered in it. */
  readonly answered: readonly Step[];
  /** The programs' processes by name. */
  readonly programs: ReadonlyMap<string, Process>;
  /** The steps so far, and calls that were answered after they had waited, in order. */
  readonly history: readonly Step[];
  /** Where handles and messages came from. */
  readonly provenance: Provenance;
  /** A program's process. */
  processOf(program: string): Process | undefined;
}

const TEXT_MAX = 256;

/** A view that remembers what was looked at. */
export class RememberingView implements View {
  /** Where to remember it. */
  sight: Sight;
  readonly #scene: Scene;

  /** A view of a run. */
  constructor(scene: Scene, sight: Sight) {
    this.#scene = scene;
    this.sight = sight;
  }

  get step(): number {
    this.sight.all();
    return this.#scene.step;
  }

  get last(): Step {
    this.sight.all();
    if (!this.#scene.last) throw new ScenarioError("there is no last step yet");
    return this.#scene.last;
  }

  did(program: string, call = ""): Step | undefined {
    this.#process(program);
    this.sight.call(`${program}:${call}`);
    return this.#scene.answered.find((step) =>
      step.program === program && (call === "" || step.call === call)
    );
  }

  holds(program: string, object: ObjectHandle, ...rights: RightName[]): boolean {
    const process = this.#process(program);
    this.sight.key(tableKey(process.koid));
    const mask = maskOf(rights);
    return hasHandle(process, object.koid, mask);
  }

  held(program: string): readonly ObjectFact[] {
    const process = this.#process(program);
    this.sight.key(tableKey(process.koid));
    return [...process.handleTable.entries()].map(([, handle]) => factOfHandle(handle));
  }

  holders(object: ObjectHandle, ...rights: RightName[]): readonly string[] {
    const mask = maskOf(rights);
    return [...this.#scene.programs].filter(([, process]) => {
      this.sight.key(tableKey(process.koid));
      return hasHandle(process, object.koid, mask);
    }).map(([program]) => program);
  }

  used(program: string, object: ObjectHandle, right: RightName): boolean {
    this.#process(program);
    maskOf([right]);
    this.sight.call(`${program}:`);
    const steps = this.#scene.history.filter((step) => step.program === program);
    return exercisedBy(steps).has({ koid: object.koid, right });
  }

  observed(): AuthoritySet {
    this.sight.all();
    return exercisedBy(this.#scene.history);
  }

  closure(): AuthoritySet {
    this.sight.all();
    return new Closure(graphOf(this.#scene.programs)).authority;
  }

  causes(step: Step): readonly Step[] {
    return this.#scene.provenance.causesOf(step);
  }

  message(program: string): Delivery | undefined {
    this.#process(program);
    this.sight.call(`${program}:`);
    return this.#scene.provenance.lastOf(program);
  }

  mappings(program: string): readonly MapEntry[] {
    const process = this.#process(program);
    this.sight.key(stateKey(process.koid));
    this.sight.key(EVERYTHING);
    return mapEntriesOf(process.space);
  }

  stateOf(handle: ObjectHandle): ObjectState {
    const { object } = handle as HeldHandle;
    const koid = object instanceof Vmo ? familyOf(object) : object.koid;
    this.sight.key(stateKey(koid));
    return {
      type: object.label,
      signals: object.signals,
      peerClosed: (object.signals & Signal.PEER_CLOSED) !== 0 && object instanceof Peered,
      waiting: waitingIn(object),
      size: object instanceof Vmo ? object.size : 0,
    };
  }

  couldReach(program: string, object: ObjectHandle, right: RightName): boolean {
    this.#process(program);
    maskOf([right]);
    this.sight.all();
    return new Closure(graphOf(this.#scene.programs)).may(program, object.koid, right);
  }

  alive(program: string): boolean {
    const process = this.#process(program);
    this.sight.key(stateKey(process.koid));
    return process.state !== "dead";
  }

  exitCode(program: string): number | undefined {
    return this.alive(program) ? undefined : this.#process(program).returnCode;
  }

  signals(object: ObjectHandle): number {
    this.sight.key(stateKey(object.koid));
    return (object as HeldHandle).object.signals;
  }

  bytes(object: ObjectHandle, length: number): Uint8Array {
    const vmo = (object as HeldHandle).object;
    if (!(vmo instanceof Vmo)) throw new ScenarioError(`${object.name} is no memory object`);
    this.sight.key(stateKey(familyOf(vmo)));
    const bytes = new Uint8Array(Math.min(length, vmo.size));
    vmo.read(0, bytes);
    return bytes;
  }

  text(object: ObjectHandle): string {
    const bytes = this.bytes(object, TEXT_MAX);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  }

  #process(program: string): Process {
    const process = this.#scene.processOf(program);
    if (process) return process;
    throw new ScenarioError(`there is no program named ${program}`);
  }
}

function hasHandle(process: Process, koid: number, mask: number): boolean {
  for (const [, handle] of process.handleTable.entries()) {
    if (handle.object.koid === koid && handle.has(mask)) return true;
  }
  return false;
}

function waitingIn(object: KernelObject): number {
  if (object instanceof Channel) return object.pending;
  if (object instanceof Socket) return object.waiting;
  return object instanceof Port ? object.pending : 0;
}
