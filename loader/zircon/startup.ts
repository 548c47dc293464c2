/**
 * What a program was told when it started: its arguments, and its handles by what they are for.
 *
 * @module
 */
import { decodeProcessArgs, failed, type ProcessArgs, Signal } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";

/** A bootstrap message that was read. */
export class Startup {
  /** What it says. */
  readonly args: ProcessArgs;
  readonly #handles: Map<number, number>;

  /** A message with its handles. */
  constructor(args: ProcessArgs, handles: readonly number[]) {
    this.args = args;
    this.#handles = new Map(args.handleInfo.map((info, at) => [info, handles[at]!]));
  }

  /** Take the handle that is for something; 0 if there is none. */
  take(info: number): number {
    const handle = this.#handles.get(info) ?? 0;
    this.#handles.delete(info);
    return handle;
  }

  /** Every handle that was not taken, with what it is for. */
  rest(): ReadonlyMap<number, number> {
    return this.#handles;
  }
}

/** Read the next bootstrap message; or the sentence that says what is wrong with it. */
export function* readStartup(channel: number): Operation<Startup | string> {
  const signals = Signal.READABLE | Signal.PEER_CLOSED;
  yield* zx.objectWaitOne({ handle: channel, signals });
  const read = yield* zx.channelRead({ handle: channel });
  if (failed(read)) return "there is no bootstrap message";
  const args = decodeProcessArgs(read.bytes, read.handles.length);
  return typeof args === "string" ? args : new Startup(args, read.handles);
}
