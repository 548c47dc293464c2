/**
 * `zx_event_create` and `zx_eventpair_create`: signals to raise.
 *
 * @module
 */
import { DEFAULT_RIGHTS, PolicyCondition } from "../abi.ts";
import { Event } from "../ipc/event.ts";
import { EventPair } from "../ipc/event_pair.ts";
import { outHandle } from "../syscall/buffer.ts";
import { allowedBy, options } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { givePair } from "./pair.ts";

const eventCreate = syscall({
  name: "zx_event_create",
  about: "Make an event.",
  args: {
    options: options(0),
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_EVENT),
  },
  errors: [],
  run({ out }, call) {
    return out.give(new Event(call.realm), DEFAULT_RIGHTS.event);
  },
});

const eventpairCreate = syscall({
  name: "zx_eventpair_create",
  about: "Make two events, each of which can raise the other.",
  args: {
    options: options(0, "NOT_SUPPORTED"),
    out0: outHandle,
    out1: outHandle,
    policy: allowedBy(PolicyCondition.NEW_EVENTPAIR),
  },
  errors: [],
  run({ out0, out1 }, call) {
    return givePair(EventPair.create(call.realm), [out0, out1], DEFAULT_RIGHTS.eventPair);
  },
});

/** The calls of this file. */
export const EVENT_ROWS = { eventCreate, eventpairCreate };
