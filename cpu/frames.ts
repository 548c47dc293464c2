/**
 * Guest-physical memory: one `WebAssembly.Memory` that never grows, given out in frames of zeros.
 *
 * The operating system commits it page by page when it is touched, so its size is only a bound.
 *
 * @module
 */
import { FIRST_FRAME, PAGE_SIZE } from "./layout.ts";

/** Bytes of WebAssembly's pages. */
export const WASM_PAGE = 65536;

/** All memory of a machine, and who has which frame. */
export class Frames {
  /** The memory that WebAssembly code imports. */
  readonly memory: WebAssembly.Memory;
  /** All of it; frame `n` is the 4096 bytes at `n * 4096`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same as signed words. */
  readonly words: Int32Array<ArrayBuffer>;
  /** The same as 64-bit integers. */
  readonly longs: BigInt64Array<ArrayBuffer>;
  /** How many frames there are to give. */
  readonly totalFrames: number;
  /** Called with a frame whose code, if any was made from it, is stale. */
  onStale: (frame: number) => void = () => {};
  readonly #free: number[] = [];
  #next = FIRST_FRAME;

  constructor(memoryBytes: number) {
    this.totalFrames = Math.floor(memoryBytes / PAGE_SIZE);
    const size = (FIRST_FRAME + this.totalFrames) * PAGE_SIZE;
    const pages = Math.ceil(size / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const buffer = this.memory.buffer as ArrayBuffer;
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.longs = new BigInt64Array(buffer);
  }

  /** How many frames are free. */
  get freeFrames(): number {
    return this.#free.length + FIRST_FRAME + this.totalFrames - this.#next;
  }

  /** Take a frame of zeros; 0 when none is left. The frame given back last is taken first. */
  allocate(): number {
    const used = this.#free.pop();
    if (used !== undefined) {
      this.bytes.fill(0, used * PAGE_SIZE, (used + 1) * PAGE_SIZE);
      return used;
    }
    return this.#next < FIRST_FRAME + this.totalFrames ? this.#next++ : 0;
  }

  /** Give a frame back. */
  release(frame: number): void {
    this.onStale(frame);
    this.#free.push(frame);
  }

  /** Say that somebody other than a guest wrote to a frame. */
  wrote(frame: number): void {
    this.onStale(frame);
  }
}
