/**
 * Bytes from the caller that are read when the call knows how many of them it can use.
 *
 * @module
 */
import type { Status } from "../abi.ts";
import { readMemory } from "./buffer.ts";
import type { Kind } from "./kind.ts";
import { isBytes } from "./shape.ts";

/** Bytes that were not read yet. */
export interface Source {
  /** How many there are. */
  readonly length: number;
  /** Read the first of them, or say that they cannot be. */
  read(count: number): Uint8Array | typeof Status["INVALID_ARGS"];
}

/** Bytes from the caller; `length` names the argument that says how many. */
export function source(length: string): Kind<Source, Uint8Array, "in", never> {
  return {
    label: "bytes",
    role: "in",
    shape: isBytes,
    reach: { unit: 1, count: length },
    errors: [],
    decode(raw, call) {
      if (raw instanceof Uint8Array) {
        return { length: raw.length, read: (count) => raw.subarray(0, count) };
      }
      return {
        length: call.rawOf(length) as number,
        read: (count) => readMemory(call, raw as number, count),
      };
    },
  };
}
