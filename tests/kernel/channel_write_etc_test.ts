import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  HandleOp,
  ObjectType,
  Right,
  RIGHTS_BASIC,
  Status,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { MOVE, DUPLICATE } = HandleOp;
const SAME = Right.SAME_RIGHTS;
const EVENT = DEFAULT_RIGHTS.event;

function* channel() {
  const { out0, out1 } = good(yield* zx.channelCreate({}));
  return [out0, out1] as const;
}

function* event(rights: number = EVENT) {
  const { out } = good(yield* zx.eventCreate({}));
  return good(yield* zx.handleReplace({ handle: out, rights })).out;
}

function* holds(handle: number) {
  return (yield* zx.handleCheckValid({ handle })) === Status.OK;
}

function entry(operation: number, handle: number, rights: number = SAME, type = 0) {
  return { operation, handle, type, rights };
}

/** The types and rights of the handles in the next message. */
function* received(handle: number) {
  const message = yield* zx.channelReadEtc({ handle });
  if (typeof message === "number") return message;
  return message.handles.map(({ type, rights }) => [type, rights]);
}

Deno.test("zx_channel_write_etc sends up to 65536 bytes and 64 handles, and nothing at all", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    assertEquals((yield* zx.channelWriteEtc({ handle: one })).status, Status.OK);
    assertEquals(yield* received(other), []);
    const bytes = new Uint8Array(65536).fill(3);
    assertEquals((yield* zx.channelWriteEtc({ handle: one, bytes })).status, Status.OK);
    assertEquals(good(yield* zx.channelRead({ handle: other })).bytes, bytes);
    const handles = [];
    for (let n = 0; n < 64; n++) handles.push(entry(MOVE, yield* event()));
    assertEquals((yield* zx.channelWriteEtc({ handle: one, handles })).status, Status.OK);
    assertEquals(yield* received(other), Array(64).fill([ObjectType.EVENT, EVENT]));
  });
});

Deno.test("zx_channel_write_etc refuses what zx_channel_write refuses, and then nothing arrives", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const lost = function* (give: { handle: number; options?: number; bytes?: Uint8Array }, n = 1) {
      const handles = [];
      for (let at = 0; at < n; at++) handles.push(entry(MOVE, yield* event()));
      const { status } = yield* zx.channelWriteEtc({ ...give, handles });
      assert(!(yield* holds(handles[0]!.handle)), "what is moved is gone");
      return status;
    };
    assertEquals(yield* lost({ handle: one, options: 4 }), Status.INVALID_ARGS);
    assertEquals(yield* lost({ handle: 3 }), Status.BAD_HANDLE);
    assertEquals(yield* lost({ handle: yield* event() }), Status.WRONG_TYPE);
    const long = new Uint8Array(65537);
    assertEquals(yield* lost({ handle: one, bytes: long }), Status.OUT_OF_RANGE);
    assertEquals(yield* lost({ handle: one }, 65), Status.OUT_OF_RANGE);
    const mute = good(yield* zx.handleReplace({ handle: (yield* channel())[0], rights: 4 })).out;
    assertEquals(yield* lost({ handle: mute }), Status.ACCESS_DENIED);
    assertEquals(yield* received(other), Status.SHOULD_WAIT);
    yield* zx.handleClose({ handle: other });
    assertEquals(yield* lost({ handle: one }), Status.PEER_CLOSED);
  });
});

Deno.test("zx_channel_write_etc sends handles with the rights that are asked for, and no more than they had", () => {
  new ScriptKernel().run1(function* (process) {
    const [one, other] = yield* channel();
    const handle = yield* event();
    const koid = process.handleTable.get(handle)!.object.koid;
    const wanted = [0, Right.WAIT, EVENT, SAME];
    const handles = wanted.map((rights) => entry(DUPLICATE, handle, rights, ObjectType.EVENT));
    const sent = yield* zx.channelWriteEtc({ handle: one, handles });
    assertEquals(sent, { status: Status.OK, results: [0, 0, 0, 0] });
    const message = good(yield* zx.channelReadEtc({ handle: other }));
    assertEquals(message.handles.map(({ rights }) => rights), [0, Right.WAIT, EVENT, EVENT]);
    for (const { handle } of message.handles) {
      assertEquals(process.handleTable.get(handle)!.object.koid, koid);
    }
    const more = [entry(DUPLICATE, handle, EVENT | Right.WRITE)];
    const { status, results } = yield* zx.channelWriteEtc({ handle: one, handles: more });
    assertEquals([status, results], [Status.INVALID_ARGS, [Status.INVALID_ARGS]]);
  });
});

Deno.test("a handle may be duplicated several times into one message, but moved just once", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* channel();
    const handle = yield* event();
    const copies = [entry(DUPLICATE, handle), entry(DUPLICATE, handle), entry(MOVE, handle)];
    assertEquals((yield* zx.channelWriteEtc({ handle: one, handles: copies })).status, Status.OK);
    assertEquals(yield* received(other), Array(3).fill([ObjectType.EVENT, EVENT]));
    const again = yield* event();
    const moves = [entry(MOVE, again), entry(MOVE, again)];
    const { status, results } = yield* zx.channelWriteEtc({ handle: one, handles: moves });
    assertEquals([status, results], [Status.BAD_HANDLE, [Status.OK, Status.BAD_HANDLE]]);
    assert(!(yield* holds(again)));
  });
});

Deno.test("a handle without the right DUPLICATE is moved but not duplicated", () => {
  new ScriptKernel().run1(function* () {
    const [one] = yield* channel();
    const handle = yield* event(RIGHTS_BASIC & ~Right.DUPLICATE);
    const write = (operation: number) =>
      zx.channelWriteEtc({ handle: one, handles: [entry(operation, handle)] });
    assertEquals((yield* write(DUPLICATE)).status, Status.ACCESS_DENIED);
    assert(yield* holds(handle));
    assertEquals((yield* write(MOVE)).status, Status.OK);
    assert(!(yield* holds(handle)));
  });
});

Deno.test("zx_channel_write_etc refuses null pointers where there should be something", () => {
  const program = new Registers();
  const [one] = Channel.create(program.machine.kernel.realm);
  const handle = program.give(one, DEFAULT_RIGHTS.channel);
  for (const at of [0, NOWHERE]) {
    const write = (...rest: number[]) => program.call("zx_channel_write_etc", handle, 0, ...rest);
    assertEquals(write(at, 1, 0, 0), Status.INVALID_ARGS);
    assertEquals(write(0, 0, at, 1), Status.INVALID_ARGS);
  }
});

Deno.test("zx_channel_read with MAY_DISCARD and null buffers discards the message and tells its sizes", () => {
  const program = new Registers();
  const ends = Channel.create(program.machine.kernel.realm);
  const [one, other] = ends.map((end) => program.give(end, DEFAULT_RIGHTS.channel));
  const actual = program.place(8);
  const read = () => program.call("zx_channel_read", other!, 1, 0, 0, 0, 0, actual, actual + 4);
  assertEquals(program.call("zx_channel_write", one!, 0, program.place(9), 9, 0, 0), Status.OK);
  assertEquals(read(), Status.BUFFER_TOO_SMALL);
  assertEquals([program.word(actual), program.word(actual + 4)], [9, 0]);
  assertEquals(read(), Status.SHOULD_WAIT);
});
