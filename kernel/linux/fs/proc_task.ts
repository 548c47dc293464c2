/**
 * The files of /proc that tell of one task, and those that take something for it.
 *
 * @module
 */
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { mapsText, rollupText, smapsText } from "../mm/maps_text.ts";
import type { Task } from "../task.ts";
import { ioText, schedStatText, schedText, syscallText } from "./proc_schedule.ts";
import { siteOf, statText } from "./proc_stat.ts";
import { limitsText, statmText, statusText } from "./proc_status.ts";
import { mountInfoText, mountStatsText, mountsText } from "./proc_system.ts";

/** A file that tells of a task. */
export interface TaskFile {
  /** Makes what is in it. */
  readonly content: () => string | Uint8Array;
  /** Its permissions. */
  readonly mode?: number;
  /** Whether only those see it who may look into the process. */
  readonly isPrivate?: boolean;
  /** Given what is written to it. */
  readonly take?: (bytes: Uint8Array) => number;
}

/** Every user and group is who it is. */
const IDENTITY = "         0          0 4294967295\n";
const SCORE_MAX = 1000;
/** The range of the scores of old, whose least means never. */
const OLD_SCORE = { least: -17, most: 15 } as const;
const CORE_FILTER_BITS = 0x1ff;
const NEVER_NUMBERED = "4294967295";

/** The files that tell of a task, by name. */
export function taskFiles(
  linux: Linux,
  group: Group,
  one: Task | null,
): Readonly<Record<string, TaskFile>> {
  return {
    ...memoryFiles(linux, group, one),
    ...openFiles(linux, group, one),
    ...writable(group, one),
  };
}

/** The numbers of the processes that a task made. */
export function childrenText(group: Group, task: Task): string {
  const isFirst = group.leader === task;
  return isFirst ? [...group.children].map(({ pid }) => `${pid} `).join("") : "";
}

/** What is known only to those who may look into the process. */
function memoryFiles(
  linux: Linux,
  group: Group,
  one: Task | null,
): Record<string, TaskFile> {
  const { mm } = group;
  const root = one?.fs.root ?? linux.root;
  const live = (content: () => string | Uint8Array) => () => group.ended ? "" : content();
  const { strings } = mm;
  const isPrivate = true;
  const environ = bytesOf(group, strings.environment, strings.environmentEnd);
  return {
    maps: { content: live(() => mapsText(mm, root)), isPrivate },
    smaps: { content: live(() => smapsText(mm, root)), isPrivate },
    smaps_rollup: { content: live(() => rollupText(mm)), isPrivate },
    auxv: { content: live(() => mm.auxv), mode: 0o400, isPrivate },
    environ: { content: live(environ), mode: 0o400, isPrivate },
    io: { content: () => ioText(one?.used ?? group.spent), mode: 0o400, isPrivate },
    syscall: { content: () => syscallText(one), mode: 0o400, isPrivate },
    personality: {
      content: () => `${(one?.persona ?? 0).toString(16).padStart(8, "0")}\n`,
      mode: 0o400,
      isPrivate,
    },
    mountstats: { content: () => mountStatsText(linux), mode: 0o400 },
  };
}

/** The bytes of a process from one address to another. */
function bytesOf({ mm }: Group, from: number, to: number): () => string | Uint8Array {
  return () => {
    const found = mm.memory.bytes(from, to - from);
    return typeof found === "number" ? "" : found;
  };
}

/** What everybody may know. */
function openFiles(linux: Linux, group: Group, one: Task | null): Record<string, TaskFile> {
  const { mm } = group;
  const { strings } = mm;
  const cmdline = bytesOf(group, strings.args, strings.argsEnd);
  const texts: Record<string, () => string | Uint8Array> = {
    cmdline: () => group.ended ? "" : cmdline(),
    stat: () => statText(group, one),
    status: () => statusText(group, one),
    statm: () => group.ended ? "0 0 0 0 0 0 0\n" : statmText(mm),
    limits: () => limitsText(group),
    mounts: () => mountsText(linux),
    mountinfo: () => mountInfoText(linux),
    cgroup: () => "0::/\n",
    cpuset: () => "/\n",
    oom_score: () => `${Math.max(0, SCORE_OF_NONE + Math.floor(group.shortageScore * 2 / 3))}\n`,
    sessionid: () => NEVER_NUMBERED,
    wchan: () => siteOf(group, one) ?? "0",
    schedstat: () => schedStatText(one?.used ?? group.spent),
  };
  return Object.fromEntries(Object.entries(texts).map(([name, content]) => [name, { content }]));
}

/** How readily a process is ended that has no memory and no wish. */
const SCORE_OF_NONE = 666;

/** What can be written, too. */
function writable(group: Group, one: Task | null): Record<string, TaskFile> {
  const { shortageScore } = group;
  const old = shortageScore === SCORE_MAX
    ? OLD_SCORE.most
    : Math.trunc(shortageScore * -OLD_SCORE.least / SCORE_MAX);
  const text = (bytes: Uint8Array) => String.fromCharCode(...bytes).trim();
  return {
    comm: { content: () => `${one?.comm ?? ""}\n`, take: (bytes) => renameTask(one, bytes) },
    oom_score_adj: {
      content: () => `${shortageScore}\n`,
      take: (bytes) => setScore(group, text(bytes), SCORE_MAX) || bytes.length,
    },
    oom_adj: {
      content: () => `${old}\n`,
      take: (bytes) => setScore(group, text(bytes), OLD_SCORE.most) || bytes.length,
    },
    coredump_filter: {
      content: () => `${group.coreFilter.toString(16).padStart(8, "0")}\n`,
      take: (bytes) => {
        const wanted = Number(text(bytes));
        if (!Number.isInteger(wanted) || wanted < 0) return Errno.EINVAL;
        group.coreFilter = wanted & CORE_FILTER_BITS;
        return bytes.length;
      },
    },
    timerslack_ns: {
      content: () => `${one?.timerSlack ?? 0}\n`,
      mode: 0o666,
      take: (bytes) => {
        const wanted = Number(text(bytes));
        if (!Number.isInteger(wanted) || wanted < 0) return Errno.EINVAL;
        if (one) one.timerSlack = wanted === 0 ? DEFAULT_SLACK : wanted;
        return bytes.length;
      },
    },
    clear_refs: {
      content: () => "",
      mode: 0o200,
      take: (bytes) => /^[1-5]$/.test(text(bytes)) ? bytes.length : Errno.EINVAL,
    },
    sched: { content: () => schedText(group, one), take: (bytes) => bytes.length },
    ...unchangeable(),
  };
}

/** What could be written elsewhere, but not here: what is set there was set before. */
function unchangeable(): Record<string, TaskFile> {
  const take = () => Errno.EPERM;
  return {
    loginuid: { content: () => NEVER_NUMBERED, take },
    uid_map: { content: () => IDENTITY, take },
    gid_map: { content: () => IDENTITY, take },
    projid_map: { content: () => IDENTITY, take },
    setgroups: { content: () => "allow\n", take },
    timens_offsets: {
      content: () => "monotonic           0         0\nboottime            0         0\n",
      take,
    },
  };
}

const DEFAULT_SLACK = 50_000;

/** Say how readily a process is to be ended; less readily than before only some may. */
function setScore(group: Group, text: string, most: number): number {
  const wanted = text === "" ? NaN : Number(text);
  const least = most === SCORE_MAX ? -SCORE_MAX : OLD_SCORE.least;
  if (!Number.isInteger(wanted) || wanted < least || wanted > most) return Errno.EINVAL;
  const score = most === SCORE_MAX || wanted === most
    ? wanted * SCORE_MAX / most
    : Math.trunc(wanted * SCORE_MAX / -OLD_SCORE.least);
  const { current } = group.linux;
  const isOld = most !== SCORE_MAX;
  const mayAll = current === null || current.may(Capability.SYS_RESOURCE);
  const bound = isOld ? group.shortageScore : group.shortageLeast;
  if (score < bound && !mayAll) return Errno.EACCES;
  group.shortageScore = score;
  if (!isOld && mayAll) group.shortageLeast = score;
  return 0;
}

function renameTask(task: Task | null, text: Uint8Array): number {
  const { current } = task?.group.linux ?? {};
  if (!task || (current && current.group !== task.group)) return Errno.EINVAL;
  task.comm = String.fromCharCode(...text).replace(/[\n\0].*$/s, "").slice(0, 15);
  return text.length;
}
