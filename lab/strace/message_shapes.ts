/**
 * A message of a socket with what comes beside its bytes, as a trace writes it.
 *
 * @module
 */
import { CONTROL_HEAD_SIZE, ControlMessage, Level } from "../../kernel/linux/abi/socket.ts";
import { VECTOR_SIZE } from "../../kernel/linux/abi/file.ts";
import { flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
import { isToKernel, netlinkAt } from "./netlink_text.ts";
import { bytesAt, listAt } from "./shape.ts";
import type { Seen } from "./seen.ts";
import { addressOf } from "./socket_address.ts";
import { LEVELS, MESSAGE_FLAGS } from "./socket_flags.ts";

const BESIDE = flagSet("SCM_", ControlMessage);
const HEAD = CONTROL_HEAD_SIZE;
const BESIDE_MAX = 4096;

/** A message's head; `filled` bytes of it were received, null where it is sent. */
export function messageHead(view: DataView, seen: Seen, filled: number | null): string {
  const isAsked = isToKernel(seen, seen.int(0));
  const at = (offset: number) => Number(view.getBigUint64(offset, true));
  const nameLength = view.getUint32(8, true);
  let left = filled ?? Infinity;
  const pieces = listAt(seen, at(16), {
    bytes: VECTOR_SIZE,
    count: Math.min(at(24), 1024),
    show: (piece) => {
      const length = Number(piece.getBigUint64(8, true));
      const there = Math.min(left, length);
      left -= there;
      const where = Number(piece.getBigUint64(0, true));
      const text = (isAsked ? netlinkAt(seen, where, there) : null) ?? bytesAt(seen, where, there);
      return `{iov_base=${text}, iov_len=${length}}`;
    },
  });
  const beside = at(40) === 0 ? "" : `, msg_control=${besideText(seen, at(32), at(40))}`;
  return `{msg_name=${
    addressOf(seen, at(0), nameLength)
  }, msg_namelen=${nameLength}, msg_iov=${pieces}, msg_iovlen=${at(24)}${beside}, msg_controllen=${
    at(40)
  }, msg_flags=${maskText(MESSAGE_FLAGS, view.getUint32(48, true))}}`;
}

/** What comes beside a message's bytes: descriptors, or who sent it. */
function besideText(seen: Seen, where: number, length: number): string {
  const view = seen.view(where, Math.min(length, BESIDE_MAX));
  if (view === null) return `0x${where.toString(16)}`;
  const found: string[] = [];
  for (let at = 0; at + HEAD <= view.byteLength;) {
    const size = Number(view.getBigUint64(at, true));
    if (size < HEAD || at + size > view.byteLength) break;
    found.push(oneBeside(view, at, size));
    at += Math.ceil(size / 8) * 8;
  }
  return `[${found.join(", ")}]`;
}

function oneBeside(view: DataView, at: number, size: number): string {
  const [level, type] = [view.getInt32(at + 8, true), view.getInt32(at + 12, true)];
  const isOurs = level === Level.SOCKET;
  const kind = isOurs ? nameText(BESIDE, type) : `0x${type.toString(16)}`;
  const head = `cmsg_len=${size}, cmsg_level=${nameText(LEVELS, level)}, cmsg_type=${kind}`;
  const words = Array.from(
    { length: Math.floor((size - HEAD) / 4) },
    (_, index) => view.getInt32(at + HEAD + index * 4, true),
  );
  if (!isOurs || nameIn(ControlMessage, type) === undefined) return `{${head}}`;
  const data = new DataView(view.buffer, view.byteOffset + at + HEAD);
  return type === ControlMessage.CREDENTIALS && words.length >= 3
    ? `{${head}, cmsg_data=${senderText(data)}}`
    : `{${head}, cmsg_data=[${words.join(", ")}]}`;
}

/** Who sends: a process, its user, its group. */
export function senderText(view: DataView): string {
  const [pid, uid, gid] = [0, 4, 8].map((at) => view.getInt32(at, true));
  return `{pid=${pid}, uid=${uid}, gid=${gid}}`;
}
