/**
 * `execve`: Linux's way of starting a program, in the kernel, from the path to the first instruction.
 *
 * The functions bear Linux's names for the sake of readers who compare.
 *
 * @module
 */
import { NO_SIGNAL_STACK } from "./task.ts";
import { ModeBit } from "./abi/stat.ts";
import { Persona, PERSONA_KIND } from "./abi/process.ts";
import { Bprm, type Strings } from "./bprm.ts";
import { programCapabilities } from "./credentials.ts";
import { Errno } from "./errno.ts";
import { FileKind, May, permission } from "./fs/inode.ts";
import { OpenFlag } from "./abi/open.ts";
import type { OpenFile } from "./fs/open_file.ts";
import { OpenRegular } from "./fs/open_regular.ts";
import { Socket } from "./fs/socket.ts";
import { type Place, walk } from "./fs/path_walk.ts";
import type { Directory } from "./fs/directory.ts";
import { RegularFile } from "./fs/regular_file.ts";
import { forceFatal } from "./signal/send.ts";
import { SignalNumber } from "./abi/signal.ts";
import type { Task } from "./task.ts";
import { isOverTaskLimit } from "./task_count.ts";

/** Wishes that a program with rights of its own does not inherit. */
const UNSAFE_WISHES = Persona.READ_IMPLIES_EXEC | Persona.ADDR_NO_RANDOMIZE |
  Persona.ADDR_COMPAT_LAYOUT | Persona.MMAP_PAGE_ZERO;

/** That a program gets its group's rights, and the group may run it. */
const GROUP_RUNS = ModeBit.GID | 0o10;

/** So many interpreters of interpreters there can be. */
const DEPTH_MAX = 5;

/** What is to be executed. */
export interface ExecRequest {
  /** The path as it was given. */
  readonly path: string;
  /** The path that is walked, where it is another one. */
  readonly walked?: string;
  /** Where the path begins if it does not with a slash. */
  readonly start: Directory;
  /** The file itself, where the path only names it. */
  readonly file?: OpenFile;
  /** Whether a link at the path's end is refused. */
  readonly noFollow?: boolean;
  /** Whether the path leads through a descriptor that `execve` closes. */
  readonly isPathInaccessible?: boolean;
  /** The arguments. */
  readonly args: Strings;
  /** The environment. */
  readonly environment: Strings;
}

/** Execute a program; answers 0, or why the old one goes on. */
export function doExecveatCommon(task: Task, request: ExecRequest): number {
  // Becoming a user with too many tasks cannot fail, for programs that do not look would go on as user 0.
  if (task.exceedsTaskLimit && isOverTaskLimit(task, 0)) return Errno.EAGAIN;
  task.exceedsTaskLimit = false;
  const opened = doOpenExecat(task, request);
  if (typeof opened === "number") return opened;
  const bprm = new Bprm(task, opened, request.path);
  bprm.isPathInaccessible = request.isPathInaccessible ?? false;
  bprm.step("do_execveat_common", request.path);
  const status = prepare(bprm, request) || bprmExecve(bprm);
  if (status >= 0) {
    bprm.file.drop();
    return 0;
  }
  if (!bprm.isPastReturn) bprm.abandon();
  else bprm.file.drop();
  return status;
}

/** Open a file to execute it. */
export function doOpenExecat(
  task: Task,
  { path, walked = path, start, file, noFollow = false }: Pick<
    ExecRequest,
    "path" | "walked" | "start" | "file" | "noFollow"
  >,
): OpenRegular | number {
  let place: Place | null = file?.place ?? null;
  let inode = file?.inode ?? null;
  if (!file) {
    const found = walk(task.walker, start, walked, !noFollow);
    if (typeof found === "number") return found;
    place = found;
    inode = found.inode;
  }
  if (inode === null) return Errno.ENOENT;
  if (inode.kind === FileKind.SYMLINK) return Errno.ELOOP;
  const status = permission(task.credentials, inode, May.EXECUTE);
  if (!(inode instanceof RegularFile)) return Errno.EACCES;
  if (status !== 0) return status;
  if (inode.fs.noExec) return Errno.EACCES;
  if (inode.writers > 0) return Errno.ETXTBSY;
  task.linux.witness?.executes(task, inode);
  return new OpenRegular(inode, OpenFlag.RDONLY, place);
}

function prepare(bprm: Bprm, { args, environment }: ExecRequest): number {
  bprm.initMm();
  const limit = bprm.setLimit(args, environment);
  if (limit !== 0) return limit;
  bprm.step("copy_strings", `${args.count} arguments, ${environment.count} of environment`);
  let status = bprm.pushName(bprm.filename);
  if (status !== 0) return status;
  bprm.execAddress = bprm.pointer;
  status = bprm.copyStrings(environment) || bprm.copyStrings(args);
  if (status !== 0) return status;
  if (bprm.argc > 0) return 0;
  bprm.argc = 1;
  return bprm.push(new Uint8Array());
}

function bprmExecve(bprm: Bprm): number {
  bprm.step("bprm_execve");
  const status = execBinprm(bprm);
  if (status < 0 && bprm.isPastReturn && !bprm.task.group.ended) {
    bprm.step("force_fatal_sig", "SIGSEGV: the old program is gone, the new one cannot begin");
    forceFatal(bprm.task, SignalNumber.SIGSEGV);
  }
  return status;
}

function execBinprm(bprm: Bprm): number {
  bprm.step("exec_binprm");
  for (let depth = 0;; depth++) {
    if (depth > DEPTH_MAX) return Errno.ELOOP;
    const before = bprm.file;
    const status = searchBinaryHandler(bprm);
    if (status < 0) return status;
    if (bprm.file === before) return status;
  }
}

/** Show the program to every format until one takes it. */
function searchBinaryHandler(bprm: Bprm): number {
  bprm.step("search_binary_handler", bprm.interp);
  bprm.readBuffer();
  for (const format of bprm.task.linux.formats) {
    bprm.step(`load_${format.name}_binary`);
    const status = format.load(bprm);
    if (bprm.isPastReturn || status !== Errno.ENOEXEC) return status;
  }
  return Errno.ENOEXEC;
}

/** The point of no return: the old program goes, whatever becomes of the new one. */
export function beginNewExec(bprm: Bprm): number {
  const { task, mm } = bprm;
  const { group } = task;
  bprm.step("begin_new_exec", "the point of no return");
  fillCredentials(bprm);
  bprm.isPastReturn = true;
  deThread(bprm);
  unshareFiles(bprm);
  mm.setProgram(bprm.file);
  group.setMm(mm);
  bprm.step("exec_mmap", "the old memory goes");
  if (group.handlers.users > 1) {
    group.handlers.users--;
    group.handlers = group.handlers.copy();
  }
  task.signalStack = NO_SIGNAL_STACK;
  task.robustList = 0;
  task.clearChildTid = 0;
  task.rseq = null;
  group.timers.clear(task.linux.queuedSignals);
  if (bprm.secure) {
    task.parentDeathSignal = 0;
    task.persona &= ~UNSAFE_WISHES;
  }
  task.persona &= ~PERSONA_KIND;
  mm.dumpable = !bprm.secure &&
    permission(task.credentials, bprm.file.inode, May.READ) === 0;
  task.comm = bprm.comm;
  bprm.step("flush_signal_handlers");
  group.handlers.flush();
  group.hasExecuted = true;
  bprm.step("commit_creds", `uid ${bprm.credentials.euid}`);
  task.credentials = bprm.credentials;
  mm.lowest = task.lowestAddress;
  return 0;
}

/** The program's memory gets its final layout. */
export function setupNewExec(bprm: Bprm, base: number): void {
  bprm.mm.mmapBase = base;
  bprm.step("setup_new_exec", `mmap_base ${base.toString(16)}`);
}

/** Only the calling thread goes on, under the process's own number. */
function deThread(bprm: Bprm): void {
  const { task } = bprm;
  const { group, linux } = task;
  for (const other of [...group.tasks.values()]) {
    if (other !== task) other.thread.end();
  }
  if (task.tid !== group.pid) {
    bprm.step("de_thread", `thread ${task.tid} becomes ${group.pid}`);
    const before = task.tid;
    linux.tasks.delete(before);
    task.tid = group.pid;
    linux.tasks.set(task.tid, task);
    linux.tracer?.renumbered(task, before);
  }
}

function unshareFiles(bprm: Bprm): void {
  const { task } = bprm;
  task.unshareFiles();
  const { leaksSockets } = task.linux;
  const closed = task.files.closeForExec((file) => leaksSockets && file instanceof Socket);
  if (closed.length > 0) bprm.step("do_close_on_exec", closed.join(" "));
}

/** Whose rights the program has: a file's owner's, if the file says so. */
function fillCredentials(bprm: Bprm): void {
  const { mode, uid, gid } = bprm.file.inode;
  const before = bprm.task.credentials;
  const mayChange = !bprm.task.noNewPrivileges;
  const isUserToo = mayChange && (mode & ModeBit.UID) !== 0;
  const isGroupToo = mayChange && (mode & GROUP_RUNS) === GROUP_RUNS;
  const euid = isUserToo ? uid : before.euid;
  const egid = isGroupToo ? gid : before.egid;
  bprm.credentials = programCapabilities({
    ...before,
    euid,
    suid: euid,
    fsuid: euid,
    egid,
    sgid: egid,
    fsgid: egid,
  });
  bprm.secure = (isUserToo && euid !== before.uid) ||
    egid !== before.gid && isGroupToo;
}
