/**
 * Files that tell what happens to other files, to whoever reads them.
 *
 * @module
 */
import { HAPPENINGS_MAX, MESSAGE_COST, WATCH_COST } from "../bounds.ts";
import { Ioctl } from "../abi/ioctl.ts";
import { Notify, NOTIFY_ALL, Poll } from "../abi/polling.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import type { MachineMemory } from "../machine_memory.ts";
import { zeroEnded } from "../name.ts";
import type { Task } from "../task.ts";
import { AnonymousInode } from "./event_file.ts";
import { addWatch, type FileEvent, removeWatch, type Watch } from "./fsnotify.ts";
import type { Inode } from "./inode.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenFile } from "./open_file.ts";

const HEAD_SIZE = 16;

/** What a reader wants to know of a file. */
export class InotifyWatch implements Watch {
  /** Its number. */
  readonly descriptor: number;
  /** The file. */
  readonly inode: Inode;
  /** What it is about, and how: a mask of `Notify` bits. */
  mask: number;
  /** Who is told. */
  readonly inotify: Inotify;

  /** A watch that the file does not know of yet. */
  constructor(inotify: Inotify, descriptor: number, inode: Inode, mask: number) {
    this.inotify = inotify;
    this.descriptor = descriptor;
    this.inode = inode;
    this.mask = mask;
  }

  get interest(): number {
    return this.mask & NOTIFY_ALL;
  }

  told({ mask, name, cookie }: FileEvent): void {
    this.inotify.add({ descriptor: this.descriptor, mask, cookie, name });
    if ((this.mask & Notify.ONESHOT) !== 0) this.inotify.remove(this);
  }

  ended(): void {
    this.inotify.remove(this);
  }
}

/** Something that happened. */
interface Happening {
  readonly descriptor: number;
  readonly mask: number;
  readonly cookie: number;
  readonly name: string;
}

/** What is told where more happened than can wait. */
const OVERFLOW: Happening = { descriptor: -1, mask: Notify.Q_OVERFLOW, cookie: 0, name: "" };

/** What happened to files, to be read. */
export class Inotify extends OpenFile {
  readonly #watches = new Map<number, InotifyWatch>();
  readonly #happened: Happening[] = [];
  readonly #memory: MachineMemory;
  #next = 1;

  /** Nothing is watched yet. */
  constructor(linux: Linux, flags: number) {
    super(new AnonymousInode(linux), OpenFlag.RDONLY | flags);
    this.#memory = linux.memory;
  }

  override get tellsOwner(): boolean {
    return true;
  }

  override get ignoresSeeks(): boolean {
    return true;
  }

  override get facts(): string {
    return [...this.#watches.values()].reverse().map(watchText).join("");
  }

  override get label(): string {
    return "anon_inode:inotify";
  }

  /** Watch a file, or watch it for something else; answers the watch's number, or why not. */
  watch(inode: Inode, mask: number): number {
    for (const watch of this.#watches.values()) {
      if (watch.inode !== inode) continue;
      if ((mask & Notify.MASK_CREATE) !== 0) return Errno.EEXIST;
      watch.mask = (mask & Notify.MASK_ADD) !== 0 ? watch.mask | mask : mask;
      return watch.descriptor;
    }
    if (!this.#memory.charge(WATCH_COST)) return Errno.ENOSPC;
    const watch = new InotifyWatch(this, this.#next++, inode, mask);
    this.#watches.set(watch.descriptor, watch);
    addWatch(inode, watch);
    return watch.descriptor;
  }

  /** The watch of a number. */
  find(descriptor: number): InotifyWatch | null {
    return this.#watches.get(descriptor) ?? null;
  }

  /** Watch no longer. */
  remove(watch: InotifyWatch): void {
    this.#forget(watch);
    this.add({ descriptor: watch.descriptor, mask: Notify.IGNORED, cookie: 0, name: "" });
  }

  /** Something happened. */
  add(happening: Happening): void {
    const last = this.#happened[this.#happened.length - 1];
    const isSame = last && last.descriptor === happening.descriptor &&
      last.mask === happening.mask && last.name === happening.name && happening.cookie === 0;
    if (isSame || this.#happened.length > HAPPENINGS_MAX) return;
    const isKept = this.#happened.length < HAPPENINGS_MAX && this.#memory.charge(costOf(happening));
    if (!isKept && last === OVERFLOW) return;
    this.#happened.push(isKept ? happening : OVERFLOW);
    this.queue.wake();
  }

  /** How many bytes could be read. */
  get length(): number {
    return this.#happened.reduce((sum, { name }) => sum + sizeOf(name), 0);
  }

  override poll(): number {
    return this.#happened.length > 0 ? Poll.IN | Poll.RDNORM : 0;
  }

  override read(count: number): Uint8Array | number {
    const first = this.#happened[0];
    if (!first) return Errno.EAGAIN;
    if (sizeOf(first.name) > count) return Errno.EINVAL;
    const bytes = new Uint8Array(Math.min(count, this.length));
    let at = 0;
    for (let one = this.#happened[0]; one; one = this.#happened[0]) {
      const size = sizeOf(one.name);
      if (at + size > bytes.length) break;
      const view = new DataView(bytes.buffer, at, size);
      view.setInt32(0, one.descriptor, true);
      view.setUint32(4, one.mask >>> 0, true);
      view.setUint32(8, one.cookie, true);
      view.setUint32(12, size - HEAD_SIZE, true);
      if (one.name !== "") bytes.set(zeroEnded(one.name), at + HEAD_SIZE);
      at += size;
      this.#happened.shift();
      this.#memory.uncharge(costOf(one));
    }
    return bytes.subarray(0, at);
  }

  override ioctl(task: Task, request: number, argument: number): number {
    if (request !== Ioctl.FIONREAD) return Errno.ENOTTY;
    return task.mm.memory.writeU32(argument, this.length) === 0 ? 0 : Errno.EFAULT;
  }

  protected override closed(): void {
    for (const watch of [...this.#watches.values()]) this.#forget(watch);
    for (const one of this.#happened.splice(0)) this.#memory.uncharge(costOf(one));
  }

  #forget(watch: InotifyWatch): void {
    if (this.#watches.delete(watch.descriptor)) this.#memory.uncharge(WATCH_COST);
    removeWatch(watch.inode, watch);
  }
}

/** How much memory it takes while it waits. */
function costOf(happening: Happening): number {
  return happening === OVERFLOW ? 0 : MESSAGE_COST + happening.name.length;
}

function sizeOf(name: string): number {
  return HEAD_SIZE + (name === "" ? 0 : Math.ceil((name.length + 1) / 16) * 16);
}

function watchText({ descriptor, inode, mask }: InotifyWatch): string {
  const shown = mask & (NOTIFY_ALL | Notify.EXCL_UNLINK | Notify.ONESHOT);
  return `inotify wd:${descriptor.toString(16)} ino:${inode.ino.toString(16)} ` +
    `sdev:${inode.fs.device.toString(16)} mask:${(shown >>> 0).toString(16)} ignored_mask:0 \n`;
}
