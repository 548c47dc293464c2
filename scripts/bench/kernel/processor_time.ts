/**
 * How much of the host's processor a piece of work takes.
 *
 * @module
 */
import { threadCpuUsage } from "node:process";

/**
 * Nanoseconds of processor time that some work took, the least of so many tries: of the thread that does
 * it, which is what it has to wait for. What the host compiles and collects beside it is not in it.
 */
export function processorTime(work: () => void, tries = 3): number {
  let least = Infinity;
  for (let at = 0; at < tries; at++) {
    const before = threadCpuUsage();
    work();
    const { user, system } = threadCpuUsage(before);
    least = Math.min(least, (user + system) * 1000);
  }
  return least;
}
