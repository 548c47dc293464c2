/**
 * A signal to whoever owns an open file: when it becomes ready, as `O_ASYNC` asks for, when something
 * else happens that he asked about through it, and when something urgent came for it, which nobody has to
 * ask for.
 *
 * @module
 */
import { OwnCode, SignalCode, SignalNumber } from "../abi/signal.ts";
import type { Group } from "../group.ts";
import type { Linux } from "../linux.ts";
import { sendToGroup } from "../signal/send.ts";
import type { SigInfo } from "../signal/siginfo.ts";
import type { Task } from "../task.ts";
import type { Waiter } from "../wait_queue.ts";
import { Poll } from "../abi/polling.ts";
import type { OpenFile } from "./open_file.ts";

const PLAIN = { signal: SignalNumber.SIGIO, code: SignalCode.KERNEL } as const;
const READY = { code: OwnCode.POLL.IN, events: Poll.IN | Poll.RDNORM } as const;
const MESSAGE = { code: OwnCode.POLL.MSG, events: READY.events | Poll.MSG } as const;
const URGENT = { code: OwnCode.POLL.PRI, events: Poll.PRI | Poll.RDBAND } as const;

type Happening = typeof READY | typeof MESSAGE | typeof URGENT;

/** Tells the owner of an open file. */
export class AsyncNotice implements Waiter {
  readonly #linux: Linux;
  readonly #file: OpenFile;
  /** The signal; 0 for SIGIO. */
  signal = 0;
  #owner = 0;
  #uid = 0;
  #euid = 0;
  #isOn = false;
  #descriptor = -1;

  /** A notice that is off. */
  constructor(linux: Linux, file: OpenFile) {
    this.#linux = linux;
    this.#file = file;
  }

  /** The notice of a file. */
  static of(linux: Linux, file: OpenFile): AsyncNotice {
    return file.notice ??= new AsyncNotice(linux, file);
  }

  /** The process, or the process group as a negative number; 0 for nobody. */
  get owner(): number {
    return this.#owner;
  }

  /** Tell a process, or a process group as a negative number, as far as a task may send it signals. */
  own({ credentials }: Task, owner: number): void {
    this.#owner = owner;
    this.#uid = credentials.uid;
    this.#euid = credentials.euid;
  }

  /** Tell a task's process, if nobody is told yet. */
  adopt(task: Task): void {
    if (this.#owner === 0) this.own(task, task.group.pid);
  }

  /** Tell nobody, and forget how. */
  disown(): void {
    this.#owner = this.signal = 0;
  }

  /** Tell the owner from now on; the descriptor is the one that was asked through. */
  turnOn(descriptor: number): void {
    this.#descriptor = descriptor;
    if (!this.#isOn) this.#file.queue.add(this);
    this.#isOn = true;
  }

  /** Tell nobody any longer. */
  turnOff(): void {
    if (this.#isOn) this.#file.queue.remove(this);
    this.#isOn = false;
  }

  wake(): void {
    if ((this.#file.poll() & (Poll.IN | Poll.PRI)) !== 0) this.#send(READY, this.#descriptor);
  }

  /** Say that what was asked about through a descriptor has happened. */
  tell(descriptor: number): void {
    this.#send(MESSAGE, descriptor);
  }

  /** Something urgent came: tell the owner, even where it is told of nothing else. */
  wakeUrgent(): void {
    this.#tellOwner({ signal: SignalNumber.SIGURG, code: SignalCode.KERNEL });
    if (this.#isOn && this.signal !== 0) this.#send(URGENT, this.#descriptor);
  }

  #send({ code, events }: Happening, descriptor: number): void {
    const { signal } = this;
    // Only who asked for a signal of its own is told what it is about.
    this.#tellOwner(signal === 0 ? PLAIN : { signal, code, file: { events, descriptor } });
  }

  #tellOwner(info: SigInfo): void {
    const owner = this.#owner;
    if (owner === 0) return;
    for (const group of [...this.#linux.groups.values()]) {
      const isOwner = owner > 0 ? group.pid === owner : group.pgid === -owner;
      const isMeant = isOwner && this.#mayTell(group);
      // Where no more signals can wait, the one without a story says that something happened.
      if (isMeant && !sendToGroup(group, info)) sendToGroup(group, PLAIN);
    }
  }

  /** Whether whoever named the owner may send it a signal, as `sigio_perm` has it. */
  #mayTell({ leader }: Group): boolean {
    if (this.#euid === 0 || leader === null) return true;
    const { uid, suid } = leader.credentials;
    return [this.#uid, this.#euid].some((one) => one === uid || one === suid);
  }
}
