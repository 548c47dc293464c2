/**
 * How a process ended, as one number: what it said, or the signal that killed it.
 *
 * @module
 */

/** Which bits are the signal's. */
const SIGNAL = 0x7f;
const DUMPED = 0x80;
/** What stands in the place of a signal where a process was only stopped. */
const STOPPED = 0x7f;
/** To this a shell adds a signal's number. */
const SHELL_BASE = 128;

/** That a process goes on after it was stopped. */
export const CONTINUED = 0xffff;

/** That it ended with a code, of which the lowest eight bits count. */
export function exited(code: number): number {
  return (code & 0xff) << 8;
}

/** That a signal killed it, and whether its memory was kept for those who look. */
export function killed(signal: number, isDumped: boolean): number {
  return signal | (isDumped ? DUMPED : 0);
}

/** That a signal stopped it. */
export function stopped(signal: number): number {
  return STOPPED | (signal << 8);
}

/** The signal that killed it; 0 where it ended by itself. */
export function signalOf(status: number): number {
  return status & SIGNAL;
}

/** The code that it ended with, or the signal that stopped it. */
export function codeOf(status: number): number {
  return (status >> 8) & 0xff;
}

/** Whether its memory was kept. */
export function isDumped(status: number): boolean {
  return (status & DUMPED) !== 0;
}

/** Whether it was only stopped. */
export function isStopped(status: number): boolean {
  return (status & 0xff) === STOPPED;
}

/** What a shell says that it ended with: its code, or 128 and the signal. */
export function shellCodeOf(status: number): number {
  const signal = signalOf(status);
  return signal === 0 ? codeOf(status) : SHELL_BASE + signal;
}
