/**
 * Asking a loader service for an object by name.
 *
 * @module
 */
import { failed, Status } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { LoaderMethod, message, readStatusBody, stringBody } from "./fidl.ts";
import { Refusal } from "./refusal.ts";

/** How long a loader service may take: thirty seconds. */
const PATIENCE = 30e9;

/** A connection to the loader service for somebody else; or why there is none. */
export function* cloneLoader(loader: number): Operation<number | Refusal> {
  const channel = yield* zx.channelCreate({});
  if (failed(channel)) return Refusal.call(channel, "a channel to the loader cannot be made");
  const bytes = message({ txid: 0, ordinal: LoaderMethod.CLONE }, new Uint8Array(0));
  const deadline = (yield* zx.clockGetMonotonic({})) + PATIENCE;
  const args = { bytes, handles: [channel.out1] };
  const answer = yield* zx.channelCall({ handle: loader, deadline, args });
  if (!failed(answer)) yield* zx.handleCloseMany({ handles: answer.handles });
  const status = failed(answer) ? answer : readStatusBody(answer.bytes) ?? Status.IO_INVALID;
  if (status === Status.OK) return channel.out0;
  yield* zx.handleClose({ handle: channel.out0 });
  return Refusal.call(status, "the loader gives no other connection");
}

/** The memory object of this name, which may be read and executed; or why there is none. */
export function* loadObject(loader: number, name: string): Operation<number | Refusal> {
  if (loader === 0) {
    return new Refusal(Status.INVALID_ARGS, `${name} is needed, but no loader was given`);
  }
  const now = yield* zx.clockGetMonotonic({});
  const bytes = message({ txid: 0, ordinal: LoaderMethod.LOAD_OBJECT }, stringBody(name));
  const deadline = now + PATIENCE;
  const answer = yield* zx.channelCall({ handle: loader, deadline, args: { bytes } });
  if (failed(answer)) return Refusal.call(answer, `the loader was asked for ${name}`);
  const status = readStatusBody(answer.bytes);
  const [vmo, ...more] = answer.handles;
  if (status === Status.OK && vmo !== undefined && more.length === 0) return vmo;
  yield* zx.handleCloseMany({ handles: answer.handles });
  if (status === undefined || status === Status.OK) {
    return new Refusal(Status.IO_INVALID, `the loader's answer about ${name} makes no sense`);
  }
  return Refusal.call(status, `the loader has no ${name}`);
}
