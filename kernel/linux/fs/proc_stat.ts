/**
 * The text of `/proc/PID/stat`.
 *
 * @module
 */
import { Handler, SignalNumber } from "../abi/signal.ts";
import { TICK } from "../duration.ts";
import type { Group } from "../group.ts";
import { Resource } from "../abi/process.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { memorySizes } from "../mm/memory_sizes.ts";
import { scrutiny } from "../scrutiny.ts";
import type { SignalSet } from "../signal/signal.ts";
import type { Task } from "../task.ts";
import type { Usage } from "../usage.ts";

const FIELDS = 52;
/** The flag of a process whose addresses are left to chance. */
const RANDOMIZED = 0x400000;

/** The letter for what a task does. */
export function stateOf(group: Group, task: Task | null): string {
  if (group.ended) return "Z";
  if (group.stopped !== 0) return "T";
  return task?.wait ? "S" : "R";
}

/** The function of Linux's that a task sleeps in; null while it runs, or if nobody may know. */
export function siteOf(group: Group, task: Task | null): string | null {
  if (group.ended || scrutiny(group) !== 0) return null;
  return group.stopped !== 0 ? "do_signal_stop" : task?.wait?.site ?? null;
}

/** Whether a task does anything but run, where that may be known, and is known of one task. */
function isAtRest(group: Group, task: Task | null, isWhole: boolean): boolean {
  if (scrutiny(group) !== 0 || (isWhole && group.tasks.size > 1)) return false;
  return stateOf(group, task) !== "R";
}

/** The text of `stat`: of a process, or of one task of it. */
export function statText(group: Group, task: Task | null, isWhole = true): string {
  const used: Usage = isWhole || !task ? group.spent : task.used;
  const { pid, ppid, pgid, sid, mm } = group;
  const fields = new Array<number | string>(FIELDS).fill(0);
  fields[0] = task?.tid ?? pid;
  fields[1] = `(${task?.comm ?? ""})`;
  fields[2] = stateOf(group, task);
  [ppid, pgid, sid].forEach((value, at) => fields[3 + at] = value);
  fields[6] = group.terminal?.device ?? 0;
  fields[7] = group.terminal?.foreground ?? -1;
  fields[8] = RANDOMIZED;
  const { childUsage } = group;
  [fields[9], fields[10]] = [used.faults, childUsage.faults];
  [fields[13], fields[14]] = [used.ticks.user, used.ticks.system];
  [fields[15], fields[16]] = [childUsage.ticks.user, childUsage.ticks.system];
  fields[17] = 20 + (task?.nice ?? 0);
  fields[18] = task?.nice ?? 0;
  fields[19] = group.tasks.size;
  fields[21] = Math.floor(group.startTime / TICK);
  if (!group.ended) {
    const sizes = memorySizes(mm);
    fields[22] = sizes.total * PAGE_SIZE;
    fields[23] = sizes.resident;
    const limit = group.limits.soft(Resource.RSS);
    fields[24] = limit === Infinity ? "18446744073709551615" : limit;
    fields[25] = mm.code.start;
    fields[26] = mm.code.end;
    fields[27] = mm.stackStart;
    fields[30] = lowSet(task?.pending.set ?? 0n);
    fields[31] = lowSet(task?.blocked ?? 0n);
    fields[32] = lowSet(group.handlers.those((handler) => handler === Handler.IGN));
    fields[33] = lowSet(group.handlers.those((handler) => handler > Handler.IGN));
    fields[44] = mm.data.start;
    fields[45] = mm.data.end;
    fields[46] = mm.brkStart;
    fields[47] = mm.strings.args;
    fields[48] = mm.strings.argsEnd;
    fields[49] = mm.strings.environment;
    fields[50] = mm.strings.environmentEnd;
  }
  fields[34] = isAtRest(group, task, isWhole) ? 1 : 0;
  fields[37] = group.exitSignal || SignalNumber.SIGCHLD;
  fields[39] = task?.policy.priority ?? 0;
  fields[40] = task?.policy.policy ?? 0;
  if (group.ended) fields[51] = group.exitStatus;
  return `${fields.join(" ")}\n`;
}

/** The signals of a set that have always been there, as a number. */
function lowSet(set: SignalSet): number {
  return Number(set & 0x7fffffffn);
}
