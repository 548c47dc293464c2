/**
 * Every condition of job policy with every action: what the deed comes to, whether there is an
 * exception, with which code, and what becomes of the process.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  conditionName,
  DEFAULT_RIGHTS,
  ExceptionState,
  failed,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  ProfileFlag,
  ResourceKind,
  Right,
  Status,
  SystemResource,
  TaskReturnCode,
  VmOption,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, type Program, setProperty, zx } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { listen, take } from "../support/handling.ts";
import { must } from "../support/making.ts";
import { ScriptKernel } from "../support/scripts.ts";

/** What a process does that a condition speaks of; the machine gives it what it needs. */
type Deed = (machine: ScriptKernel, process: Process) => Operation<unknown>;

const ALL = 0x1ffffff;
const GARBAGE = 0x7ffffffb;

function systemResource(machine: ScriptKernel, process: Process): number {
  const { realm, system } = machine.kernel;
  const { PROFILE } = SystemResource;
  const resource = Resource.root(realm, system.resources, ResourceKind.SYSTEM, PROFILE + 1);
  return machine.give(process, resource, ALL);
}

function memory(machine: ScriptKernel, process: Process): number {
  const vmo = Vmo.create(machine.kernel.realm, 4096);
  invariant(!failed(vmo), "there is memory");
  return machine.give(process, vmo, ALL);
}

const DEEDS: Readonly<Record<string, Deed>> = {
  BAD_HANDLE: () => zx.handleDuplicate({ handle: GARBAGE, rights: Right.SAME_RIGHTS }),
  VMAR_WX: (machine, process) => {
    const handle = machine.give(process, process.space.root, ALL);
    const { PERM_READ, PERM_WRITE, PERM_EXECUTE } = VmOption;
    const options = PERM_READ | PERM_WRITE | PERM_EXECUTE;
    return zx.vmarMap({ handle, options, vmo: memory(machine, process), length: 4096 });
  },
  NEW_VMO: () => zx.vmoCreate({ size: 1 }),
  NEW_CHANNEL: () => zx.channelCreate({}),
  NEW_EVENT: () => zx.eventCreate({}),
  NEW_EVENTPAIR: () => zx.eventpairCreate({}),
  NEW_PORT: () => zx.portCreate({}),
  NEW_SOCKET: () => zx.socketCreate({ options: 0 }),
  NEW_FIFO: () => zx.fifoCreate({ count: 1, size: 1 }),
  NEW_TIMER: () => zx.timerCreate({}),
  NEW_PROCESS: (machine, process) => {
    const job = machine.give(process, process.job, DEFAULT_RIGHTS.job);
    return zx.processCreate({ job, name: "new" });
  },
  NEW_PROFILE: (machine, process) => {
    const resource = systemResource(machine, process);
    const nothing = { capacity: 0n, relativeDeadline: 0n, period: 0n, cpuMask: [], priority: 0 };
    const info = { ...nothing, flags: ProfileFlag.PRIORITY, priority: 16 };
    return zx.profileCreate({ resource, info });
  },
  NEW_PAGER: () => zx.pagerCreate({}),
  AMBIENT_MARK_VMO_EXEC: (machine, process) =>
    zx.vmoReplaceAsExecutable({ handle: memory(machine, process), vmex: 0 }),
  NEW_IOB: () => zx.iobCreateSharedRegion({ size: 8192 }),
};

/** What came of a deed under a policy. */
interface Outcome {
  readonly answer: unknown;
  readonly codes: readonly number[];
  readonly returnCode: number;
}

/** Let a process do a deed in a job with one entry of policy, whose exceptions somebody answers. */
function outcome(condition: number, action: number, deed: Deed, isHandled: boolean): Outcome {
  const machine = new ScriptKernel();
  const job = machine.kernel.rootJob.createJob();
  invariant(!failed(job), "the root job takes in jobs");
  job.hold();
  const entry = { condition, action, override: JobPolicy.OVERRIDE_DENY };
  assertEquals(job.setPolicy(JobPolicy.ABSOLUTE, [entry]), Status.OK);
  const codes: number[] = [];
  let answer: unknown = "none";
  const doer = machine.spawn("doer", function* (process) {
    yield* zx.nanosleep({ deadline: 1e6 });
    const found = yield* deed(machine, process);
    answer = typeof found === "number" ? found : Status.OK;
  }, job);
  if (isHandled) {
    machine.spawn("handler", function* (process): Program {
      const channel = yield* listen(machine.give(process, job, DEFAULT_RIGHTS.job));
      const { exception } = yield* take(channel);
      const { out: thread } = yield* must(zx.exceptionGetThread({ exception }));
      const { records } = yield* must(getInfo(thread, "THREAD_EXCEPTION_REPORT"));
      codes.push(records[0]!.synthCode);
      yield* setProperty(exception, "EXCEPTION_STATE", ExceptionState.HANDLED);
      yield* zx.handleClose({ handle: exception });
    });
  }
  machine.kernel.run({ until: 1e9 });
  assertEquals(machine.kernel.system.failures.map(({ error }) => `${error}`), []);
  return { answer, codes, returnCode: doer.returnCode };
}

/** What a refusal answers: a bad handle stays one, whatever is said of it. */
function refusal(name: string, isAllowed: boolean): number {
  if (name === "BAD_HANDLE") return Status.BAD_HANDLE;
  return isAllowed ? Status.OK : Status.ACCESS_DENIED;
}

for (const [name, deed] of Object.entries(DEEDS)) {
  const condition = PolicyCondition[name as keyof typeof PolicyCondition];
  Deno.test(`a policy on ${name} allows, denies, raises an exception or kills, as it says`, () => {
    const { ALLOW, DENY, ALLOW_EXCEPTION, DENY_EXCEPTION, KILL } = PolicyAction;
    for (const action of [ALLOW, DENY, ALLOW_EXCEPTION, DENY_EXCEPTION]) {
      const raises = action === ALLOW_EXCEPTION || action === DENY_EXCEPTION;
      const answer = refusal(name, action === ALLOW || action === ALLOW_EXCEPTION);
      const codes = raises ? [condition] : [];
      assertEquals(outcome(condition, action, deed, true), { answer, codes, returnCode: 0 });
    }
    for (const action of [ALLOW_EXCEPTION, DENY_EXCEPTION]) {
      const { answer, returnCode } = outcome(condition, action, deed, false);
      assertEquals([answer, returnCode], ["none", TaskReturnCode.EXCEPTION_KILL]);
    }
    const { answer, codes, returnCode } = outcome(condition, KILL, deed, true);
    assertEquals([answer, codes, returnCode], ["none", [], TaskReturnCode.POLICY_KILL]);
  });
}

Deno.test("what no deed here provokes is what no call of this machine asks", () => {
  const all = Object.values(PolicyCondition).map(conditionName);
  const unasked = all.filter((name) => !(name in DEEDS));
  assertEquals(unasked, ["WRONG_OBJECT", "NEW_ANY", "NEW_SAMPLER"]);
});
