import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  Right,
  SeekOrigin,
  Status,
  STREAM_APPEND,
  StreamMode,
  VmoOption,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, zx } from "../../kernel/client.ts";
import { made, newVmo, PAGE, peek, poke, withRoot } from "../support/memory.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { Stream } from "../../kernel/vm/stream.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";

const BOTH = StreamMode.READ | StreamMode.WRITE;

function* newStream(vmo: number, options: number = BOTH, seek = 0): Operation<number> {
  return made(yield* zx.streamCreate({ options, vmo, seek })).out;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function bytesOf(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}

/** A memory object that holds a text, exactly. */
function* vmoWith(words: string, options = 0): Operation<number> {
  const vmo = yield* newVmo(words.length, options);
  assertEquals(yield* zx.vmoWrite({ handle: vmo, offset: 0, buffer: bytesOf(words) }), Status.OK);
  return vmo;
}

Deno.test("zx_stream_create gives the rights that were asked for, if the memory object has them", () => {
  withRoot(function* (_, process) {
    const vmo = yield* newVmo();
    const { out: readable } = made(yield* zx.handleDuplicate({ handle: vmo, rights: Right.READ }));
    const write = { options: StreamMode.WRITE, vmo: readable };
    assertEquals(yield* zx.streamCreate(write), Status.ACCESS_DENIED);
    assertEquals(yield* zx.streamCreate({ options: 8, vmo }), Status.INVALID_ARGS);
    const stream = process.handleTable.get(yield* newStream(readable, StreamMode.READ))!;
    assertEquals([stream.has(Right.READ), stream.has(Right.WRITE)], [true, false]);
    const other = process.handleTable.get(yield* newStream(vmo, StreamMode.WRITE))!;
    assertEquals([other.has(Right.READ), other.has(Right.WRITE)], [false, true]);
  });
});

Deno.test("zx_stream_readv fills one place after the other and moves the stream on", () => {
  withRoot(function* () {
    const handle = yield* newStream(yield* vmoWith("hello, streams"));
    const vector = [new Uint8Array(5), new Uint8Array(0), new Uint8Array(4)];
    assertEquals(made(yield* zx.streamReadv({ handle, vector })).actual, 9);
    assertEquals(vector.map(text), ["hello", "", ", st"]);
    assertEquals(made(yield* zx.streamReadv({ handle, vector })).actual, 5);
    assertEquals(text(vector[0]!), "reams");
    assertEquals(made(yield* zx.streamReadv({ handle, vector })).actual, 0);
  });
});

Deno.test("zx_stream_readv_at reads anywhere and leaves the stream where it is", () => {
  withRoot(function* () {
    const handle = yield* newStream(yield* vmoWith("hello, streams"));
    const vector = [new Uint8Array(7)];
    assertEquals(made(yield* zx.streamReadvAt({ handle, offset: 7, vector })).actual, 7);
    assertEquals(text(vector[0]!), "streams");
    assertEquals(made(yield* zx.streamReadvAt({ handle, offset: 14, vector })).actual, 0);
    const current = { handle, whence: SeekOrigin.CURRENT, offset: 0 };
    assertEquals(made(yield* zx.streamSeek(current)).position, 0);
  });
});

Deno.test("zx_stream_writev gathers places, and zx_stream_writev_at writes anywhere", () => {
  withRoot(function* () {
    const vmo = yield* vmoWith("..............");
    const handle = yield* newStream(vmo);
    const vector = [bytesOf("hello"), bytesOf(", ")];
    assertEquals(made(yield* zx.streamWritev({ handle, vector })).actual, 7);
    const at = { handle, offset: 9, vector: [bytesOf("end")] };
    assertEquals(made(yield* zx.streamWritevAt(at)).actual, 3);
    const { buffer } = made(yield* zx.vmoRead({ handle: vmo, offset: 0, bufferSize: 14 }));
    assertEquals(text(buffer), "hello, ..end..");
    const current = { handle, whence: SeekOrigin.CURRENT, offset: 0 };
    assertEquals(made(yield* zx.streamSeek(current)).position, 7);
  });
});

Deno.test("zx_stream_writev behind the end makes the stream longer, up to the end of its pages", () => {
  withRoot(function* () {
    const vmo = yield* vmoWith("hello");
    const handle = yield* newStream(vmo, BOTH, 5);
    assertEquals(made(yield* zx.streamWritev({ handle, vector: [bytesOf(" you")] })).actual, 4);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle: vmo })).size, 9);
    const last = { handle, offset: PAGE - 2, vector: [bytesOf("four")] };
    assertEquals(made(yield* zx.streamWritevAt(last)).actual, 2);
    assertEquals(yield* zx.streamWritevAt({ ...last, offset: PAGE }), Status.NO_SPACE);
    assertEquals(yield* zx.streamWritevAt({ ...last, offset: 2 ** 60 }), Status.FILE_BIG);
  });
});

Deno.test("zx_stream_writev makes a resizable memory object larger, if its handle may", () => {
  withRoot(function* () {
    const vmo = yield* vmoWith("hello", VmoOption.RESIZABLE);
    const handle = yield* newStream(vmo);
    const far = { handle, offset: 3 * PAGE, vector: [bytesOf("far")] };
    assertEquals(made(yield* zx.streamWritevAt(far)).actual, 3);
    assertEquals(made(yield* zx.vmoGetSize({ handle: vmo })).size, 4 * PAGE);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle: vmo })).size, 3 * PAGE + 3);
    const rights = Right.READ | Right.WRITE;
    const { out: less } = made(yield* zx.handleDuplicate({ handle: vmo, rights }));
    const other = { ...far, handle: yield* newStream(less), offset: 4 * PAGE };
    assertEquals(yield* zx.streamWritevAt(other), Status.NO_SPACE);
  });
});

Deno.test("what zx_stream_writev skips reads as zeros, whatever was there", () => {
  withRoot(function* () {
    const vmo = yield* newVmo(PAGE);
    yield* poke(vmo, 50, 9);
    assertEquals(yield* zx.vmoSetStreamSize({ handle: vmo, size: 10 }), Status.OK);
    const handle = yield* newStream(vmo, BOTH, 100);
    assertEquals(made(yield* zx.streamWritev({ handle, vector: [bytesOf("x")] })).actual, 1);
    assertEquals(yield* peek(vmo, 50), 0);
  });
});

Deno.test("zx_stream_writev with APPEND writes to the end, and so does a stream made for that", () => {
  withRoot(function* () {
    const vmo = yield* vmoWith("one");
    const handle = yield* newStream(vmo);
    const vector = [bytesOf(" two")];
    const options = STREAM_APPEND;
    assertEquals(made(yield* zx.streamWritev({ handle, options, vector })).actual, 4);
    const always = yield* newStream(vmo, BOTH | StreamMode.APPEND);
    const again = { handle: always, vector: [bytesOf(" three")] };
    assertEquals(made(yield* zx.streamWritev(again)).actual, 6);
    const { buffer } = made(yield* zx.vmoRead({ handle: vmo, offset: 0, bufferSize: 13 }));
    assertEquals(text(buffer), "one two three");
    assertEquals(yield* zx.streamWritev({ handle, options: 2, vector }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_stream_seek counts from the start, from here and from the end", () => {
  withRoot(function* () {
    const vmo = yield* vmoWith("0123456789");
    const handle = yield* newStream(vmo, BOTH, 2);
    const { START, CURRENT, END } = SeekOrigin;
    const seek = (whence: number, offset: number) => zx.streamSeek({ handle, whence, offset });
    assertEquals(made(yield* seek(CURRENT, 3)).position, 5);
    assertEquals(made(yield* seek(END, -1)).position, 9);
    assertEquals(made(yield* seek(START, 4)).position, 4);
    assertEquals(made(yield* seek(END, 100)).position, 110);
    assertEquals(yield* seek(START, -1), Status.INVALID_ARGS);
    assertEquals(yield* seek(CURRENT, -111), Status.INVALID_ARGS);
    assertEquals(yield* seek(3, 0), Status.INVALID_ARGS);
    const rights = Right.WAIT;
    const { out: less } = made(yield* zx.handleDuplicate({ handle, rights }));
    const denied = yield* zx.streamSeek({ handle: less, whence: START, offset: 0 });
    assertEquals(denied, Status.ACCESS_DENIED);
  });
});

Deno.test("a stream over memory that is not cached by the processor cannot be copied", () => {
  withRoot(function* () {
    const vmo = yield* newVmo();
    assertEquals(yield* zx.vmoSetCachePolicy({ handle: vmo, policy: 1 }), Status.OK);
    const handle = yield* newStream(vmo);
    const vector = [new Uint8Array(1)];
    assertEquals(yield* zx.streamReadv({ handle, vector }), Status.BAD_STATE);
    assertEquals(yield* zx.streamWritev({ handle, vector }), Status.BAD_STATE);
  });
});

Deno.test("what is read and written before a place that is none counts, and the stream stands behind it", () => {
  const program = new Registers();
  const vmo = Vmo.create(program.machine.kernel.realm, 3) as Vmo;
  const stream = new Stream(vmo, { mode: 3, append: false, canResize: false, seek: 0 });
  const handle = program.give(stream, DEFAULT_RIGHTS.stream | Right.READ | Right.WRITE);
  const [text, room, actual] = [
    program.place(bytesOf("abcdef")),
    program.place(8),
    program.place(8),
  ];
  const from = program.addresses([text, 4, NOWHERE, 4, text, 2]);
  assertEquals(program.call("zx_stream_writev", handle, 0, from, 3, actual), Status.OK);
  assertEquals([program.word(actual), stream.seek, vmo.streamSize], [4, 4, 4]);
  assertEquals(program.call("zx_stream_writev", handle, 0, from + 16, 2, actual), Status.NOT_FOUND);
  assertEquals([stream.seek, vmo.streamSize], [4, 4]);
  const into = program.addresses([room, 1, room + 4, 2, NOWHERE, 1]);
  assertEquals(program.call("zx_stream_readv_at", handle, 0, 0, into, 3, actual), Status.OK);
  assertEquals([program.word(actual), program.bytes(room, 6)], [3, [97, 0, 0, 0, 98, 99]]);
});

Deno.test("a write of nothing does nothing, not even where a stream's writes go to the end", () => {
  withRoot(function* () {
    const handle = yield* newStream(yield* vmoWith("hello"), BOTH | StreamMode.APPEND, 2);
    const [stream] = made(yield* getInfo(handle, "STREAM")).records;
    assertEquals([stream!.options, stream!.seek], [BOTH | StreamMode.APPEND, 2]);
    for (const vector of [[], [new Uint8Array(0)]]) {
      assertEquals(made(yield* zx.streamWritev({ handle, vector })).actual, 0);
      assertEquals(made(yield* zx.streamReadv({ handle, vector })).actual, 0);
      const far = { handle, vector, offset: 2 ** 60 };
      assertEquals(made(yield* zx.streamWritevAt(far)).actual, 0);
    }
    assertEquals(made(yield* getInfo(handle, "STREAM")).records[0]!.seek, 2);
  });
});

Deno.test("zx_stream_readv and zx_stream_writev take their places from memory", () => {
  const program = new Registers();
  const vmo = Vmo.create(program.machine.kernel.realm, 10) as Vmo;
  const stream = new Stream(vmo, { mode: 3, append: false, canResize: false, seek: 0 });
  const rights = DEFAULT_RIGHTS.stream | Right.READ | Right.WRITE;
  const handle = program.give(stream, rights);
  const [one, two, actual] = [program.place(bytesOf("abcd")), program.place(8), program.place(8)];
  const from = program.addresses([one, 2, one + 2, 2]);
  assertEquals(program.call("zx_stream_writev", handle, 0, from, 2, actual), Status.OK);
  assertEquals(program.word(actual), 4);
  const into = program.addresses([two, 1, two + 1, 7]);
  assertEquals(program.call("zx_stream_readv_at", handle, 0, 0, into, 2, 0), Status.OK);
  assertEquals(program.bytes(two, 5), [97, 98, 99, 100, 0]);
  const nowhere = program.addresses([NOWHERE, 4]);
  const write = [handle, 0, 0, nowhere, 1, actual] as const;
  assertEquals(program.call("zx_stream_writev_at", ...write), Status.NOT_FOUND);
  assertEquals(program.call("zx_stream_readv_at", ...write), Status.NOT_FOUND);
  const lost = [handle, 0, NOWHERE, 1, actual] as const;
  assertEquals(program.call("zx_stream_readv", ...lost), Status.NOT_FOUND);
  assertEquals(program.call("zx_stream_readv", handle, 0, 0, 1, actual), Status.INVALID_ARGS);
  const bad = [handle, 0, from, 2, NOWHERE] as const;
  assertEquals(program.call("zx_stream_writev", ...bad), Status.INVALID_ARGS);
});
