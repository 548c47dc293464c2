/**
 * A ground to stand objects on without a processor: plain memory, a seeded die, a clock at zero.
 *
 * @module
 */
import { Realm } from "../../kernel/object/realm.ts";
import { type Entropy, PAGE_SIZE, type PhysicalMemory } from "../../kernel/ports.ts";

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

  release(frame: number): void {
    this.#free.push(frame);
  }

  wrote(_frame: number): void {}
}

/** Random numbers that are the same each time: SplitMix, 32 bits. */
export class SeededEntropy implements Entropy {
  #state: number;

  /** The sequence of this seed. */
  constructor(seed = 1) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  }
}

/** A realm for a test. */
export function testRealm(frames = 1024, seed = 1): Realm {
  return new Realm({ memory: new PlainMemory(frames), entropy: new SeededEntropy(seed) });
}
