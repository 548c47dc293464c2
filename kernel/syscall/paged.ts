/**
 * Calls that may have to wait for a pager, and then go on where they were.
 *
 * @module
 */
import { Status, ThreadState } from "../abi.ts";
import { KernelBug } from "../invariant.ts";
import type { KernelObject } from "../object/object.ts";
import type { PageNeed, PageRequest } from "../vm/page_source.ts";
import type { Call, Parked } from "./call.ts";

/**
 * Try something until it no longer answers a need. What it has done so far must not be done twice
 * by trying again. The object it works on stays alive meanwhile.
 */
export function whenPaged<A extends number>(
  call: Call,
  object: KernelObject,
  attempt: () => A | PageNeed,
): A | Parked {
  const first = attempt();
  if (typeof first === "number") return first;
  return call.park({
    state: ThreadState.BLOCKED_PAGER,
    deadline: Infinity,
    begin(finish) {
      let waiting: { need: PageNeed; request: PageRequest };
      const end = (answer: number) => {
        object.drop();
        finish(answer);
      };
      const wait = (need: PageNeed) => {
        const request = need.source.request(need, (status) => {
          if (status !== Status.OK) return end(status);
          const next = attempt();
          if (typeof next === "number") end(next);
          else wait(next);
        });
        waiting = { need, request };
      };
      object.hold();
      wait(first);
      return () => {
        waiting.need.source.cancel(waiting.request);
        object.drop();
      };
    },
    timedOut() {
      throw new KernelBug("waiting for a pager has no deadline");
    },
  });
}
