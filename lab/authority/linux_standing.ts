/**
 * Who a Linux process is, and what that lets it reach without holding it: files by their paths,
 * processes by tracing them.
 *
 * @module
 */
import { Right } from "../../kernel/abi.ts";

/** Who a process is. */
export interface LinuxStanding {
  /** The users it is. */
  readonly users: readonly number[];
  /** The groups it is in. */
  readonly groups: readonly number[];
  /** Those of the groups that it cannot leave, whatever it executes; none unless told. */
  readonly always?: readonly number[];
  /** Those that it is itself, and not only in: who traces it must be all of them. */
  readonly own?: readonly number[];
  /** Whether a capability lets it read every file. */
  readonly readsAll?: boolean;
  /** Whether capabilities let it reach every file and every process, as those of user 0 do. */
  readonly privileged: boolean;
  /** For a process that is yet to be: how it begins, and as whose copy. */
  readonly begins?: {
    /** `fork` copies the table; `exec` then closes what is marked so. */
    readonly by: "fork" | "exec";
    /** The identity of the process it comes from. */
    readonly from: number;
  };
}

/** Whose a file is, and who may use it. */
export interface FileStanding {
  /** Its owner. */
  readonly owner: number;
  /** Its group. */
  readonly group: number;
  /** Its permissions, with the bits that lend its owner and its group to who executes it. */
  readonly mode: number;
}

const SET_USER = 0o4000;
const SET_GROUP = 0o2000;
const ALL = Right.READ | Right.WRITE | Right.EXECUTE;

/**
 * What somebody could do with a file by its path. An owner could change the permissions; whether the
 * directories on the way may be entered is not looked at, which makes this a bound.
 */
export function rightsByPath(who: LinuxStanding, { owner, group, mode }: FileStanding): number {
  if (who.privileged || who.users.includes(owner)) return ALL;
  // Who is in the group only now and then is at times one of the others.
  const others = who.always?.includes(group) ? 0 : mode;
  const bits = who.groups.includes(group) ? mode >> 3 | others : mode;
  return (bits & 4 || who.readsAll ? Right.READ : 0) | (bits & 2 ? Right.WRITE : 0) |
    (bits & 1 ? Right.EXECUTE : 0);
}

/** Whether one could trace another, and so act as it. */
export function mayTrace(who: LinuxStanding, whom: LinuxStanding): boolean {
  if (who.privileged) return true;
  return !whom.privileged && whom.users.every((user) => who.users.includes(user)) &&
    (whom.own ?? []).every((group) => who.groups.includes(group));
}

/** Who somebody could become by executing files that lend their owners and groups. */
export function couldBecome(who: LinuxStanding, files: Iterable<FileStanding>): LinuxStanding {
  const lending = [...files].filter(({ mode }) => (mode & (SET_USER | SET_GROUP)) !== 0);
  let now = who;
  for (let isNew = true; isNew;) {
    isNew = false;
    for (const file of lending) {
      if ((rightsByPath(now, file) & Right.EXECUTE) === 0) continue;
      const next = lent(now, file);
      if (next === now) continue;
      now = next;
      isNew = true;
    }
  }
  return now;
}

function lent(who: LinuxStanding, { owner, group, mode }: FileStanding): LinuxStanding {
  const users = mode & SET_USER ? [...new Set([...who.users, owner])] : who.users;
  const groups = mode & SET_GROUP ? [...new Set([...who.groups, group])] : who.groups;
  const privileged = who.privileged || users.includes(0);
  const same = users.length === who.users.length && groups.length === who.groups.length &&
    privileged === who.privileged;
  return same ? who : { ...who, users, groups, privileged };
}
