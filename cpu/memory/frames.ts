/**
 * Guest-physical memory: one `WebAssembly.Memory` that never grows, given out in frames of zeros.
 *
 * The operating system commits it page by page when it is touched, so its size is only a bound.
 *
 * @module
 */
import { FIRST_FRAME, PAGE_SIZE } from "../layout.ts";
import { Runs } from "./runs.ts";

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
  readonly #isTaken: Uint8Array;
  readonly #wasTaken: Uint8Array;
  readonly #runs: Runs;
  #left: number;

  constructor(memoryBytes: number) {
    this.totalFrames = Math.floor(memoryBytes / PAGE_SIZE);
    const size = (FIRST_FRAME + this.totalFrames) * PAGE_SIZE;
    const pages = Math.ceil(size / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const buffer = this.memory.buffer as ArrayBuffer;
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.longs = new BigInt64Array(buffer);
    this.#isTaken = new Uint8Array(this.totalFrames);
    this.#wasTaken = new Uint8Array(this.totalFrames);
    this.#runs = new Runs(this.#isTaken);
    this.#left = this.totalFrames;
  }

  /** How many frames are free. */
  get freeFrames(): number {
    return this.#left;
  }

  /**
   * Take a frame of zeros; 0 when none is left. `wanted` is the frame that would suit best by
   * those of pages nearby; where there is none, `page` says that neighbours may follow, and
   * `neighbours` about how many, see `Runs.find`.
   */
  allocate(wanted = 0, page = -1, neighbours = 0): number {
    if (this.#left === 0) return 0;
    const index = this.isFree(wanted) ? wanted - FIRST_FRAME : this.#runs.find(page, neighbours);
    this.#isTaken[index] = 1;
    this.#runs.taken(index);
    this.#left--;
    const frame = FIRST_FRAME + index;
    if (this.#wasTaken[index] !== 0) {
      this.bytes.fill(0, frame * PAGE_SIZE, (frame + 1) * PAGE_SIZE);
    }
    this.#wasTaken[index] = 1;
    return frame;
  }

  /** Whether a frame that is wanted can be had. */
  isFree(frame: number): boolean {
    const index = frame - FIRST_FRAME;
    return index >= 0 && index < this.totalFrames && this.#isTaken[index] === 0;
  }

  /** Give a frame back. */
  release(frame: number): void {
    this.onStale(frame);
    this.#isTaken[frame - FIRST_FRAME] = 0;
    this.#runs.released(frame - FIRST_FRAME);
    this.#left++;
  }

  /** Say that somebody other than a guest wrote to a frame. */
  wrote(frame: number): void {
    this.onStale(frame);
  }
}
