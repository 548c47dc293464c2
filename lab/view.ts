/**
 * What a claim may look at: who holds what, who did what, in which state things are.
 *
 * @module
 */
import { Right, type RightName } from "../kernel/abi.ts";
import type { Process } from "../kernel/task/process.ts";
import { Vmo } from "../kernel/vm/vmo.ts";
import { graphOf } from "./authority/authority_graph.ts";
import { Closure } from "./authority/closure.ts";
import type { Sight } from "./claim.ts";
import { familyOf, stateKey, tableKey } from "./explore/footprint.ts";
import type { HeldHandle, ObjectHandle } from "./object_handle.ts";
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
    const mask = rights.reduce((sum, name) => sum | Right[name], 0);
    for (const [, handle] of process.handleTable.entries()) {
      if (handle.object.koid === object.koid && handle.has(mask)) return true;
    }
    return false;
  }

  held(program: string): readonly ObjectFact[] {
    const process = this.#process(program);
    this.sight.key(tableKey(process.koid));
    return [...process.handleTable.entries()].map(([, handle]) => factOfHandle(handle));
  }

  couldReach(program: string, object: ObjectHandle, right: RightName): boolean {
    this.#process(program);
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
