/**
 * What the machine says of itself: that memory is short, or about to be.
 *
 * @module
 */
import { Signal, SystemEventKind } from "../abi.ts";
import { Handle } from "../object/handle.ts";
import type { Realm } from "../object/realm.ts";
import { Event } from "./event.ts";

/** One event for each thing that the machine may say; just one about memory holds at a time. */
export class SystemEvents {
  readonly #events = new Map<number, Handle>();
  #level: number = SystemEventKind.MEMORY_PRESSURE_NORMAL;

  /** The events of a machine with plenty of memory. */
  constructor(realm: Realm) {
    for (const kind of Object.values(SystemEventKind)) {
      // The machine keeps a handle of its own, so that programs come and go.
      this.#events.set(kind, new Handle(new Event(realm), 0));
    }
    this.get(this.#level)!.updateSignals(0, Signal.SIGNALED);
  }

  /** The event of a kind, if there is such a kind. */
  get(kind: number): Event | null {
    return (this.#events.get(kind)?.object as Event | undefined) ?? null;
  }

  /** Which of them holds. */
  get level(): number {
    return this.#level;
  }

  set level(kind: number) {
    if (kind === this.#level) return;
    this.get(this.#level)?.updateSignals(Signal.SIGNALED, 0);
    this.#level = kind;
    this.get(kind)?.updateSignals(0, Signal.SIGNALED);
  }

  /** The machine is gone, and nobody will say anything any more. */
  close(): void {
    for (const handle of this.#events.values()) handle.close();
    this.#events.clear();
  }
}
