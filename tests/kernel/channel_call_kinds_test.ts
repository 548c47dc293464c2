/**
 * What all three ways to make a call have in common.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, HandleOp, Right, Status } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { KEPT_MAX } from "../../kernel/object/realm.ts";
import { NOWHERE, Registers } from "../support/registers.ts";

const CALLS = ["zx_channel_call", "zx_channel_call_noretry", "zx_channel_call_etc"] as const;
const RIGHTS = DEFAULT_RIGHTS.channel;

/** A program with both ends of a channel that makes calls of one kind. */
class Caller extends Registers {
  readonly #name: string;
  readonly one: number;
  readonly other: number;
  readonly actual: number;
  readonly into: number;

  constructor(name: string) {
    super();
    this.#name = name;
    const [one, other] = Channel.create(this.realm);
    this.one = this.give(one, RIGHTS);
    this.other = this.give(other, RIGHTS);
    this.actual = this.place(8);
    this.into = this.place(256);
  }

  /** Call with this many bytes and one handle, or none, and room for an answer. */
  make({ bytes = 8, handle = 0, room = 64, deadline = 1e9, options = 0, by = this.one }) {
    const memory = this.place(16);
    const isEtc = this.#name.endsWith("etc");
    const entry = isEtc ? [HandleOp.MOVE, handle, 0, Right.SAME_RIGHTS, 0] : [handle];
    const handles = handle ? this.words(...entry) : 0;
    const places = [memory, handles, this.into, this.into + 128];
    const args = this.addresses(places, [bytes, handle ? 1 : 0, room, 4]);
    return this.call(this.#name, by, options, deadline, args, this.actual, this.actual + 4);
  }

  /** Read the request at the other end and answer it with so many bytes more than its number. */
  answer(more: number): void {
    const [bytes, size] = [this.place(256), this.place(8)];
    this.call("zx_channel_read", this.other, 0, bytes, 0, 256, 0, size, 0);
    this.call("zx_channel_write", this.other, 0, bytes, 4 + more, 0, 0);
  }
}

for (const name of CALLS) {
  Deno.test(`${name} answers with the reply, or loses one that is too large: BUFFER_TOO_SMALL`, () => {
    const caller = new Caller(name);
    assertEquals(caller.make({}), "parked");
    caller.answer(10);
    assertEquals([caller.answered, caller.word(caller.actual)], [Status.OK, 14]);
    caller.make({ room: 4 });
    caller.answer(10);
    assertEquals(caller.answered, Status.BUFFER_TOO_SMALL);
    assertEquals(caller.make({ bytes: 3 }), Status.INVALID_ARGS);
    assertEquals(caller.make({ options: 1 }), Status.INVALID_ARGS);
  });

  Deno.test(`${name} refuses too many bytes, its own end and what the kernel cannot keep`, () => {
    const caller = new Caller(name);
    const event = caller.give(new Event(caller.realm), DEFAULT_RIGHTS.event);
    assertEquals(caller.make({ bytes: 65537, handle: event }), Status.OUT_OF_RANGE);
    assert(!caller.holds(event));
    assertEquals(caller.make({ handle: caller.one }), Status.NOT_SUPPORTED);
    const full = new Caller(name);
    full.realm.keep(KEPT_MAX - full.realm.kept);
    assertEquals(full.make({}), Status.NO_MEMORY);
  });

  Deno.test(`${name} ends when its time is over, its peer gone or its handle closed`, () => {
    const late = new Caller(name);
    late.make({ deadline: 500 });
    late.realm.timeouts.fireDue(500);
    assertEquals(late.answered, Status.TIMED_OUT);
    late.make({});
    late.call("zx_handle_close", late.other);
    assertEquals(late.answered, Status.PEER_CLOSED);
    assertEquals(late.make({}), Status.PEER_CLOSED, "and at once when it is gone already");
    const gone = new Caller(name);
    gone.make({});
    gone.call("zx_handle_close", gone.one);
    assertEquals(gone.answered, Status.CANCELED);
  });
}

Deno.test("zx_channel_read_etc refuses what zx_channel_read refuses", () => {
  const caller = new Caller(CALLS[0]);
  const { one, other, actual } = caller;
  const read = (options: number, bytes: number, size: number) =>
    caller.call("zx_channel_read_etc", other, options, bytes, 0, size, 0, actual, actual + 4);
  assertEquals(read(2, 0, 0), Status.NOT_SUPPORTED);
  const write = () => caller.call("zx_channel_write", one, 0, caller.place(8), 8, 0, 0);
  write();
  assertEquals(read(0, 0, 4), Status.BUFFER_TOO_SMALL);
  assertEquals(read(0, NOWHERE, 8), Status.INVALID_ARGS);
  caller.call("zx_handle_close", one);
  assertEquals(read(0, 0, 0), Status.PEER_CLOSED);
});
