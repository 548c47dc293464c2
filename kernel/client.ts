/**
 * The door for userspace: every system call, typed by its row.
 *
 * A program is a generator. It gets its bootstrap handle and asks the kernel with `yield*`:
 *
 * ```ts ignore
 * function* program(channel: number): Program {
 *   const message = yield* zx.channelRead({ handle: channel });
 *   if (failed(message)) return;
 *   yield* zx.handleClose({ handle: channel });
 * }
 * ```
 *
 * One rule says what bad arguments lead to. Whatever a register could hold, or the memory that it
 * points to, is for the kernel to answer: a number that is no handle, an address where nothing is, an
 * option that nobody knows get the status that Zircon gives, and the thread's `denial` says why.
 * Whatever neither could hold, such as text for a handle or a number for bytes, would not have passed
 * the type checker: no call is made, and the script ends with a `ScriptMistake` that names the call,
 * the argument and what it must be. Its process ends with `EXCEPTION_KILL`, the machine goes on.
 *
 * @module
 */
import {
  decodeInfo,
  decodeProperty,
  encodeProperty,
  failed,
  type Failure,
  type InfoName,
  type InfoRecord,
  InfoTopic,
  Property,
  type PropertyName,
  type PropertyValue,
  type Status,
} from "./abi.ts";
import {
  type ClientOf,
  clientOf,
  type Operation,
  type RawClientOf,
  rawClientOf,
} from "./syscall/script.ts";
import { ZIRCON_ROWS } from "./zircon/rows.ts";

export type { Operation, ScriptArgs, ScriptOuts } from "./syscall/script.ts";
export type { Request, Script as Program } from "./task/thread.ts";

/** Every Zircon call, by its name without `zx_`. */
export type Client = ClientOf<typeof ZIRCON_ROWS>;

/** Every Zircon call, as a script makes it. */
export const zx: Client = clientOf(ZIRCON_ROWS);

/** Every Zircon call, as machine code makes it: registers in, with addresses of the process's memory. */
export const raw: RawClientOf<typeof ZIRCON_ROWS> = rawClientOf(ZIRCON_ROWS);

/** Ask a question about an object; `room` is for how many answers, all of them unless told. */
export function* getInfo<N extends InfoName>(
  handle: number,
  name: N,
  room = 1 << 16,
): Operation<{ readonly records: InfoRecord<N>[]; readonly available: number } | Failure> {
  const { number: topic, record, many } = InfoTopic[name] as {
    number: number;
    record: { size: number };
    many: boolean;
  };
  const bufferSize = record.size * (many ? room : 1);
  const found = yield* zx.objectGetInfo({ handle, topic, bufferSize });
  if (failed(found)) return found;
  return { records: decodeInfo(name, found.buffer), available: found.available };
}

/** Read a property. */
export function* getProperty<N extends PropertyName>(
  handle: number,
  name: N,
): Operation<{ readonly value: PropertyValue<N> } | Failure> {
  const { number: property, field } = Property[name];
  const found = yield* zx.objectGetProperty({ handle, property, valueSize: field.size });
  return failed(found) ? found : { value: decodeProperty(name, found.value) };
}

/** Change a property. */
export function setProperty<N extends PropertyName>(
  handle: number,
  name: N,
  value: PropertyValue<N>,
): Operation<Status> {
  const { number: property } = Property[name];
  return zx.objectSetProperty({ handle, property, value: encodeProperty(name, value) });
}
