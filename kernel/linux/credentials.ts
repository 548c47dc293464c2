/**
 * Who a task is, for everybody who asks whether it may.
 *
 * @module
 */

/** Capabilities that this kernel asks for; all of them go with user 0. */
export interface Credentials {
  /** The real user. */
  readonly uid: number;
  /** The user whose rights it has. */
  readonly euid: number;
  /** The user it can go back to. */
  readonly suid: number;
  /** The user as file systems see it. */
  readonly fsuid: number;
  /** The real group. */
  readonly gid: number;
  /** The group whose rights it has. */
  readonly egid: number;
  /** The group it can go back to. */
  readonly sgid: number;
  /** The group as file systems see it. */
  readonly fsgid: number;
  /** Further groups. */
  readonly groups: readonly number[];
}

/** The credentials of one user and one group in every role. */
export function plainCredentials(uid: number, gid: number): Credentials {
  return {
    uid,
    euid: uid,
    suid: uid,
    fsuid: uid,
    gid,
    egid: gid,
    sgid: gid,
    fsgid: gid,
    groups: [],
  };
}

/** Whether these credentials stand above permissions. */
export function isCapable(credentials: Credentials): boolean {
  return credentials.euid === 0;
}

/** Whether they belong to a group, as file systems see it. */
export function isInGroup({ fsgid, groups }: Credentials, gid: number): boolean {
  return fsgid === gid || groups.includes(gid);
}
