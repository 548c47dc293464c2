/**
 * Events: 32 flags, and threads that wait for some of them, or for one.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { RtError } from "../error.ts";
import type { LwpThread } from "../lwp_thread.ts";
import { type KernelHeap, RtObject } from "./rt_object.ts";
import { SuspendList, type Suspension } from "./suspend_list.ts";

/** How flags are waited for. */
export const EventOption = {
  /** For all of them. */
  AND: 1,
  /** For any of them. */
  OR: 2,
  /** And taken away when they have come. */
  CLEAR: 4,
} as const;

/** What a thread waits for. */
interface Want {
  readonly set: number;
  readonly option: number;
  received: number;
}

/** 32 flags. */
export class EventFlags extends RtObject {
  readonly type = "event";
  readonly #waiting: SuspendList;
  readonly #wants = new Map<Suspension, Want>();
  #set = 0;

  /** No flag is up. */
  constructor(heap: KernelHeap, name: string, flag: number) {
    super(heap, name);
    this.#waiting = new SuspendList(flag);
  }

  /** Put flags up, and wake everybody whose flags have come. */
  send(set: number): number {
    if (set === 0) return RtError.ERROR;
    this.#set = (this.#set | set) >>> 0;
    let taken = 0;
    for (const one of this.#waiting.all) {
      const want = this.#wants.get(one)!;
      if (!this.#has(want)) continue;
      want.received = (this.#set & want.set) >>> 0;
      if ((want.option & EventOption.CLEAR) !== 0) taken |= want.set;
      one.resume(RtError.EOK);
    }
    this.#set = (this.#set & ~taken) >>> 0;
    return RtError.EOK;
  }

  /** Wait for flags; `got` is told which of them were up. */
  recv(
    thread: LwpThread,
    { set, option }: { readonly set: number; readonly option: number },
    ticks: number,
    got: (set: number) => void,
  ): Answer {
    if (set === 0) return RtError.ERROR;
    const want: Want = { set, option, received: 0 };
    if (this.#has(want)) {
      got((this.#set & set) >>> 0);
      if ((option & EventOption.CLEAR) !== 0) this.#set = (this.#set & ~set) >>> 0;
      return RtError.EOK;
    }
    if (ticks === 0) return RtError.ETIMEOUT;
    const answer = thread.suspend({
      list: this.#waiting,
      ticks,
      then: (why) => {
        this.#wants.delete(wait);
        if (why === RtError.EOK) got(want.received);
        return why;
      },
      abandoned: () => void this.#wants.delete(wait),
    });
    const wait = thread.wait!;
    this.#wants.set(wait, want);
    return answer;
  }

  protected override detached(): void {
    this.#waiting.resumeAll(RtError.ERROR);
  }

  #has({ set, option }: Want): boolean {
    const there = (this.#set & set) >>> 0;
    return (option & EventOption.AND) !== 0 ? there === set : there !== 0;
  }
}
