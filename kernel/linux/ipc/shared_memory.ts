/**
 * Memory that processes find by a key and put among their addresses.
 *
 * @module
 */
import { pageUp } from "../mm/layout.ts";
import { internalFile } from "../fs/internal_file.ts";
import type { OpenRegular } from "../fs/open_regular.ts";
import type { Task } from "../task.ts";
import { IpcObject, secondsOf } from "./ipc_object.ts";

/** A segment of memory. */
export class SharedMemory extends IpcObject {
  /** What is mapped where it is attached. */
  readonly file: OpenRegular;
  /** Its length as it was asked for. */
  readonly size: number;
  /** Whether it goes with the last who uses it. */
  isDoomed = false;
  /** When somebody attached it; 0 for never. */
  attachedAt = 0;
  /** When somebody detached it; 0 for never. */
  detachedAt = 0;
  /** Who made it. */
  readonly makerPid: number;
  /** Who attached or detached it last. */
  lastPid = 0;

  /** A segment of zeros. */
  constructor(task: Task, key: number, mode: number, size: number) {
    super(task, key, mode);
    this.size = size;
    this.makerPid = task.group.pid;
    const label = `/SYSV${(key >>> 0).toString(16).padStart(8, "0")} (deleted)`;
    this.file = internalFile(task.linux.rootFs, label, new Uint8Array()).hold();
    this.file.inode.truncate(pageUp(size));
  }

  /** How many times it is attached. */
  get attached(): number {
    return this.file.references - 1;
  }

  override removed(): void {
    this.file.drop();
  }

  /** Somebody attached it. */
  attach(task: Task): void {
    this.attachedAt = secondsOf(task);
    this.lastPid = task.group.pid;
  }

  /** Somebody detached it. */
  detach(task: Task): void {
    this.detachedAt = secondsOf(task);
    this.lastPid = task.group.pid;
  }
}
