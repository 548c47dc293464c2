/**
 * Memory of a process as a debugger sees it: whatever is mapped, whether the process may touch it or
 * not, up to the end of one mapping.
 *
 * @module
 */
import { type Failure, Status } from "../abi.ts";
import type { Mapping } from "../vm/mapping.ts";
import type { Process } from "./process.ts";

/** Copy memory out, at most `most` bytes, or say why not. */
export function peek(process: Process, address: number, most: number): Uint8Array | Failure {
  const mapping = mappingOf(process, address);
  if (typeof mapping === "number") return mapping;
  const bytes = new Uint8Array(Math.min(most, mapping.end - address));
  const status = mapping.vmo.read(mapping.offset + address - mapping.base, bytes);
  return status === Status.OK ? bytes : status;
}

/** Copy memory in; answers how many bytes, or why not. */
export function poke(process: Process, address: number, bytes: Uint8Array): number {
  const mapping = mappingOf(process, address);
  if (typeof mapping === "number") return mapping;
  // Everybody's vDSO is the same memory.
  if (mapping.vmo.vdsoCode !== null) return Status.ACCESS_DENIED;
  const part = bytes.subarray(0, mapping.end - address);
  const status = mapping.vmo.write(mapping.offset + address - mapping.base, part);
  return status === Status.OK ? part.length : status;
}

function mappingOf({ state, space }: Process, address: number): Mapping | Failure {
  if (state === "dead" || state === "dying") return Status.BAD_STATE;
  return space.mappingAt(address) ?? Status.NO_MEMORY;
}
