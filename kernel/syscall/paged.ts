/**
 * Calls that may have to wait for a pager, and then go on where they were.
 *
 * @module
 */
import { Status, ThreadState } from "../abi.ts";
import { KernelBug } from "../invariant.ts";
import type { KernelObject } from "../object/object.ts";
import type { PageNeed, PageRequest } from "../vm/page_source.ts";
import { Access } from "../ports.ts";
import { type Call, PARKED, type Parked } from "./call.ts";
import { perform, type Row } from "./row.ts";

/** So much of the caller's memory is brought for one argument. */
const REACH_MAX = 64 * 1024 * 1024;

/**
 * Try something until it no longer answers a need. What it has done so far must not be done twice
 * by trying again. The object it works on stays alive meanwhile. `failed` says what is answered where
 * the pager cannot help.
 */
export function whenPaged<A extends number>(
  call: Call,
  object: KernelObject,
  attempt: () => A | PageNeed,
  failed: (status: number) => number = (status) => status,
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
          if (status !== Status.OK) return end(failed(status));
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

/**
 * Do a call of machine code some of whose memory a pager supplies: first everything that its arguments
 * point to is brought, so that nothing is done when a buffer turns out to be missing.
 */
export function performPaged(row: Row, call: Call): number | Parked {
  const need = neededBy(row, call);
  if (need === null) return perform(row, call);
  const { thread } = call;
  let request: PageRequest | null = null;
  thread.wait({
    state: ThreadState.BLOCKED_PAGER,
    abort: () => void (request && need.source.cancel(request)),
  });
  request = need.source.request(need, (status) => {
    thread.park = null;
    // What cannot be had, the call will not find.
    const answer = status === Status.OK ? performPaged(row, call) : perform(row, call);
    if (answer !== PARKED) call.finish(answer);
  });
  return PARKED;
}

function neededBy(row: Row, { raws, process }: Call): PageNeed | null {
  for (const [at, { reach, role }] of row.kinds.entries()) {
    const address = raws[at];
    if (reach === undefined || typeof address !== "number" || address === 0) continue;
    const count = reach.count === undefined ? 1 : raws[row.names.indexOf(reach.count)] as number;
    const size = Math.min(reach.unit * count, REACH_MAX);
    const access = role === "out" ? Access.WRITE : Access.READ;
    const need = process.space.need(address, size, access);
    if (need !== null) return need;
  }
  return null;
}
