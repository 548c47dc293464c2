/**
 * The structure that `zx_channel_call` is given: what to send, and room for the answer.
 *
 * @module
 */
import { ChannelLimit, ChannelOption, type Failure, Status } from "../abi.ts";
import { handlesOut, type OutHandles, readMemory } from "../syscall/buffer.ts";
import { bytesOut, type OutBytes } from "../syscall/out_bytes.ts";
import type { Call } from "../syscall/call.ts";
import type { Kind } from "../syscall/kind.ts";
import { handleInfosOut } from "./handle_infos.ts";
import { isMessage, readMessage } from "./message_bytes.ts";
import {
  type Disposition,
  isDisposition,
  type MovedHandles,
  TakenHandles,
} from "./moved_handles.ts";
import { isNumber, listOf, maybe, type Shape, withFields } from "../syscall/shape.ts";

/** What a call sends, and where its answer goes. */
export interface CallArgs {
  /** The bytes, or why they cannot be read. */
  readonly bytes: Uint8Array | Failure;
  /** The handles, taken from the caller. */
  readonly handles: MovedHandles;
  /** Room for the answer. */
  readonly room: { readonly bytes: OutBytes; readonly handles: OutHandles };
}

/** What a script gives to a call. */
export interface ScriptCallArgs<H> {
  /** The bytes; the kernel puts its number over the first four. */
  readonly bytes: Uint8Array | readonly Uint8Array[];
  /** The handles, or what is to become of them. */
  readonly handles?: readonly H[];
  /** How many bytes the answer may have; as many as there can be, unless told. */
  readonly bytesMax?: number;
  /** How many handles the answer may have. */
  readonly handlesMax?: number;
}

/** The structure as it lies in memory: four addresses, then four counts. */
interface Raw {
  readonly bytes: unknown;
  readonly handles: unknown;
  readonly roomBytes: number;
  readonly roomHandles: number;
  readonly numBytes: number;
  readonly numHandles: number;
  readonly maxBytes: number;
  readonly maxHandles: number;
}

const SIZE = 48;

/** The structure of `zx_channel_call`. */
export const callArgs: Kind<CallArgs, ScriptCallArgs<number>, "in", "INVALID_ARGS"> = {
  label: "what to send and room for the answer",
  role: "in",
  shape: isCall(isNumber),
  errors: ["INVALID_ARGS"],
  consumes: true,
  decode(raw, call) {
    const args = fields(call, raw);
    if (typeof args === "number") return args;
    return {
      bytes: bytesOf(call, args),
      handles: TakenHandles.take(call, args.handles, args.numHandles),
      room: {
        bytes: bytesOut(call, args.roomBytes, "bytes", args.maxBytes),
        handles: handlesOut(call, args.roomHandles, "handles", args.maxHandles),
      },
    };
  },
};

/** The structure of `zx_channel_call_etc`. */
export const callEtcArgs: Kind<CallArgs, ScriptCallArgs<Disposition>, "in", "INVALID_ARGS"> = {
  label: "what to send and room for the answer",
  role: "in",
  shape: isCall(isDisposition),
  errors: ["INVALID_ARGS"],
  consumes: true,
  decode(raw, call) {
    const args = fields(call, raw);
    if (typeof args === "number") return args;
    return {
      bytes: bytesOf(call, args),
      handles: TakenHandles.dispose(call, args.handles, args.numHandles),
      room: {
        bytes: bytesOut(call, args.roomBytes, "bytes", args.maxBytes),
        handles: handleInfosOut(call, args.roomHandles, "handles", args.maxHandles),
      },
    };
  },
};

function isCall(handle: Shape): Shape {
  return withFields({
    bytes: isMessage,
    handles: maybe(listOf(handle)),
    bytesMax: maybe(isNumber),
    handlesMax: maybe(isNumber),
  });
}

function fields(call: Call, raw: unknown): Raw | typeof Status.INVALID_ARGS {
  if (call.outs) return scriptFields(raw);
  const bytes = readMemory(call, raw as number, SIZE);
  if (typeof bytes === "number") return bytes;
  const view = new DataView(bytes.buffer);
  const address = (at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
  return {
    bytes: address(0),
    handles: address(8),
    roomBytes: address(16),
    roomHandles: address(24),
    numBytes: view.getUint32(32, true),
    numHandles: view.getUint32(36, true),
    maxBytes: view.getUint32(40, true),
    maxHandles: view.getUint32(44, true),
  };
}

function scriptFields(raw: unknown): Raw | typeof Status.INVALID_ARGS {
  if (typeof raw !== "object" || raw === null) return Status.INVALID_ARGS;
  const { bytes, handles = [], bytesMax, handlesMax } = raw as ScriptCallArgs<unknown>;
  if (!(bytes instanceof Uint8Array || Array.isArray(bytes)) || !Array.isArray(handles)) {
    return Status.INVALID_ARGS;
  }
  return {
    bytes,
    handles,
    roomBytes: 0,
    roomHandles: 0,
    numBytes: bytes.length,
    numHandles: handles.length,
    maxBytes: bytesMax ?? ChannelLimit.BYTES_MAX,
    maxHandles: handlesMax ?? ChannelLimit.HANDLES_MAX,
  };
}

function bytesOf(call: Call, { bytes, numBytes }: Raw): Uint8Array | Failure {
  const isVector = ((call.rawOf("options") as number) & ChannelOption.WRITE_USE_IOVEC) !== 0;
  return readMessage(call, bytes, numBytes, isVector);
}
