/**
 * What goes with the bytes of a message, in the memory of who sends and who receives: descriptors,
 * and who sent it.
 *
 * @module
 */
import { CONTROL_HEAD_SIZE, ControlMessage, Family, Level, SocketOption } from "../abi/socket.ts";
import { NOBODY } from "../bounds.ts";
import { Capability } from "../abi/capability.ts";
import { Errno } from "../errno.ts";
import type { OpenFile } from "../fs/open_file.ts";
import { PidFile } from "../fs/pid_file.ts";
import type { Socket } from "../fs/socket.ts";
import { settingKey } from "../fs/socket_settings.ts";
import type { Beside, Sender } from "../fs/socket_message.ts";
import type { Task } from "../task.ts";
import { writeWords32, writeWords64 } from "./user_data.ts";

/** Where in memory something is that goes with a message. */
export interface Place {
  /** Its address. */
  readonly control: number;
  /** How much of it there is, or how much room. */
  readonly controlLength: number;
}

/** What was put down beside the bytes of a message. */
export interface Put {
  /** How much room it took. */
  readonly length: number;
  /** Whether there was too little. */
  readonly isCut: boolean;
}

const PASSCRED = settingKey(Level.SOCKET, SocketOption.PASSCRED);
const PASSPIDFD = settingKey(Level.SOCKET, SocketOption.PASSPIDFD);
const CREDENTIALS_SIZE = 12;
const ROOM_MAX = 1 << 17;
/** So many files one message carries. */
const FILES_MAX = 253;
/** Who sends where that was not written down. */
const UNKNOWN: Sender = { process: null, uid: NOBODY, gid: NOBODY };
/** No user and no group at all. */
const NONE = 0xffffffff;

/** What a task wants to go with a message, or why it cannot. */
export function besideAt(
  task: Task,
  { family }: Socket,
  { control, controlLength }: Place,
): Beside | number {
  const files: OpenFile[] = [];
  let sender: Sender | null = null;
  if (controlLength === 0) return { files, sender };
  if (controlLength > ROOM_MAX) return Errno.ENOBUFS;
  const bytes = task.mm.memory.bytes(control, controlLength);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + CONTROL_HEAD_SIZE <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    if (length < CONTROL_HEAD_SIZE || at + length > bytes.length) return Errno.EINVAL;
    const body = new DataView(
      view.buffer,
      view.byteOffset + at + CONTROL_HEAD_SIZE,
      length - CONTROL_HEAD_SIZE,
    );
    const kind = view.getInt32(at + 8, true) === Level.SOCKET ? view.getInt32(at + 12, true) : 0;
    if (kind !== 0) {
      if (kind !== ControlMessage.RIGHTS && kind !== ControlMessage.CREDENTIALS) {
        return Errno.EINVAL;
      }
      // To others than those of this machine neither means anything.
      if (isLocal(family) && kind === ControlMessage.RIGHTS) {
        const status = addFiles(task, body, files);
        if (status !== 0) return status;
      } else if (isLocal(family)) {
        const said = senderIn(task, body);
        if (typeof said === "number") return said;
        sender = said;
      }
    }
    at += Math.ceil(length / 8) * 8;
  }
  return { files, sender };
}

/** Whether those who speak are of this machine. */
function isLocal(family: number): boolean {
  return family === Family.UNIX || family === Family.NETLINK;
}

function addFiles(task: Task, body: DataView, files: OpenFile[]): number {
  const count = Math.floor(body.byteLength / 4);
  if (files.length + count > FILES_MAX) return Errno.EINVAL;
  for (let one = 0; one < count; one++) {
    const file = task.fileOrPlace(body.getInt32(one * 4, true));
    if (!file) return Errno.EBADF;
    files.push(file);
  }
  return 0;
}

/** Who a task says that it is, if it may say so. */
function senderIn(task: Task, body: DataView): Sender | number {
  if (body.byteLength !== CREDENTIALS_SIZE) return Errno.EINVAL;
  const [pid, uid, gid] = [
    body.getInt32(0, true),
    body.getUint32(4, true),
    body.getUint32(8, true),
  ];
  if (uid === NONE || gid === NONE) return Errno.EINVAL;
  const { uid: user, euid, suid, gid: group, egid, sgid } = task.credentials;
  const isTrue = (pid === task.group.pid || task.may(Capability.SYS_ADMIN)) &&
    ([user, euid, suid].includes(uid) || task.may(Capability.SETUID)) &&
    ([group, egid, sgid].includes(gid) || task.may(Capability.SETGID));
  if (!isTrue) return Errno.EPERM;
  const process = task.linux.groups.get(pid);
  return process ? { process, uid, gid } : Errno.ESRCH;
}

/** Put down what came with a message; the files are the task's own then, or are left. */
export function putBeside(
  task: Task,
  socket: Socket,
  { files, sender, closesOnExec, ...place }: Beside & Place & { readonly closesOnExec: boolean },
): Put {
  const room = new Room(task, place);
  const asks = (option: string) =>
    isLocal(socket.family) && (socket.settings.get(option) ?? 0) !== 0;
  if (asks(PASSCRED)) {
    const { process, uid, gid } = sender ?? UNKNOWN;
    room.put(ControlMessage.CREDENTIALS, [process?.pid ?? 0, uid, gid]);
  }
  if (files.length > 0) putFiles(task, room, files, closesOnExec);
  for (const file of files) file.drop();
  const process = sender?.process;
  if (asks(PASSPIDFD) && process) {
    if (room.left <= CONTROL_HEAD_SIZE) room.isCut = true;
    else room.put(ControlMessage.PIDFD, [task.addFile(new PidFile(process, 0), true)]);
  }
  return { length: place.controlLength - room.left, isCut: room.isCut };
}

/** Give a task the files of a message, as many as there is room for. */
function putFiles(
  task: Task,
  room: Room,
  files: readonly OpenFile[],
  closesOnExec: boolean,
): void {
  const most = Math.max(0, Math.floor((room.left - CONTROL_HEAD_SIZE) / 4));
  const numbers: number[] = [];
  for (const file of files.slice(0, most)) {
    const fd = task.addFile(file, closesOnExec);
    if (fd < 0) break;
    numbers.push(fd);
  }
  if (numbers.length < files.length) room.isCut = true;
  if (numbers.length > 0) room.put(ControlMessage.RIGHTS, numbers);
}

/** Room for what goes with a message. */
class Room {
  readonly #task: Task;
  #at: number;
  /** How much of it is left. */
  left: number;
  /** Whether there was too little. */
  isCut = false;

  constructor(task: Task, { control, controlLength }: Place) {
    this.#task = task;
    this.#at = control;
    this.left = control === 0 ? 0 : controlLength;
  }

  /** Put down words, or as many of them as there is room for. */
  put(kind: number, words: readonly number[]): void {
    if (this.left < CONTROL_HEAD_SIZE) {
      this.isCut = true;
      return;
    }
    const length = CONTROL_HEAD_SIZE + words.length * 4;
    const fits = Math.min(length, this.left);
    if (fits < length) this.isCut = true;
    const kept = words.slice(0, Math.floor((fits - CONTROL_HEAD_SIZE) / 4));
    writeWords64(this.#task, this.#at, [fits]);
    writeWords32(this.#task, this.#at + 8, [Level.SOCKET, kind, ...kept]);
    const whole = Math.min(Math.ceil(length / 8) * 8, this.left);
    this.#at += whole;
    this.left -= whole;
  }
}
