/**
 * Job policy: which deeds it speaks of and what it may say.
 *
 * @module
 */

/** What a policy is about. */
export const PolicyCondition = {
  BAD_HANDLE: 0,
  WRONG_OBJECT: 1,
  VMAR_WX: 2,
  NEW_ANY: 3,
  NEW_VMO: 4,
  NEW_CHANNEL: 5,
  NEW_EVENT: 6,
  NEW_EVENTPAIR: 7,
  NEW_PORT: 8,
  NEW_SOCKET: 9,
  NEW_FIFO: 10,
  NEW_TIMER: 11,
  NEW_PROCESS: 12,
  NEW_PROFILE: 13,
  NEW_PAGER: 14,
  AMBIENT_MARK_VMO_EXEC: 15,
  NEW_IOB: 16,
  NEW_SAMPLER: 17,
} as const;

/** A policy condition's number. */
export type PolicyCondition = typeof PolicyCondition[keyof typeof PolicyCondition];

/** The name of a policy condition. */
export type PolicyConditionName = keyof typeof PolicyCondition;

const CONDITIONS = Object.entries(PolicyCondition);

/** The name of a policy condition, such as `NEW_CHANNEL`. */
export function conditionName(condition: number): string {
  return CONDITIONS.find(([, value]) => value === condition)?.[0] ?? `condition ${condition}`;
}

/** What a policy says. */
export const PolicyAction = {
  ALLOW: 0,
  DENY: 1,
  ALLOW_EXCEPTION: 2,
  DENY_EXCEPTION: 3,
  KILL: 4,
} as const;

/** A policy action's number. */
export type PolicyAction = typeof PolicyAction[keyof typeof PolicyAction];

/** Options and topics of `zx_job_set_policy`. */
export const JobPolicy = {
  RELATIVE: 0,
  ABSOLUTE: 1,
  BASIC_V1: 0,
  BASIC_V2: 0x01000000,
  TIMER_SLACK: 1,
  OVERRIDE_ALLOW: 0,
  OVERRIDE_DENY: 1,
  COUNT_MAX: 32,
} as const;

/** Codes a policy exception carries beyond the conditions' own numbers. */
export const PolicyExceptionCode = {
  CHANNEL_FULL_WRITE: 16,
  PORT_TOO_MANY_PACKETS: 17,
  BAD_SYSCALL: 18,
  PORT_TOO_MANY_OBSERVERS: 19,
  HANDLE_LEAK: 20,
  NEW_IOB: 21,
  NEW_SAMPLER: 22,
} as const;
