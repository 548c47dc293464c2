/**
 * `zx_profile_create`: what threads may ask of the scheduler.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, PolicyCondition, SystemResource } from "../abi.ts";
import { Profile, type ProfileInfo } from "../ipc/profile.ts";
import { outHandle } from "../syscall/buffer.ts";
import { allowedBy, options } from "../syscall/kind.ts";
import { inRecord } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { systemResource } from "./system_resource.ts";

const CPU_WORDS = 8;

const profileInfo = inRecord<ProfileInfo>({
  size: 96,
  parse: (view) => ({
    flags: view.getUint32(0, true),
    priority: view.getInt32(8, true),
    capacity: view.getBigInt64(8, true),
    relativeDeadline: view.getBigInt64(16, true),
    period: view.getBigInt64(24, true),
    cpuMask: Array.from({ length: CPU_WORDS }, (_, at) => view.getBigUint64(32 + at * 8, true)),
  }),
});

const profileCreate = syscall({
  name: "zx_profile_create",
  about: "Make a profile: a priority, a deadline to keep, or processors to run on.",
  args: {
    resource: systemResource(SystemResource.PROFILE),
    options: options(0),
    info: profileInfo,
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_PROFILE),
  },
  errors: ["INVALID_ARGS"],
  run({ info, out }, call) {
    const profile = Profile.create(call.realm, info);
    return failed(profile) ? profile : out.give(profile, DEFAULT_RIGHTS.profile);
  },
});

/** The calls of this file. */
export const PROFILE_ROWS = { profileCreate };
