/**
 * The texts of /proc about when tasks run, what they have moved, and what wakes them.
 *
 * @module
 */
import { Register } from "../../abi/riscv64.ts";
import { MILLISECOND } from "../duration.ts";
import type { Group } from "../group.ts";
import type { Task } from "../task.ts";
import type { Usage } from "../usage.ts";

const NAME_WIDTH = 45;
const VALUE_WIDTH = 21;
const WEIGHT = 1_048_576;
/** How a timer tells somebody: by a signal, or not at all. */
const Told = { SIGNAL: "signal", NONE: "none" } as const;

/** The text of `sched`. */
export function schedText(group: Group, task: Task | null): string {
  const used = task?.used ?? group.spent;
  const head = `${task?.comm ?? ""} (${task?.tid ?? group.pid}, #threads: ${group.tasks.size})\n`;
  const line = (name: string, value: number | string) =>
    `${name.padEnd(NAME_WIDTH)}:${`${value}`.padStart(VALUE_WIDTH)}\n`;
  const { policy, priority } = task?.policy ?? { policy: 0, priority: 0 };
  return head + "-".repeat(NAME_WIDTH + 1 + VALUE_WIDTH) + "\n" + [
    line("se.exec_start", split(group.linux.realm.now)),
    line("se.vruntime", split(used.time)),
    line("se.sum_exec_runtime", split(used.time)),
    line("se.nr_migrations", 0),
    line("nr_switches", used.waits + used.preemptions),
    line("nr_voluntary_switches", used.waits),
    line("nr_involuntary_switches", used.preemptions),
    line("se.load.weight", WEIGHT),
    line("policy", policy),
    line("prio", priority > 0 ? 99 - priority : 120 + (task?.nice ?? 0)),
    line("clock-delta", 0),
  ].join("");
}

/** Nanoseconds as milliseconds with six digits behind the point. */
function split(nanos: number): string {
  const rest = `${Math.floor(nanos % MILLISECOND)}`.padStart(6, "0");
  return `${Math.floor(nanos / MILLISECOND)}.${rest}`;
}

/** The text of `schedstat`: what a task ran, what it waited, and how often its turn came. */
export function schedStatText({ time, waits, preemptions }: Usage): string {
  return `${Math.floor(time)} 0 ${waits + preemptions}\n`;
}

/** The text of `io`: what went through calls; nothing here goes to a disk. */
export function ioText({ bytesRead, bytesWritten, reads, writes }: Usage): string {
  return `rchar: ${bytesRead}\nwchar: ${bytesWritten}\nsyscr: ${reads}\nsyscw: ${writes}\n` +
    "read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n";
}

/** The text of `timers`. */
export function timersText(group: Group): string {
  return [...group.timers.all()].map(({ id, clock, notice }) => {
    const { signal, value, tid } = notice;
    const data = (value ?? BigInt(id)).toString(16).padStart(16, "0");
    const whom = tid === 0 ? `pid.${group.pid}` : `tid.${tid}`;
    const how = signal === 0 ? Told.NONE : Told.SIGNAL;
    return `ID: ${id}\nsignal: ${signal}/${data}\nnotify: ${how}/${whom}\nClockID: ${clock}\n`;
  }).join("");
}

/** The registers in which calls come, in the order of the text. */
const CALL_REGISTERS = [17, 10, 11, 12, 13, 14, 15] as const;

/** The text of `syscall`: what a task has asked for that waits for the answer. */
export function syscallText(task: Task | null): string {
  if (!task || (task.wait === null && task !== task.group.linux.current)) return "running\n";
  const [number, ...words] = CALL_REGISTERS.map((one) => task.context.getBig(one));
  const where = [task.context.getBig(Register.SP), BigInt(task.context.pc)];
  const text = [...words, ...where].map((word) => `0x${word.toString(16)}`).join(" ");
  return `${number} ${text}\n`;
}
