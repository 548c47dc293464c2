/**
 * A signal to whoever owns an open file when it becomes ready, as `O_ASYNC` asks for.
 *
 * @module
 */
import { OwnCode, SignalCode, SignalNumber } from "../abi/signal.ts";
import type { Linux } from "../linux.ts";
import { sendToGroup } from "../signal/send.ts";
import type { Waiter } from "../wait_queue.ts";
import { Poll } from "../abi/polling.ts";
import type { OpenFile } from "./open_file.ts";

/** Tells the owner of an open file. */
export class AsyncNotice implements Waiter {
  readonly #linux: Linux;
  readonly #file: OpenFile;
  /** The process, or the process group as a negative number; 0 for nobody. */
  owner = 0;
  /** The signal; 0 for SIGIO. */
  signal = 0;
  #isOn = false;
  #descriptor = -1;

  /** A notice that is off. */
  constructor(linux: Linux, file: OpenFile) {
    this.#linux = linux;
    this.#file = file;
  }

  /** Tell the owner from now on; the descriptor is the one that was asked through. */
  turnOn(descriptor: number): void {
    this.#descriptor = descriptor;
    if (!this.#isOn) this.#file.queue.add(this);
    this.#isOn = true;
  }

  /** Tell nobody any longer. */
  turnOff(): void {
    if (this.#isOn) this.#file.queue.remove(this);
    this.#isOn = false;
  }

  wake(): void {
    if (this.owner === 0 || (this.#file.poll() & Poll.IN) === 0) return;
    const { signal } = this;
    // Only who asked for a signal of its own is told what it is about.
    const file = { events: Poll.IN | Poll.RDNORM, descriptor: this.#descriptor };
    const info = signal === 0
      ? { signal: SignalNumber.SIGIO, code: SignalCode.KERNEL }
      : { signal, code: OwnCode.POLL.IN, file };
    for (const group of [...this.#linux.groups.values()]) {
      const isMeant = this.owner > 0 ? group.pid === this.owner : group.pgid === -this.owner;
      if (isMeant) sendToGroup(group, info);
    }
  }
}
