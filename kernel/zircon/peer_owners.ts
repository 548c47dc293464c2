/**
 * Who has the other ends of what a process has.
 *
 * @module
 */
import { Peered } from "../object/peer.ts";
import type { Job } from "../task/job.ts";
import type { Process } from "../task/process.ts";

/** Something that comes in pairs, of whatever kind. */
type AnyPeered = Peered<AnyPeered>;

/**
 * For each end that a process has, by its identity: the process that has the other end. An end that is
 * on its way in a message is nobody's, and so is one that is gone. Objects do not know who holds them,
 * so everybody is asked.
 */
export function peerOwners(process: Process): ReadonlyMap<number, number> {
  const ends = new Map<AnyPeered, number>();
  for (const [, { object }] of process.handleTable.entries()) {
    if (!(object instanceof Peered)) continue;
    const peer = (object as AnyPeered).peer;
    if (peer !== null) ends.set(peer, object.koid);
  }
  const owners = new Map<number, number>();
  if (ends.size > 0) askBelow(rootOf(process.job), ends, owners);
  return owners;
}

function askBelow(
  job: Job,
  ends: ReadonlyMap<AnyPeered, number>,
  owners: Map<number, number>,
): void {
  for (const process of job.processes) {
    for (const [, { object }] of process.handleTable.entries()) {
      const end = ends.get(object as AnyPeered);
      if (end !== undefined) owners.set(end, process.koid);
    }
  }
  for (const below of job.jobs) askBelow(below, ends, owners);
}

function rootOf(job: Job): Job {
  return job.parent === null ? job : rootOf(job.parent);
}
