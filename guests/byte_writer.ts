/**
 * Bytes that grow: little-endian numbers appended at the end or set where they are already.
 *
 * @module
 */

/** A growing run of bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  /** How many bytes there are. */
  get size(): number {
    return this.#size;
  }

  /** A copy of the bytes. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  /** Append bytes. */
  append(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Append zeroes. */
  zeros(count: number): void {
    this.#grow(count);
  }

  /** Append zeroes until the size is a multiple of `align`, or equal to `like` modulo it. */
  alignTo(align: number, like = 0): void {
    this.zeros((((like - this.#size) % align) + align) % align);
  }

  /** Append 8 bits. */
  u8(value: number): void {
    this.setU8(this.#grow(1), value);
  }

  /** Append 16 bits. */
  u16(value: number): void {
    this.setU16(this.#grow(2), value);
  }

  /** Append 32 bits. */
  u32(value: number): void {
    this.setU32(this.#grow(4), value);
  }

  /** Append 64 bits. */
  u64(value: number | bigint): void {
    this.setU64(this.#grow(8), value);
  }

  /** Set 8 bits. */
  setU8(at: number, value: number): void {
    this.#view.setUint8(at, value);
  }

  /** Set 16 bits. */
  setU16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
  }

  /** Set 32 bits. */
  setU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  /** Set 64 bits. */
  setU64(at: number, value: number | bigint): void {
    this.#view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
  }

  /** Read 32 bits. */
  getU32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  #grow(count: number): number {
    const at = this.#size;
    this.#size += count;
    if (this.#size > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(this.#size, this.#bytes.length * 2));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}
