/**
 * How much of the host's processor a piece of work takes.
 *
 * @module
 */
import { cpuUsage } from "node:process";

/** Nanoseconds of processor time that some work took, the least of so many tries. */
export function processorTime(work: () => void, tries = 3): number {
  let least = Infinity;
  for (let at = 0; at < tries; at++) {
    const before = cpuUsage();
    work();
    const { user, system } = cpuUsage(before);
    least = Math.min(least, (user + system) * 1000);
  }
  return least;
}
