/**
 * Calls about channels.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { Errno, RtError } from "../error.ts";
import { type ChannelMessage, MessageType } from "../ipc/channel.ts";
import { ChannelFile } from "../ipc/channel_file.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { readBytes, readText, writeBytes } from "../user_data.ts";

/** How large a message is: a sender, a kind, two words. */
const MESSAGE_SIZE = 32;

const Offset = { SENDER: 0, TYPE: 8, FIRST: 16, SECOND: 24 } as const;

function channelOpen(thread: LwpThread, name = 0, flags = 0): Answer {
  const text = readText(thread, name);
  if (!text) return Errno.EFAULT;
  const file = thread.rtsmart.channels.open(text, flags);
  if (file === null) return -1;
  file.hold();
  const fd = thread.lwp.fdt.add(file);
  file.drop();
  return Math.max(-1, fd);
}

function channelClose(thread: LwpThread, fd = 0): Answer {
  if (!(thread.file(fd) instanceof ChannelFile)) return RtError.EIO;
  return thread.lwp.fdt.close(fd);
}

function channelOf(thread: LwpThread, fd: number) {
  const file = thread.file(fd);
  return file instanceof ChannelFile ? file.channel : null;
}

function channelSend(thread: LwpThread, fd = 0, data = 0): Answer {
  const message = readMessage(thread, data);
  if (typeof message === "number") return message;
  return channelOf(thread, fd)?.send(message) ?? RtError.EIO;
}

function channelSendRecv(thread: LwpThread, fd = 0, data = 0, back = 0, ticks = 0): Answer {
  const message = readMessage(thread, data);
  if (typeof message === "number") return message;
  const channel = channelOf(thread, fd);
  if (!channel) return RtError.EIO;
  return channel.sendRecv(thread, message, ticks, (reply) => writeMessage(thread, back, reply));
}

function channelReply(thread: LwpThread, fd = 0, data = 0): Answer {
  const message = readMessage(thread, data);
  if (typeof message === "number") return message;
  return channelOf(thread, fd)?.reply(message) ?? RtError.EIO;
}

function channelRecv(thread: LwpThread, fd = 0, data = 0, ticks = 0): Answer {
  const channel = channelOf(thread, fd);
  if (!channel) return RtError.EIO;
  return channel.recv(thread, ticks, (message) => writeMessage(thread, data, message));
}

/** A message of a program: its own words, the file of a descriptor where it names one. */
function readMessage(thread: LwpThread, address: number): ChannelMessage | number {
  const bytes = readBytes(thread, address, MESSAGE_SIZE);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const type = view.getInt32(Offset.TYPE, true);
  const fd = view.getInt32(Offset.SECOND, true);
  const file = type === MessageType.FD ? thread.file(fd) : null;
  return {
    sender: thread.address,
    type,
    body: [view.getBigUint64(Offset.FIRST, true), view.getBigUint64(Offset.SECOND, true)],
    file,
  };
}

/** A message as its receiver gets it: where it cannot be written, nobody is told. */
function writeMessage(thread: LwpThread, address: number, message: ChannelMessage): void {
  const bytes = new Uint8Array(MESSAGE_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(Offset.SENDER, BigInt(message.sender), true);
  view.setInt32(Offset.TYPE, message.type, true);
  view.setBigUint64(Offset.FIRST, message.body[0], true);
  view.setBigUint64(Offset.SECOND, message.body[1], true);
  if (message.type === MessageType.FD) {
    const fd = message.file ? thread.lwp.fdt.add(message.file) : -1;
    view.setInt32(Offset.SECOND, fd, true);
  }
  writeBytes(thread, address, bytes);
}

const MESSAGE = { channel: "fd", message: "pointer" } as const;

/** Calls about channels. */
export const CHANNEL_CALLS: readonly RtSmartCall[] = [
  call(44, "channel_open", { name: "text", flags: "uint" }, channelOpen),
  call(45, "channel_close", { channel: "fd" }, channelClose),
  call(46, "channel_send", MESSAGE, channelSend),
  call(
    47,
    "channel_send_recv_timeout",
    { ...MESSAGE, reply: "pointer", time: "ticks" },
    channelSendRecv,
  ),
  call(48, "channel_reply", MESSAGE, channelReply),
  call(49, "channel_recv_timeout", { ...MESSAGE, time: "ticks" }, channelRecv),
];
