/**
 * Calls about events, mailboxes and message queues.
 *
 * @module
 */
import { type Answer, SILENT } from "../answer.ts";
import { call, type RtSmartCall } from "../call.ts";
import { RtError } from "../error.ts";
import { EventFlags, EventOption } from "../ipc/event_flags.ts";
import { Mailbox } from "../ipc/mailbox.ts";
import { MessageQueue } from "../ipc/message_queue.ts";
import { objectAt } from "../ipc/object_lookup.ts";
import type { LwpThread } from "../lwp_thread.ts";
import {
  checkBuffer,
  KMEM_MAX,
  readBytes,
  readText,
  writeBytes,
  writeWords,
} from "../user_data.ts";
import { isGoodFlag } from "./object_flags.ts";
import { deleteObject } from "./semaphores.ts";

const MAIL_SIZE = 8;
const MESSAGE_HEADER = 16;

function eventCreate(thread: LwpThread, name = 0, flag = 0): Answer {
  const text = readText(thread, name);
  if (!text) return 0;
  if (!isGoodFlag(thread, flag, "rt_event_create")) return SILENT;
  return thread.lwp.addObject(new EventFlags(thread.rtsmart.heap, text, flag));
}

function eventSend(thread: LwpThread, object = 0, set = 0): Answer {
  const event = objectAt(thread, object, { type: EventFlags, where: "rt_event_send" });
  return event?.send(set) ?? SILENT;
}

function eventRecv(
  thread: LwpThread,
  object = 0,
  set = 0,
  option = 0,
  ticks = 0,
  received = 0,
): Answer {
  if (received !== 0) {
    const status = checkBuffer(thread, received, MAIL_SIZE);
    if (status !== 0) return status;
  }
  const event = objectAt(thread, object, { type: EventFlags, where: "rt_event_recv" });
  if (!event) return SILENT;
  if (set !== 0 && (option & (EventOption.AND | EventOption.OR)) === 0) {
    thread.rtsmart.panic("assertion failed at function rt_event_recv: 0");
    return SILENT;
  }
  return event.recv(thread, { set, option }, ticks, (got) => {
    // Eight bytes are written where four were meant.
    if (received !== 0) writeWords(thread, received, [got]);
  });
}

function mbCreate(thread: LwpThread, name = 0, size = 0, flag = 0): Answer {
  const text = readText(thread, name);
  if (!text) return 0;
  if (!isGoodFlag(thread, flag, "rt_mb_create")) return SILENT;
  if (!fits(thread, size * MAIL_SIZE, "rt_mb_delete")) return SILENT;
  return thread.lwp.addObject(new Mailbox(thread.rtsmart.heap, text, { size, flag }));
}

/** Where there is no room the kernel gets no object, and deletes that. */
function fits(thread: LwpThread, bytes: number, where: string): boolean {
  if (bytes <= KMEM_MAX) return true;
  thread.rtsmart.panic(`assertion failed at function ${where}: the object is not RT_NULL`);
  return false;
}

function mbSend(thread: LwpThread, object = 0): Answer {
  return send(thread, object, 0);
}

function mbSendWait(thread: LwpThread, object = 0, _value = 0, ticks = 0): Answer {
  return send(thread, object, ticks);
}

/** The word is taken from its register, which it may fill. */
function send(thread: LwpThread, object: number, ticks: number): Answer {
  const mailbox = objectAt(thread, object, { type: Mailbox, where: "rt_mb_send_wait" });
  return mailbox?.send(thread, thread.context.getBig(11), ticks) ?? SILENT;
}

function mbRecv(thread: LwpThread, object = 0, value = 0, ticks = 0): Answer {
  const status = checkBuffer(thread, value, MAIL_SIZE);
  if (status !== 0) return status;
  const mailbox = objectAt(thread, object, { type: Mailbox, where: "rt_mb_recv" });
  return mailbox?.recv(thread, ticks, (mail) => void writeWords(thread, value, [mail])) ?? SILENT;
}

function mqCreate(thread: LwpThread, name = 0, messageSize = 0, count = 0, flag = 0): Answer {
  const text = readText(thread, name);
  if (!text) return 0;
  if (!isGoodFlag(thread, flag, "rt_mq_create")) return SILENT;
  const each = Math.ceil(messageSize / 8) * 8 + MESSAGE_HEADER;
  if (!fits(thread, each * count, "rt_mq_delete")) return SILENT;
  const size = { messageSize: each - MESSAGE_HEADER, count, flag };
  return thread.lwp.addObject(new MessageQueue(thread.rtsmart.heap, text, size));
}

function mqSend(thread: LwpThread, object = 0, buffer = 0, size = 0): Answer {
  return put(thread, object, { buffer, size, isUrgent: false });
}

function mqUrgent(thread: LwpThread, object = 0, buffer = 0, size = 0): Answer {
  return put(thread, object, { buffer, size, isUrgent: true });
}

function put(
  thread: LwpThread,
  object: number,
  { buffer, size, isUrgent }: { buffer: number; size: number; isUrgent: boolean },
): Answer {
  const bytes = readBytes(thread, buffer, size);
  if (typeof bytes === "number") return bytes;
  const where = isUrgent ? "rt_mq_urgent" : "rt_mq_send";
  return objectAt(thread, object, { type: MessageQueue, where })?.send(bytes, isUrgent) ?? SILENT;
}

function mqRecv(thread: LwpThread, object = 0, buffer = 0, size = 0, ticks = 0): Answer {
  const status = checkBuffer(thread, buffer, size);
  if (status !== 0) return status;
  const queue = objectAt(thread, object, { type: MessageQueue, where: "rt_mq_recv" });
  if (!queue) return SILENT;
  return queue.recv(thread, ticks, (message) => {
    const length = Math.min(size, message.length);
    const written = writeBytes(thread, buffer, message.subarray(0, length));
    return written === 0 ? length : RtError.ERROR;
  });
}

/** Calls about events, mailboxes and message queues. */
export const MESSAGE_CALLS: readonly RtSmartCall[] = [
  call(26, "event_create", { name: "text", flag: "byte" }, eventCreate),
  call(27, "event_delete", { event: "object" }, deleteObject),
  call(28, "event_send", { event: "object", set: "uint" }, eventSend),
  call(
    29,
    "event_recv",
    { event: "object", set: "uint", option: "byte", time: "ticks", received: "pointer" },
    eventRecv,
  ),
  call(30, "mb_create", { name: "text", size: "size", flag: "byte" }, mbCreate),
  call(31, "mb_delete", { mailbox: "object" }, deleteObject),
  call(32, "mb_send", { mailbox: "object", value: "long" }, mbSend),
  call(33, "mb_send_wait", { mailbox: "object", value: "long", time: "ticks" }, mbSendWait),
  call(34, "mb_recv", { mailbox: "object", value: "pointer", time: "ticks" }, mbRecv),
  call(
    35,
    "mq_create",
    { name: "text", message_size: "size", count: "size", flag: "byte" },
    mqCreate,
  ),
  call(36, "mq_delete", { queue: "object" }, deleteObject),
  call(37, "mq_send", { queue: "object", buffer: "pointer", size: "size" }, mqSend),
  call(38, "mq_urgent", { queue: "object", buffer: "pointer", size: "size" }, mqUrgent),
  call(
    39,
    "mq_recv",
    { queue: "object", buffer: "pointer", size: "size", time: "ticks" },
    mqRecv,
  ),
];
