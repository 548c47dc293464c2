/**
 * Pagers through system calls: copies, resizes, dirty pages, suspension.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  PagerCommand,
  PagerOp,
  Status,
  VmoChild,
  VmoOp,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { failed } from "../../kernel/mod.ts";
import { close, made, newChild, newVmo, PAGE, peek, poke, tags } from "../support/memory.ts";
import { type PagerScript, withPager } from "../support/pager.ts";

const { SNAPSHOT, SNAPSHOT_AT_LEAST_ON_WRITE, SNAPSHOT_MODIFIED, SLICE } = VmoChild;
const COPY = SNAPSHOT_AT_LEAST_ON_WRITE;
const { DIRTY, WRITEBACK_BEGIN, WRITEBACK_END } = PagerOp;
const RESIZABLE_CHILD = VmoChild.RESIZABLE;

function* copyOf(vmo: number, pages: number, options: number = COPY) {
  return yield* newChild(vmo, options, { size: pages * PAGE });
}

Deno.test("a copy of a pager's memory asks the pager for what it reads, and shares what there is", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(3);
    const copy = yield* copyOf(vmo, 3);
    const fromCopy = pager.read(copy, 0);
    yield* pager.expectReads([0, 1]);
    yield* pager.supply(vmo, 0, 1);
    const fromParent = pager.read(vmo, 0);
    const other = pager.read(vmo, 1);
    yield* pager.expectReads([1, 1]);
    yield* pager.supply(vmo, 1, 1);
    const late = pager.read(copy, 1);
    yield* pager.expectReads();
    const outcomes = [fromCopy, fromParent, other, late];
    assertEquals(outcomes.map((one) => [one.status, one.bytes[0]]), [[0, 1], [0, 1], [0, 2], [
      0,
      2,
    ]]);
  });
});

Deno.test("many copies that need the same page ask for it once", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const copies = [yield* copyOf(vmo, 2), yield* copyOf(vmo, 2), yield* copyOf(vmo, 2)];
    const readers = [vmo, ...copies].map((one) => pager.read(one, 1));
    yield* pager.expectReads([1, 1]);
    yield* pager.supply(vmo, 1, 1);
    yield* pager.pause();
    assertEquals(readers.map((one) => [one.status, one.bytes[0]]), new Array(4).fill([0, 2]));
  });
});

Deno.test("writing to a copy brings the page, and changes the copy alone", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const copy = yield* copyOf(vmo, 1);
    const writer = pager.write(copy, 0, 99);
    yield* pager.expectReads([0, 1]);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.pause();
    assertEquals(writer.status, Status.OK);
    assertEquals([yield* peek(vmo, 0), yield* peek(copy, 0)], [1, 99]);
    assertEquals(yield* pager.dirty(vmo, 1), []);
    yield* poke(vmo, 0, 50);
    assertEquals(yield* peek(copy, 0), 99);
  });
});

Deno.test("committing a copy asks for all its pages, and gives it its own", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    const copy = yield* copyOf(vmo, 4);
    const commit = pager.operate(copy, VmoOp.COMMIT, 0, 4);
    yield* pager.expectReads([0, 4]);
    yield* pager.supply(vmo, 0, 2);
    yield* pager.pause();
    assertEquals(commit.status, null);
    yield* pager.supply(vmo, 2, 2);
    yield* pager.pause();
    assertEquals(commit.status, Status.OK);
    for (let page = 0; page < 4; page++) yield* poke(vmo, page * PAGE, 70 + page);
    assertEquals(yield* tags(copy), [1, 2, 3, 4]);
  });
});

Deno.test("a copy of a part of a copy sees its own part, and what either wrote to", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    yield* pager.supply(vmo, 0, 4);
    const copy = yield* newChild(vmo, COPY, { offset: PAGE, size: 3 * PAGE });
    yield* poke(copy, PAGE, 88);
    const inner = yield* newChild(copy, COPY, { offset: PAGE, size: 2 * PAGE });
    const modified = yield* newChild(copy, SNAPSHOT_MODIFIED, { size: 3 * PAGE });
    yield* poke(copy, PAGE, 89);
    assertEquals(yield* tags(copy), [2, 89, 4]);
    assertEquals(yield* tags(inner), [88, 4]);
    assertEquals(yield* tags(modified), [2, 88, 4]);
    const snapshot = { handle: copy, options: SNAPSHOT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoCreateChild(snapshot), Status.NOT_SUPPORTED);
    assertEquals(yield* zx.vmoCreateChild({ ...snapshot, handle: vmo }), Status.NOT_SUPPORTED);
  });
});

Deno.test("a copy through a slice of a pager's memory asks for the right pages", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    const slice = yield* newChild(vmo, SLICE, { offset: PAGE, size: 2 * PAGE });
    const copy = yield* newChild(slice, COPY, { offset: PAGE, size: 2 * PAGE });
    const reader = pager.read(copy, 0);
    yield* pager.expectReads([2, 1]);
    yield* pager.supply(vmo, 2, 1);
    yield* pager.pause();
    assertEquals(reader.bytes[0], 3);
    assertEquals(yield* peek(copy, PAGE), 0);
    assertEquals(yield* zx.pagerDetachVmo({ pager: pager.pager, vmo: slice }), Status.INVALID_ARGS);
  });
});

Deno.test("a copy whose parent is detached keeps what is there, and fails for the rest", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const copy = yield* copyOf(vmo, 2);
    yield* pager.supply(vmo, 0, 1);
    const waiting = pager.read(copy, 1);
    yield* pager.expectReads([1, 1]);
    assertEquals(yield* zx.pagerDetachVmo({ pager: pager.pager, vmo }), Status.OK);
    yield* pager.pause();
    assertEquals(waiting.status, Status.BAD_STATE);
    assertEquals(yield* peek(copy, 0), 1);
    yield* close(vmo);
    assertEquals(yield* peek(copy, 0), 1);
  });
});

Deno.test("a parent that shrinks and grows again is zeros to its copies there", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(3, VmoOption.RESIZABLE);
    const copy = yield* copyOf(vmo, 3);
    yield* pager.supply(vmo, 0, 3);
    assertEquals(yield* tags(copy), [1, 2, 3]);
    yield* poke(copy, 2 * PAGE, 77);
    assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: PAGE }), Status.OK);
    assertEquals(yield* tags(copy), [1, 0, 77]);
    assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: 3 * PAGE }), Status.OK);
    assertEquals(yield* tags(copy), [1, 0, 77]);
    assertEquals(yield* tags(vmo), [1, 0, 0]);
  });
});

Deno.test("a copy can be cut off while it waits, and its parent too", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2, VmoOption.RESIZABLE);
    const copy = yield* copyOf(vmo, 2, COPY | RESIZABLE_CHILD);
    const ofCopy = pager.read(copy, 1);
    const ofParent = pager.read(vmo, 1);
    yield* pager.expectReads([1, 1]);
    assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: PAGE }), Status.OK);
    yield* pager.pause();
    assertEquals(ofParent.status, Status.OUT_OF_RANGE);
    assertEquals([ofCopy.status, ofCopy.bytes[0]], [Status.OK, 0]);
    const last = pager.read(copy, 0);
    yield* pager.expectReads([0, 1]);
    assertEquals(yield* zx.vmoSetSize({ handle: copy, size: 0 }), Status.OK);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.pause();
    assertEquals(last.status, Status.OUT_OF_RANGE);
  });
});

Deno.test("a pager's memory can be resized only if it was made so, and a commit ends where it ends", () => {
  withPager(function* (pager) {
    const fixed = yield* pager.vmo(1);
    assertEquals(yield* zx.vmoSetSize({ handle: fixed, size: 0 }), Status.UNAVAILABLE);
    const vmo = yield* pager.vmo(3, VmoOption.RESIZABLE);
    const commit = pager.operate(vmo, VmoOp.COMMIT, 0, 3);
    yield* pager.expectReads([0, 3]);
    yield* pager.supply(vmo, 0, 1);
    assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: PAGE }), Status.OK);
    yield* pager.pause();
    assertEquals(commit.status, Status.OUT_OF_RANGE);
    assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: 3 * PAGE }), Status.OK);
    assertEquals(yield* tags(vmo), [1, 0, 0]);
    yield* pager.expectReads();
  });
});

Deno.test("a pager's memory cannot be decommitted, nor can its copies", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    yield* pager.supply(vmo, 0, 2);
    for (const handle of [vmo, yield* copyOf(vmo, 2)]) {
      const decommit = { handle, op: VmoOp.DECOMMIT, offset: 0, size: PAGE };
      assertEquals(yield* zx.vmoOpRange(decommit), Status.NOT_SUPPORTED);
    }
  });
});

Deno.test("a fork of zeros in a copy asks the pager for nothing", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const auxiliary = yield* newVmo(PAGE);
    const range = { pager: pager.pager, vmo, offset: 0, length: PAGE, auxiliary };
    assertEquals(yield* zx.pagerSupplyPages(range), Status.OK);
    const copy = yield* copyOf(vmo, 1);
    yield* poke(copy, 0, 5);
    assertEquals([yield* peek(vmo, 0), yield* peek(copy, 0)], [0, 5]);
    const zero = { handle: copy, op: VmoOp.ZERO, offset: 0, size: PAGE };
    made(yield* zx.vmoOpRange(zero));
    assertEquals(yield* peek(copy, 0), 0);
    yield* pager.expectReads();
  });
});

Deno.test("zeros in the middle of a copy hide what its parent has there", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(3);
    yield* pager.supply(vmo, 0, 3);
    const copy = yield* copyOf(vmo, 3);
    made(yield* zx.vmoOpRange({ handle: copy, op: VmoOp.ZERO, offset: PAGE, size: PAGE }));
    assertEquals([yield* tags(copy), yield* tags(vmo)], [[1, 0, 3], [1, 2, 3]]);
    made(yield* zx.vmoOpRange({ handle: vmo, op: VmoOp.ZERO, offset: 0, size: PAGE }));
    assertEquals(yield* tags(copy), [0, 0, 3]);
    assertEquals(yield* pager.dirty(vmo, 3), [[0, 1, 0]]);
    made(yield* zx.vmoOpRange({ handle: copy, op: VmoOp.ZERO, offset: PAGE, size: 2 * PAGE }));
    assertEquals(yield* tags(copy), [0, 0, 0]);
  });
});

Deno.test("zx_pager_op_range DIRTY lets writes go on that waited for it, page by page", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(3, VmoOption.TRAP_DIRTY);
    assertEquals(yield* pager.op(vmo, DIRTY, 0, 1), Status.NOT_FOUND);
    yield* pager.supply(vmo, 0, 2);
    const writers = [0, 1].map((page) => pager.write(vmo, page, 60 + page));
    assertEquals(yield* pager.request(), [PagerCommand.DIRTY, 0, 1]);
    assertEquals(yield* pager.request(), [PagerCommand.DIRTY, 1, 1]);
    yield* pager.supply(vmo, 0, 2);
    assertEquals(yield* pager.request(), null, "supplying is no leave to write");
    assertEquals(yield* pager.op(vmo, DIRTY, 0, 1), Status.OK);
    yield* pager.fail(vmo, 1, 1, Status.NO_SPACE);
    yield* pager.pause();
    assertEquals(writers.map((one) => one.status), [Status.OK, Status.NO_SPACE]);
    assertEquals(yield* pager.dirty(vmo, 3), [[0, 1, 0]]);
    const first = pager.write(vmo, 2, 9);
    yield* pager.expectReads([2, 1]);
    yield* pager.supply(vmo, 2, 1);
    assertEquals(yield* pager.request(), [PagerCommand.DIRTY, 2, 1]);
    yield* pager.op(vmo, DIRTY, 2, 1);
    yield* pager.pause();
    assertEquals(first.status, Status.OK);
    yield* zx.pagerDetachVmo({ pager: pager.pager, vmo });
    assertEquals(yield* pager.op(vmo, DIRTY, 0, 1), Status.BAD_STATE);
  });
});

Deno.test("what is written during a writeback is dirty again after it", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4, VmoOption.RESIZABLE);
    yield* pager.supply(vmo, 0, 4);
    yield* poke(vmo, 0, 1);
    yield* poke(vmo, PAGE, 1);
    yield* poke(vmo, 3 * PAGE, 1);
    assertEquals(yield* pager.dirty(vmo, 4), [[0, 2, 0], [3, 1, 0]]);
    assertEquals(yield* pager.op(vmo, WRITEBACK_BEGIN, 0, 4), Status.OK);
    yield* poke(vmo, PAGE, 2);
    assertEquals(yield* pager.op(vmo, WRITEBACK_END, 0, 4), Status.OK);
    assertEquals(yield* pager.dirty(vmo, 4), [[1, 1, 0]]);
    assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: 6 * PAGE }), Status.OK);
    assertEquals(yield* pager.dirty(vmo, 6), [[1, 1, 0], [4, 2, 1]]);
    const beyond = { pager: pager.pager, vmo, offset: 0, length: 7 * PAGE };
    assertEquals(yield* zx.pagerQueryDirtyRanges(beyond), Status.OUT_OF_RANGE);
    const small = { ...beyond, length: 6 * PAGE, bufferSize: 24 };
    const { actual, available } = made(yield* zx.pagerQueryDirtyRanges(small));
    assertEquals([actual, available], [1, 2]);
    assertEquals(yield* pager.op(vmo, WRITEBACK_BEGIN, 0, 6), Status.OK);
    assertEquals(yield* pager.op(vmo, WRITEBACK_END, 0, 6), Status.OK);
    assertEquals(yield* pager.dirty(vmo, 6), []);
  });
});

Deno.test("zx_pager_query_vmo_stats says whether anything was changed since it was reset", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    yield* pager.supply(vmo, 0, 1);
    const query = (options = 0) => zx.pagerQueryVmoStats({ pager: pager.pager, vmo, options });
    assertEquals(made(yield* query()).buffer[0], 0);
    yield* poke(vmo, 0, 1);
    assertEquals(made(yield* query(1)).buffer[0], 1);
    assertEquals(made(yield* query()).buffer[0], 0);
    assertEquals(yield* query(2), Status.INVALID_ARGS);
    const small = { pager: pager.pager, vmo, bufferSize: 3 };
    assertEquals(yield* zx.pagerQueryVmoStats(small), Status.BUFFER_TOO_SMALL);
    const plain = { pager: pager.pager, vmo: yield* newVmo(PAGE) };
    assertEquals(yield* zx.pagerQueryVmoStats(plain), Status.INVALID_ARGS);
    const dirty = { ...plain, offset: 0, length: 0 };
    assertEquals(yield* zx.pagerQueryDirtyRanges(dirty), Status.INVALID_ARGS);
  });
});

Deno.test("a client that is suspended while it waits gets its pages when it goes on", () => {
  for (const commit of [false, true]) {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const client = commit ? pager.operate(vmo, VmoOp.COMMIT, 0, 1) : pager.read(vmo, 0);
      yield* pager.expectReads([0, 1]);
      const [thread] = client.process.threads;
      const task = pager.process.giveHandle(thread!, DEFAULT_RIGHTS.thread, "test");
      const { token } = made(yield* zx.taskSuspend({ task }));
      yield* pager.supply(vmo, 0, 1);
      yield* pager.pause();
      assertEquals(client.status, null);
      yield* close(token);
      yield* pager.pause();
      assertEquals(client.status, Status.OK);
    });
  }
});

Deno.test("memory that is unmapped while its pages are asked for is gone from the addresses alone", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const rights = DEFAULT_RIGHTS.rootVmar;
    const root = pager.process.giveHandle(pager.process.space.root, rights, "test");
    const options = VmOption.PERM_READ | VmOption.PERM_WRITE | VmOption.ALLOW_FAULTS;
    const map = { handle: root, options, vmo, length: PAGE };
    const { mappedAddress: address } = made(yield* zx.vmarMap(map));
    const reader = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    assertEquals(yield* zx.vmarUnmap({ handle: root, address, length: PAGE }), Status.OK);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.pause();
    assertEquals(reader.status, Status.OK);
    assertEquals(pager.process.memory.readU32(address), Status.NOT_FOUND);
    const protect = { handle: root, options: VmOption.PERM_READ, address, length: PAGE };
    assertEquals(yield* zx.vmarProtect(protect), Status.NOT_FOUND);
    const again = made(yield* zx.vmarMap(map)).mappedAddress;
    assertEquals(yield* zx.vmarProtect({ ...protect, address: again }), Status.OK);
    assertEquals(pager.process.memory.readU32(again), 0x01010101);
  });
});

Deno.test("a stream over a pager's memory waits like everybody else", () => {
  withPager(function* (pager: PagerScript) {
    const vmo = yield* pager.vmo(2);
    const reader = pager.client(vmo, function* (handle, outcome) {
      const { out: stream } = made(yield* zx.streamCreate({ options: 3, vmo: handle }));
      const vector = [new Uint8Array(4)];
      const write = yield* zx.streamWritevAt({ handle: stream, offset: PAGE, vector });
      assertEquals(made(write).actual, 4);
      const read = yield* zx.streamReadv({ handle: stream, vector });
      outcome.status = failed(read as never) ? read as number : Status.OK;
      outcome.bytes = vector[0]!;
    });
    yield* pager.expectReads([1, 1]);
    yield* pager.supply(vmo, 1, 1);
    yield* pager.expectReads([0, 1]);
    assertEquals(yield* pager.dirty(vmo, 2), [[1, 1, 0]]);
    yield* pager.fail(vmo, 0, 1);
    yield* pager.pause();
    assertEquals(reader.status, Status.IO);
  });
});
