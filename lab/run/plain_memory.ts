/**
 * Frames for a machine without a processor: small, and used again by the next machine.
 *
 * @module
 */
import { PAGE_SIZE, type PhysicalMemory } from "../../kernel/ports.ts";

/** Memory that only the kernel looks at. */
export class PlainMemory implements PhysicalMemory {
  readonly bytes: Uint8Array;
  readonly totalFrames: number;
  readonly #free: number[] = [];
  #untouched = 1;

  /** So many frames, all free. */
  constructor(frames: number) {
    this.totalFrames = frames;
    this.bytes = new Uint8Array((frames + 1) * PAGE_SIZE);
  }

  get freeFrames(): number {
    return this.#free.length + this.totalFrames - this.#untouched + 1;
  }

  allocate(): number {
    const frame = this.#free.pop() ?? (this.#untouched <= this.totalFrames ? this.#untouched++ : 0);
    if (frame !== 0) this.bytes.fill(0, frame * PAGE_SIZE, (frame + 1) * PAGE_SIZE);
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

  /** Take everything back: whoever had a frame is gone. */
  reset(): void {
    this.#free.length = 0;
    this.#untouched = 1;
  }
}
