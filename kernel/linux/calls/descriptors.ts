/**
 * Calls about descriptors, and about the directory that a task is in.
 *
 * @module
 */
import { directoryAtPath } from "./at.ts";
import { Ioctl } from "../abi/ioctl.ts";
import { DescriptorFlag, Fcntl, RWH_WRITE_LIFE_EXTREME } from "../abi/fcntl.ts";
import { Notify } from "../abi/polling.ts";
import { CloseRange, FileAdvice, MemoryFileFlag, Seal, SyncRange } from "../abi/file.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import { AsyncNotice } from "../fs/async_notice.ts";
import { Directory, FIRST_COOKIE, pathOf } from "../fs/directory.ts";
import { notify } from "../fs/fsnotify.ts";
import { FileKind, type Inode, isOwner, May, permission } from "../fs/inode.ts";
import { addSeals, MemoryFile } from "../fs/memory_file.ts";
import { OpenFlag } from "../abi/open.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { OpenDirectory, OpenRegular } from "../fs/open_regular.ts";
import { createPipe, PipeEnd } from "../fs/pipe.ts";
import { Resource } from "../abi/process.ts";
import { bytesOf, PATH_MAX, zeroEnded } from "../name.ts";
import type { Task } from "../task.ts";
import { flock, lockCommand } from "./locks.ts";
import { noticeCommand } from "./notices.ts";
import { readPath, writeBytes, writeWords32, writeWords64 } from "./user_data.ts";

const CHANGEABLE = OpenFlag.APPEND | OpenFlag.NONBLOCK | OpenFlag.DIRECT | OpenFlag.NOATIME;
/** What can be asked of a descriptor that only stands for a place. */
const PLACE_COMMANDS: readonly number[] = [
  Fcntl.DUPFD,
  Fcntl.DUPFD_CLOEXEC,
  Fcntl.GETFD,
  Fcntl.SETFD,
  Fcntl.GETFL,
  Fcntl.DUPFD_QUERY,
];
const DIRENT_SIZE = 19;
const MEMORY_FLAGS = MemoryFileFlag.CLOEXEC | MemoryFileFlag.ALLOW_SEALING |
  MemoryFileFlag.NOEXEC_SEAL | MemoryFileFlag.EXEC;
const EITHER_MEMORY_FLAG = MemoryFileFlag.NOEXEC_SEAL | MemoryFileFlag.EXEC;
const SYNC_RANGES = SyncRange.WAIT_BEFORE | SyncRange.WRITE | SyncRange.WAIT_AFTER;
const MEMORY_NAME_MAX = 249;

function closeRange(task: Task, first: number, last: number, flags: number): Answer {
  if (first > last || (flags & ~(CloseRange.UNSHARE | CloseRange.CLOEXEC)) !== 0) {
    return Errno.EINVAL;
  }
  for (const fd of [...task.files.descriptors()]) {
    if (fd < first || fd > last) continue;
    if ((flags & CloseRange.CLOEXEC) !== 0) task.files.setCloseOnExec(fd, true);
    else task.files.close(fd);
  }
  return 0;
}

function dup(task: Task, fd: number): Answer {
  const file = task.fileOrPlace(fd);
  return file ? task.addFile(file, false) : Errno.EBADF;
}

function dup3(task: Task, from: number, to: number, flags: number): Answer {
  if ((flags & ~OpenFlag.CLOEXEC) !== 0 || from === to) return Errno.EINVAL;
  const file = task.fileOrPlace(from);
  if (!file || to < 0 || to >= task.group.limits.soft(Resource.NOFILE)) return Errno.EBADF;
  task.files.set(to, file, (flags & OpenFlag.CLOEXEC) !== 0);
  return to;
}

function fcntl(task: Task, fd: number, command: number, argument: number): Answer {
  const isOfPlaces = PLACE_COMMANDS.includes(command);
  const file = isOfPlaces ? task.fileOrPlace(fd) : task.file(fd);
  if (!file) return Errno.EBADF;
  switch (command) {
    case Fcntl.DUPFD:
    case Fcntl.DUPFD_CLOEXEC:
      if (argument >= task.group.limits.soft(Resource.NOFILE)) return Errno.EINVAL;
      return task.addFile(file, command === Fcntl.DUPFD_CLOEXEC, argument);
    case Fcntl.DUPFD_QUERY:
      return isSame(file, task.fileOrPlace(argument | 0));
    case Fcntl.GET_RW_HINT:
      return writeWords64(task, argument, [file.inode.writeHint]) ? 0 : Errno.EFAULT;
    case Fcntl.SET_RW_HINT:
      return setWriteHint(task, file.inode, argument);
    case Fcntl.GETFD:
      return task.files.closesOnExec(fd) ? DescriptorFlag.CLOEXEC : 0;
    case Fcntl.SETFD:
      task.files.setCloseOnExec(fd, (argument & DescriptorFlag.CLOEXEC) !== 0);
      return 0;
    case Fcntl.GETFL:
      return file.flags | (file instanceof OpenRegular ? OpenFlag.LARGEFILE : 0);
    case Fcntl.SETFL:
      file.flags = (file.flags & ~CHANGEABLE) | (argument & CHANGEABLE);
      if (file.tellsOwner) setAsync(task, file, fd, (argument & OpenFlag.ASYNC) !== 0);
      return 0;
    case Fcntl.GETLK:
    case Fcntl.SETLK:
    case Fcntl.SETLKW:
    case Fcntl.OFD_GETLK:
    case Fcntl.OFD_SETLK:
    case Fcntl.OFD_SETLKW:
      return lockCommand(task, file, command, argument);
    case Fcntl.SETPIPE_SZ:
      return file instanceof PipeEnd ? file.inode.setCapacity(argument) : Errno.EBADF;
    case Fcntl.GETPIPE_SZ:
      return file instanceof PipeEnd ? file.inode.capacity : Errno.EBADF;
    case Fcntl.ADD_SEALS:
      return file instanceof OpenRegular ? addSeals(task.linux, file, argument) : Errno.EINVAL;
    case Fcntl.GET_SEALS:
      return file instanceof OpenRegular ? file.inode.seals : Errno.EINVAL;
    default:
      return noticeCommand(task, fd, command, argument);
  }
}

/** Whether two descriptors share a position and everything else: 1 or 0. */
function isSame(file: OpenFile, other: OpenFile | null): number {
  return other ? Number(file === other) : Errno.EBADF;
}

/** Keep how long what is written to a file is going to last, for those who ask. */
function setWriteHint(task: Task, inode: Inode, address: number): number {
  if (!isOwner(task.credentials, inode)) return Errno.EPERM;
  const hint = task.mm.memory.readU64(address);
  if (hint < 0) return Errno.EFAULT;
  if (hint > RWH_WRITE_LIFE_EXTREME) return Errno.EINVAL;
  inode.writeHint = hint;
  return 0;
}

function ioctl(task: Task, fd: number, request: number, argument: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (request === Ioctl.FIOCLEX || request === Ioctl.FIONCLEX) {
    task.files.setCloseOnExec(fd, request === Ioctl.FIOCLEX);
    return 0;
  }
  if (request === Ioctl.FIONBIO) {
    const on = task.mm.memory.readU32(argument);
    if (on < 0) return Errno.EFAULT;
    file.flags = on ? file.flags | OpenFlag.NONBLOCK : file.flags & ~OpenFlag.NONBLOCK;
    return 0;
  }
  if (request === Ioctl.FIOASYNC) return fioasync(task, file, fd, argument);
  if (request === Ioctl.FIONREAD && file instanceof OpenRegular) {
    return writeWords32(task, argument, [file.inode.size - file.position]) ? 0 : Errno.EFAULT;
  }
  return file.ioctl(task, request, argument);
}

/** Have the owner of a file told when it becomes ready, or no longer. */
function setAsync({ linux }: Task, file: OpenFile, fd: number, on: boolean): void {
  file.flags = on ? file.flags | OpenFlag.ASYNC : file.flags & ~OpenFlag.ASYNC;
  if (on) AsyncNotice.of(linux, file).turnOn(fd);
  else file.notice?.turnOff();
}

function fioasync(task: Task, file: OpenFile, fd: number, address: number): Answer {
  const on = task.mm.memory.readU32(address);
  if (on < 0) return Errno.EFAULT;
  if (file.tellsOwner) setAsync(task, file, fd, on !== 0);
  // Where there is nothing to be changed nobody sees that it could not be.
  else if (on !== 0) return Errno.ENOTTY;
  return 0;
}

function pipe2(task: Task, address: number, flags: number): Answer {
  const known = OpenFlag.CLOEXEC | OpenFlag.NONBLOCK | OpenFlag.DIRECT;
  if ((flags & ~known) !== 0) return Errno.EINVAL;
  const [reader, writer] = createPipe(task.linux.pipeFs, flags);
  if (!reader.inode.charge()) return Errno.ENFILE;
  const closeOnExec = (flags & OpenFlag.CLOEXEC) !== 0;
  writer.hold();
  const read = task.addFile(reader, closeOnExec);
  const write = read < 0 ? read : task.addFile(writer, closeOnExec);
  writer.drop();
  if (write < 0) {
    if (read >= 0) task.files.close(read);
    return write;
  }
  if (writeWords32(task, address, [read, write])) return 0;
  task.files.close(read);
  task.files.close(write);
  return Errno.EFAULT;
}

function getdents64(task: Task, fd: number, address: number, size: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (!(file instanceof OpenDirectory)) return Errno.ENOTDIR;
  if (file.inode.removed) return Errno.ENOENT;
  const bytes = new Uint8Array(Math.min(size, 1 << 16));
  let at = 0;
  let position = file.position;
  for (const [name, inode, cookie] of namesOf(file.inode, task)) {
    if (cookie <= file.position) continue;
    const length = Math.ceil((DIRENT_SIZE + name.length + 1) / 8) * 8;
    if (at + length > bytes.length) {
      if (at === 0) return Errno.EINVAL;
      break;
    }
    putEntry(bytes, at, { name, inode, cookie, length });
    at += length;
    position = cookie;
  }
  notify(file.inode, Notify.ACCESS, file.place);
  const status = writeBytes(task, address, bytes.subarray(0, at));
  if (status < 0) return status;
  file.position = position;
  return at;
}

function* namesOf(directory: Directory, { fs }: Task): Generator<[string, Inode, number]> {
  yield [".", directory, FIRST_COOKIE - 2];
  yield ["..", directory === fs.root ? directory : directory.parent, FIRST_COOKIE - 1];
  for (const [name, { inode, cookie }] of directory.entries()) yield [name, inode, cookie];
}

function putEntry(
  bytes: Uint8Array,
  at: number,
  { name, inode, cookie, length }: { name: string; inode: Inode; cookie: number; length: number },
): void {
  const view = new DataView(bytes.buffer, at, length);
  view.setBigUint64(0, BigInt(inode.ino), true);
  view.setBigInt64(8, BigInt(cookie), true);
  view.setUint16(16, length, true);
  view.setUint8(18, inode.kind >>> 12);
  bytes.set(bytesOf(name), at + DIRENT_SIZE);
}

function getcwd(task: Task, address: number, size: number): Answer {
  const { directory, root } = task.fs;
  if (directory.removed) return Errno.ENOENT;
  const bytes = zeroEnded(pathOf(directory, root));
  if (bytes.length > PATH_MAX) return Errno.ENAMETOOLONG;
  if (bytes.length > size) return Errno.ERANGE;
  return task.mm.memory.write(address, bytes) === 0 ? bytes.length : Errno.EFAULT;
}

function chdir(task: Task, address: number): Answer {
  const found = directoryAtPath(task, address);
  return typeof found === "number" ? found : enter(task, found);
}

function enter(task: Task, inode: Inode): number {
  if (!(inode instanceof Directory)) return Errno.ENOTDIR;
  const status = permission(task.credentials, inode, May.EXECUTE);
  if (status === 0) task.fs.directory = inode;
  return status;
}

function memfdCreate(task: Task, address: number, flags: number): Answer {
  const isEither = (flags & EITHER_MEMORY_FLAG) === EITHER_MEMORY_FLAG;
  if ((flags & ~MEMORY_FLAGS) !== 0 || isEither) return Errno.EINVAL;
  const name = readPath(task, address);
  if (typeof name === "number") return name === Errno.ENAMETOOLONG ? Errno.EINVAL : name;
  if (name.length > MEMORY_NAME_MAX) return Errno.EINVAL;
  const isOpen = (flags & (MemoryFileFlag.ALLOW_SEALING | MemoryFileFlag.NOEXEC_SEAL)) !== 0;
  const file = new MemoryFile(task.linux, name, isOpen ? 0 : Seal.SEAL);
  if ((flags & MemoryFileFlag.NOEXEC_SEAL) !== 0) file.inode.mode &= ~0o111;
  return task.addFile(file, (flags & MemoryFileFlag.CLOEXEC) !== 0);
}

function sync(task: Task, fd: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  const kind = file.inode.kind;
  return kind === FileKind.REGULAR || kind === FileKind.DIRECTORY ? 0 : Errno.EINVAL;
}

function syncRange(task: Task, fd: number, offset: number, length: number, flags: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if ((flags & ~SYNC_RANGES) !== 0 || offset < 0 || length < 0) return Errno.EINVAL;
  const kind = file.inode.kind;
  return kind === FileKind.REGULAR || kind === FileKind.DIRECTORY ? 0 : Errno.ESPIPE;
}

function fadvise(task: Task, fd: number, _offset: number, length: number, advice: number): Answer {
  const file = task.file(fd);
  if (!file) return Errno.EBADF;
  if (file instanceof PipeEnd) return Errno.ESPIPE;
  return advice < FileAdvice.NORMAL || advice > FileAdvice.NOREUSE || length < 0 ? Errno.EINVAL : 0;
}

const DESCRIPTOR = { fd: "fd" } as const;

/** Calls about descriptors. */
export const DESCRIPTOR_CALLS: readonly LinuxCall[] = [
  call(17, "getcwd", { buffer: "pointer", size: "size" }, getcwd),
  call(23, "dup", DESCRIPTOR, dup),
  call(24, "dup3", { from: "fd", to: "fd", flags: "flags:open" }, dup3),
  call(25, "fcntl", { ...DESCRIPTOR, command: "flags:fcntl", argument: "pointer" }, fcntl),
  call(29, "ioctl", { ...DESCRIPTOR, request: "flags:ioctl", argument: "pointer" }, ioctl),
  call(32, "flock", { ...DESCRIPTOR, operation: "int" }, flock),
  call(49, "chdir", { path: "path" }, chdir),
  call(50, "fchdir", DESCRIPTOR, (task, fd) => {
    const file = task.fileOrPlace(fd);
    return file ? enter(task, file.inode) : Errno.EBADF;
  }),
  call(57, "close", DESCRIPTOR, (task, fd) => task.files.close(fd)),
  call(59, "pipe2", { ends: "pointer", flags: "flags:open" }, pipe2),
  call(61, "getdents64", { ...DESCRIPTOR, entries: "pointer", size: "uint" }, getdents64),
  call(81, "sync", {}, () => 0),
  call(
    84,
    "sync_file_range",
    { ...DESCRIPTOR, offset: "long", length: "long", flags: "uint" },
    syncRange,
  ),
  call(82, "fsync", DESCRIPTOR, sync),
  call(83, "fdatasync", DESCRIPTOR, sync),
  call(166, "umask", { mask: "mode" }, (task, mask) => {
    const before = task.fs.umask;
    task.fs.umask = mask & 0o777;
    return before;
  }),
  call(
    213,
    "readahead",
    { ...DESCRIPTOR, offset: "long", count: "size" },
    (task, fd) => {
      const file = task.file(fd);
      if (!file?.readable) return Errno.EBADF;
      return file instanceof OpenRegular ? 0 : Errno.EINVAL;
    },
  ),
  call(
    223,
    "fadvise64",
    { ...DESCRIPTOR, offset: "long", length: "long", advice: "int" },
    fadvise,
  ),
  call(267, "syncfs", DESCRIPTOR, (task, fd) => task.file(fd) ? 0 : Errno.EBADF),
  call(279, "memfd_create", { name: "path", flags: "uint" }, memfdCreate),
  call(436, "close_range", { first: "uint", last: "uint", flags: "uint" }, closeRange),
];
