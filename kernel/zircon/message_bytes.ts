/**
 * The bytes of a channel message: in one place, or gathered from several.
 *
 * @module
 */
import { ChannelLimit, ChannelOption, type Failure, Status } from "../abi.ts";
import { readMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { type Kind, refusing } from "../syscall/kind.ts";
import { readRecords } from "../syscall/record.ts";
import { Sibling } from "../syscall/sibling.ts";
import { either, isBytes, listOf } from "../syscall/shape.ts";

/** One of several places. */
interface Iovec {
  readonly address: number;
  readonly size: number;
  readonly reserved: number;
}

const IOVEC = {
  size: 16,
  parse: (view: DataView): Iovec => ({
    address: view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32,
    size: view.getUint32(8, true),
    reserved: view.getUint32(12, true),
  }),
};

/** Whether a script's value is a message, whole or in parts. */
export const isMessage = either(isBytes, listOf(isBytes));

type Errors = "INVALID_ARGS" | "OUT_OF_RANGE";

/** A message's bytes; `length` names the argument that counts bytes or places, by the options. */
export function messageBytes(
  length: string,
): Kind<Uint8Array, Uint8Array | readonly Uint8Array[], "optional", Errors> {
  const options = new Sibling("options");
  const size = new Sibling(length);
  return refusing({
    label: "bytes, or places of bytes",
    role: "optional",
    shape: isMessage,
    errors: ["INVALID_ARGS", "OUT_OF_RANGE"],
    otherwise: new Uint8Array(0),
    decode(raw, call) {
      const isVector = ((options.of(call) as number) & ChannelOption.WRITE_USE_IOVEC) !== 0;
      return readMessage(call, raw, size.of(call) as number, isVector);
    },
  });
}

/** The bytes that a script gave or that are at an address, or why not. */
export function readMessage(
  call: Call,
  raw: unknown,
  length: number,
  isVector: boolean,
): Uint8Array | Failure {
  if (!isVector) {
    if (length > ChannelLimit.BYTES_MAX) return Status.OUT_OF_RANGE;
    return readOne(call, raw, length);
  }
  if (length > ChannelLimit.IOVECS_MAX) return Status.OUT_OF_RANGE;
  if (Array.isArray(raw)) return join(raw);
  if (call.outs) return Status.INVALID_ARGS;
  const places = readRecords(call, raw as number, length, IOVEC);
  if (typeof places === "number") return places;
  if (places.some((place) => place.reserved !== 0)) return Status.INVALID_ARGS;
  const total = places.reduce((sum, place) => sum + place.size, 0);
  if (total > ChannelLimit.BYTES_MAX) return Status.OUT_OF_RANGE;
  const parts = places.map((place) => readMemory(call, place.address, place.size));
  return parts.every((part) => typeof part !== "number") ? join(parts) : Status.INVALID_ARGS;
}

/** Bytes in one place, read into an array of the pool. */
function readOne(call: Call, raw: unknown, length: number): Uint8Array | Failure {
  const { pool } = call.realm;
  if (raw instanceof Uint8Array) return pool.copy(raw);
  if (call.outs) return Status.INVALID_ARGS;
  const bytes = pool.take(length);
  if (length === 0 || call.process.memory.read(raw as number, bytes) === Status.OK) return bytes;
  pool.give(bytes);
  return Status.INVALID_ARGS;
}

function join(parts: readonly Uint8Array[]): Uint8Array | Failure {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  if (total > ChannelLimit.BYTES_MAX) return Status.OUT_OF_RANGE;
  // It is used again like those of the pool, whose lengths it has.
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
