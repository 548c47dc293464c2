/**
 * What a step depends on: the objects it looks at and those it changes.
 *
 * Two steps could change places if neither changes what the other looks at or changes. Of an object
 * there are three things to look at: its state, the count of its handles, and, of a process, its
 * table. Deeds whose reach is not known to be small look at and change everything.
 *
 * @module
 */
import { ObjectType } from "../../kernel/abi.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Witness } from "../../kernel/object/witness.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import type { Actor } from "../run/actor.ts";

const PARTS = 4;
const STATE = 0;
const COUNT = 1;
const TABLE = 2;

/** Changed by deeds of unknown reach, and looked at by every deed. */
export const EVERYTHING = 1;
/** The debug log, which all handles to it share. */
const DEBUG_LOG = 2;

/** Calls that change nothing but what is theirs alone. */
const LOOKS: ReadonlySet<string> = new Set([
  "vmoRead",
  "vmoGetSize",
  "vmoGetStreamSize",
  "objectWaitOne",
  "objectWaitMany",
  "objectGetProperty",
  "handleDuplicate",
  "handleReplace",
  "handleCheckValid",
  "handleClose",
  "handleCloseMany",
]);

/** Calls that reach no further than the objects whose handles they are given, and their peers. */
const NEAR = /^(handle|channel|event|socket|fifo|port|vmo|timer|counter|nanosleep|debuglog)/;
const NEAR_TOO: ReadonlySet<string> = new Set([
  "objectWaitOne",
  "objectWaitMany",
  "objectWaitAsync",
  "objectSignal",
  "objectSignalPeer",
  "objectGetProperty",
  "objectSetProperty",
  "objectGetInfo",
  "clockGetMonotonic",
  "clockGetBoot",
  "processExit",
  "threadExit",
]);

/** What is known of a call by its name alone. */
interface CallReach {
  /** Whether it changes nothing but what is theirs alone. */
  readonly looks: boolean;
  /** Whether it reaches further than its handles. */
  readonly far: boolean;
  /** Whether it says something in the debug log. */
  readonly logs: boolean;
}

const REACHES = new Map<string, CallReach>();

/** Calls are few and made often. */
function reachOf(call: string): CallReach {
  const known = REACHES.get(call);
  if (known) return known;
  const far = !NEAR.test(call) && !NEAR_TOO.has(call);
  const reach = { looks: LOOKS.has(call), far, logs: call.startsWith("debuglog") };
  REACHES.set(call, reach);
  return reach;
}

/** The key of an object's state. */
export function stateKey(koid: number): number {
  return koid * PARTS + STATE;
}

/** The key of what a process holds. */
export function tableKey(koid: number): number {
  return koid * PARTS + TABLE;
}

/** What one step depends on: keys, each looked at or changed. */
export class Footprint implements Witness {
  /** How many keys there are. */
  size = 0;
  /** The keys. */
  readonly keys: number[] = [];
  /** For each key, whether it is changed. */
  readonly changes: boolean[] = [];
  #looks = true;

  /** Forget everything: the next step is this thread's. */
  begin({ thread, script }: Actor): void {
    this.size = 0;
    this.#looks = script !== null;
    const { process } = thread;
    this.add(EVERYTHING, false);
    this.add(stateKey(process.koid), false);
    this.add(tableKey(process.koid), false);
    this.add(stateKey(thread.koid), false);
    if (process.job.handles > 0) this.add(stateKey(process.job.koid), false);
  }

  /** The step may change anything. */
  everything(): void {
    this.add(EVERYTHING, true);
  }

  /** The step makes this call. */
  call(name: string): void {
    const { looks, far, logs } = reachOf(name);
    this.#looks = looks;
    if (far) this.add(EVERYTHING, true);
    if (logs) this.add(DEBUG_LOG, true);
  }

  looked(object: KernelObject): void {
    if (object.type === ObjectType.VMO) return this.add(stateKey(familyOf(object)), !this.#looks);
    this.add(stateKey(object.koid), !this.#looks);
  }

  changed(object: KernelObject): void {
    this.add(stateKey(object.koid), true);
  }

  counted(object: KernelObject): void {
    this.add(object.koid * PARTS + COUNT, object.handles <= 1);
  }

  tableChanged(process: KernelObject): void {
    this.add(tableKey(process.koid), true);
  }

  /** Depend on one more key. */
  add(key: number, change: boolean): void {
    const { keys, changes } = this;
    for (let at = 0; at < this.size; at++) {
      if (keys[at] !== key) continue;
      if (change) changes[at] = true;
      return;
    }
    keys[this.size] = key;
    changes[this.size++] = change;
  }

  /** Whether it changes what is under a key. */
  changesKey(key: number): boolean {
    for (let at = 0; at < this.size; at++) if (this.keys[at] === key) return this.changes[at]!;
    return false;
  }

  /** Whether a step with this footprint and one with another may not change places. */
  conflicts(other: Footprint): boolean {
    for (let at = 0; at < this.size; at++) {
      const key = this.keys[at];
      for (let there = 0; there < other.size; there++) {
        if (other.keys[there] === key && (this.changes[at] || other.changes[there])) return true;
      }
    }
    return false;
  }

  /** Become a copy of another. */
  copy(other: Footprint): void {
    this.size = other.size;
    for (let at = 0; at < other.size; at++) {
      this.keys[at] = other.keys[at]!;
      this.changes[at] = other.changes[at]!;
    }
  }
}

/** Memory objects that were made from each other share what they show. */
export function familyOf(object: KernelObject): number {
  let root = object as Vmo;
  while (root.parent) root = root.parent;
  return root.koid;
}
