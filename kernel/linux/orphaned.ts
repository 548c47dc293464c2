/**
 * Process groups that nobody could let go on any more, were they to stop.
 *
 * @module
 */
import type { Group } from "./group.ts";
import { sendToGroup } from "./signal/send.ts";
import { SignalCode, SignalNumber } from "./abi/signal.ts";

/** Whether nobody outside a process's group, and of its session, could let it go on. */
export function isOrphaned({ linux, pgid, sid }: Group): boolean {
  for (const { parent, pgid: own, ended } of linux.groups.values()) {
    if (own !== pgid || ended) continue;
    if (parent && parent.pgid !== pgid && parent.sid === sid) return false;
  }
  return true;
}

/** Somebody could have let these go on who has ended: those that are stopped are told, and go on. */
export function wakeOrphans(parent: Group, child: Group): void {
  const { linux, pgid, sid } = child;
  if (parent.pgid === pgid || parent.sid !== sid || !isOrphaned(child)) return;
  const members = [...linux.groups.values()].filter((one) => one.pgid === pgid && !one.ended);
  if (!members.some(({ stopped }) => stopped !== 0)) return;
  for (const one of members) {
    for (const signal of [SignalNumber.SIGHUP, SignalNumber.SIGCONT]) {
      sendToGroup(one, { signal, code: SignalCode.KERNEL });
    }
  }
}
