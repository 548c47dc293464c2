/**
 * Somebody who judges how authority spreads, before it does.
 *
 * @module
 */
import type { Inode } from "./fs/inode.ts";
import type { OpenFile } from "./fs/open_file.ts";
import type { Socket } from "./fs/socket.ts";
import type { Task } from "./task.ts";

/** Told of what the rules of the system have already allowed, while nothing has happened yet. */
export interface AuthorityWitness {
  /** A task is to have a descriptor of a file that was there before, and that came in no message. */
  gains(task: Task, file: OpenFile): void;
  /** A task is to execute a file. */
  executes(task: Task, inode: Inode): void;
  /** A task is to change what is in a file that it has no descriptor of. */
  writes(task: Task, inode: Inode): void;
  /** A task is to change who may use a file, or whose it is. */
  grants(task: Task, inode: Inode): void;
  /** A task is to send descriptors of files to whoever reads from a socket. */
  sends(task: Task, to: Socket, files: readonly OpenFile[]): void;
}
