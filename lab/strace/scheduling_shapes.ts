/**
 * How calls about when tasks run, and about what the kernel says, are written in a trace.
 *
 * @module
 */
import { LogAction } from "../../kernel/linux/abi/system.ts";
import {
  IO_CLASS_SHIFT,
  IoClass,
  IoPriorityOf,
  Policy,
  ScheduleFlag,
  ScheduleSize,
} from "../../kernel/linux/abi/scheduling.ts";
import { type FlagSet, flagSet, maskText, nameText } from "./flag_set.ts";
import {
  addressText,
  after,
  afterIf,
  bytesAt,
  type CallShape,
  hex,
  int,
  one,
  type Show,
  type ShowBytes,
  shownAt,
  uint,
} from "./shape.ts";
import type { Seen } from "./seen.ts";

/** How tasks are scheduled. */
export const POLICY: FlagSet = flagSet("SCHED_", Policy);
const ATTRIBUTE_FLAGS = flagSet("SCHED_FLAG_", ScheduleFlag);
const IO_WHO = flagSet("IOPRIO_WHO_", IoPriorityOf);
const IO_CLASS = flagSet("IOPRIO_CLASS_", IoClass);
const LOG = flagSet("SYSLOG_ACTION_", LogAction);
const LOG_LEVELS = "EMERG ALERT CRIT ERR WARNING NOTICE INFO DEBUG".split(" ");

/** A priority of reading and writing. */
export function ioPriorityText(value: number): string {
  const kind = nameText(IO_CLASS, value >>> IO_CLASS_SHIFT);
  return `IOPRIO_PRIO_VALUE(${kind}, ${value & ((1 << IO_CLASS_SHIFT) - 1)})`;
}

const showAttributes: ShowBytes = (view) => {
  const size = view.getUint32(0, true);
  const parts = [
    `size=${size}`,
    `sched_policy=${nameText(POLICY, view.getUint32(4, true))}`,
    `sched_flags=${maskText(ATTRIBUTE_FLAGS, view.getUint32(8, true))}`,
    `sched_nice=${view.getInt32(16, true)}`,
    `sched_priority=${view.getUint32(20, true)}`,
    `sched_runtime=${view.getBigUint64(24, true)}`,
    `sched_deadline=${view.getBigUint64(32, true)}`,
    `sched_period=${view.getBigUint64(40, true)}`,
  ];
  if (view.byteLength >= ScheduleSize.WHOLE) {
    parts.push(`sched_util_min=${view.getUint32(48, true)}`);
    parts.push(`sched_util_max=${view.getUint32(52, true)}`);
  }
  return `{${parts.join(", ")}}`;
};

/** As many attributes as there are at an address. */
const attributes: Show = (seen, at) => {
  const where = seen.address(at);
  if (where === 0) return "NULL";
  const size = seen.view(where, 4)?.getUint32(0, true);
  if (size === undefined) return addressText(where);
  const before = seen.remembered.get(at) ?? size;
  if (before !== size) return `{size=${before}} => {size=${size}}`;
  if (size !== 0 && size < ScheduleSize.LEAST) return `{size=${size}}`;
  const bytes = size >= ScheduleSize.WHOLE ? ScheduleSize.WHOLE : ScheduleSize.LEAST;
  return shownAt(seen, where, { bytes, show: showAttributes });
};

/** The kernel may put another size in its place. */
function rememberSize(seen: Seen, at: number): void {
  const size = seen.view(seen.address(at), 4)?.getUint32(0, true);
  if (size !== undefined) seen.remembered.set(at, size);
}

/** Of what is asked of the log, these fill a buffer; and those take nothing more. */
const READS: readonly number[] = [LogAction.READ, LogAction.READ_ALL, LogAction.READ_CLEAR];
const TAKES_NOTHING: readonly number[] = [
  LogAction.CLOSE,
  LogAction.OPEN,
  LogAction.CLEAR,
  LogAction.CONSOLE_OFF,
  LogAction.CONSOLE_ON,
  LogAction.SIZE_UNREAD,
  LogAction.SIZE_BUFFER,
];
const reads = (seen: Seen) => READS.includes(seen.int(0));
const takesMore = (seen: Seen) => !TAKES_NOTHING.includes(seen.int(0));

const logBytes: Show = (seen, at) =>
  reads(seen)
    ? bytesAt(seen, seen.address(at), seen.answer ?? 0)
    : takesMore(seen)
    ? addressText(seen.whole(at))
    : null;

const logLength: Show = (seen, at) => {
  if (!takesMore(seen)) return null;
  const level = LOG_LEVELS[seen.int(at)];
  const isLevel = seen.int(0) === LogAction.CONSOLE_LEVEL && level !== undefined;
  return `${seen.int(at)}${isLevel ? ` /* LOGLEVEL_${level} */` : ""}`;
};

/** Calls about when tasks run, and about what the kernel says. */
export const SCHEDULING_SHAPES: Readonly<Record<string, CallShape>> = {
  ioprio_set: [one(IO_WHO), int, (seen, at) => ioPriorityText(seen.uint(at))],
  ioprio_get: [one(IO_WHO), int],
  sched_setattr: [
    int,
    { late: attributes, before: (seen, at) => rememberSize(seen, at) },
    hex,
  ],
  sched_getattr: [int, after(attributes), uint, hex],
  syslog: [
    (seen, at) => {
      const name = nameText(LOG, seen.int(at));
      return name.includes("/*")
        ? `${seen.int(at)} /* ${LOG.prefix}??? */`
        : `${seen.int(at)} /* ${name} */`;
    },
    afterIf(reads, logBytes),
    logLength,
  ],
};
