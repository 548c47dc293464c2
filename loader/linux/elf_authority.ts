/**
 * What a program can reach at its first instruction, as events: its descriptors, and what stands at
 * its root, each with what its user may do there.
 *
 * @module
 */
import { Directory, uppermost } from "../../kernel/linux/fs/directory.ts";
import { type Inode, May, permission } from "../../kernel/linux/fs/inode.ts";
import { placePath } from "../../kernel/linux/fs/path_walk.ts";
import type { Task } from "../../kernel/linux/task.ts";

/** So many paths are told one by one; of the others only how many there are. */
const PATHS_MAX = 200;

/** Tell the log what a task holds, and where its paths lead. */
export function logAuthority(task: Task): void {
  const { log } = task.linux.realm;
  const process = task.group.process.koid;
  const { root } = task.fs;
  for (const descriptor of task.files.descriptors()) {
    const open = task.files.get(descriptor)!;
    const file = open.place ? placePath(open.place, root) : "a stream of the host";
    const access = (open.readable ? "r" : "-") + (open.writable ? "w" : "-");
    log.emit("descriptor", { process, descriptor, file, access });
  }
  let left = PATHS_MAX;
  const tell = (path: string, inode: Inode) => {
    if (--left < 0) return;
    const seen = inode instanceof Directory ? uppermost(inode) : inode;
    log.emit("reach", { process, path: path || "/", access: accessOf(task, seen) });
    if (!(seen instanceof Directory)) return;
    for (const [name, entry] of seen.entries()) tell(`${path}/${name}`, entry.inode);
  };
  tell("", root);
  if (left < 0) log.emit("reach", { process, path: `${-left} more`, access: "" });
}

function accessOf({ credentials }: Task, inode: Inode): string {
  const may = (want: number) => permission(credentials, inode, want) === 0;
  return (may(May.READ) ? "r" : "-") + (may(May.WRITE) ? "w" : "-") +
    (may(May.EXECUTE) ? "x" : "-");
}
