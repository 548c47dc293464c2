/**
 * What a thread may ask of the scheduler, made by one process and applied by others.
 *
 * @module
 */
import { ObjectType, Priority, ProfileFlag, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";

/** What a profile says; `flags` tells which of it counts. */
export interface ProfileInfo {
  /** Bits of `ProfileFlag`. */
  readonly flags: number;
  /** How urgent it is. */
  readonly priority: number;
  /** How much time it needs in each period, in nanoseconds. */
  readonly capacity: bigint;
  /** By when in each period. */
  readonly relativeDeadline: bigint;
  /** How long a period is. */
  readonly period: bigint;
  /** On which processors it may run. */
  readonly cpuMask: readonly bigint[];
}

/** A profile. */
export class Profile extends KernelObject {
  readonly type = ObjectType.PROFILE;
  /** What it says. */
  readonly info: ProfileInfo;

  private constructor(realm: Realm, info: ProfileInfo) {
    super(realm, ObjectType.PROFILE);
    this.info = info;
  }

  /** A profile, or INVALID_ARGS when what it says makes no sense. */
  static create(realm: Realm, info: ProfileInfo) {
    return isValid(info) ? new Profile(realm, info) : Status.INVALID_ARGS;
  }

  override get waitable(): boolean {
    return false;
  }
}

function isValid(info: ProfileInfo): boolean {
  const known = Object.values(ProfileFlag).reduce((all, one) => all | one, 0);
  const { PRIORITY, DEADLINE, NO_INHERIT, CPU_MASK, MEMORY_PRIORITY } = ProfileFlag;
  const { flags, priority } = info;
  const says = (flag: number) => (flags & flag) !== 0;
  if ((flags & ~known) !== 0 || !says(PRIORITY | DEADLINE | CPU_MASK | MEMORY_PRIORITY)) {
    return false;
  }
  if (says(PRIORITY) && says(DEADLINE)) return false;
  if (says(NO_INHERIT) && !says(PRIORITY)) return false;
  if (says(MEMORY_PRIORITY) && says(PRIORITY | DEADLINE | CPU_MASK)) return false;
  if (says(PRIORITY | MEMORY_PRIORITY)) {
    return priority >= Priority.LOWEST && priority <= Priority.HIGHEST;
  }
  return !says(DEADLINE) || meetsDeadline(info);
}

function meetsDeadline({ capacity, relativeDeadline, period }: ProfileInfo): boolean {
  return capacity > 0n && capacity <= relativeDeadline && relativeDeadline <= period;
}
