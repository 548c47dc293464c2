/**
 * Pipes: bytes from one end to the other, so many at a time.
 *
 * @module
 */
import { Errno } from "../error.ts";
import { OpenFile, OpenFlag } from "./open_file.ts";

/** So many bytes a pipe holds. */
const SIZE = 4096;

/** What the two ends share. */
class Bytes {
  readonly chunks: Uint8Array[] = [];
  length = 0;
  readonly ends: PipeEnd[] = [];
}

/** One end of a pipe. */
export class PipeEnd extends OpenFile {
  readonly #bytes: Bytes;
  #isOpen = true;

  private constructor(bytes: Bytes, flags: number) {
    super(null, flags, "pipe");
    this.#bytes = bytes;
    bytes.ends.push(this);
  }

  /** A pipe: the end to read from, and the end to write to. */
  static pair(): readonly [PipeEnd, PipeEnd] {
    const bytes = new Bytes();
    return [new PipeEnd(bytes, OpenFlag.RDONLY), new PipeEnd(bytes, OpenFlag.WRONLY)];
  }

  override read(count: number): Uint8Array | number {
    const { chunks } = this.#bytes;
    const [first] = chunks;
    if (!first) return this.#other.#isOpen ? Errno.EAGAIN : new Uint8Array();
    if (first.length <= count) chunks.shift();
    else chunks[0] = first.subarray(count);
    const taken = first.subarray(0, count);
    this.#bytes.length -= taken.length;
    this.#other.waiting.resumeAll(0);
    return taken;
  }

  override write(bytes: Uint8Array): number {
    if (!this.#other.#isOpen) return Errno.EPIPE;
    const room = SIZE - this.#bytes.length;
    if (bytes.length === 0) return 0;
    if (room <= 0) return Errno.EAGAIN;
    const taken = bytes.slice(0, room);
    this.#bytes.chunks.push(taken);
    this.#bytes.length += taken.length;
    this.#other.waiting.resumeAll(0);
    return taken.length;
  }

  protected override closed(): void {
    this.#isOpen = false;
    this.#other.waiting.resumeAll(0);
  }

  get #other(): PipeEnd {
    return this.#bytes.ends.find((one) => one !== this)!;
  }
}
