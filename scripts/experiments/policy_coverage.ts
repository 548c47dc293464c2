/**
 * Policy coverage: for each condition of a job's policy and each action, whether the kernel does
 * what the policy says. Nothing here is read from a table: each cell is a run, in which a program
 * under that policy does what the condition is about, and a watcher handles its exceptions.
 *
 * @module
 */
import {
  failed,
  type HandleTo,
  type Operation,
  PolicyAction,
  PolicyCondition,
  type PolicyConditionName,
  receive,
  scenario,
  Status,
  TaskReturnCode,
  VmOption,
  zx,
} from "@zandbox/zandbox";
import { IobDiscipline, IobRegionType } from "../../kernel/abi.ts";
import { type CommandOptions, helpOf, print, readArgs } from "../command.ts";

/** An action of a policy, by name. */
export type ActionName = keyof typeof PolicyAction;

/** What a program under a policy can ask with. */
interface Means {
  readonly job: HandleTo<"Job", "MANAGE_PROCESS">;
  readonly memory: HandleTo<"Vmar", "READ" | "WRITE" | "EXECUTE">;
  readonly resource: HandleTo<"Resource", never>;
}

/** What a run showed: an exception was raised, the program was killed, the call was refused. */
export interface Seen {
  /** Whether a policy exception was raised. */
  readonly exception: boolean;
  /** Whether the program was killed for its policy. */
  readonly killed: boolean;
  /** What the call answered; null where it did not. */
  readonly status: number | null;
}

/** A cell of the table. */
export interface Cell extends Seen {
  /** The condition. */
  readonly condition: PolicyConditionName;
  /** The action. */
  readonly action: ActionName;
  /** Whether that is what the action asks for. */
  readonly enforced: boolean;
}

const PAGE = 4096;
const RWX = VmOption.PERM_READ | VmOption.PERM_WRITE | VmOption.PERM_EXECUTE;
const POLICY_ERROR = 0x8208;
const EXCEPTION_STATE = 16;
const REGION = {
  type: IobRegionType.PRIVATE,
  access: 0x33,
  size: PAGE,
  discipline: IobDiscipline.NONE,
  tag: 0n,
};
const PROFILE = {
  flags: 1,
  priority: 16,
  capacity: 0n,
  relativeDeadline: 0n,
  period: 0n,
  cpuMask: new Array<bigint>(8).fill(0n),
};

/** What each condition is about, done once; the answer is the call's. */
const DEEDS: Readonly<Partial<Record<PolicyConditionName, (means: Means) => Operation<unknown>>>> =
  {
    BAD_HANDLE: () => zx.handleClose({ handle: 0x1233 }),
    WRONG_OBJECT: ({ job }) => zx.channelRead({ handle: job as never }),
    VMAR_WX: mapWritableCode,
    NEW_ANY: () => zx.eventCreate(),
    NEW_VMO: () => zx.vmoCreate({ size: PAGE }),
    NEW_CHANNEL: () => zx.channelCreate(),
    NEW_EVENT: () => zx.eventCreate(),
    NEW_EVENTPAIR: () => zx.eventpairCreate(),
    NEW_PORT: () => zx.portCreate(),
    NEW_SOCKET: () => zx.socketCreate(),
    NEW_FIFO: () => zx.fifoCreate({ count: 1, size: 16 }),
    NEW_TIMER: () => zx.timerCreate({ clock: 0 }),
    NEW_PROCESS: ({ job }) => zx.processCreate({ job, name: "new" }),
    NEW_PROFILE: ({ resource }) => zx.profileCreate({ resource, info: PROFILE }),
    NEW_PAGER: () => zx.pagerCreate(),
    AMBIENT_MARK_VMO_EXEC: markExecutable,
    NEW_IOB: () => zx.iobCreate({ regions: [REGION] }),
  };

/** What zCore enforces: allow and deny, for these; the other three actions end its kernel. */
export const ZCORE: {
  readonly conditions: readonly PolicyConditionName[];
  readonly actions: readonly ActionName[];
} = {
  conditions: ["NEW_VMO", "NEW_EVENT", "NEW_TIMER", "AMBIENT_MARK_VMO_EXEC"],
  actions: ["ALLOW", "DENY"],
};

const ACTIONS = Object.keys(PolicyAction) as ActionName[];
const COLUMN = 17;

const OPTIONS: CommandOptions = {
  usage: "deno task run scripts/experiments/policy_coverage.ts [--json]",
  about: "Runs every action of a job's policy on every condition, and says which are enforced.",
  flags: { json: "print one JSON array" },
  example: "deno task run scripts/experiments/policy_coverage.ts",
  operands: 0,
};

/** Run every cell, and print the table. */
export default function main(words: readonly string[]): void {
  const args = readArgs(words, OPTIONS);
  if (args.help) return print(helpOf(OPTIONS));
  const cells = measure();
  if (args.json) return print(JSON.stringify(cells, null, 2));
  const conditions = Object.keys(PolicyCondition) as PolicyConditionName[];
  const line = (...columns: string[]) =>
    print(columns.map((text, at) => text.padEnd(at === 0 ? 24 : COLUMN)).join("").trimEnd());
  line("", ...ACTIONS);
  for (const condition of conditions) {
    const row = ACTIONS.map((action) => {
      const cell = cells.find((one) => one.condition === condition && one.action === action);
      const ours = cell ? cell.enforced ? "yes" : "no" : "no such call";
      return isZcores(condition, action) ? `${ours}, zCore too` : ours;
    });
    line(condition, ...row);
  }
  const enforced = cells.filter((one) => one.enforced);
  const whole = conditions.filter((condition) =>
    enforced.filter((one) => one.condition === condition).length === ACTIONS.length
  );
  print(
    `\nenforced: ${enforced.length} of ${conditions.length * ACTIONS.length} cells; ` +
      `${whole.length} of ${conditions.length} conditions with all ${ACTIONS.length} actions`,
  );
  print("zCore:    4 of its 15 conditions with 2 of 5 actions, 8 of 75 cells");
  print("WRONG_OBJECT is asked nowhere in Zircon either; there are no samplers to make here");
}

/** Every cell, by running it. */
export function measure(): Cell[] {
  const conditions = Object.keys(DEEDS) as PolicyConditionName[];
  return conditions.flatMap((condition) =>
    ACTIONS.map((action) => {
      const seen = run(condition, action);
      return { condition, action, ...seen, enforced: isEnforced(condition, action, seen) };
    })
  );
}

/** One cell: a program under the policy, and a watcher that handles its exceptions. */
export function run(condition: PolicyConditionName, action: ActionName): Seen {
  const seen = { exception: false, killed: false, status: null as number | null };
  const report = scenario(`${condition} ${action}`, (world) => {
    const job = world.job("policed", { [condition]: action });
    const resources = world.resources("system");
    const [starting, started] = world.channel("start");
    const means = [started, job.only("MANAGE_PROCESS"), world.own("Vmar"), resources] as const;
    world.program("offender", means, function* (started, job, memory, resource) {
      yield* receive(started);
      const answer = yield* DEEDS[condition]!({ job, memory, resource });
      seen.status = typeof answer === "number" ? answer : Status.OK;
    }, { job });
    world.program("watcher", [job, starting], function* (task, starting) {
      const exceptions = yield* zx.taskCreateExceptionChannel({ task });
      yield* zx.channelWrite({ handle: starting });
      const message = failed(exceptions) ? exceptions : yield* receive(exceptions.out);
      if (failed(message)) return;
      seen.exception ||= new DataView(message.bytes.buffer).getUint32(16, true) === POLICY_ERROR;
      const value = Uint8Array.of(1, 0, 0, 0);
      const handle = message.handles[0]!;
      yield* zx.objectSetProperty({ handle, property: EXCEPTION_STATE, value });
    });
    world.eventually("it ends", (view) => {
      seen.killed = view.exitCode("offender") === TaskReturnCode.POLICY_KILL;
      return true;
    });
  }).run();
  if (report.facts.failures.length > 0) throw new Error(`${report}`);
  return seen;
}

/** Whether a run showed what the action asks for. */
function isEnforced(
  condition: PolicyConditionName,
  action: ActionName,
  { exception, killed, status }: Seen,
): boolean {
  if (action === "KILL") return killed;
  if (exception !== action.endsWith("EXCEPTION") || killed) return false;
  // A bad handle is refused whatever the policy says: what it says besides is what counts.
  if (condition === "BAD_HANDLE") return status === Status.BAD_HANDLE;
  return status === (action.startsWith("ALLOW") ? Status.OK : Status.ACCESS_DENIED);
}

function isZcores(condition: PolicyConditionName, action: ActionName): boolean {
  return ZCORE.conditions.includes(condition) && ZCORE.actions.includes(action);
}

function* markExecutable() {
  const vmo = yield* zx.vmoCreate({ size: PAGE });
  if (failed(vmo)) return vmo;
  return yield* zx.vmoReplaceAsExecutable({ handle: vmo.out, vmex: 0 });
}

function* mapWritableCode({ memory }: Means) {
  const vmo = yield* markExecutable();
  if (failed(vmo)) return vmo;
  return yield* zx.vmarMap({ handle: memory, options: RWX, vmo: vmo.out, length: PAGE });
}
