/**
 * What `zx_job_set_policy` is given: conditions with actions, or how late timers may be.
 *
 * @module
 */
import { type Failure, i64, JobPolicy, PolicyCondition, Status, Structure, u32 } from "../abi.ts";
import { readMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { type Kind, refusing } from "../syscall/kind.ts";
import type { PolicyEntry, TimerSlackPolicy } from "../task/policy.ts";
import { either, isCount, isNumber, listOf, maybe, withFields } from "../syscall/shape.ts";

const CONDITIONS = Object.values(PolicyCondition).length;

const V1 = new Structure({ condition: u32, action: u32 }, 4);
const V2 = new Structure({ condition: u32, action: u32, override: u32 }, 4);
const SLACK = new Structure({ minimum: i64, mode: u32 });

/** A script's policy: conditions with actions, or, under its own topic, how late timers may be. */
export type ScriptPolicy =
  | readonly (Omit<PolicyEntry, "override"> & { readonly override?: number })[]
  | TimerSlackPolicy;

const isEntry = withFields({ condition: isCount, action: isCount, override: maybe(isCount) });
const isSlack = withFields({ minimum: isNumber, mode: isCount });

/** What was asked for: one of the two. */
export interface PolicyEntries {
  /** What each condition is to lead to. */
  readonly entries: readonly PolicyEntry[];
  /** How late timers may be. */
  readonly slack: TimerSlackPolicy | null;
}

/** Policy of the topic and the length that other arguments name. */
export function policyEntries(topicName: string, countName: string): Kind<
  PolicyEntries,
  ScriptPolicy,
  "in",
  "INVALID_ARGS" | "OUT_OF_RANGE"
> {
  return refusing({
    label: "policy",
    role: "in",
    shape: either(listOf(isEntry), isSlack),
    errors: ["INVALID_ARGS", "OUT_OF_RANGE"],
    decode(raw, call) {
      const topic = call.rawOf(topicName) as number >>> 0;
      const count = call.outs && !Array.isArray(raw) ? 1 : call.rawOf(countName) as number;
      const refusal = refuse(topic, count);
      if (refusal !== Status.OK) return refusal;
      if (call.outs) return fromScript(topic, raw as ScriptPolicy);
      return fromMemory(call, { topic, address: raw as number, count });
    },
  });
}

function refuse(topic: number, count: number): 0 | Failure {
  if (topic === JobPolicy.TIMER_SLACK) return count === 1 ? Status.OK : Status.INVALID_ARGS;
  if (topic !== JobPolicy.BASIC_V1 && topic !== JobPolicy.BASIC_V2) return Status.INVALID_ARGS;
  if (count === 0 || count > JobPolicy.COUNT_MAX) return Status.INVALID_ARGS;
  return count > CONDITIONS ? Status.OUT_OF_RANGE : Status.OK;
}

function fromScript(topic: number, policy: ScriptPolicy): PolicyEntries | Failure {
  const isSlack = !Array.isArray(policy);
  if (isSlack !== (topic === JobPolicy.TIMER_SLACK)) return Status.INVALID_ARGS;
  if (isSlack) return { entries: [], slack: policy as TimerSlackPolicy };
  const given = policy as readonly (Omit<PolicyEntry, "override"> & { override?: number })[];
  const entries = given.map((one) => {
    return { ...one, override: one.override ?? JobPolicy.OVERRIDE_ALLOW };
  });
  return { entries, slack: null };
}

function fromMemory(
  call: Call,
  { topic, address, count }: { topic: number; address: number; count: number },
): PolicyEntries | Failure {
  const form = topic === JobPolicy.TIMER_SLACK ? SLACK : topic === JobPolicy.BASIC_V1 ? V1 : V2;
  const bytes = readMemory(call, address, count * form.size);
  if (typeof bytes === "number") return bytes;
  if (form === SLACK) return { entries: [], slack: SLACK.decode(bytes) };
  const entries = Array.from({ length: count }, (_, at): PolicyEntry => {
    if (form === V2) return V2.decode(bytes, at * V2.size);
    // The first version has no word for it: what is set may not be changed below.
    return { ...V1.decode(bytes, at * V1.size), override: JobPolicy.OVERRIDE_DENY };
  });
  return { entries, slack: null };
}
