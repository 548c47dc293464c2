/**
 * Calls that wait for one of several descriptors, as a trace writes them.
 *
 * @module
 */
import {
  EPOLL_EVENT_SIZE,
  EpollFlag,
  EpollOperation,
  EventFlag,
  Notify,
  Poll,
  POLL_SIZE,
} from "../../kernel/linux/abi/polling.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { PIPE_FLAGS } from "./file_flags.ts";
import { flagSet, maskText } from "./flag_set.ts";
import type { Seen } from "./seen.ts";
import {
  addressText,
  after,
  type CallShape,
  int,
  list,
  listAt,
  mask,
  one,
  path,
  type Show,
  to,
  uint,
} from "./shape.ts";
import { signalSet, signalSetText } from "./signal_shapes.ts";
import { timespec, timespecText } from "./time_shapes.ts";

const POLL = flagSet("POLL", Poll);
const EPOLL = flagSet("EPOLL", { ...Poll, ...EpollFlag });
const EPOLL_OPS = flagSet("EPOLL_CTL_", EpollOperation);
const EPOLL_CREATE = flagSet("EPOLL_", { CLOEXEC: OpenFlag.CLOEXEC });
const EVENT_FD = flagSet("EFD_", {
  ...EventFlag,
  CLOEXEC: OpenFlag.CLOEXEC,
  NONBLOCK: OpenFlag.NONBLOCK,
});
const INOTIFY = flagSet("IN_", Notify);

function pollText(view: DataView): string {
  return `{fd=${view.getInt32(0, true)}, events=${maskText(POLL, view.getUint16(4, true))}}`;
}

const epollEvent = (view: DataView) => {
  const events = maskText(EPOLL, view.getUint32(0, true));
  const [low, whole] = [view.getUint32(8, true), view.getBigUint64(8, true)];
  return `{events=${events}, data={u32=${low}, u64=${whole}}}`;
};

const epollEvents: Show = (seen, at) =>
  listAt(seen, seen.address(at), {
    bytes: EPOLL_EVENT_SIZE,
    show: epollEvent,
    count: seen.answer!,
  });

/** Which descriptors a set holds. */
function descriptors(seen: Seen, where: number, count: number): number[] | null {
  const view = seen.view(where, Math.ceil(Math.min(count, 1024) / 64) * 8);
  if (!view) return null;
  const all = Array.from({ length: Math.min(count, 1024) }, (_, fd) => fd);
  return all.filter((fd) => (view.getUint8(fd >> 3) & (1 << (fd & 7))) !== 0);
}

const descriptorSet: Show = (seen, at) => {
  if (seen.address(at) === 0) return "NULL";
  const found = descriptors(seen, seen.address(at), Math.max(0, seen.int(0)));
  return found ? `[${found.join(" ")}]` : addressText(seen.whole(at));
};

const maskAndSize: Show = to(16, (view, seen) => {
  const where = Number(view.getBigUint64(0, true));
  const set = where === 0 ? null : seen.view(where, 8);
  const shown = set ? signalSetText(set.getBigUint64(0, true)) : addressText(where);
  return `{sigmask=${shown}, sigsetsize=${view.getBigUint64(8, true)}}`;
});

/** The calls that wait for descriptors. */
export const POLLING_SHAPES: Readonly<Record<string, CallShape>> = {
  ppoll: [list(POLL_SIZE, pollText, 1), uint, timespec, signalSet, uint],
  pselect6: [int, descriptorSet, descriptorSet, descriptorSet, timespec, maskAndSize],
  epoll_create1: [mask(EPOLL_CREATE)],
  epoll_ctl: [int, one(EPOLL_OPS), int, to(EPOLL_EVENT_SIZE, epollEvent)],
  epoll_pwait: [int, after(epollEvents), int, int, signalSet, uint],
  epoll_pwait2: [int, after(epollEvents), int, timespec, signalSet, uint],
  eventfd2: [uint, mask(EVENT_FD)],
  inotify_init1: [mask(flagSet("IN_", PIPE_FLAGS.names))],
  inotify_add_watch: [int, path, mask(INOTIFY)],
};

/** What `ppoll` found: which descriptors are ready, and what time was left. */
export function pollNote(seen: Seen): string {
  if (seen.answer === 0) return " (Timeout)";
  const ready: string[] = [];
  for (let at = 0; at < seen.uint(1); at++) {
    const view = seen.view(seen.address(0) + at * POLL_SIZE, POLL_SIZE);
    const events = view?.getUint16(6, true) ?? 0;
    if (events === 0) continue;
    ready.push(`{fd=${view!.getInt32(0, true)}, revents=${maskText(POLL, events)}}`);
  }
  return ` ([${ready.join(", ")}]${leftText(seen, 2)})`;
}

/** What `pselect6` found. */
export function selectNote(seen: Seen): string {
  if (seen.answer === 0) return " (Timeout)";
  const parts = ["in", "out", "except"].flatMap((name, at) => {
    const found = seen.address(at + 1) === 0
      ? []
      : descriptors(seen, seen.address(at + 1), seen.int(0));
    return found && found.length > 0 ? [`${name} [${found.join(" ")}]`] : [];
  });
  return ` (${parts.join(", ")}${leftText(seen, 4)})`;
}

function leftText(seen: Seen, at: number): string {
  const view = seen.address(at) === 0 ? null : seen.view(seen.address(at), 16);
  return view ? `, left ${timespecText(view, seen)}` : "";
}
