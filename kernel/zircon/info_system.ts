/**
 * What can be known of the machine as a whole, by who holds the system resource for it.
 *
 * @module
 */
import { InfoTopic, Right, Status, SystemResource } from "../abi.ts";
import { Resource } from "../ipc/resource.ts";
import { PAGE_SIZE } from "../ports.ts";
import { answer, type Asker } from "./info_answer.ts";

/** What a processor that is a program has none of, or what nobody counts. */
const NOT_COUNTED = {
  ...{ reschedules: 0, contextSwitches: 0, irqPreempts: 0, preempts: 0, yields: 0 },
  ...{ ints: 0, timerInts: 0, timers: 0, pageFaults: 0, exceptions: 0 },
  ...{ rescheduleIpis: 0, genericIpis: 0 },
};

/** The answers of this file. */
export const SYSTEM_ANSWERS = [
  answer(InfoTopic.CPU_STATS, {
    type: Resource,
    rights: Right.NONE,
    records(resource, asker) {
      if (!mayKnow(resource, asker)) return Status.ACCESS_DENIED;
      const { idleTime, syscalls } = asker.call.process.system;
      return [{ ...NOT_COUNTED, cpuNumber: 0, flags: 1, idleTime, syscalls }];
    },
  }),
  answer(InfoTopic.KMEM_STATS, {
    type: Resource,
    rights: Right.NONE,
    records(resource, asker) {
      if (!mayKnow(resource, asker)) return Status.ACCESS_DENIED;
      const { memory, kept } = asker.call.realm;
      const totalBytes = memory.totalFrames * PAGE_SIZE;
      const freeBytes = memory.freeFrames * PAGE_SIZE;
      const vmoBytes = totalBytes - freeBytes;
      const heap = { totalHeapBytes: kept, freeHeapBytes: 0 };
      return [{ totalBytes, freeBytes, wiredBytes: 0, ...heap, vmoBytes }];
    },
  }),
];

function mayKnow(resource: Resource, { call }: Asker): boolean {
  if (resource.grantsSystem(SystemResource.INFO)) return true;
  call.deny({
    status: Status.ACCESS_DENIED,
    argument: "handle",
    koid: resource.koid,
    type: resource.label,
    wanted: "system resource INFO",
    held: `kind ${resource.kind}, from ${resource.base}, ${resource.size} in all`,
    rule: "what the machine does as a whole is for who holds the system resource INFO",
    grant: `a resource of kind SYSTEM that has ${SystemResource.INFO} in its range`,
  });
  return false;
}
