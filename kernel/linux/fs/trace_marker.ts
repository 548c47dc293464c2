/**
 * The file through which programs put lines of their own into the kernel's event log: what they do
 * in user space is no system call, and would not be seen otherwise.
 *
 * @module
 */
import { FileSystemKind } from "../abi/stat.ts";
import type { Linux } from "../linux.ts";
import { Directory } from "./directory.ts";
import { cover, directoryAt } from "./mounting.ts";
import { SyntheticFile } from "./synthetic.ts";

/** Make /sys/kernel/tracing with its marker. */
export function mountTracing(linux: Linux): void {
  const fs = linux.createFileSystem("tracefs", FileSystemKind.TRACEFS_MAGIC);
  const tracing = new Directory(fs, { mode: 0o755 });
  cover(linux, directoryAt(linux, "/sys/kernel/tracing"), tracing);
  const take = (bytes: Uint8Array) => {
    mark(linux, new TextDecoder().decode(bytes).trimEnd());
    return bytes.length;
  };
  tracing.put("trace_marker", new SyntheticFile(fs, () => "", { take }));
}

/** A line `step: detail` is a step of whoever writes it. */
function mark(linux: Linux, line: string): void {
  const { log } = linux.realm;
  const { current } = linux;
  if (!log.listening || !current) return;
  const at = line.indexOf(": ");
  const step = at < 0 ? line : line.slice(0, at);
  const detail = at < 0 ? "" : line.slice(at + 2);
  log.emit("load", { process: current.group.process.koid, who: current.comm, step, detail });
}
