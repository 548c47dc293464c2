/**
 * The first process of a Linux, from outside: made of nothing, it executes a program.
 *
 * @module
 */
import { knownStrings } from "./bprm.ts";
import { plainCredentials } from "./credentials.ts";
import { doExecveatCommon } from "./exec.ts";
import type { Directory } from "./fs/directory.ts";
import { FileTable } from "./fs/file_table.ts";
import type { OpenFile } from "./fs/open_file.ts";
import { FsState } from "./fs_state.ts";
import type { Group } from "./group.ts";
import { Limits } from "./limits.ts";
import type { Linux } from "./linux.ts";
import { Handlers } from "./signal/handlers.ts";
import { Task } from "./task.ts";

/** What a process from outside is given. */
export interface LaunchOptions {
  /** The program's path. */
  readonly path: string;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Its environment. */
  readonly environment?: readonly string[];
  /** Its first descriptors. */
  readonly files?: readonly OpenFile[];
  /** The directory that it begins in. */
  readonly directory?: Directory;
  /** The user and the group that it is of. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** How much it may have. */
  readonly limits?: Limits;
}

/** Make a process and let it execute a program; answers it, or why the program cannot be executed. */
export function launch(linux: Linux, options: LaunchOptions): Group | number {
  const { path, args, environment = [], files = [], user = { uid: 0, gid: 0 } } = options;
  const group = linux.createGroup(args[0] ?? path, {
    parent: null,
    mm: linux.createMm(),
    handlers: new Handlers(),
    limits: options.limits ?? new Limits(),
    exitSignal: 0,
  });
  if (typeof group === "number") return group;
  const thread = linux.createThread(group, args[0] ?? path);
  if (typeof thread === "number") return thread;
  const context = linux.kernel.system.processor!.createContext();
  group.process.begin();
  thread.start({ kind: "machine", context });
  const table = new FileTable(linux.locks);
  files.forEach((file, descriptor) => table.set(descriptor, file, false));
  const task = new Task(group, {
    thread,
    tid: group.pid,
    files: table,
    fs: new FsState(linux.root, options.directory ?? linux.root, 0o022),
    credentials: plainCredentials(user.uid, user.gid),
    comm: "init",
  });
  group.tasks.set(thread, task);
  linux.tasks.set(task.tid, task);
  const status = doExecveatCommon(task, {
    path,
    start: task.fs.directory,
    args: knownStrings(args),
    environment: knownStrings(environment),
  });
  // Behind the point of no return a failure is no answer: it is how the process ends.
  if (status === 0 || group.ended) return group;
  group.exit(127);
  linux.forget(group);
  return status;
}
