/**
 * Bytes under way: chunks, each copied once when it is written and once when it is read.
 *
 * @module
 */
import type { Realm } from "../object/realm.ts";

/** The least that is set aside at once, so that many small writes share a chunk. */
const CHUNK_MIN = 2048;

interface Chunk {
  readonly bytes: Uint8Array;
  start: number;
  end: number;
}

/** A queue of bytes without boundaries. */
export class ByteQueue {
  readonly #realm: Realm;
  readonly #chunks: Chunk[] = [];
  #head = 0;
  #size = 0;

  /** An empty queue. */
  constructor(realm: Realm) {
    this.#realm = realm;
  }

  /** How many bytes are in it. */
  get size(): number {
    return this.#size;
  }

  /** Put bytes in; answers false when the kernel keeps too much already. */
  push(bytes: Uint8Array): boolean {
    const tail = this.#chunks.at(-1);
    const room = tail && this.#head < this.#chunks.length ? tail.bytes.length - tail.end : 0;
    const rest = bytes.length - room;
    if (rest > 0) {
      const length = Math.max(rest, CHUNK_MIN);
      if (!this.#realm.keep(length)) return false;
      const chunk: Chunk = { bytes: new Uint8Array(length), start: 0, end: rest };
      chunk.bytes.set(bytes.subarray(room));
      this.#chunks.push(chunk);
    }
    if (tail && room > 0) {
      const part = bytes.subarray(0, room);
      tail.bytes.set(part, tail.end);
      tail.end += part.length;
    }
    this.#size += bytes.length;
    return true;
  }

  /** Copy the first bytes out, as many as there are and as there is room for; answers how many. */
  peek(target: Uint8Array): number {
    let done = 0;
    for (let at = this.#head; at < this.#chunks.length && done < target.length; at++) {
      const { bytes, start, end } = this.#chunks[at]!;
      const count = Math.min(end - start, target.length - done);
      target.set(bytes.subarray(start, start + count), done);
      done += count;
    }
    return done;
  }

  /** Throw the first bytes away. */
  skip(count: number): void {
    this.#size -= count;
    for (let rest = count; rest > 0;) {
      const chunk = this.#chunks[this.#head]!;
      const part = Math.min(chunk.end - chunk.start, rest);
      chunk.start += part;
      rest -= part;
      if (chunk.start < chunk.end) return;
      this.#realm.letGo(chunk.bytes.length);
      this.#head++;
    }
    if (this.#head * 2 >= this.#chunks.length) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** Throw everything away. */
  clear(): void {
    this.skip(this.#size);
  }
}
