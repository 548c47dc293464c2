/**
 * The event log: what happened, in order, each event with the system call that made it happen.
 *
 * Nobody pays who does not listen: callers ask `log.listening` before they make an event.
 *
 * @module
 */

/** What can happen, and what is said about it. Objects, threads and processes are koids. */
export interface EventBodies {
  /** An object came to be. */
  "object-create": { koid: number; type: string };
  /** The last reference to an object is gone. */
  "object-destroy": { koid: number; type: string };
  /** An object was given a name. */
  "object-name": { koid: number; name: string };
  /** An object's signals changed. */
  "signal": { koid: number; set: number; clear: number; signals: number };
  /** A process holds a handle that it did not hold before. */
  "handle-gain": HandleMove;
  /** A process no longer holds a handle. */
  "handle-lose": HandleMove;
  /** A message went into a channel; `message` names it when it is read. */
  "message-write": {
    channel: number;
    peer: number;
    message: number;
    bytes: number;
    koids: number[];
  };
  /** A message came out of a channel. */
  "message-read": { channel: number; message: number; bytes: number; koids: number[] };
  /** A thread made a system call. */
  "syscall": { process: number; thread: number; name: string; args: Record<string, unknown> };
  /** A system call answered. */
  "syscall-done": {
    process: number;
    thread: number;
    name: string;
    status: number;
    outs: Record<string, unknown>;
  };
  /** A system call could not answer yet. */
  "park": { process: number; thread: number; name: string };
  /** The kernel refused something, and why. */
  "denial": { process: number; thread: number; denial: Denial };
  /** Another thread has the processor. */
  "switch": { to: number };
  /** A thread runs for the first time. */
  "thread-start": { process: number; thread: number; entry: number; stack: number };
  /** A thread has ended. */
  "thread-exit": { process: number; thread: number };
  /** A process runs for the first time. */
  "process-start": { process: number; job: number; name: string };
  /** A process has ended. */
  "process-exit": { process: number; code: number };
  /** A job has ended. */
  "job-exit": { job: number; code: number };
  /** A process has an address space that it did not have before. */
  "space": { process: number; space: number };
  /** Memory became visible in an address space. */
  "map": {
    space: number;
    address: number;
    length: number;
    access: number;
    vmo: number;
    offset: number;
    name: string;
  };
  /** Memory is no longer visible in an address space. */
  "unmap": { space: number; address: number; length: number };
  /** What may be done with memory changed. */
  "protect": { space: number; address: number; length: number; access: number };
  /** A page was touched that was not there; what was done about it. */
  "page-fault": {
    process: number;
    thread: number;
    address: number;
    access: number;
    result: string;
  };
  /** A thread met an exception, or one of its handlers answered. */
  "exception": {
    process: number;
    thread: number;
    type: number;
    channel: string;
    pc: number;
    address: number;
  };
  /** A job policy was set. */
  "policy": { job: number; condition: number; action: number };
  /** A filter of calls let something become of one, or of the task, other than what it asked for. */
  "seccomp": { process: number; thread: number; call: number; action: string; data: number };
  /** Somebody wrote to the debug log. */
  "debuglog": { process: number; text: string };
  /** The kernel ended, where it is to be like one that ends so. */
  "kernel-panic": { process: number; reason: string };
  /** A step of a load model, in its own words. */
  "load": { process: number; who: string; step: string; detail: string };
  /** The kernel itself read bytes of a file, to understand them. */
  "file-read": { file: number; offset: number; length: number };
  /** The kernel copied bytes into a program's memory, of its own accord. */
  "copy": { process: number; bytes: number; what: string };
  /** A page can be reached without a fault from now on. */
  "page-show": { space: number; address: number; access: number };
  /** A program begins with an open file. */
  "descriptor": { process: number; descriptor: number; file: string; access: string };
  /** A program begins with a path that leads somewhere; `access` is what it may do there. */
  "reach": { process: number; path: string; access: string };
}

/** A handle that came into a process's table, or left it. */
export interface HandleMove {
  /** The process. */
  process: number;
  /** The handle's value there. */
  handle: number;
  /** The object. */
  koid: number;
  /** What kind of object it is. */
  type: string;
  /** What people call it. */
  name: string;
  /** The handle's rights. */
  rights: number;
  /** What moved it: a system call, or what became of the handle. */
  how: string;
}

/** The name of an event. */
export type EventKind = keyof EventBodies;

/** An event: what happened, when, and which event made it happen (0: the machine itself). */
export type KernelEvent = {
  [K in EventKind]: {
    readonly kind: K;
    readonly seq: number;
    readonly time: number;
    readonly cause: number;
  } & Readonly<EventBodies[K]>;
}[EventKind];

/** Why something was refused, and the least that would have changed the answer. */
export interface Denial {
  /** The status that was answered. */
  readonly status: number;
  /** The system call that was refused. */
  readonly syscall: string;
  /** Which argument it was about. */
  readonly argument: string;
  /** The object, where there is one. */
  readonly koid: number;
  /** The object's type. */
  readonly type: string;
  /** The rights, or the type, that were wanted. */
  readonly wanted: string;
  /** What was held. */
  readonly held: string;
  /** The rule that refused, and where it was set. */
  readonly rule: string;
  /** The smallest grant that would have changed the answer. */
  readonly grant: string;
}

/** Somebody who wants to know. */
export type Listener = (event: KernelEvent) => void;

/** Where events go, and what gives them their number, time and cause. */
export class EventLog {
  /** Whether anybody listens; ask before making an event. */
  listening = false;
  /** The number of the event that whatever happens now is due to. */
  cause = 0;
  readonly #listeners: Listener[] = [];
  readonly #now: () => number;
  #seq = 0;

  /** A log whose events carry this clock's time. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Tell somebody everything from now on; answers how to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.push(listener);
    this.listening = true;
    return () => {
      const at = this.#listeners.indexOf(listener);
      if (at >= 0) this.#listeners.splice(at, 1);
      this.listening = this.#listeners.length > 0;
    };
  }

  /** Do something that nobody is to hear of. */
  silently<T>(deed: () => T): T {
    const { listening } = this;
    this.listening = false;
    try {
      return deed();
    } finally {
      this.listening = listening;
    }
  }

  /** Record an event; answers its number. */
  emit<K extends EventKind>(kind: K, body: EventBodies[K]): number {
    if (!this.listening) return 0;
    const seq = ++this.#seq;
    const event = { kind, seq, time: this.#now(), cause: this.cause, ...body } as KernelEvent;
    for (const listener of this.#listeners) listener(event);
    return seq;
  }
}
