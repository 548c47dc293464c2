/**
 * What a thread leaves in a program's memory when it ends.
 *
 * @module
 */
import type { LwpThread } from "./lwp_thread.ts";
import { isUserAccessible } from "./mm/user_mm.ts";

/** Where a thread has said so, 0 is written and whoever waits there is woken. */
export function leaveWord({ lwp, rtsmart, clearChildTid: address }: LwpThread): void {
  if (address === 0 || !isUserAccessible(lwp, address, 4)) return;
  if (lwp.memory.writeU32(address, 0) !== 0) return;
  for (const isPrivate of [true, false]) {
    rtsmart.futexes.wake(rtsmart.futexes.placeOf(lwp, address, isPrivate), 1);
  }
}
