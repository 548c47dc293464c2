/**
 * Starting programs: `lwp_execve` makes a process for one, `sys_execve` loads one over its caller,
 * through a shadow.
 *
 * The functions bear RT-Smart's names for the sake of readers who compare.
 *
 * @module
 */
import { Errno, RtError } from "./error.ts";
import { EXECUTABLE } from "./fs/node.ts";
import { OpenFlag } from "./fs/open_file.ts";
import type { Strings } from "./loader.ts";
import { Lwp } from "./lwp.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { userSpaceInit } from "./mm/user_mm.ts";
import type { RtSmart } from "./rtsmart.ts";
import { createThread, startMain } from "./threads.ts";
import { baseName } from "./text.ts";

/** So many scripts may name each other; the arguments have outgrown the kernel's memory by then. */
const SCRIPTS_MAX = 64;

/** What is to be executed. */
export interface ExecRequest extends Strings {
  /** The path. */
  readonly path: string;
  /** Who asks; null for the shell. */
  readonly caller: Lwp | null;
}

/** Make a process for a program; answers it, or why it cannot be. */
export function lwpExecve(rtsmart: RtSmart, request: ExecRequest): Lwp | number {
  const { path, caller } = request;
  // A kernel that hangs answers nobody.
  if (rtsmart.panicked !== null) return RtError.ERROR;
  if (path === "") return Errno.EINVAL;
  if (accessX(rtsmart, path, caller?.workingDirectory ?? "/") !== 0) return Errno.EACCES;
  const lwp = rtsmart.createLwp(baseName(path), caller);
  if (typeof lwp === "number") return lwp;
  lwp.step("lwp_execve", path);
  lwp.step("lwp_create", `pid ${lwp.pid}`);
  const thread = createThread(lwp, { name: baseName(path) });
  const status = thread === null ? Errno.ENOMEM : load(lwp, request);
  if (thread === null || status !== 0) {
    lwp.exitGroup(RtError.ERROR);
    rtsmart.forget(lwp);
    return status;
  }
  lwp.step("dfs_file_open", "/dev/console, as 0, 1 and 2");
  const file = rtsmart.files.console.open(OpenFlag.RDWR, "/dev/console");
  for (let descriptor = 0; descriptor < 3; descriptor++) lwp.fdt.set(descriptor, file);
  lwp.didExec = true;
  lwp.step("rt_thread_startup", `thread ${thread.tid}, priority ${thread.priority}`);
  lwp.process.begin();
  startMain(thread);
  return lwp;
}

function load(lwp: Lwp, { path, args, environment }: ExecRequest): number {
  const { loader } = lwp.rtsmart;
  const strings = { args, environment };
  if (userSpaceInit(lwp) !== 0) return Errno.ENOMEM;
  const aux = loader.argscopy(lwp, strings);
  if (aux < 0) return Errno.ENOMEM;
  // Whatever the loader found, the caller only learns that something was wrong.
  return loader.load(lwp, path, { aux, strings }) === 0 ? 0 : RtError.ERROR;
}

/** Load a program over the caller; answers null if that was done, or why the caller goes on. */
export function sysExecve(thread: LwpThread, request: ExecRequest): number | null {
  const { lwp, rtsmart } = thread;
  const shadow = new Lwp(rtsmart, lwp.process, 0);
  shadow.workingDirectory = lwp.workingDirectory;
  shadow.step("sys_execve", request.path);
  shadow.step("lwp_create", "the shadow");
  let { path } = request;
  let strings: Strings = request;
  let status = userSpaceInit(shadow) !== 0 ? Errno.ENOMEM : 0;
  for (let depth = 0; status === 0; depth++) {
    const script = rtsmart.loader.loadScript(shadow, path, strings);
    if (script === null) break;
    if (typeof script === "number") status = script;
    else if (depth === SCRIPTS_MAX) status = Errno.ENOMEM;
    else ({ path, strings } = script);
  }
  if (status === 0) status = loadShadow(shadow, path, strings);
  if (status !== 0) {
    shadow.aspace.destroy();
    return status;
  }
  become(thread, shadow, strings.args[0] ?? path);
  return null;
}

function loadShadow(shadow: Lwp, path: string, strings: Strings): number {
  const { loader } = shadow.rtsmart;
  const aux = loader.argscopy(shadow, strings);
  if (aux < 0) return Errno.ENOMEM;
  return loader.load(shadow, path, { aux, strings }) === 0 ? 0 : Errno.EINVAL;
}

/** Exchange the programs: nothing of the caller has changed until here, and nothing can fail now. */
function become(thread: LwpThread, shadow: Lwp, name: string): void {
  const { lwp } = thread;
  lwp.step("lwp_user_object_clear", `${lwp.objects.size} objects`);
  lwp.clearObjects();
  thread.label = baseName(name);
  lwp.step("_swap_lwp_data", "the old program goes into the shadow");
  lwp.swap(shadow);
  lwp.didExec = true;
  lwp.step("lwp_signal_reset", "handlers, masks and what waits");
  lwp.actions.reset();
  lwp.pending.clear();
  thread.pending.clear();
  thread.blocked = 0n;
  lwp.step("lwp_aspace_switch");
  lwp.step("lwp_ref_dec", "the shadow, and the old memory with it");
  shadow.aspace.destroy();
  startMain(thread);
}

/** Whether a path names a file that may be executed: 0, or why not (`access`). */
export function accessX(rtsmart: RtSmart, path: string, directory: string): number {
  const node = rtsmart.files.find(path, directory);
  if (typeof node === "number") return node;
  return (node.mode & EXECUTABLE) !== 0 ? 0 : Errno.EACCES;
}
