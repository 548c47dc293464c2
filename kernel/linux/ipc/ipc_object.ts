/**
 * What the three kinds of System V objects have in common: a number, a key, an owner, permissions.
 *
 * @module
 */
import { IPC_PRIVATE, IpcFlag } from "../abi/ipc.ts";
import { Capability } from "../abi/capability.ts";
import { isCapable, isInGroup } from "../credentials.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";

const GENERATIONS = 32768;

/** An object that processes find by a key. */
export abstract class IpcObject {
  /** Its number. */
  id = -1;
  /** Its key. */
  key: number;
  /** Its owner. */
  uid: number;
  /** Its group. */
  gid: number;
  /** Who made it. */
  readonly creator: { readonly uid: number; readonly gid: number };
  /** Its permissions. */
  mode: number;
  /** When it was changed, in seconds since 1970. */
  changed: number;

  /** An object of a task. */
  constructor(task: Task, key: number, mode: number) {
    const { euid, egid } = task.credentials;
    this.key = key;
    this.uid = euid;
    this.gid = egid;
    this.creator = { uid: euid, gid: egid };
    this.mode = mode & 0o777;
    this.changed = secondsOf(task);
  }

  /** How many things there are in it that all of its kind can only have so many of. */
  get parts(): number {
    return 1;
  }

  /** It is gone: whoever waits for it looks again. */
  abstract removed(): void;

  /** Whether a task may use it so (a mask of `May` bits): 0 or EACCES. */
  permission(task: Task, want: number): number {
    const { credentials } = task;
    const isOwner = [this.uid, this.creator.uid].includes(credentials.euid);
    const isGroup = isInGroup(credentials, this.gid) || isInGroup(credentials, this.creator.gid);
    const granted = this.mode >> (isOwner ? 6 : isGroup ? 3 : 0);
    return (want & ~granted & 7) === 0 || isCapable(credentials, Capability.IPC_OWNER)
      ? 0
      : Errno.EACCES;
  }

  /** Whether a task may change or remove it: 0 or EPERM. */
  ownership(task: Task): number {
    const isOwner = [this.uid, this.creator.uid].includes(task.credentials.euid);
    return isOwner || task.may(Capability.SYS_ADMIN) ? 0 : Errno.EPERM;
  }

  /** Write its `struct ipc64_perm`. */
  encode(view: DataView): void {
    const { uid, gid } = this.creator;
    view.setInt32(0, this.key, true);
    [this.uid, this.gid, uid, gid, this.mode].forEach((word, at) =>
      view.setUint32(4 + at * 4, word, true)
    );
    view.setUint16(24, Math.floor(this.id / GENERATIONS), true);
  }

  /** Take owner and permissions from a `struct ipc64_perm`. */
  decode(task: Task, view: DataView): void {
    this.uid = view.getUint32(4, true);
    this.gid = view.getUint32(8, true);
    this.mode = (this.mode & ~0o777) | (view.getUint32(20, true) & 0o777);
    this.changed = secondsOf(task);
  }
}

/** The time of day in seconds. */
export function secondsOf({ linux }: Task): number {
  return linux.rootFs.now().seconds;
}

/** The objects of one kind. */
export class IpcTable<T extends IpcObject> {
  readonly #most: number;
  readonly #partsMost: number;
  readonly #slots: (T | undefined)[] = [];
  readonly #generations: number[] = [];
  /** All slots below it are taken. */
  #firstFree = 0;
  #parts = 0;

  /** No objects yet, of which there can be so many, with so many parts in all of them. */
  constructor(most: number, partsMost: number = most) {
    this.#most = most;
    this.#partsMost = partsMost;
  }

  /** The objects that there are. */
  *all(): Generator<T> {
    for (const one of this.#slots) if (one) yield one;
  }

  /** The object of a number. */
  get(id: number): T | null {
    const found = this.#slots[id % GENERATIONS];
    return found?.id === id ? found : null;
  }

  /** The object of a key, made if that is wanted and there is none; `fits` may refuse one. */
  obtain(
    task: Task,
    { key, flags }: { key: number; flags: number },
    make: () => T | number,
    fits: (found: T) => number,
  ): T | number {
    if (key !== IPC_PRIVATE) {
      for (const one of this.all()) {
        if (one.key !== key) continue;
        if ((flags & IpcFlag.CREAT) !== 0 && (flags & IpcFlag.EXCL) !== 0) return Errno.EEXIST;
        const wanted = ((flags >> 6) | (flags >> 3) | flags) & 7;
        return one.permission(task, wanted) || fits(one) || one;
      }
      if ((flags & IpcFlag.CREAT) === 0) return Errno.ENOENT;
    }
    const made = make();
    return typeof made === "number" ? made : this.#add(made);
  }

  /** There is an object no longer. */
  remove(object: T): void {
    const slot = object.id % GENERATIONS;
    if (this.#slots[slot] !== object) return;
    this.#slots[slot] = undefined;
    this.#parts -= object.parts;
    this.#firstFree = Math.min(this.#firstFree, slot);
    this.#generations[slot] = ((this.#generations[slot] ?? 0) + 1) % GENERATIONS;
    object.removed();
  }

  #add(made: T): T | number {
    let slot = this.#firstFree;
    while (this.#slots[slot]) slot++;
    this.#firstFree = slot;
    if (slot >= this.#most || this.#parts + made.parts > this.#partsMost) {
      made.removed();
      return Errno.ENOSPC;
    }
    made.id = (this.#generations[slot] ?? 0) * GENERATIONS + slot;
    this.#slots[slot] = made;
    this.#parts += made.parts;
    return made;
  }
}
