/**
 * Memory that several programs see, in a run: where machine code may be interrupted because of it, and
 * what a step depends on.
 *
 * Where a scenario asks for it, a step of machine code ends before each access to such memory too: its
 * pages are hidden from the processor, so that every access stops there, and shown for the one
 * instruction that the next step begins with.
 *
 * @module
 */
import { Access, PAGE_SIZE, type Processor, StopReason } from "../../kernel/ports.ts";
import { STEPPED, type Trap } from "../../kernel/task/personality.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Thread } from "../../kernel/task/thread.ts";
import { Mapping } from "../../kernel/vm/mapping.ts";
import type { Vmar } from "../../kernel/vm/vmar.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import type { Director } from "./director.ts";
import { familyOf, type Footprint, stateKey } from "../explore/footprint.ts";
import type { MachineWatcher } from "./watched_zircon.ts";

/** How many turns without a call a thread may have. */
const SILENT_TURNS_MAX = 20;

/** An access that a thread is about to make. */
interface NextAccess {
  readonly address: number;
  readonly access: number;
}

/** The memory that programs of one run share. */
export class SharedMemory implements MachineWatcher {
  /** What the step under way did besides its call, in words. */
  note = "";
  /** Whether the turn that was last ended before an access. */
  stopped = false;
  readonly #director: Director;
  readonly #footprint: Footprint;
  readonly #interrupted = new Set<Process>();
  readonly #next = new Map<Thread, NextAccess>();
  #current: Thread | null = null;
  #isGranted = false;
  /** How many turns of each thread ended without anything. */
  readonly #silent = new Map<Thread, number>();

  /** For a run that is about to begin, whose kernel is the processor's last. */
  constructor(processor: Processor, director: Director, footprint: Footprint) {
    this.#director = director;
    this.#footprint = footprint;
    const { onFault } = processor;
    processor.onFault = (address, access) =>
      this.#stopsAt(address, access) ? false : onFault!(address, access);
  }

  /** Stop a program at its accesses. */
  interrupt(process: Process): void {
    this.#interrupted.add(process);
  }

  /** Whether a thread has gone on for so long without a call that it never will make one. */
  isLost(thread: Thread): boolean {
    const turns = (this.#silent.get(thread) ?? 0) + 1;
    this.#silent.set(thread, turns);
    return turns >= SILENT_TURNS_MAX;
  }

  onTurn(thread: Thread): void {
    this.#current = thread;
    this.stopped = false;
    const next = this.#next.get(thread);
    this.#isGranted = next !== undefined;
    thread.singleStep = this.#isGranted;
    if (!this.#interrupted.has(thread.process)) return this.#dependOnMemory(thread.process);
    this.#hide(thread.process);
    if (next) this.#dependOnAccess(thread.process, next);
  }

  onTrap(thread: Thread, trap: Trap): boolean {
    thread.singleStep = false;
    if (trap === STEPPED && this.#isGranted) {
      this.#isGranted = false;
      this.#next.delete(thread);
      this.#director.goesOn = true;
      return true;
    }
    if (trap === StopReason.FAULT && !this.#isGranted && this.#next.has(thread)) return true;
    this.#next.delete(thread);
    const { pc } = (thread.body as { readonly context: { readonly pc: number } }).context;
    this.#say(`stops at 0x${pc.toString(16)} with an exception`);
    return false;
  }

  /** Whether a fault is one of those that hidden pages are there for. */
  #stopsAt(address: number, access: number): boolean {
    const thread = this.#current;
    if (!thread || this.#isGranted || !this.#interrupted.has(thread.process)) return false;
    const mapping = thread.process.space.mappingAt(address);
    if (!mapping || !isShared(mapping.vmo)) return false;
    this.#next.set(thread, { address, access });
    this.stopped = true;
    this.#say(`comes to an access to ${mapping.vmo.name || "memory"}`);
    return true;
  }

  #hide(process: Process): void {
    for (
      const { base, size, vmo } of process.space.roots.flatMap((root) => [...mappingsOf(root)])
    ) {
      if (isShared(vmo)) process.space.processor?.unmap(base / PAGE_SIZE, size / PAGE_SIZE);
    }
  }

  #dependOnAccess({ space }: Process, { address, access }: NextAccess): void {
    const mapping = space.mappingAt(address);
    if (!mapping) return;
    const writes = (access & Access.WRITE) !== 0;
    this.#footprint.add(stateKey(familyOf(mapping.vmo)), writes);
    const offset = mapping.offset + address - mapping.base;
    this.#say(`${writes ? "stores to" : "loads from"} ${mapping.vmo.name || "memory"}+${offset}`);
  }

  /** Where it is not told which accesses a step makes, it may make all that it could. */
  #dependOnMemory({ space }: Process): void {
    for (const { vmo, access } of space.roots.flatMap((root) => [...mappingsOf(root)])) {
      if (isShared(vmo)) {
        this.#footprint.add(stateKey(familyOf(vmo)), (access & Access.WRITE) !== 0);
      }
    }
  }

  #say(what: string): void {
    this.note = this.note === "" ? what : `${this.note}, ${what}`;
  }
}

/** Whether others can see a memory object. */
function isShared(vmo: Vmo): boolean {
  return vmo.vdsoCode === null &&
    (vmo.handles > 0 || vmo.showings.mappings > 1 || vmo.parent !== null);
}

function* mappingsOf(region: Vmar): Generator<Mapping> {
  if (!region.alive) return;
  for (const inner of region.regions.all()) {
    if (inner instanceof Mapping) yield inner;
    else yield* mappingsOf(inner);
  }
}
