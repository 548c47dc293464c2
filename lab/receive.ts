/**
 * Waiting for a message: the two calls that every server begins with.
 *
 * @module
 */
import { ChannelLimit, Signal, Status } from "../kernel/abi.ts";
import type { HandleTo, Operation } from "../kernel/zircon_client.ts";
import { zx } from "./calls.ts";

/** A message that was received. */
export interface Received {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** The values of its handles. */
  readonly handles: readonly number[];
}

/** Take the next message out of a channel, and wait for it where there is none; or PEER_CLOSED. */
export function* receive(
  channel: HandleTo<"Channel", "READ" | "WAIT">,
): Operation<Received | Exclude<Status, 0>> {
  for (;;) {
    // Waiting comes first: to read in vain and then to wait would be one more order to explore.
    const signals = Signal.READABLE | Signal.PEER_CLOSED;
    const { status } = yield* zx.objectWaitOne({ handle: channel, signals });
    const message = yield* zx.channelRead({
      handle: channel,
      numBytes: ChannelLimit.BYTES_MAX,
      numHandles: ChannelLimit.HANDLES_MAX,
    });
    if (message !== Status.SHOULD_WAIT) return message;
    if (status !== Status.OK) return status;
  }
}
