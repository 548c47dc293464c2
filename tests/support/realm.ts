/**
 * A ground to stand objects on without a processor: plain memory, a seeded die, a clock at zero.
 *
 * @module
 */
import { Realm } from "../../kernel/object/realm.ts";
import { PAGE_SIZE, type PhysicalMemory } from "../../kernel/ports.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";

/** Frames in an array buffer, for tests that run no machine code. */
export class PlainMemory implements PhysicalMemory {
  readonly bytes: Uint8Array;
  readonly totalFrames: number;
  readonly #free: number[] = [];

  /** So many frames, all free. */
  constructor(frames = 1024) {
    this.totalFrames = frames;
    this.bytes = new Uint8Array((frames + 1) * PAGE_SIZE);
    for (let frame = frames; frame > 0; frame--) this.#free.push(frame);
  }

  get freeFrames(): number {
    return this.#free.length;
  }

  allocate(): number {
    const frame = this.#free.pop() ?? 0;
    if (frame) this.bytes.fill(0, frame * PAGE_SIZE, (frame + 1) * PAGE_SIZE);
    return frame;
  }

  isFree(_frame: number): boolean {
    // Which frame is given is all the same here.
    return false;
  }

  release(frame: number): void {
    this.#free.push(frame);
  }

  wrote(_frame: number): void {}
}

/** A realm for a test. */
export function testRealm(frames = 1024, seed = 1): Realm {
  return new Realm({ memory: new PlainMemory(frames), entropy: new SeededEntropy(seed) });
}
