/**
 * What `zx_object_wait_many` waits for, and where it tells what it saw.
 *
 * @module
 */
import { Status, WaitLimit } from "../abi.ts";
import { writeMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import type { Kind } from "../syscall/kind.ts";
import { readRecords } from "../syscall/record.ts";
import { isNumber, listOf, withFields } from "../syscall/shape.ts";

/** One object, by a handle, and what to wait for there. */
export interface WaitItem {
  /** The handle's value. */
  readonly handle: number;
  /** Any of these signals will do. */
  readonly signals: number;
}

/** All of them. */
export interface WaitItems {
  /** Each of them. */
  readonly list: readonly WaitItem[];
  /** Tell the caller the signals of each. */
  tell(signals: readonly number[]): typeof Status["OK"] | typeof Status["INVALID_ARGS"];
}

const ITEM = {
  size: 12,
  parse: (view: DataView): WaitItem => ({
    handle: view.getUint32(0, true),
    signals: view.getUint32(4, true),
  }),
};

/** Things to wait for; `length` names the argument that counts them. */
export function waitItems(
  length: string,
): Kind<WaitItems, readonly WaitItem[], "optional", "INVALID_ARGS" | "OUT_OF_RANGE"> {
  return {
    label: "handles and signals, and what is seen, filled in",
    role: "optional",
    shape: listOf(withFields({ handle: isNumber, signals: isNumber })),
    errors: ["INVALID_ARGS", "OUT_OF_RANGE"],
    otherwise: [],
    decode(raw, call) {
      if (call.outs && !Array.isArray(raw)) return Status.INVALID_ARGS;
      const count = call.outs ? (raw as WaitItem[]).length : call.rawOf(length) as number;
      if (count > WaitLimit.MANY_MAX) return Status.OUT_OF_RANGE;
      const list = call.outs ? raw as WaitItem[] : readRecords(call, raw as number, count, ITEM);
      if (typeof list === "number") return list;
      return { list, tell: (signals) => tell(call, raw, list, signals) };
    },
  };
}

function tell(
  call: Call,
  raw: unknown,
  list: readonly WaitItem[],
  signals: readonly number[],
): typeof Status["OK"] | typeof Status["INVALID_ARGS"] {
  if (call.outs) {
    call.outs.pending = signals;
    return Status.OK;
  }
  const bytes = new Uint8Array(list.length * ITEM.size);
  const view = new DataView(bytes.buffer);
  list.forEach((item, at) => {
    view.setUint32(at * ITEM.size, item.handle, true);
    view.setUint32(at * ITEM.size + 4, item.signals, true);
    view.setUint32(at * ITEM.size + 8, signals[at]!, true);
  });
  return writeMemory(call, raw as number, bytes);
}
