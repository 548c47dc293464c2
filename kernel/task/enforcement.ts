/**
 * What a process's policy says to a deed, carried out.
 *
 * @module
 */
import {
  conditionName,
  ExceptionType,
  PolicyAction,
  type PolicyCondition,
  Status,
  TaskReturnCode,
} from "../abi.ts";
import type { Denial } from "../events.ts";
import type { KernelObject } from "../object/object.ts";
import { synthetic } from "./exception.ts";
import type { Job } from "./job.ts";
import type { Thread } from "./thread.ts";

const ACTION_NAMES = Object.keys(PolicyAction);

/** Who asks: a thread, and somewhere to say why it is refused. */
export interface Asking {
  /** The thread that wants to do it. */
  readonly thread: Thread;
  /** Remember why the deed is refused. */
  deny(denial: Omit<Denial, "syscall">): void;
}

/** Ask the policy of the thread's process; what is denied or killed for is written down. */
export function enforcePolicy(asking: Asking, condition: PolicyCondition) {
  const { process } = asking.thread;
  const action = punish(asking.thread, condition);
  if (action === PolicyAction.ALLOW || action === PolicyAction.ALLOW_EXCEPTION) return Status.OK;
  const setter = jobNamed(process.job, process.policy.setBy(condition));
  const name = conditionName(condition);
  asking.deny({
    status: Status.ACCESS_DENIED,
    argument: "policy",
    koid: process.job.koid,
    type: "job",
    wanted: name,
    held: ACTION_NAMES[action]!,
    rule: `job ${setter} set ${name} to ${ACTION_NAMES[action]} for all below it`,
    grant: `a process in a job whose policy allows ${name}`,
  });
  return Status.ACCESS_DENIED;
}

/** What people call a job that is this one or above it: by its name, where it has one. */
function jobNamed(from: Job, koid: number): string {
  for (let job: Job | null = from; job; job = job.parent) {
    if (job.koid === koid) return job.name || String(koid);
  }
  return String(koid);
}

/**
 * A thread did what no policy speaks of and nobody may do, such as filling a channel that nobody
 * reads: a policy exception with this code.
 */
export function offend(asking: Asking, code: number, object: KernelObject): void {
  asking.deny({
    status: Status.SHOULD_WAIT,
    argument: "handle",
    koid: object.koid,
    type: object.label,
    wanted: "one more",
    held: "as many as there may be",
    rule: `what waits in one ${object.label} is bounded; more is a policy exception, code ${code}`,
    grant: "a reader that keeps up",
  });
  raiseOffence(asking.thread, code);
}

/** Do to a thread what the policy says to a deed, but for denying it; answers what it says. */
export function punish(thread: Thread, condition: PolicyCondition): PolicyAction {
  const action = thread.process.policy.action(condition);
  if (action === PolicyAction.KILL) thread.process.kill(TaskReturnCode.POLICY_KILL);
  if (action === PolicyAction.ALLOW_EXCEPTION || action === PolicyAction.DENY_EXCEPTION) {
    raiseOffence(thread, condition);
  }
  return action;
}

/** Raise a policy exception as soon as the thread's system call is answered. */
export function raiseOffence(thread: Thread, code: number, data = 0): void {
  thread.offence = synthetic(ExceptionType.POLICY_ERROR, code, data);
}
