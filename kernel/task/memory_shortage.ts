/**
 * What happens when frames run short: whoever listens is told, and in the end a job is killed for it.
 *
 * @module
 */
import { SystemEventKind, TaskReturnCode } from "../abi.ts";
import type { PhysicalMemory } from "../ports.ts";
import type { Job } from "./job.ts";

/** Below which part of all frames each warning holds, the most urgent first. */
const LEVELS = [
  [1 / 64, SystemEventKind.IMMINENT_OUT_OF_MEMORY],
  [1 / 32, SystemEventKind.MEMORY_PRESSURE_CRITICAL],
  [1 / 8, SystemEventKind.MEMORY_PRESSURE_WARNING],
] as const;

/** How short of memory a machine is. */
export function shortageOf({ freeFrames, totalFrames }: PhysicalMemory): number {
  for (const [part, level] of LEVELS) if (freeFrames < totalFrames * part) return level;
  return SystemEventKind.MEMORY_PRESSURE_NORMAL;
}

/** Kill the deepest job that is marked to die when memory runs out; answers whether there was one. */
export function killForMemory(root: Job): boolean {
  let victim: Job | null = null;
  const jobs: Job[] = [root];
  for (let job = jobs.pop(); job; job = jobs.pop()) {
    for (const below of job.jobs) jobs.push(below);
    if (!job.killOnOom || (job.processes.size === 0 && job.jobs.size === 0)) continue;
    if (victim === null || job.height < victim.height) victim = job;
  }
  victim?.kill(TaskReturnCode.OOM_KILL);
  return victim !== null;
}
