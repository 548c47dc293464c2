/**
 * Who a task is, for everybody who asks whether it may.
 *
 * @module
 */
import { Capability, CAPABILITY_LAST } from "./abi/capability.ts";

/** All that Linux has, as a set of bits. */
export const CAPABILITIES = (2n << BigInt(CAPABILITY_LAST)) - 1n;

/** Those that are about files and go with the user that file systems see. */
const FILE_CAPABILITIES = [
  Capability.CHOWN,
  Capability.DAC_OVERRIDE,
  Capability.DAC_READ_SEARCH,
  Capability.FOWNER,
  Capability.FSETID,
  Capability.LINUX_IMMUTABLE,
  Capability.MKNOD,
  Capability.MAC_OVERRIDE,
].reduce((set, one) => set | (1n << BigInt(one)), 0n);

/** Who somebody is. */
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
  /** What it may do now beside what its user may. */
  readonly effective: bigint;
  /** What it can give itself of that. */
  readonly permitted: bigint;
  /** What programs can get from it. */
  readonly inheritable: bigint;
  /** Whether it can still give itself all that when it is user 0 no longer. */
  readonly keepsCapabilities: boolean;
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
    effective: uid === 0 ? CAPABILITIES : 0n,
    permitted: uid === 0 ? CAPABILITIES : 0n,
    inheritable: 0n,
    keepsCapabilities: false,
  };
}

/** Whether somebody may do this beside what the user may. */
export function isCapable({ effective }: Credentials, capability: Capability): boolean {
  return (effective & (1n << BigInt(capability))) !== 0n;
}

/** The same with what users may do, where the users have just become others. */
export function withCapabilities(before: Credentials, next: Credentials): Credentials {
  let { effective, permitted } = next;
  const hadRoot = [before.uid, before.euid, before.suid].includes(0);
  const hasRoot = [next.uid, next.euid, next.suid].includes(0);
  if (hadRoot && !hasRoot && !before.keepsCapabilities) permitted = effective = 0n;
  if (before.euid === 0 && next.euid !== 0) effective = 0n;
  if (before.euid !== 0 && next.euid === 0) effective = permitted;
  if (before.fsuid === 0 && next.fsuid !== 0) effective &= ~FILE_CAPABILITIES;
  if (before.fsuid !== 0 && next.fsuid === 0) effective |= permitted & FILE_CAPABILITIES;
  return { ...next, effective, permitted };
}

/** The same for a program that begins: user 0 gets everything, others keep nothing. */
export function programCapabilities(next: Credentials): Credentials {
  const permitted = next.uid === 0 || next.euid === 0 ? CAPABILITIES : 0n;
  const effective = next.euid === 0 ? CAPABILITIES : 0n;
  return { ...next, permitted, effective, keepsCapabilities: false };
}

/** Whether they belong to a group, as file systems see it. */
export function isInGroup({ fsgid, groups }: Credentials, gid: number): boolean {
  return fsgid === gid || groups.includes(gid);
}
