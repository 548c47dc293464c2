/**
 * Handles given to the caller together with what they are.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import { type OutHandles, writeMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import type { Kind } from "../syscall/kind.ts";

/** A new handle, and what it is. */
export interface HandleInfo {
  /** Its value. */
  readonly handle: number;
  /** Its object's type. */
  readonly type: number;
  /** Its rights. */
  readonly rights: number;
}

const INFO_SIZE = 16;

/** Several handles with what they are; `room` names the argument that says how many. */
export function outHandleInfos(
  room: string,
): Kind<OutHandles, readonly HandleInfo[], "out", "INVALID_ARGS" | "NO_MEMORY"> {
  return {
    label: "handles and what they are, filled in",
    role: "out",
    errors: ["INVALID_ARGS", "NO_MEMORY"],
    decode: (raw, call, name) =>
      handleInfosOut(call, raw as number, name, call.rawOf(room) as number),
  };
}

/** So much room for handles at an address, or among a script's results under a name. */
export function handleInfosOut(
  call: Call,
  address: number,
  name: string,
  capacity: number,
): OutHandles {
  return { capacity, put: (handles) => put(call, address, name, handles) };
}

function put(call: Call, address: number, name: string, handles: readonly Handle[]) {
  const { process, row, outs } = call;
  const infos = handles.map((one): HandleInfo => {
    const { object: { type }, rights } = one;
    return { handle: process.addHandle(one, row.name), type, rights };
  });
  if (outs) outs[name] = infos;
  else if (writeMemory(call, address, encode(infos)) !== Status.OK) {
    for (const { handle } of infos) process.removeHandle(handle, "withdrawn")?.close();
    return Status.INVALID_ARGS;
  }
  return infos.some(({ handle }) => handle < 0) ? Status.NO_MEMORY : Status.OK;
}

function encode(infos: readonly HandleInfo[]): Uint8Array {
  const bytes = new Uint8Array(infos.length * INFO_SIZE);
  const view = new DataView(bytes.buffer);
  infos.forEach(({ handle, type, rights }, at) => {
    view.setUint32(at * INFO_SIZE, handle, true);
    view.setUint32(at * INFO_SIZE + 4, type, true);
    view.setUint32(at * INFO_SIZE + 8, rights, true);
  });
  return bytes;
}
