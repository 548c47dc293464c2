/**
 * The memory of the machine as its programs are told of it: what frames are left, less what the kernel
 * holds for programs outside of them, which is bounded by a share of the whole.
 *
 * @module
 */
import { PAGE_SIZE, type PhysicalMemory } from "../ports.ts";
import { HELD_SHARE, OpenFiles } from "./bounds.ts";

/** The memory of one machine. */
export class MachineMemory {
  /** How many bytes there are. */
  readonly total: number;
  /** How many files can be open. */
  readonly filesMax: number;
  /** How many are. */
  files = 0;
  readonly #frames: PhysicalMemory;
  readonly #heldMax: number;
  #held = 0;

  /** Memory of which nothing is held. */
  constructor(frames: PhysicalMemory) {
    this.#frames = frames;
    this.total = frames.totalFrames * PAGE_SIZE;
    this.filesMax = Math.max(OpenFiles.LEAST, Math.floor(this.total / OpenFiles.BYTES_EACH));
    this.#heldMax = Math.floor(this.total * HELD_SHARE);
  }

  /** How many bytes are free. */
  get free(): number {
    return Math.max(0, this.#frames.freeFrames * PAGE_SIZE - this.#held);
  }

  /** How many bytes are held. */
  get held(): number {
    return this.#held;
  }

  /** Whether so many more bytes can be held. */
  hasRoom(bytes: number): boolean {
    return this.#held + bytes <= this.#heldMax;
  }

  /** Hold some more bytes for programs; answers false where that would be too many. */
  charge(bytes: number): boolean {
    if (!this.hasRoom(bytes)) return false;
    this.#held += bytes;
    return true;
  }

  /** Hold some bytes no longer. */
  uncharge(bytes: number): void {
    this.#held -= bytes;
  }
}
