/**
 * What a program can reach at its first instruction, as events: its descriptors, and where paths lead,
 * all of which everybody may read and write.
 *
 * @module
 */
import { Directory } from "./fs/directory.ts";
import { EXECUTABLE, type Node } from "./fs/node.ts";
import type { Lwp } from "./lwp.ts";

/** So many paths are told one by one; of the others only how many there are. */
const PATHS_MAX = 200;

/** Tell the log what a process holds, and where its paths lead. */
export function logAuthority(lwp: Lwp): void {
  const { log } = lwp.rtsmart.realm;
  const process = lwp.process.koid;
  for (const descriptor of lwp.fdt.descriptors) {
    const file = lwp.fdt.get(descriptor)!;
    const access = (file.readable ? "r" : "-") + (file.writable ? "w" : "-");
    log.emit("descriptor", { process, descriptor, file: file.path, access });
  }
  let left = PATHS_MAX;
  const tell = (path: string, node: Node) => {
    if (--left < 0) return;
    const access = (node.mode & EXECUTABLE) !== 0 ? "rwx" : "rw-";
    log.emit("reach", { process, path: path || "/", access });
    if (!(node instanceof Directory)) return;
    for (const name of node.names) tell(`${path}/${name}`, node.get(name)!);
  };
  tell("", lwp.rtsmart.files.root);
  if (left < 0) log.emit("reach", { process, path: `${-left} more`, access: "" });
}
