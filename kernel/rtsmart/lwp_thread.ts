/**
 * A thread of a process, as RT-Thread sees it (`rt_thread`).
 *
 * @module
 */
import type { Context } from "../ports.ts";
import type { Body, Thread } from "../task/thread.ts";
import { type Answer, PARKED } from "./answer.ts";
import type { OpenFile } from "./fs/open_file.ts";
import { type KernelHeap, RtObject } from "./ipc/rt_object.ts";
import type { Mutex } from "./ipc/mutex.ts";
import { type SuspendOptions, Suspension } from "./ipc/suspend_list.ts";
import type { Lwp } from "./lwp.ts";
import type { RtSmart } from "./rtsmart.ts";
import { SignalQueue } from "./signal_queue.ts";

/** Priorities of threads: a smaller number is more urgent. */
export const PRIORITY_MAX = 32;

/** How large the kernel's stack of a thread is. */
const KERNEL_STACK_SIZE = 16384;

/** What a thread begins with. */
export interface LwpThreadOptions {
  /** The kernel's thread. */
  readonly thread: Thread;
  /** Its number. */
  readonly tid: number;
  /** What people call it. */
  readonly name: string;
  /** How urgent it is. */
  readonly priority: number;
}

/** A thread of a process. */
export class LwpThread extends RtObject {
  readonly type = "thread";
  /** The process that it belongs to. */
  readonly lwp: Lwp;
  /** The kernel's thread. */
  readonly thread: Thread;
  /** Its number. */
  readonly tid: number;
  /** What people call it; a program that it executes gives it another name. */
  label: string;
  /** Where its stack in the kernel ends. */
  readonly kernelStack: number;
  /** The call that it made last, while somebody listens. */
  callName = "";
  /** What its call waits for. */
  wait: Suspension | null = null;
  /** Signals that are held back from it. */
  blocked = 0n;
  /** Signals that its call waits for. */
  awaited = 0n;
  /** Signals that were sent to it alone, and wait. */
  readonly pending: SignalQueue = new SignalQueue();
  /** The call that a signal has ended before its time, with its first argument, to make it again. */
  interrupted: { readonly number: number; readonly argument: bigint } | null = null;
  /** Where 0 is written, and waiters are woken, when it ends. */
  clearChildTid = 0;
  /** The mutexes that it has. */
  readonly mutexes: Set<Mutex> = new Set();
  /** Where it begins, once it is started. */
  start: { readonly entry: number; readonly parameter: number; readonly stackEnd: number } | null =
    null;
  readonly #stack: number;
  readonly #heapOfStack: KernelHeap;
  #priority: number;

  /** A thread of a process. */
  constructor(lwp: Lwp, { thread, tid, name, priority }: LwpThreadOptions) {
    super(lwp.rtsmart.heap, name);
    this.lwp = lwp;
    this.thread = thread;
    // One that is never started has nobody else who would let it go.
    thread.hold();
    this.tid = tid;
    this.label = this.name;
    this.#heapOfStack = lwp.rtsmart.heap;
    this.#stack = this.#heapOfStack.allocate(KERNEL_STACK_SIZE);
    this.kernelStack = this.#stack + KERNEL_STACK_SIZE;
    this.#priority = priority;
    thread.setPriority(PRIORITY_MAX - 1 - priority);
  }

  /** Its registers. */
  get context(): Context {
    return (this.thread.body as Body & { readonly kind: "machine" }).context;
  }

  /** The system that it lives in. */
  get rtsmart(): RtSmart {
    return this.lwp.rtsmart;
  }

  /** How urgent it is. */
  get priority(): number {
    return this.#priority;
  }

  /** Give it another urgency. */
  setPriority(priority: number): void {
    this.#priority = priority;
    this.thread.setPriority(PRIORITY_MAX - 1 - priority);
  }

  /** Whether it was started and has not ended. */
  get alive(): boolean {
    return this.thread.started && !this.thread.ended;
  }

  /** The file of a descriptor. */
  file(descriptor: number): OpenFile | null {
    return this.lwp.fdt.get(descriptor);
  }

  /** Wait, and go on with the call when woken. */
  suspend(options: SuspendOptions): Answer {
    this.wait = new Suspension(this, options);
    return PARKED;
  }

  /** It has ended: what the kernel had for it goes. */
  protected override detached(): void {
    this.wait = null;
    for (const mutex of [...this.mutexes]) mutex.leftBy(this);
    this.#heapOfStack.free(this.#stack, KERNEL_STACK_SIZE);
    this.thread.drop();
  }
}
