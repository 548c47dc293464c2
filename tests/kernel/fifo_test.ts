import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, failed, Signal, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { Fifo } from "../../kernel/ipc/fifo.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { READABLE, WRITABLE, PEER_CLOSED } = Signal;
const SIZE = 8;

function* fifo(count: number) {
  const { out0, out1 } = good(yield* zx.fifoCreate({ count, size: SIZE }));
  return [out0, out1] as const;
}

function* signals(handle: number) {
  return (yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 })).observed;
}

/** Write records that begin with these numbers; answers how many went in, or why not. */
function* write(handle: number, ...first: number[]) {
  const data = new Uint8Array(first.length * SIZE);
  first.forEach((byte, at) => data[at * SIZE] = byte);
  const wrote = yield* zx.fifoWrite({ handle, elementSize: SIZE, data, count: first.length });
  return typeof wrote === "number" ? wrote : wrote.actual;
}

/** Read records; answers the numbers they begin with, or why not. */
function* read(handle: number, count: number) {
  const found = yield* zx.fifoRead({ handle, elementSize: SIZE, count });
  if (typeof found === "number") return found;
  return Array.from({ length: found.actual }, (_, at) => found.data[at * SIZE]);
}

Deno.test("zx_fifo_create answers two related ends, and OUT_OF_RANGE for sizes that make no sense", () => {
  new ScriptKernel().run1(function* (process) {
    const ends = yield* fifo(8);
    const objects = ends.map((end) => process.handleTable.get(end)!.object);
    assertEquals(objects[1]!.relatedKoid, objects[0]!.koid);
    const sizes = [[0, 0], [0, 1], [128, 33], [2, 0], [4097, 1], [2 ** 40, 2 ** 40]] as const;
    for (const [count, size] of sizes) {
      assertEquals(yield* zx.fifoCreate({ count, size }), Status.OUT_OF_RANGE);
    }
    const odd = { count: 2, size: 2, options: 1 };
    assertEquals(yield* zx.fifoCreate(odd), Status.INVALID_ARGS);
    good(yield* zx.fifoCreate({ count: 35, size: 32 }));
  });
});

Deno.test("zx_fifo_read and zx_fifo_write want the record's own size and at least one record", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* fifo(8);
    const data = new Uint8Array(SIZE);
    const wrong = { handle: one, data, count: 1 };
    assertEquals(yield* zx.fifoWrite({ ...wrong, elementSize: 7 }), Status.OUT_OF_RANGE);
    const none = { handle: one, elementSize: SIZE, data, count: 0 };
    assertEquals(yield* zx.fifoWrite(none), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.fifoRead({ handle: other, elementSize: 9 }), Status.OUT_OF_RANGE);
    assertEquals(yield* read(other, 0), Status.OUT_OF_RANGE);
  });
});

Deno.test("records leave a fifo in the order they came, whether read together or one by one", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* fifo(8);
    assertEquals(yield* read(other, 1), Status.SHOULD_WAIT);
    assertEquals(yield* write(one, 1, 2, 3, 4, 5), 5);
    assertEquals(yield* read(other, 3), [1, 2, 3]);
    assertEquals(yield* write(one, 6, 7, 8), 3);
    for (const byte of [4, 5, 6, 7, 8]) assertEquals(yield* read(other, 1), [byte]);
    assertEquals(yield* read(other, 1), Status.SHOULD_WAIT);
  });
});

Deno.test("a fifo takes as many records as fit, then SHOULD_WAIT, until some are read", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* fifo(4);
    assertEquals(yield* write(one, 1, 2, 3), 3);
    assertEquals(yield* write(one, 4, 5, 6), 1);
    assertEquals([yield* write(one, 7), yield* signals(one)], [Status.SHOULD_WAIT, 0]);
    assertEquals(yield* signals(other), READABLE | WRITABLE);
    assertEquals([yield* read(other, 1), yield* signals(one)], [[1], WRITABLE]);
    assertEquals(yield* read(other, 9), [2, 3, 4]);
    assertEquals(yield* signals(other), WRITABLE);
  });
});

Deno.test("an end of a fifo whose peer is gone can be drained, then says PEER_CLOSED", () => {
  new ScriptKernel().run1(function* () {
    const [one, other] = yield* fifo(4);
    yield* write(one, 1);
    yield* zx.handleClose({ handle: one });
    assertEquals(yield* signals(other), READABLE | PEER_CLOSED);
    assertEquals(yield* write(other, 1), Status.PEER_CLOSED);
    assertEquals([yield* read(other, 4), yield* read(other, 4)], [[1], Status.PEER_CLOSED]);
    assertEquals(yield* signals(other), PEER_CLOSED);
  });
});

Deno.test("what if you pass ridiculous pointers to zx_fifo_read and zx_fifo_write?", () => {
  const program = new Registers();
  const ends = Fifo.create(program.machine.kernel.realm, 4, SIZE);
  assert(!failed(ends));
  const [one, other] = ends.map((end) => program.give(end, DEFAULT_RIGHTS.fifo)) as [
    number,
    number,
  ];
  assertEquals(program.call("zx_fifo_write", one, SIZE, NOWHERE, 2, 0), Status.INVALID_ARGS);
  const actual = program.place(8);
  const data = program.place(Uint8Array.from({ length: 16 }, (_, at) => at));
  assertEquals(program.call("zx_fifo_write", one, SIZE, data, 2, actual), Status.OK);
  assertEquals(program.call("zx_fifo_read", other, SIZE, NOWHERE, 2, 0), Status.INVALID_ARGS);
  const into = program.place(16);
  assertEquals(program.call("zx_fifo_read", other, SIZE, into, 2, actual), Status.OK);
  assertEquals([program.word(actual), program.bytes(into, 16)], [2, program.bytes(data, 16)]);
});
