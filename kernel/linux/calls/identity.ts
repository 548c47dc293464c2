/**
 * Calls about who a task is, and to whom it belongs.
 *
 * @module
 */
import { GROUPS_MAX } from "../bounds.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Capability } from "../abi/capability.ts";
import { type Credentials, withCapabilities } from "../credentials.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import type { Task } from "../task.ts";
import { isOverTaskLimit } from "../task_count.ts";
import { writeWords32 } from "./user_data.ts";

const KEEP = 0xffffffff;

type Role = "uid" | "euid" | "suid";

function setIds(task: Task, changed: Partial<Credentials>): Answer {
  const next = withCapabilities(task.credentials, { ...task.credentials, ...changed });
  if (next.euid !== task.credentials.euid || next.egid !== task.credentials.egid) {
    task.mm.dumpable = false;
    task.parentDeathSignal = 0;
  }
  const isOther = next.uid !== task.credentials.uid;
  task.credentials = next;
  // It does not count itself yet.
  if (isOther) task.exceedsTaskLimit = next.uid !== 0 && isOverTaskLimit(task, -1);
  return 0;
}

function setuid(task: Task, uid: number): Answer {
  const { credentials } = task;
  if (uid === KEEP) return Errno.EINVAL;
  if (task.may(Capability.SETUID)) return setIds(task, { uid, euid: uid, suid: uid, fsuid: uid });
  if (uid !== credentials.uid && uid !== credentials.suid) return Errno.EPERM;
  return setIds(task, { euid: uid, fsuid: uid });
}

function setgid(task: Task, gid: number): Answer {
  const { credentials } = task;
  if (gid === KEEP) return Errno.EINVAL;
  if (task.may(Capability.SETGID)) return setIds(task, { gid, egid: gid, sgid: gid, fsgid: gid });
  if (gid !== credentials.gid && gid !== credentials.sgid) return Errno.EPERM;
  return setIds(task, { egid: gid, fsgid: gid });
}

function setresuid(task: Task, uid: number, euid: number, suid: number): Answer {
  const own = task.credentials;
  const known: readonly number[] = [own.uid, own.euid, own.suid, KEEP];
  if (!task.may(Capability.SETUID) && [uid, euid, suid].some((one) => !known.includes(one))) {
    return Errno.EPERM;
  }
  const next = { uid: kept(uid, own.uid), euid: kept(euid, own.euid), suid: kept(suid, own.suid) };
  return setIds(task, { ...next, fsuid: next.euid });
}

function setresgid(task: Task, gid: number, egid: number, sgid: number): Answer {
  const own = task.credentials;
  const known: readonly number[] = [own.gid, own.egid, own.sgid, KEEP];
  if (!task.may(Capability.SETGID) && [gid, egid, sgid].some((one) => !known.includes(one))) {
    return Errno.EPERM;
  }
  const next = { gid: kept(gid, own.gid), egid: kept(egid, own.egid), sgid: kept(sgid, own.sgid) };
  return setIds(task, { ...next, fsgid: next.egid });
}

function setreuid(task: Task, uid: number, euid: number): Answer {
  const own = task.credentials;
  const may = (id: number, roles: readonly Role[]) =>
    id === KEEP || task.may(Capability.SETUID) || roles.some((role) => own[role] === id);
  if (!may(uid, ["uid", "euid"]) || !may(euid, ["uid", "euid", "suid"])) return Errno.EPERM;
  const next = { uid: kept(uid, own.uid), euid: kept(euid, own.euid) };
  const isNew = uid !== KEEP || (euid !== KEEP && euid !== own.uid);
  return setIds(task, { ...next, fsuid: next.euid, suid: isNew ? next.euid : own.suid });
}

function setregid(task: Task, gid: number, egid: number): Answer {
  const own = task.credentials;
  if (!task.may(Capability.SETGID) && ![own.gid, own.egid, own.sgid, KEEP].includes(egid)) {
    return Errno.EPERM;
  }
  const next = { gid: kept(gid, own.gid), egid: kept(egid, own.egid) };
  const isNew = gid !== KEEP || (egid !== KEEP && egid !== own.gid);
  return setIds(task, { ...next, fsgid: next.egid, sgid: isNew ? next.egid : own.sgid });
}

function kept(wanted: number, now: number): number {
  return wanted === KEEP ? now : wanted;
}

function getgroups(task: Task, size: number, list: number): Answer {
  const { groups } = task.credentials;
  if (size < 0) return Errno.EINVAL;
  if (size === 0) return groups.length;
  if (size < groups.length) return Errno.EINVAL;
  return writeWords32(task, list, groups) ? groups.length : Errno.EFAULT;
}

function setgroups(task: Task, size: number, list: number): Answer {
  if (!task.may(Capability.SETGID)) return Errno.EPERM;
  if (size < 0 || size > GROUPS_MAX) return Errno.EINVAL;
  const groups: number[] = [];
  for (let at = 0; at < size; at++) {
    const gid = task.mm.memory.readU32(list + at * 4);
    if (gid < 0) return Errno.EFAULT;
    groups.push(gid);
  }
  return setIds(task, { groups: groups.sort((one, other) => one - other) });
}

/** The process of a number; the caller's own for 0. */
function processOf(task: Task, pid: number): Group | null {
  if (pid === 0) return task.group;
  return task.linux.tasks.get(pid)?.group ?? task.linux.groups.get(pid) ?? null;
}

function setpgid(task: Task, pid: number, pgid: number): Answer {
  if (pgid < 0) return Errno.EINVAL;
  const group = processOf(task, pid);
  if (!group || group.ended) return Errno.ESRCH;
  const isChild = group.parent === task.group;
  if (group !== task.group && !isChild) return Errno.ESRCH;
  if (isChild && group.sid !== task.group.sid) return Errno.EPERM;
  if (isChild && group.hasExecuted) return Errno.EACCES;
  if (group.sid === group.pid) return Errno.EPERM;
  const to = pgid === 0 ? group.pid : pgid;
  if (to !== group.pid) {
    const members = [...task.linux.groups.values()].filter((one) => one.pgid === to);
    if (!members.some(({ sid }) => sid === task.group.sid)) return Errno.EPERM;
  }
  group.pgid = to;
  return 0;
}

function setsid(task: Task): Answer {
  const { group, linux } = task;
  for (const { pgid } of linux.groups.values()) if (pgid === group.pid) return Errno.EPERM;
  group.sid = group.pgid = group.pid;
  group.terminal = null;
  return group.pid;
}

function getpgid(task: Task, pid: number): Answer {
  return processOf(task, pid)?.pgid ?? Errno.ESRCH;
}

function getsid(task: Task, pid: number): Answer {
  return processOf(task, pid)?.sid ?? Errno.ESRCH;
}

function getresuid(task: Task, uid: number, euid: number, suid: number): Answer {
  const own = task.credentials;
  const good = writeWords32(task, uid, [own.uid]) && writeWords32(task, euid, [own.euid]) &&
    writeWords32(task, suid, [own.suid]);
  return good ? 0 : Errno.EFAULT;
}

function getresgid(task: Task, gid: number, egid: number, sgid: number): Answer {
  const own = task.credentials;
  const good = writeWords32(task, gid, [own.gid]) && writeWords32(task, egid, [own.egid]) &&
    writeWords32(task, sgid, [own.sgid]);
  return good ? 0 : Errno.EFAULT;
}

function setfsuid(task: Task, uid: number): Answer {
  const { uid: own, euid, suid, fsuid } = task.credentials;
  if (task.may(Capability.SETUID) || [own, euid, suid, fsuid].includes(uid)) {
    setIds(task, { fsuid: uid });
  }
  return fsuid;
}

function setfsgid(task: Task, gid: number): Answer {
  const { gid: own, egid, sgid, fsgid } = task.credentials;
  if (task.may(Capability.SETGID) || [own, egid, sgid, fsgid].includes(gid)) {
    setIds(task, { fsgid: gid });
  }
  return fsgid;
}

const UIDS = { uid: "uint", euid: "uint", suid: "uint" } as const;
const GIDS = { gid: "uint", egid: "uint", sgid: "uint" } as const;

/** Calls about who a task is. */
export const IDENTITY_CALLS: readonly LinuxCall[] = [
  call(143, "setregid", { gid: "uint", egid: "uint" }, setregid),
  call(144, "setgid", { gid: "uint" }, setgid),
  call(145, "setreuid", { uid: "uint", euid: "uint" }, setreuid),
  call(146, "setuid", { uid: "uint" }, setuid),
  call(147, "setresuid", UIDS, setresuid),
  call(148, "getresuid", { uid: "pointer", euid: "pointer", suid: "pointer" }, getresuid),
  call(149, "setresgid", GIDS, setresgid),
  call(150, "getresgid", { gid: "pointer", egid: "pointer", sgid: "pointer" }, getresgid),
  call(151, "setfsuid", { uid: "uint" }, setfsuid),
  call(152, "setfsgid", { gid: "uint" }, setfsgid),
  call(154, "setpgid", { pid: "pid", pgid: "pid" }, setpgid),
  call(155, "getpgid", { pid: "pid" }, getpgid),
  call(156, "getsid", { pid: "pid" }, getsid),
  call(157, "setsid", {}, setsid),
  call(158, "getgroups", { size: "int", list: "pointer" }, getgroups),
  call(159, "setgroups", { size: "int", list: "pointer" }, setgroups),
  call(172, "getpid", {}, (task) => task.group.pid),
  call(173, "getppid", {}, (task) => task.group.ppid),
  call(174, "getuid", {}, (task) => task.credentials.uid),
  call(175, "geteuid", {}, (task) => task.credentials.euid),
  call(176, "getgid", {}, (task) => task.credentials.gid),
  call(177, "getegid", {}, (task) => task.credentials.egid),
  call(178, "gettid", {}, (task) => task.tid),
];
