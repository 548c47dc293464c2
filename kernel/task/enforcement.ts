/**
 * What a process's policy says to a deed, carried out.
 *
 * @module
 */
import { PolicyAction, type PolicyCondition, Status, TaskReturnCode } from "../abi.ts";
import type { Denial } from "../events.ts";
import type { KernelObject } from "../object/object.ts";
import type { Thread } from "./thread.ts";

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
  const action = process.policy.action(condition);
  if (action === PolicyAction.ALLOW || action === PolicyAction.ALLOW_EXCEPTION) return Status.OK;
  const setBy = process.policy.setBy(condition);
  asking.deny({
    status: Status.ACCESS_DENIED,
    argument: "policy",
    koid: process.job.koid,
    type: "job",
    wanted: `condition ${condition}`,
    held: `action ${action}`,
    rule: `the policy that job ${setBy} set on condition ${condition}`,
    grant: `a job whose policy allows condition ${condition}`,
  });
  if (action === PolicyAction.KILL) process.kill(TaskReturnCode.POLICY_KILL);
  return Status.ACCESS_DENIED;
}

/**
 * A thread did what no policy speaks of and nobody may do, such as filling a channel that nobody
 * reads: a policy exception with this code, which ends the process.
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
  asking.thread.process.kill(TaskReturnCode.EXCEPTION_KILL);
}
