/**
 * A thread that touched a page which a pager has still to supply.
 *
 * @module
 */
import { Status, ThreadState } from "../abi.ts";
import { invariant } from "../invariant.ts";
import type { PageNeed, PageRequest } from "../vm/page_source.ts";
import type { Thread } from "./thread.ts";

/**
 * Let a thread wait until a page can be touched; it does its instruction again then. Answers false
 * where waiting has ended in a failure already, which is what its exception is about.
 */
export function waitForPage(thread: Thread, need: PageNeed): boolean {
  if (thread.pageFailure !== Status.OK) return false;
  let request: PageRequest | null = null;
  thread.wait({
    state: ThreadState.BLOCKED_PAGER,
    abort() {
      invariant(request, "a thread that waits for a page has asked for it");
      need.source.cancel(request);
    },
  });
  request = need.source.request(need, (status) => {
    thread.pageFailure = status;
    thread.resume();
  });
  return true;
}
