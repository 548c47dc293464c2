/**
 * Bytes to the caller: to machine code at an address, to a script among the call's results.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { BytePool } from "../object/byte_pool.ts";
import { writeMemory } from "./buffer.ts";
import type { Call } from "./call.ts";
import type { Kind } from "./kind.ts";
import { Sibling } from "./sibling.ts";

/** Somewhere bytes go. */
export interface OutBytes {
  /** How many bytes there is room for. */
  readonly capacity: number;
  /** Whether there is anywhere to put bytes at all. */
  readonly given: boolean;
  /** Whether an array that is handed over is the caller's from then on, and not only read. */
  readonly keeps: boolean;
  /** Put bytes there, or say that they cannot be; no more than there is room for. */
  write(bytes: Uint8Array): typeof Status["OK"] | typeof Status["INVALID_ARGS"];
  /** The same, where nobody else has the array. */
  handOver(bytes: Uint8Array): typeof Status["OK"] | typeof Status["INVALID_ARGS"];
}

const NOWHERE = 0;

/** Bytes to the caller; `room` names the argument that says how many there is room for. */
export function outBytes(room: string): Kind<OutBytes, Uint8Array, "out", never> {
  const count = new Sibling(room);
  return {
    label: "bytes, filled in",
    role: "out",
    reach: { unit: 1, count: room },
    errors: [],
    decode: (raw, call, name) => bytesOut(call, raw as number, name, count.of(call) as number),
  };
}

/** So much room for bytes at an address, or among a script's results under a name. */
export function bytesOut(call: Call, address: number, name: string, capacity: number): OutBytes {
  if (call.outs) return new ScriptBytes(call, name, capacity);
  return new MemoryBytes(call, address, capacity);
}

class ScriptBytes implements OutBytes {
  readonly capacity: number;
  readonly given = true;
  readonly keeps = true;
  readonly #outs: Record<string, unknown>;
  readonly #pool: BytePool;
  readonly #name: string;

  constructor({ outs, realm }: Call, name: string, capacity: number) {
    this.#outs = outs!;
    this.#pool = realm.pool;
    this.#name = name;
    this.capacity = capacity;
  }

  write(bytes: Uint8Array) {
    return this.handOver(this.#pool.copy(bytes));
  }

  handOver(bytes: Uint8Array) {
    this.#outs[this.#name] = bytes;
    return Status.OK;
  }
}

class MemoryBytes implements OutBytes {
  readonly capacity: number;
  readonly keeps = false;
  readonly #call: Call;
  readonly #address: number;

  constructor(call: Call, address: number, capacity: number) {
    this.#call = call;
    this.#address = address;
    this.capacity = capacity;
  }

  get given(): boolean {
    return this.#address !== NOWHERE;
  }

  write(bytes: Uint8Array) {
    return writeMemory(this.#call, this.#address, bytes);
  }

  handOver(bytes: Uint8Array) {
    return this.write(bytes);
  }
}
