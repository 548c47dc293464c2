/**
 * Handle values with what the type checker may know of them: the object's type and the rights.
 *
 * At run time a handle value is a number. A value of which nothing is known goes anywhere, and the
 * kernel has the last word; one of which something is known goes only where it can be right.
 *
 * @module
 */
import type { RightName } from "./abi.ts";

/** The types of objects that a handle can be known to refer to. */
export type HandleType =
  | "Channel"
  | "Clock"
  | "Counter"
  | "DebugLog"
  | "Event"
  | "EventPair"
  | "Exception"
  | "Fifo"
  | "Interrupt"
  | "Job"
  | "Pager"
  | "Port"
  | "Process"
  | "Profile"
  | "Resource"
  | "Socket"
  | "Stream"
  | "SuspendToken"
  | "Thread"
  | "Timer"
  | "Vmar"
  | "Vmo";

/** What is known of a handle; no value carries it. */
export interface HandleKnowledge<T, R extends RightName> {
  /** The type of its object. */
  readonly type: T;
  /** The rights that it has for certain. */
  readonly rights: Readonly<Record<R, true>>;
}

/** A handle to an object of this type with at least these rights, as far as anybody knows. */
export type HandleTo<T, R extends RightName> = number & {
  readonly known?: HandleKnowledge<T, R>;
};
