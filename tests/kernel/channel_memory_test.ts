import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, HandleOp, ObjectType, Right, Status } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { NOWHERE, Registers } from "../support/registers.ts";

function setup() {
  const program = new Registers();
  const { realm } = program.machine.kernel;
  const [one, other] = Channel.create(realm);
  const rights = DEFAULT_RIGHTS.channel;
  return { program, one: program.give(one, rights), other: program.give(other, rights), realm };
}

type Setup = ReturnType<typeof setup>;

function event({ program, realm }: Setup, rights: number = DEFAULT_RIGHTS.event): number {
  return program.give(new Event(realm), rights);
}

/** Read a message into fresh memory: its bytes, and the status. */
function read({ program, other }: Setup): number[] | number | "parked" {
  const [bytes, handles] = [program.place(65536), program.place(256)];
  const actual = program.place(16);
  const registers = [other, 0, bytes, handles, 65536, 64, actual, actual + 4];
  const status = program.call("zx_channel_read", ...registers);
  return status === 0 ? program.bytes(bytes, program.word(actual)) : status;
}

Deno.test("zx_channel_write and zx_channel_read carry bytes and handle values through memory", () => {
  const here = setup();
  const { program, one, other } = here;
  const sent = event(here);
  const bytes = program.place(Uint8Array.of(1, 2, 3));
  assertEquals(program.call("zx_channel_write", one, 0, bytes, 3, program.words(sent), 1), 0);
  const [into, handles, actual] = [program.place(8), program.place(8), program.place(8)];
  const registers = [other, 0, into, handles, 8, 2, actual, actual + 4];
  assertEquals(program.call("zx_channel_read", ...registers), Status.OK);
  assertEquals(program.bytes(into, 4), [1, 2, 3, 0]);
  assertEquals([program.word(actual), program.word(actual + 4)], [3, 1]);
  assert(program.holds(program.word(handles)) && program.word(handles) !== sent);
});

Deno.test("what if you pass ridiculous pointers to zx_channel_write?", () => {
  const here = setup();
  const { program, one } = here;
  for (const bytes of [NOWHERE, 2 ** 40, 2 ** 60]) {
    const sent = event(here);
    const registers = [one, 0, bytes, 4, program.words(sent), 1];
    assertEquals(program.call("zx_channel_write", ...registers), Status.INVALID_ARGS);
    assert(!program.holds(sent), "the handle is gone");
  }
  assertEquals(program.call("zx_channel_write", one, 0, 0, 0, NOWHERE, 1), Status.INVALID_ARGS);
  assertEquals(program.call("zx_channel_write", one, 0, 0, 4, 0, 0), Status.INVALID_ARGS);
  assertEquals(read(here), Status.SHOULD_WAIT);
});

Deno.test("what if you pass ridiculous pointers to zx_channel_read?", () => {
  const here = setup();
  const { program, one, other } = here;
  const [bytes, handles, actual] = [program.place(8), program.place(8), program.place(8)];
  const places = [[NOWHERE, handles, actual], [bytes, NOWHERE, actual], [bytes, handles, NOWHERE]];
  for (const [at, handlesAt, actualAt] of places as [number, number, number][]) {
    const sent = event(here);
    program.call("zx_channel_write", one, 0, bytes, 4, program.words(sent), 1);
    const size = program.process.handleTable.size;
    const registers = [other, 0, at, handlesAt, 8, 2, actualAt, 0];
    assertEquals(program.call("zx_channel_read", ...registers), Status.INVALID_ARGS);
    assertEquals(program.process.handleTable.size, size, "no handle is left behind");
    if (actualAt === NOWHERE) assertEquals(read(here), program.bytes(bytes, 4));
  }
});

Deno.test("zx_channel_read tells the sizes of a message that there is no room for", () => {
  const here = setup();
  const { program, one, other } = here;
  const bytes = program.place(5);
  program.call("zx_channel_write", one, 0, bytes, 5, program.words(event(here)), 1);
  const actual = program.place(8);
  const registers = [other, 0, 0, 0, 0, 0, actual, actual + 4];
  assertEquals(program.call("zx_channel_read", ...registers), Status.BUFFER_TOO_SMALL);
  assertEquals([program.word(actual), program.word(actual + 4)], [5, 1]);
});

Deno.test("zx_channel_write with iovecs sends the bytes of all places as one message", () => {
  const here = setup();
  const { program, one } = here;
  const [a, b] = [program.place(Uint8Array.of(1, 2)), program.place(Uint8Array.of(3))];
  const places = program.addresses([a, 2, b, 1, NOWHERE, 0]);
  assertEquals(program.call("zx_channel_write", one, 2, places, 3, 0, 0), Status.OK);
  assertEquals(read(here), [1, 2, 3]);
});

Deno.test("zx_channel_write refuses iovecs that are wrong, too many or too long", () => {
  const { program, one } = setup();
  const a = program.place(8);
  const write = (places: number[], count: number) =>
    program.call("zx_channel_write", one, 2, program.addresses(places), count, 0, 0);
  assertEquals(write([NOWHERE, 4], 1), Status.INVALID_ARGS);
  assertEquals(write([a, 4 + 2 ** 32], 1), Status.INVALID_ARGS);
  assertEquals(write([a, 65536, a, 1], 2), Status.OUT_OF_RANGE);
  assertEquals(write([a, 4], 8193), Status.OUT_OF_RANGE);
});

/** Write with dispositions: the status, and what then stands in the entries' results. */
function writeEtc({ program, one }: Setup, entries: number[][], first = -7) {
  const at = program.words(...entries.flatMap((entry) => [...entry, first]));
  const status = program.call("zx_channel_write_etc", one, 0, 0, 0, at, entries.length);
  return [status, ...entries.map((_, n) => program.word(at + n * 20 + 16) | 0)];
}

const { MOVE, DUPLICATE } = HandleOp;
const SAME = Right.SAME_RIGHTS;

Deno.test("zx_channel_write_etc moves and duplicates, and leaves results alone when all is well", () => {
  const here = setup();
  const { program } = here;
  const [moved, copied] = [event(here), event(here)];
  const entries = [[MOVE, moved, ObjectType.EVENT, Right.WAIT], [DUPLICATE, copied, 0, SAME]];
  assertEquals(writeEtc(here, entries), [Status.OK, -7, -7]);
  assertEquals([program.holds(moved), program.holds(copied)], [false, true]);
});

Deno.test("zx_channel_write_etc puts a status into each entry that fails, and takes what it moves", () => {
  const here = setup();
  const { program, one } = here;
  const [good, wrong, more, stuck, copied] = [1, 2, 3, 4, 5].map((n) =>
    event(here, n === 4 ? Right.WAIT : DEFAULT_RIGHTS.event)
  ) as [number, number, number, number, number];
  const entries = [
    [MOVE, good, 0, SAME],
    [MOVE, wrong, ObjectType.CHANNEL, SAME],
    [MOVE, more, 0, Right.WRITE],
    [MOVE, stuck, 0, SAME],
    [MOVE, 3, 0, SAME],
    [9, copied, 0, SAME],
    [DUPLICATE, one, 0, SAME],
  ];
  assertEquals(writeEtc(here, entries), [
    Status.WRONG_TYPE,
    -7,
    Status.WRONG_TYPE,
    Status.INVALID_ARGS,
    Status.ACCESS_DENIED,
    Status.BAD_HANDLE,
    Status.INVALID_ARGS,
    Status.NOT_SUPPORTED,
  ]);
  assertEquals([good, wrong, more, stuck].map((one) => program.holds(one)), [
    false,
    false,
    false,
    false,
  ]);
  assertEquals([program.holds(copied), program.holds(one)], [true, true]);
  assertEquals(read(here), Status.SHOULD_WAIT);
});

Deno.test("zx_channel_call refuses a call without somewhere for the sizes of its answer", () => {
  const here = setup();
  const { program, one } = here;
  const actual = program.place(8);
  for (const [bytes, handles] of [[0, actual], [actual, 0]] as const) {
    const sent = event(here);
    const memory = program.place(16);
    const args = program.addresses([memory, program.words(sent), memory, memory], [4, 1, 16, 1]);
    const status = program.call("zx_channel_call", one, 0, 1e9, args, bytes, handles);
    assertEquals([status, program.holds(sent)], [Status.INVALID_ARGS, false]);
  }
  const status = program.call("zx_channel_call", one, 0, 1e9, NOWHERE, actual, actual);
  assertEquals(status, Status.INVALID_ARGS);
});

Deno.test("zx_channel_call puts the answer and its sizes where the caller said", () => {
  const here = setup();
  const { program, one, other } = here;
  const [sent, into, handles] = [program.place(8), program.place(16), program.place(16)];
  const args = program.addresses([sent, 0, into, handles], [8, 0, 16, 1]);
  const actual = program.place(8);
  const status = program.call("zx_channel_call", one, 0, 1e9, args, actual, actual + 4);
  assertEquals(status, "parked");
  const request = read(here) as number[];
  assert(request[3]! >= 0x80, "the kernel's numbers have their highest bit set");
  const answer = program.place(Uint8Array.of(...request.slice(0, 4), 7));
  program.call("zx_channel_write", other, 0, answer, 5, program.words(event(here)), 1);
  assertEquals([program.answered, program.bytes(into + 4, 1)], [Status.OK, [7]]);
  assertEquals([program.word(actual), program.word(actual + 4)], [5, 1]);
  assert(program.holds(program.word(handles)));
});

Deno.test("zx_channel_call_finish has nothing to take up: BAD_STATE", () => {
  const { program } = setup();
  const args = program.place(48);
  assertEquals(program.call("zx_channel_call_finish", 0, args, args, args), Status.BAD_STATE);
});
