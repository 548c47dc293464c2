/**
 * Copying between the kernel and what a process sees, or a status where it sees nothing.
 *
 * @module
 */
import { type Failure, Status } from "../abi.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import type { UserSpace } from "./user_space.ts";

/** The memory of a process, by its addresses. */
export class UserMemory {
  readonly #space: UserSpace;
  readonly #bytes: Uint8Array;
  #dataView: DataView | null = null;

  /** The memory that is seen in an address space. */
  constructor(space: UserSpace) {
    this.#space = space;
    this.#bytes = space.realm.memory.bytes;
  }

  /** The bytes as numbers; made when somebody first asks. */
  get #view(): DataView {
    const { buffer, byteOffset, byteLength } = this.#bytes;
    return this.#dataView ??= new DataView(buffer, byteOffset, byteLength);
  }

  /** Copy bytes in from an address; after a failure some may have been copied. */
  read(address: number, target: Uint8Array): 0 | Failure {
    const length = target.length;
    for (let done = 0; done < length;) {
      const from = this.#at(address + done, Access.READ);
      if (from < 0) return from as Failure;
      const count = Math.min(PAGE_SIZE - (from % PAGE_SIZE), length - done);
      copy(this.#bytes, from, target, done, count);
      done += count;
    }
    return Status.OK;
  }

  /** Copy bytes out to an address; after a failure some may have been copied. */
  write(address: number, source: Uint8Array): 0 | Failure {
    const length = source.length;
    for (let done = 0; done < length;) {
      const to = this.#at(address + done, Access.WRITE);
      if (to < 0) return to as Failure;
      const count = Math.min(PAGE_SIZE - (to % PAGE_SIZE), length - done);
      copy(source, done, this.#bytes, to, count);
      this.#space.realm.memory.wrote(Math.floor(to / PAGE_SIZE));
      done += count;
    }
    return Status.OK;
  }

  /** The bytes from an address on. */
  bytes(address: number, length: number): Uint8Array | Failure {
    const target = new Uint8Array(length);
    const status = this.read(address, target);
    return status === Status.OK ? target : status;
  }

  /** The 32-bit number at an address, unsigned, or why it cannot be read. */
  readU32(address: number): number {
    const from = this.#at(address, Access.READ);
    if (from < 0) return from;
    if (from % PAGE_SIZE > PAGE_SIZE - 4) return this.#readAcross(address, 4);
    return this.#view.getUint32(from, true);
  }

  /** The 64-bit number at an address, not exact beyond 2^53, or why it cannot be read. */
  readU64(address: number): number {
    const from = this.#at(address, Access.READ);
    if (from < 0) return from;
    if (from % PAGE_SIZE > PAGE_SIZE - 8) return this.#readAcross(address, 8);
    return this.#view.getUint32(from, true) + this.#view.getUint32(from + 4, true) * 2 ** 32;
  }

  /** Put a 32-bit number at an address. */
  writeU32(address: number, value: number): 0 | Failure {
    const to = this.#at(address, Access.WRITE);
    if (to < 0) return to as Failure;
    if (to % PAGE_SIZE > PAGE_SIZE - 4) return this.#writeAcross(address, value, 4);
    this.#view.setUint32(to, value, true);
    this.#space.realm.memory.wrote(Math.floor(to / PAGE_SIZE));
    return Status.OK;
  }

  /** Put a 64-bit number at an address; a negative one in two's complement. */
  writeU64(address: number, value: number): 0 | Failure {
    const to = this.#at(address, Access.WRITE);
    if (to < 0) return to as Failure;
    if (to % PAGE_SIZE > PAGE_SIZE - 8) return this.#writeAcross(address, value, 8);
    setU64(this.#view, to, value);
    this.#space.realm.memory.wrote(Math.floor(to / PAGE_SIZE));
    return Status.OK;
  }

  /** The bytes from an address on up to a zero, at most `max` of them, or why they cannot be read. */
  stringBytes(address: number, max: number): Uint8Array | Failure {
    const found: number[] = [];
    while (found.length < max) {
      const from = this.#at(address + found.length, Access.READ);
      if (from < 0) return from as Failure;
      const end = Math.min(from - (from % PAGE_SIZE) + PAGE_SIZE, from + max - found.length);
      for (let at = from; at < end; at++) {
        if (this.#bytes[at] === 0) return Uint8Array.from(found);
        found.push(this.#bytes[at]!);
      }
    }
    return Uint8Array.from(found);
  }

  /** Where in physical memory the byte at an address is, ready for an access. */
  #at(address: number, access: number): number {
    const page = Math.floor(address / PAGE_SIZE);
    const there = this.#space.processor?.lookup(page) ?? 0;
    const frame = (there & access) !== 0 ? there >>> 3 : this.#space.touch(address, access);
    return frame < 0 ? frame : frame * PAGE_SIZE + (address - page * PAGE_SIZE);
  }

  #readAcross(address: number, size: 4 | 8): number {
    const bytes = new Uint8Array(size);
    const status = this.read(address, bytes);
    if (status !== Status.OK) return status;
    const view = new DataView(bytes.buffer);
    const low = view.getUint32(0, true);
    return size === 4 ? low : low + view.getUint32(4, true) * 2 ** 32;
  }

  #writeAcross(address: number, value: number, size: 4 | 8): 0 | Failure {
    const bytes = new Uint8Array(8);
    setU64(new DataView(bytes.buffer), 0, value);
    return this.write(address, bytes.subarray(0, size));
  }
}

/** Up to so many bytes are copied faster one by one than by making a view of them. */
const FEW_BYTES = 64;

function copy(
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
): void {
  if (count > FEW_BYTES) {
    const whole = from === 0 && count === source.length;
    target.set(whole ? source : source.subarray(from, from + count), to);
    return;
  }
  for (let at = 0; at < count; at++) target[to + at] = source[from + at]!;
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value >>> 0, true);
  view.setInt32(at + 4, Math.floor(value / 2 ** 32), true);
}
