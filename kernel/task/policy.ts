/**
 * Job policy: for each condition an action, and whether those below may say otherwise.
 *
 * @module
 */
import { JobPolicy, PolicyAction, PolicyCondition, Status } from "../abi.ts";

const CONDITIONS = Object.values(PolicyCondition).length;
const NEW_FIRST = PolicyCondition.NEW_VMO;
const NEW_LAST = PolicyCondition.NEW_PAGER;

/** What one policy entry asks for. */
export interface PolicyEntry {
  /** What it is about. */
  readonly condition: number;
  /** What is to happen. */
  readonly action: number;
  /** Whether jobs below may change it: `OVERRIDE_ALLOW` or `OVERRIDE_DENY`. */
  readonly override: number;
}

/** How late timers of a job's processes may be. */
export interface TimerSlackPolicy {
  /** At least so many nanoseconds. */
  readonly minimum: number;
  /** One of `TimerSlack`: which way. */
  readonly mode: number;
}

interface Setting {
  readonly action: PolicyAction;
  readonly overridable: boolean;
  /** The identity of the job that set it; 0: nobody did. */
  readonly setBy: number;
}

const ALLOWED: Setting = { action: PolicyAction.ALLOW, overridable: true, setBy: 0 };

/** The policy of a job, which its processes and the jobs below begin with. Never changes. */
export class Policy {
  readonly #settings: readonly Setting[];

  /** A policy from its settings; without them everything is allowed. */
  private constructor(settings: readonly Setting[]) {
    this.#settings = settings;
  }

  /** The root job's policy: everything is allowed, and anything may be changed below. */
  static readonly allowAll = new Policy(new Array<Setting>(CONDITIONS).fill(ALLOWED));

  /** What is to happen. */
  action(condition: PolicyCondition): PolicyAction {
    return this.#settings[condition]!.action;
  }

  /** The job that said so; 0 if nobody did. */
  setBy(condition: PolicyCondition): number {
    return this.#settings[condition]!.setBy;
  }

  /** This policy with entries put over it by a job, or why not; all of them or none. */
  with(entries: readonly PolicyEntry[], mode: number, job: number) {
    const settings = [...this.#settings];
    for (const entry of entries) {
      const status = apply(settings, entry, mode, job);
      if (status !== Status.OK) return status;
    }
    return new Policy(settings);
  }
}

function apply(settings: Setting[], entry: PolicyEntry, mode: number, job: number) {
  const { condition, action, override } = entry;
  if (condition >= CONDITIONS) return Status.INVALID_ARGS;
  if (action > PolicyAction.KILL) return Status.NOT_SUPPORTED;
  if (override > JobPolicy.OVERRIDE_DENY) return Status.INVALID_ARGS;
  const targets = condition === PolicyCondition.NEW_ANY ? newConditions() : [condition];
  for (const target of targets) {
    const current = settings[target]!;
    const wanted: Setting = {
      action: action as PolicyAction,
      overridable: override === JobPolicy.OVERRIDE_ALLOW,
      setBy: job,
    };
    if (current.overridable) settings[target] = wanted;
    else if (current.action === wanted.action && !wanted.overridable) continue;
    else if (mode === JobPolicy.ABSOLUTE) return Status.ALREADY_EXISTS;
  }
  return Status.OK;
}

function newConditions(): number[] {
  const all = [PolicyCondition.NEW_ANY, PolicyCondition.NEW_IOB, PolicyCondition.NEW_SAMPLER];
  for (let condition: number = NEW_FIRST; condition <= NEW_LAST; condition++) {
    all.push(condition as typeof NEW_FIRST as never);
  }
  return all;
}
