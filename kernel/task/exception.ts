/**
 * A fault offered to whoever listens, before it kills.
 *
 * @module
 */
import {
  ExceptionChannelType,
  ExceptionState,
  ExceptionStrategy,
  type ExceptionType,
  ObjectType,
} from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Thread } from "./thread.ts";

/** What happened, as `ZX_INFO_THREAD_EXCEPTION_REPORT` tells it. */
export interface ExceptionReport {
  /** What kind of thing. */
  readonly type: ExceptionType;
  /** What the processor calls it: RISC-V's `scause`. */
  readonly cause: number;
  /** The address or the bits it is about: RISC-V's `stval`. */
  readonly value: number;
  /** For what the kernel itself raised: which of its reasons. */
  readonly synthCode: number;
  /** And a number that belongs to it. */
  readonly synthData: number;
}

/** A report of something that the kernel, not the processor, raised. */
export function synthetic(type: ExceptionType, code = 0, data = 0): ExceptionReport {
  return { type, cause: 0, value: 0, synthCode: code, synthData: data };
}

/** An exception that a handler holds: closing its last handle is the answer. */
export class Exception extends KernelObject {
  readonly type = ObjectType.EXCEPTION;
  /** Who met it. */
  readonly thread: Thread;
  /** What it is. */
  readonly report: ExceptionReport;
  /** What its holder says of it. */
  state: number = ExceptionState.TRY_NEXT;
  /** Whether the debugger wants to see it again. */
  strategy: number = ExceptionStrategy.FIRST_CHANCE;
  /** From which kind of channel it is offered now. */
  channel: ExceptionChannelType = ExceptionChannelType.NONE;
  /** The rights of the handles that its holder may ask for. */
  taskRights = 0;
  #answer: (() => void) | null;

  /** An exception of a thread; `answer` is called when a holder lets go of it. */
  constructor(thread: Thread, report: ExceptionReport, answer: () => void) {
    super(thread.realm, ObjectType.EXCEPTION);
    this.thread = thread;
    this.report = report;
    this.#answer = answer;
    thread.hold();
  }

  override get relatedKoid(): number {
    return this.thread.koid;
  }

  override get waitable(): boolean {
    return false;
  }

  /** Whether the thread still waits for an answer. */
  get open(): boolean {
    return this.#answer !== null;
  }

  /** It goes to somebody who may ask for handles with these rights. */
  offered(taskRights: number): void {
    this.state = ExceptionState.TRY_NEXT;
    this.taskRights = taskRights;
  }

  /** The thread no longer waits, whatever its holder says. */
  settle(): void {
    this.#answer = null;
  }

  protected override onZeroHandles(): void {
    this.realm.inTurn(() => this.#answer?.());
  }

  protected override onDeath(): void {
    this.thread.drop();
  }
}
