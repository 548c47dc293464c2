/**
 * Watching a directory by signals, as `F_NOTIFY` asks for.
 *
 * @module
 */
import { DirectoryEvent } from "../abi/fcntl.ts";
import { Notify } from "../abi/polling.ts";
import type { Task } from "../task.ts";
import { AsyncNotice } from "./async_notice.ts";
import type { FileTable } from "./file_table.ts";
import { addWatch, removeWatch, RENAMED, type Watch } from "./fsnotify.ts";
import type { OpenDirectory } from "./open_regular.ts";

/** What is asked about, and what of that happens to a file. */
const EVENTS: readonly (readonly [asked: number, happens: number])[] = [
  [DirectoryEvent.ACCESS, Notify.ACCESS],
  [DirectoryEvent.MODIFY, Notify.MODIFY],
  [DirectoryEvent.CREATE, Notify.CREATE | Notify.MOVED_TO],
  [DirectoryEvent.DELETE, Notify.DELETE | Notify.MOVED_FROM],
  [DirectoryEvent.RENAME, RENAMED],
  [DirectoryEvent.ATTRIB, Notify.ATTRIB],
];

/** What somebody who has a table of descriptors wants to know, through an open directory in it. */
export class Dnotify implements Watch {
  interest = 0;
  readonly #file: OpenDirectory;
  readonly #table: FileTable;
  readonly #notice: AsyncNotice;
  #descriptor = -1;
  #isLasting = false;

  private constructor(task: Task, file: OpenDirectory) {
    this.#file = file;
    this.#table = task.files;
    this.#notice = AsyncNotice.of(task.linux, file);
  }

  /** Tell the owner of an open directory of these of `DirectoryEvent`, too. */
  static ask(task: Task, file: OpenDirectory, descriptor: number, events: number): void {
    let one = file.asked.get(task.files);
    if (!one) {
      file.asked.set(task.files, one = new Dnotify(task, file));
      addWatch(file.inode, one);
    }
    for (const [asked, happens] of EVENTS) if ((events & asked) !== 0) one.interest |= happens;
    if ((events & DirectoryEvent.MULTISHOT) !== 0) one.#isLasting = true;
    one.#descriptor = descriptor;
    one.#notice.adopt(task);
  }

  told(): void {
    this.#notice.tell(this.#descriptor);
    if (!this.#isLasting) this.ended();
  }

  ended(): void {
    this.#file.asked.delete(this.#table);
    removeWatch(this.#file.inode, this);
  }
}
