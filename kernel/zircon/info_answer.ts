/**
 * How one topic of `zx_object_get_info` is answered.
 *
 * @module
 */
import type { Failure, Fields, InfoTopic, ValuesOf } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import type { KernelObject } from "../object/object.ts";
import type { Call } from "../syscall/call.ts";
import type { ObjectClass } from "../syscall/kind.ts";

/** Who asks, and by which handle. */
export interface Asker {
  /** The call. */
  readonly call: Call;
  /** The handle. */
  readonly handle: Handle;
  /** How many records there is room for. */
  readonly room: number;
}

/** The first of some records, where all of them would be too much work for nothing. */
export interface FirstOf<R> {
  /** As many as there is room for. */
  readonly given: readonly R[];
  /** How many there are in all. */
  readonly available: number;
}

/** What a topic can fail with beyond what the handle's lookup can. */
export type InfoFailure = Extract<Failure, -20 | -12 | -30 | -2>;

/** A topic, the objects it is about, the rights it needs, and its records. */
export interface InfoAnswer {
  /** The topic. */
  readonly topic: InfoTopic;
  /** What it is about. */
  readonly type: ObjectClass<KernelObject>;
  /** What the handle must have. */
  readonly rights: number;
  /** What is known, or why it may not be. */
  readonly records: (
    object: KernelObject,
    asker: Asker,
  ) => readonly object[] | FirstOf<object> | InfoFailure;
}

/** How a topic is answered, with the types of its object and its records. */
export interface Answering<F extends Fields, T extends KernelObject> {
  /** What it is about. */
  readonly type: ObjectClass<T>;
  /** What the handle must have. */
  readonly rights: number;
  /** What is known, or why it may not be. */
  readonly records: (
    object: T,
    asker: Asker,
  ) => readonly Known<F>[] | FirstOf<Known<F>> | InfoFailure;
}

/** A record, where what is only padding is left out. */
export type Known<F extends Fields> = Omit<ValuesOf<F>, "padding1" | "padding2">;

/** Declare how a topic is answered. */
export function answer<F extends Fields, T extends KernelObject>(
  topic: InfoTopic<F>,
  answering: Answering<F, T>,
): InfoAnswer {
  // The lookup makes sure that the object is of the type that the answer asks for.
  return { topic, ...answering } as unknown as InfoAnswer;
}
