/**
 * `zx_channel_call`: a message, and the answer that carries its number.
 *
 * A call that is suspended goes on waiting in the kernel, so no program ever has to take it up again.
 *
 * @module
 */
import { ChannelOption, failed, Right, Status, ThreadState } from "../abi.ts";
import { Channel, PendingCall } from "../ipc/channel.ts";
import type { Message } from "../ipc/message.ts";
import type { Handle } from "../object/handle.ts";
import { Observer } from "../object/observer.ts";
import { outNumber } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { deadline, held, options, u64 } from "../syscall/kind.ts";
import { filled } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { type CallArgs, callArgs, callEtcArgs } from "./call_args.ts";
import { compose, deliver, type MessageRoom } from "./channels.ts";
import type { HandleInfo } from "./handle_infos.ts";

const FRAME = {
  handle: held(Channel, Right.READ | Right.WRITE),
  options: options(ChannelOption.WRITE_USE_IOVEC),
  deadline,
};
const SIZES = { actualBytes: outNumber(4), actualHandles: outNumber(4) };
const ERRORS = [
  "BAD_HANDLE",
  "WRONG_TYPE",
  "ACCESS_DENIED",
  "NOT_SUPPORTED",
  "INVALID_ARGS",
  "OUT_OF_RANGE",
  "NO_MEMORY",
  "PEER_CLOSED",
  "TIMED_OUT",
  "CANCELED",
  "BUFFER_TOO_SMALL",
] as const;

const bytes = filled<Uint8Array>("the answer's bytes");
const SCRIPT = { bytes, handles: filled<number[]>("the answer's handles") };
const SCRIPT_ETC = {
  bytes,
  handles: filled<readonly HandleInfo[]>("the answer's handles and what they are"),
};

const channelCall = syscall({
  name: "zx_channel_call",
  about: "Send a message under a number of the kernel's, and wait for the answer that carries it.",
  args: { ...FRAME, args: callArgs, ...SIZES, ...SCRIPT },
  checks: ["options"],
  errors: ERRORS,
  run: (given, call) => begin(call, given),
});

const channelCallEtc = syscall({
  name: "zx_channel_call_etc",
  about: "The same, with dispositions for the handles sent and types and rights of those received.",
  args: { ...FRAME, args: callEtcArgs, ...SIZES, ...SCRIPT_ETC },
  checks: ["options"],
  errors: ERRORS,
  run: (given, call) => begin(call, given),
});

const channelCallNoretry = syscall({
  name: "zx_channel_call_noretry",
  about: "The same as `zx_channel_call`, which never has to be taken up again.",
  args: { ...FRAME, args: callArgs, ...SIZES, ...SCRIPT },
  checks: ["options"],
  errors: ERRORS,
  run: (given, call) => begin(call, given),
});

const channelCallFinish = syscall({
  name: "zx_channel_call_finish",
  about: "Take up a call that was interrupted; none ever is, so there is nothing to take up.",
  args: { deadline, args: u64, actualBytes: u64, actualHandles: u64 },
  errors: ["BAD_STATE"],
  run: () => Status.BAD_STATE,
});

/** The calls of this file. */
export const CHANNEL_CALL_ROWS = {
  channelCall,
  channelCallEtc,
  channelCallNoretry,
  channelCallFinish,
};

interface Given {
  readonly handle: { readonly handle: Handle; readonly object: Channel };
  readonly deadline: number;
  readonly args: CallArgs;
  readonly actualBytes: MessageRoom["actualBytes"];
  readonly actualHandles: MessageRoom["actualHandles"];
}

/** Waits for the answer. */
class Answer extends PendingCall {
  readonly #room: MessageRoom;
  readonly #finish: (status: number) => void;

  constructor(room: MessageRoom, finish: (status: number) => void) {
    super();
    this.#room = room;
    this.#finish = finish;
  }

  onReply(message: Message): void {
    this.#finish(deliver(message, this.#room));
  }

  onPeerClosed(): void {
    this.#finish(Status.PEER_CLOSED);
  }
}

/** Watches for nothing but the end of the handle that the call was made by. */
class Cancellation extends Observer {
  readonly #cancel: () => void;

  constructor(cancel: () => void) {
    super(0);
    this.#cancel = cancel;
  }

  onSignals(): void {}

  onCancel(): void {
    this.#cancel();
  }
}

function begin(call: Call, { handle: by, deadline, args, actualBytes, actualHandles }: Given) {
  const { handle, object: channel } = by;
  if (failed(args.bytes)) return args.bytes as typeof Status["INVALID_ARGS" | "OUT_OF_RANGE"];
  if (args.bytes.length < 4 || !actualBytes.given || !actualHandles.given) {
    return Status.INVALID_ARGS;
  }
  const message = compose(call, channel, args.bytes, args.handles);
  if (failed(message)) return message;
  if (!channel.peer) {
    message.destroy();
    return Status.PEER_CLOSED;
  }
  const room = { ...args.room, actualBytes, actualHandles };
  return call.park({
    state: ThreadState.BLOCKED_CHANNEL,
    deadline,
    begin: (finish) => send(finish, { handle, channel, message, room }),
    timedOut: () => Status.TIMED_OUT,
  });
}

/** Send the message and wait; answers how to stop waiting. */
function send(finish: (status: number) => void, { handle, channel, message, room }: {
  readonly handle: Handle;
  readonly channel: Channel;
  readonly message: Message;
  readonly room: MessageRoom;
}): () => void {
  const canceled = new Cancellation(() => {
    channel.forget(answer);
    finish(Status.CANCELED);
  });
  const answer = new Answer(room, (status) => {
    handle.unobserve(canceled);
    finish(status);
  });
  handle.observe(canceled);
  channel.call(message, answer);
  return () => {
    handle.unobserve(canceled);
    channel.forget(answer);
  };
}
