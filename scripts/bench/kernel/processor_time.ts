/**
 * Time on the processor, which neighbours on the host change less than the time on the wall.
 *
 * @module
 */
import { cpuUsage, threadCpuUsage } from "node:process";

/** Nanoseconds of processor time that some work took, the least of so many tries. */
export function processorTime(work: () => void, tries = 3): number {
  return leastOf(cpuUsage, work, tries);
}

/**
 * The same of this thread alone, without what the host compiles and collects beside it. The host counts
 * in hundredths of a second, so the work must take many of them.
 */
export function threadTime(work: () => void, tries: number): number {
  return leastOf(threadCpuUsage, work, tries);
}

function leastOf(usage: typeof cpuUsage, work: () => void, tries: number): number {
  let least = Infinity;
  for (let at = 0; at < tries; at++) {
    const before = usage();
    work();
    const { user, system } = usage(before);
    least = Math.min(least, (user + system) * 1000);
  }
  return least;
}
