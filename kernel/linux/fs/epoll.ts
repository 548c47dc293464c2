/**
 * epoll: a set of descriptors to wait for, kept between the waits.
 *
 * @module
 */
import { EpollFlag, Poll } from "../abi/polling.ts";
import { WATCH_COST } from "../bounds.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import type { MachineMemory } from "../machine_memory.ts";
import type { Waiter } from "../wait_queue.ts";
import { AnonymousInode } from "./event_file.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";

/** So many sets can be in each other below one. */
const NESTS_MAX = 4;

/** A descriptor that is waited for. */
export interface Interest {
  /** The descriptor. */
  readonly descriptor: number;
  /** Its file. */
  readonly file: OpenFile;
  /** What it is waited for. */
  events: number;
  /** What the waiter is told with it. */
  data: bigint;
  /** Whether something changed since it was told, for one that is told of changes only. */
  changed: boolean;
  /** Who listens to the file. */
  readonly listener: Waiter;
}

/** A set of descriptors to wait for. */
export class Epoll extends OpenFile {
  readonly #interests = new Map<string, Interest>();
  /** The sets that it is in. */
  readonly #above = new Set<Epoll>();
  readonly #memory: MachineMemory;
  #nextKey = 1;
  readonly #keys = new WeakMap<OpenFile, number>();

  /** An empty set. */
  constructor(linux: Linux, flags: number) {
    super(new AnonymousInode(linux), OpenFlag.RDWR | flags);
    this.#memory = linux.memory;
  }

  override get label(): string {
    return "anon_inode:[eventpoll]";
  }

  override get ignoresSeeks(): boolean {
    return true;
  }

  override get facts(): string {
    return [...this.#interests.values()].map(interestText).join("");
  }

  /** How a descriptor is waited for. */
  find(descriptor: number, file: OpenFile): Interest | null {
    return this.#interests.get(this.#keyOf(descriptor, file)) ?? null;
  }

  /** Wait for a descriptor from now on; answers 0, or ENOSPC where too many are waited for. */
  add(
    descriptor: number,
    file: OpenFile,
    { events, data }: { events: number; data: bigint },
  ): number {
    if (!this.#charge()) return Errno.ENOSPC;
    const listener: Waiter = {
      wake: (ready) => {
        const wanted = interest.events & 0xffff;
        if (wanted === 0 || (ready & (wanted | Poll.ERR | Poll.HUP)) === 0) return;
        interest.changed = true;
        this.queue.wake(Poll.IN | Poll.RDNORM);
      },
    };
    // Nobody can do without hearing of these.
    const wanted = events | Poll.ERR | Poll.HUP;
    const interest: Interest = { descriptor, file, events: wanted, data, changed: true, listener };
    this.#interests.set(this.#keyOf(descriptor, file), interest);
    file.queue.add(listener);
    if (file instanceof Epoll) file.#above.add(this);
    this.queue.wake();
    return 0;
  }

  /** Whether it would be in itself with another one in it, or in too many that are in each other. */
  wouldLoop(other: Epoll): boolean {
    return other.#holds(this) || this.#height + 1 + other.#depth > NESTS_MAX;
  }

  /** Wait for it no longer. */
  remove(interest: Interest): void {
    const { file } = interest;
    file.queue.remove(interest.listener);
    const wasIn = this.#interests.delete(this.#keyOf(interest.descriptor, file));
    if (wasIn) this.#memory.uncharge(WATCH_COST);
    // Another descriptor of the same set may be here still.
    if (file instanceof Epoll && ![...this.#inside()].includes(file)) file.#above.delete(this);
  }

  /** Those that are ready, at most so many, each with what it is ready for. */
  ready(most: number): { interest: Interest; events: number }[] {
    const found: { interest: Interest; events: number }[] = [];
    for (const interest of [...this.#interests.values()]) {
      if (found.length >= most) break;
      if (interest.file.references === 0) {
        this.remove(interest);
        continue;
      }
      const events = this.#readiness(interest);
      if (events === 0) continue;
      found.push({ interest, events });
      interest.changed = false;
      if ((interest.events & EpollFlag.ONESHOT) !== 0) {
        interest.events &= EpollFlag.ET | EpollFlag.ONESHOT;
      }
      // The next one comes first the next time, so that nobody is left waiting.
      const key = this.#keyOf(interest.descriptor, interest.file);
      this.#interests.delete(key);
      this.#interests.set(key, interest);
    }
    return found;
  }

  override poll(): number {
    for (const interest of this.#interests.values()) {
      if (interest.file.references > 0 && this.#readiness(interest) !== 0) {
        return Poll.IN | Poll.RDNORM;
      }
    }
    return 0;
  }

  protected override closed(): void {
    for (const interest of [...this.#interests.values()]) this.remove(interest);
  }

  /** Have the machine hold one more: where that is too many, those are forgotten whose file is closed. */
  #charge(): boolean {
    if (this.#memory.charge(WATCH_COST)) return true;
    for (const one of [...this.#interests.values()]) {
      if (one.file.references === 0) this.remove(one);
    }
    return this.#memory.charge(WATCH_COST);
  }

  /** How many sets are in each other above it. */
  get #height(): number {
    return Math.max(0, ...[...this.#above].map((one) => 1 + one.#height));
  }

  /** How many sets are in each other below it. */
  get #depth(): number {
    return Math.max(0, ...[...this.#inside()].map((one) => 1 + one.#depth));
  }

  *#inside(): Iterable<Epoll> {
    for (const { file } of this.#interests.values()) if (file instanceof Epoll) yield file;
  }

  #holds(other: Epoll): boolean {
    return [...this.#inside()].some((one) => one === other || one.#holds(other));
  }

  #readiness({ events, file, changed }: Interest): number {
    if ((events & EpollFlag.ET) !== 0 && !changed) return 0;
    const wanted = events & 0xffff;
    if (wanted === 0) return 0;
    return file.poll() & (wanted | Poll.ERR | Poll.HUP);
  }

  #keyOf(descriptor: number, file: OpenFile): string {
    let key = this.#keys.get(file);
    if (key === undefined) this.#keys.set(file, key = this.#nextKey++);
    return `${descriptor}:${key}`;
  }
}

function interestText({ descriptor, file, events, data }: Interest): string {
  const { inode, shownPosition } = file;
  const shown = (events >>> 0).toString(16).padStart(8);
  return `tfd: ${`${descriptor}`.padStart(8)} events: ${shown} ` +
    `data: ${data.toString(16).padStart(16)}  pos:${shownPosition} ` +
    `ino:${inode.ino.toString(16)} sdev:${inode.fs.device.toString(16)}\n`;
}
