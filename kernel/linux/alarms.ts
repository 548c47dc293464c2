/**
 * What goes off when a process has used so much time: the timers of `setitimer`, and its limit.
 *
 * @module
 */
import { SECOND } from "./duration.ts";
import { type CpuClock, CpuTimer } from "./cpu_timer.ts";
import type { Group } from "./group.ts";
import { Resource } from "./abi/process.ts";
import { RepeatingTimer } from "./repeating_timer.ts";
import { sendToGroup } from "./signal/send.ts";
import { SignalCode, SignalNumber } from "./abi/signal.ts";
import type { Task } from "./task.ts";

/** A timer of `setitimer`. */
export interface Alarm {
  /** The timer. */
  readonly timer: RepeatingTimer | CpuTimer;
  /** The time that it goes by, now. */
  readonly now: () => number;
}

/** The processor time of a process. */
export function cpuClockOf(group: Group): CpuClock {
  return { realm: group.linux.realm, timers: group.cpuTimers, time: () => group.spent.time };
}

/** The processor time of one task. */
export function taskClockOf(task: Task): CpuClock {
  const { realm } = task.linux;
  return { realm, timers: task.group.cpuTimers, time: () => task.runtime };
}

/** The timers of `setitimer`, by number: of the time that passes, of the program's, of all it uses. */
export function alarmsOf(group: Group): readonly Alarm[] {
  const { realm } = group.linux;
  const tell = (signal: number) => () =>
    void sendToGroup(group, { signal, code: SignalCode.KERNEL });
  const all = cpuClockOf(group);
  const own: CpuClock = { ...all, time: () => group.spent.userTime };
  return [
    { timer: new RepeatingTimer(realm, tell(SignalNumber.SIGALRM)), now: () => realm.now },
    { timer: new CpuTimer(own, tell(SignalNumber.SIGVTALRM)), now: own.time },
    { timer: new CpuTimer(all, tell(SignalNumber.SIGPROF)), now: all.time },
  ];
}

/** A process has used as much time as its limit lets it, and is told each second until it is killed. */
export function outOfTime(group: Group): void {
  const { limits } = group;
  const [soft, hard] = [limits.soft(Resource.CPU), limits.hard(Resource.CPU)];
  if (group.spent.time >= hard * SECOND) return group.killedBy(SignalNumber.SIGKILL, false);
  limits.set(Resource.CPU, soft + 1, hard);
  group.limitProcessor();
  sendToGroup(group, { signal: SignalNumber.SIGXCPU, code: SignalCode.KERNEL });
}
