/**
 * Two programs with a channel between them, of which one asks and the other answers: as machine code, and
 * the one that answers as a script, too.
 *
 * @module
 */
import { failed, Signal } from "../../../kernel/abi.ts";
import { type Program, zx } from "../../../kernel/client.ts";
import { BARE_MEMORY } from "../../../lab/machine/bare_program.ts";

/** What both wait for. */
export const READABLE = Signal.READABLE | Signal.PEER_CLOSED;

/** Sends what is asked, or answered, over the handle in `s1`. */
export const WRITE = `mv a0, s1
  li a1, 0
  mv a2, s2
  li a3, 8
  li a4, 0
  li a5, 0
  @zx_channel_write`;

const WAIT = `mv a0, s1
  li a1, ${READABLE}
  li a2, -1
  srli a2, a2, 1
  li a3, 0
  @zx_object_wait_one`;

const READ = `mv a0, s1
  li a1, 0
  mv a2, s2
  li a3, 0
  li a4, 8
  li a5, 0
  li a6, 0
  li a7, 0
  @zx_channel_read`;

/** Ends the process. */
export const END = `li a0, 0
  @zx_process_exit`;

/** How a bare program begins that does something so often: the count is in `s0`, its handle in `s1`. */
export function begin(times: number): string {
  return `_start: mv s1, a0
  li s0, ${times}
  li s2, ${BARE_MEMORY}`;
}

/** The one that asks so often, and waits for each answer. */
export function asker(times: number): string {
  return `${begin(times)}
  1: ${WRITE}
  ${WAIT}
  ${READ}
  addi s0, s0, -1
  bnez s0, 1b
  ${END}`;
}

/** The one that answers until nobody asks any more. */
export const ANSWERER = `${begin(0)}
  1: ${WAIT}
  ${READ}
  bnez a0, 2f
  ${WRITE}
  j 1b
  2: ${END}`;

/** The same as a script. */
export function* answer(handle: number): Program {
  for (;;) {
    yield* zx.objectWaitOne({ handle, signals: READABLE });
    const message = yield* zx.channelRead({ handle });
    if (failed(message)) return;
    yield* zx.channelWrite({ handle, bytes: message.bytes, handles: [] });
  }
}
