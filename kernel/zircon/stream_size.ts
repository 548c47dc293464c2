/**
 * How many bytes a stream over a memory object sees, which can be said in two ways.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Call } from "../syscall/call.ts";
import { whenPaged } from "../syscall/paged.ts";
import type { Vmo } from "../vm/vmo.ts";
import { endOf } from "./vmo_copy.ts";

/** Say it; what has to become zeros may be a pager's, which is waited for. */
export function setStreamSize(call: Call, vmo: Vmo, size: number) {
  return whenPaged(call, vmo, () => {
    const status = vmo.setStreamSize(size);
    if (status === Status.OUT_OF_RANGE || status === Status.OK) return status;
    const [from, to] = vmo.zerosForStream(size);
    const ended = endOf(status, vmo.need(from, to - from, true, true));
    return ended === Status.NOT_FOUND ? Status.BAD_STATE : ended;
  });
}
