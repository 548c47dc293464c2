/**
 * Somebody who is told of every call.
 *
 * @module
 */
import type { RtSmartCall } from "./call.ts";
import type { LwpThread } from "./lwp_thread.ts";

/** Somebody who is told of every call. */
export interface Tracer {
  /** A thread makes a call. */
  entered(thread: LwpThread, row: RtSmartCall): void;
  /** A call of a thread was answered. */
  left(thread: LwpThread, answer: number): void;
  /** A thread made a call that there is none of. */
  unknown(thread: LwpThread, number: number): void;
  /** A thread did what ends it. */
  faulted(thread: LwpThread, why: string): void;
}
