/**
 * `zx_channel_*` except calls: messages between processes.
 *
 * @module
 */
import {
  ChannelLimit,
  ChannelOption,
  DEFAULT_RIGHTS,
  failed,
  PolicyCondition,
  PolicyExceptionCode,
  Right,
  Status,
} from "../abi.ts";
import { Channel } from "../ipc/channel.ts";
import { Message } from "../ipc/message.ts";
import type { OutHandles, OutNumber } from "../syscall/buffer.ts";
import type { OutBytes } from "../syscall/out_bytes.ts";
import { capacity, lengthOf, outHandle, outHandles, outNumber } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import type { Call } from "../syscall/call.ts";
import { allowedBy, handle, options } from "../syscall/kind.ts";
import { filled } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { offend } from "../task/enforcement.ts";
import { outHandleInfos } from "./handle_infos.ts";
import { messageBytes } from "./message_bytes.ts";
import { disposedHandles, type MovedHandles, movedHandles } from "./moved_handles.ts";
import { givePair } from "./pair.ts";

const channelCreate = syscall({
  name: "zx_channel_create",
  about: "Make a channel and answer both of its ends.",
  args: {
    options: options(0),
    out0: outHandle,
    out1: outHandle,
    policy: allowedBy(PolicyCondition.NEW_CHANNEL),
  },
  errors: [],
  run({ out0, out1 }, call) {
    return givePair(Channel.create(call.realm), [out0, out1], DEFAULT_RIGHTS.channel);
  },
});

const { BYTES_MAX, HANDLES_MAX } = ChannelLimit;

const channelRead = syscall({
  name: "zx_channel_read",
  about: "Take the oldest message out of a channel, if there is room for all of it.",
  args: {
    handle: handle(Channel, Right.READ),
    options: options(ChannelOption.READ_MAY_DISCARD, "NOT_SUPPORTED"),
    bytes: outBytes("numBytes"),
    handles: outHandles("numHandles"),
    numBytes: capacity(BYTES_MAX),
    numHandles: capacity(HANDLES_MAX),
    actualBytes: outNumber(4, true),
    actualHandles: outNumber(4, true),
  },
  errors: ["SHOULD_WAIT", "PEER_CLOSED", "BUFFER_TOO_SMALL"],
  run(args) {
    return read(args.handle, args.options, args);
  },
});

const channelReadEtc = syscall({
  name: "zx_channel_read_etc",
  about: "Take the oldest message out of a channel, and learn the type and rights of its handles.",
  args: {
    handle: handle(Channel, Right.READ),
    options: options(ChannelOption.READ_MAY_DISCARD, "NOT_SUPPORTED"),
    bytes: outBytes("numBytes"),
    handles: outHandleInfos("numHandles"),
    numBytes: capacity(BYTES_MAX),
    numHandles: capacity(HANDLES_MAX),
    actualBytes: outNumber(4, true),
    actualHandles: outNumber(4, true),
  },
  errors: ["SHOULD_WAIT", "PEER_CLOSED", "BUFFER_TOO_SMALL"],
  run(args) {
    return read(args.handle, args.options, args);
  },
});

const channelWrite = syscall({
  name: "zx_channel_write",
  about: "Send bytes and handles to the other end; the handles leave the caller whatever happens.",
  args: {
    handle: handle(Channel, Right.WRITE),
    options: options(ChannelOption.WRITE_USE_IOVEC),
    bytes: messageBytes("numBytes"),
    numBytes: lengthOf("bytes"),
    handles: movedHandles("numHandles"),
    numHandles: lengthOf("handles"),
  },
  checks: ["options"],
  errors: ["NOT_SUPPORTED", "PEER_CLOSED", "NO_MEMORY"],
  run({ handle, bytes, handles }, call) {
    return write(call, handle, bytes, handles);
  },
});

const channelWriteEtc = syscall({
  name: "zx_channel_write_etc",
  about:
    "Send bytes and handles, each moved or duplicated, with its type checked and fewer rights.",
  args: {
    handle: handle(Channel, Right.WRITE),
    options: options(ChannelOption.WRITE_USE_IOVEC),
    bytes: messageBytes("numBytes"),
    numBytes: lengthOf("bytes"),
    handles: disposedHandles("numHandles"),
    numHandles: lengthOf("handles"),
    results: filled<readonly number[]>("each handle's status, where it failed"),
  },
  checks: ["options"],
  errors: ["NOT_SUPPORTED", "PEER_CLOSED", "NO_MEMORY"],
  outsOnFailure: true,
  run({ handle, bytes, handles }, call) {
    return write(call, handle, bytes, handles);
  },
});

/** The calls of this file. */
export const CHANNEL_ROWS = {
  channelCreate,
  channelRead,
  channelReadEtc,
  channelWrite,
  channelWriteEtc,
};

/** Where a message goes that is read. */
export interface MessageRoom {
  readonly bytes: OutBytes;
  readonly handles: OutHandles;
  readonly actualBytes: OutNumber;
  readonly actualHandles: OutNumber;
}

/** Put a message that nobody else can have into a caller's memory; it is gone then, or too large. */
export function deliver(message: Message, room: MessageRoom) {
  const isFitting = tellSizes(message, room);
  if (isFitting !== Status.OK) {
    message.destroy();
    return isFitting;
  }
  // The host takes longer to make an array than all the rest takes: a script gets the very one.
  if (room.bytes.keeps) message.isPooled = false;
  if (room.bytes.handOver(message.bytes) !== Status.OK) {
    message.destroy();
    return Status.INVALID_ARGS;
  }
  return room.handles.put(message.open());
}

/** Make a message of what the caller sends; the handles are the message's then. */
export function compose(call: Call, channel: Channel, bytes: Uint8Array, handles: MovedHandles) {
  const refusal = handles.check(channel);
  if (refusal !== Status.OK) return refusal;
  const moved = handles.release();
  const message = Message.create(call.realm, bytes, moved);
  if (failed(message)) {
    for (const handle of moved) handle.close();
    return message;
  }
  message.isPooled = true;
  if (channel.full) offend(call, PolicyExceptionCode.CHANNEL_FULL_WRITE, channel);
  return message;
}

function write(call: Call, channel: Channel, bytes: Uint8Array, handles: MovedHandles) {
  const message = compose(call, channel, bytes, handles);
  return failed(message) ? message : channel.write(message);
}

function read(channel: Channel, options: number, room: MessageRoom) {
  const message = channel.front();
  if (failed(message)) return message;
  const isFitting = tellSizes(message, room);
  if (isFitting === Status.OK) return deliver(channel.take(), room);
  const isDiscarded = (options & ChannelOption.READ_MAY_DISCARD) !== 0;
  if (isDiscarded) channel.take().destroy();
  return isFitting;
}

function tellSizes({ bytes, handles }: Message, room: MessageRoom) {
  const told = room.actualBytes.set(bytes.length);
  if (told !== Status.OK) return told;
  const toldHandles = room.actualHandles.set(handles.length);
  if (toldHandles !== Status.OK) return toldHandles;
  const isFitting = bytes.length <= room.bytes.capacity && handles.length <= room.handles.capacity;
  return isFitting ? Status.OK : Status.BUFFER_TOO_SMALL;
}
