/**
 * Signals, as far as programs without handlers meet them: what ends a process, holds it still, or
 * does nothing.
 *
 * @module
 */
import type { Lwp } from "./lwp.ts";

const SIGNALS = 64;
const CONTINUE = 18;
const STOPS: readonly number[] = [19, 20, 21, 22];
const IGNORED: readonly number[] = [17, 23, 28];

/** Send a signal to a process; 0 only asks whether that can be. */
export function sendSignal(lwp: Lwp, signal: number): void {
  if (signal < 1 || signal > SIGNALS || lwp.ended || lwp.isProtected) return;
  if (signal === CONTINUE) {
    if (lwp.process.suspensions > 0) lwp.process.unsuspend();
  } else if (STOPS.includes(signal)) {
    if (lwp.process.suspensions === 0) lwp.process.suspend();
  } else if (!IGNORED.includes(signal)) lwp.killedBy(signal);
}
