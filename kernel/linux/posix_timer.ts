/**
 * Timers of a process that send a signal when they go off, as `timer_create` makes them.
 *
 * @module
 */
import { type CpuClock, CpuTimer } from "./cpu_timer.ts";
import type { Group } from "./group.ts";
import { RepeatingTimer } from "./repeating_timer.ts";
import { sendToGroup, sendToTask } from "./signal/send.ts";
import { SignalCode } from "./abi/signal.ts";
import type { QueuedSignals } from "./signal/queued_signals.ts";
import type { SigInfo } from "./signal/siginfo.ts";

const OVERRUN_MAX = 0x7fffffff;

/** Whom a timer tells. */
export interface Notice {
  /** The signal; 0 if nobody is told. */
  readonly signal: number;
  /** The value that goes with it; the timer's number where nobody said. */
  readonly value: bigint | null;
  /** The task that gets it; 0 for any of the process. */
  readonly tid: number;
}

/** What a timer is made of. */
export interface TimerOptions {
  /** The user that its signal is counted for, from the beginning. */
  readonly uid: number;
  /** The clock that it goes by, by number. */
  readonly clock: number;
  /** The processor time that it goes by; null if it is no processor's. */
  readonly cpu: CpuClock | null;
  /** Whom it tells. */
  readonly notice: Notice;
}

/** A timer. */
export class PosixTimer {
  /** Its number in its process. */
  readonly id: number;
  /** The user that its signal is counted for. */
  readonly uid: number;
  /** The clock that it goes by, by number. */
  readonly clock: number;
  /** The processor time that it goes by; null if it is no processor's. */
  readonly cpu: CpuClock | null;
  /** Whom it tells. */
  readonly notice: Notice;
  readonly #group: Group;
  readonly #timer: RepeatingTimer | CpuTimer;
  #sent: (SigInfo & { readonly timer: { overrun: number } }) | null = null;

  /** A timer that is not set. */
  constructor(group: Group, id: number, { uid, clock, cpu, notice }: TimerOptions) {
    this.#group = group;
    this.id = id;
    this.uid = uid;
    this.clock = clock;
    this.cpu = cpu;
    this.notice = notice;
    const tell = (times: number) => this.#tell(times);
    this.#timer = cpu ? new CpuTimer(cpu, tell) : new RepeatingTimer(group.linux.realm, tell);
  }

  /** How often it went off while its last signal was still waiting. */
  get overrun(): number {
    return this.#sent?.timer.overrun ?? 0;
  }

  /** How long until it goes off, and how often after that, in nanoseconds. */
  get setting(): { readonly left: number; readonly interval: number } {
    return this.#timer.setting;
  }

  /** Let it go off at a time, and again after each interval; never for a deadline of 0. */
  set(deadline: number, interval: number): void {
    this.#timer.set(deadline, interval);
  }

  /** Let it not go off any more. */
  stop(): void {
    this.#timer.stop();
  }

  #tell(times: number): void {
    const { signal, value, tid } = this.notice;
    const group = this.#group;
    if (signal === 0) return;
    const task = tid === 0 ? null : group.linux.tasks.get(tid) ?? null;
    const pending = task ? task.pending : group.pending;
    if (this.#sent && pending.holds(this.#sent)) {
      const { timer } = this.#sent;
      timer.overrun = Math.min(OVERRUN_MAX, timer.overrun + times);
      return;
    }
    const timer = { id: this.id, overrun: times - 1 };
    const data = value ?? BigInt(this.id);
    this.#sent = { signal, code: SignalCode.TIMER, value: data, timer };
    if (task) sendToTask(task, this.#sent);
    else if (tid === 0) sendToGroup(group, this.#sent);
  }
}

/** So many timers a process can have. */
const TIMERS_MAX = 4096;

/** The timers of one process. */
export class PosixTimers {
  readonly #timers = new Map<number, PosixTimer>();
  #next = 0;

  /** The timer of a number. */
  get(id: number): PosixTimer | null {
    return this.#timers.get(id) ?? null;
  }

  /** All of them. */
  all(): Iterable<PosixTimer> {
    return this.#timers.values();
  }

  /** Whether there can be no more of them. */
  get full(): boolean {
    return this.#timers.size >= TIMERS_MAX;
  }

  /** A new timer. */
  create(group: Group, options: TimerOptions): PosixTimer {
    const timer = new PosixTimer(group, this.#next++, options);
    this.#timers.set(timer.id, timer);
    group.linux.queuedSignals.add(timer.uid);
    return timer;
  }

  /** There is a timer no longer. */
  remove(timer: PosixTimer, counts: QueuedSignals): void {
    timer.stop();
    counts.remove(timer.uid);
    this.#timers.delete(timer.id);
  }

  /** There are no timers any more, as after `execve`. */
  clear(counts: QueuedSignals): void {
    for (const timer of [...this.#timers.values()]) this.remove(timer, counts);
    this.#next = 0;
  }
}
