/**
 * The file through which somebody decides about the calls that a filter leaves to him.
 *
 * @module
 */
import { OpenFlag } from "../abi/open.ts";
import { Poll } from "../abi/polling.ts";
import { Resource } from "../abi/process.ts";
import {
  AddFdFlag,
  AddFdSize,
  SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP,
  SeccompReply,
  SeccompRequest,
  SeccompSize,
} from "../abi/seccomp.ts";
import type { Answer } from "../answer.ts";
import { Errno } from "../errno.ts";
import type { SeccompFilter } from "../seccomp/filter.ts";
import type { Notification, Notifications } from "../seccomp/notifications.ts";
import type { Task } from "../task.ts";
import type { WaitQueue } from "../wait_queue.ts";
import { AnonymousInode } from "./event_file.ts";
import { OpenFile } from "./open_file.ts";

const DATA_AT = 16;
/** What of a request says neither how long its argument is nor who writes it. */
const REQUEST = 0xffff;

/** Where somebody is told of the calls of a filter. */
export class SeccompListener extends OpenFile {
  override readonly queue: WaitQueue;
  readonly #filter: SeccompFilter;
  readonly #notifications: Notifications;

  /** The file of a filter, which a task has from now on. */
  constructor({ linux }: Task, filter: SeccompFilter, notifications: Notifications) {
    super(new AnonymousInode(linux), OpenFlag.RDWR);
    this.#filter = filter;
    this.#notifications = notifications;
    this.queue = notifications.queue;
  }

  override get label(): string {
    return "anon_inode:seccomp notify";
  }

  override poll(): number {
    let ready = this.#filter.users === 0 ? Poll.HUP : 0;
    for (const { state } of this.#notifications.all) {
      if (state === "new") ready |= Poll.IN | Poll.RDNORM;
      if (state === "sent") ready |= Poll.OUT | Poll.WRNORM;
    }
    return ready;
  }

  override ioctl(task: Task, request: number, argument: number): Answer {
    switch (request) {
      case SeccompRequest.NOTIF_RECV:
        return this.#receive(task, argument);
      case SeccompRequest.NOTIF_SEND:
        return this.#send(task, argument);
      case SeccompRequest.NOTIF_ID_VALID:
      case SeccompRequest.NOTIF_ID_VALID_WRONG_DIR:
        return this.#isValid(task, argument);
      case SeccompRequest.NOTIF_SET_FLAGS:
        return argument > SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP ? Errno.EINVAL : 0;
    }
    if (plain(request) !== plain(SeccompRequest.NOTIF_ADDFD)) return Errno.EINVAL;
    return this.#addDescriptor(task, argument, (request >>> 16) & 0x3fff);
  }

  protected override closed(): void {
    this.#filter.notifications = null;
    this.#notifications.abandon();
  }

  #receive(task: Task, address: number): Answer {
    const given = task.mm.memory.bytes(address, SeccompSize.NOTIF);
    if (typeof given === "number") return Errno.EFAULT;
    if (given.some((byte) => byte !== 0)) return Errno.EINVAL;
    return task.block({
      site: "seccomp_notify_ioctl",
      queues: [this.queue],
      attempt: () => {
        const isDue = this.#filter.users === 0 || this.#notifications.takeRequest();
        return isDue ? this.#tell(task, address) : null;
      },
    });
  }

  /** Tell of the next call. */
  #tell(task: Task, address: number): number {
    const one = this.#notifications.next();
    if (!one) return Errno.ENOENT;
    const bytes = new Uint8Array(SeccompSize.NOTIF);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, one.id, true);
    view.setUint32(8, one.task.tid, true);
    bytes.set(one.data, DATA_AT);
    if (task.mm.memory.write(address, bytes) !== 0) {
      this.#notifications.request();
      return Errno.EFAULT;
    }
    one.state = "sent";
    this.queue.wake(Poll.OUT | Poll.WRNORM);
    return 0;
  }

  #send(task: Task, address: number): number {
    const view = viewOf(task, address, SeccompSize.NOTIF_RESP);
    if (view === null) return Errno.EFAULT;
    const [value, error] = [view.getBigInt64(8, true), view.getInt32(16, true)];
    const flags = view.getUint32(20, true);
    if ((flags & ~SeccompReply.CONTINUE) !== 0) return Errno.EINVAL;
    if (flags !== 0 && (error !== 0 || value !== 0n)) return Errno.EINVAL;
    const one = this.#sent(view.getBigUint64(0, true));
    if (typeof one === "number") return one;
    this.#notifications.reply(one, { value, error, flags });
    return 0;
  }

  #isValid(task: Task, address: number): number {
    const view = viewOf(task, address, 8);
    if (view === null) return Errno.EFAULT;
    const one = this.#notifications.get(view.getBigUint64(0, true));
    return one?.state === "sent" ? 0 : Errno.ENOENT;
  }

  #addDescriptor(task: Task, address: number, size: number): number {
    if (size < AddFdSize.FIRST || size > AddFdSize.LAST) return Errno.EINVAL;
    const view = viewOf(task, address, size);
    if (view === null) return Errno.EFAULT;
    const further = new Uint8Array(view.buffer, AddFdSize.FIRST);
    if (further.some((byte) => byte !== 0)) return Errno.E2BIG;
    const [flags, source, descriptor, fileFlags] = [8, 12, 16, 20]
      .map((at) => view.getUint32(at, true)) as [number, number, number, number];
    if ((fileFlags & ~OpenFlag.CLOEXEC) !== 0) return Errno.EINVAL;
    if ((flags & ~(AddFdFlag.SETFD | AddFdFlag.SEND)) !== 0) return Errno.EINVAL;
    const isChosen = (flags & AddFdFlag.SETFD) !== 0;
    if (descriptor !== 0 && !isChosen) return Errno.EINVAL;
    const file = task.file(source);
    if (!file) return Errno.EBADF;
    const one = this.#sent(view.getBigUint64(0, true));
    if (typeof one === "number") return one;
    const closeOnExec = fileFlags !== 0;
    const given = give(one.task, file, { at: isChosen ? descriptor : null, closeOnExec });
    if (given >= 0 && (flags & AddFdFlag.SEND) !== 0) {
      this.#notifications.reply(one, { value: BigInt(given), error: 0, flags: 0 });
    }
    return given;
  }

  /** The call of a number that can be answered. */
  #sent(id: bigint): Notification | number {
    const one = this.#notifications.get(id);
    if (!one) return Errno.ENOENT;
    return one.state === "sent" ? one : Errno.EINPROGRESS;
  }
}

/** Let a task have a file: at a descriptor, or at the lowest that is free. */
function give(
  task: Task,
  file: OpenFile,
  { at, closeOnExec }: { readonly at: number | null; readonly closeOnExec: boolean },
): number {
  if (at === null) return task.gainFile(file, closeOnExec);
  if (at >= task.group.limits.soft(Resource.NOFILE)) return Errno.EBADF;
  task.linux.witness?.gains(task, file);
  task.files.set(at, file, closeOnExec);
  return at;
}

function viewOf(task: Task, address: number, size: number): DataView | null {
  const bytes = task.mm.memory.bytes(address, size);
  return typeof bytes === "number" ? null : new DataView(bytes.buffer);
}

function plain(request: number): number {
  return request & REQUEST;
}
