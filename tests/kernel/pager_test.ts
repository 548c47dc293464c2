/**
 * Pagers through system calls: supplying, failing, detaching.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  PagerCommand,
  PagerOp,
  Right,
  Status,
  VmarOp,
  VmoOp,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { close, made, newVmo, PAGE } from "../support/memory.ts";
import { withPager } from "../support/pager.ts";

Deno.test("zx_vmo_read waits for one page after the other until zx_pager_supply_pages brings them", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(3);
    const reader = pager.read(vmo, 0, 3);
    for (let page = 0; page < 3; page++) {
      yield* pager.expectReads([page, 1]);
      assertEquals(reader.status, null);
      assertEquals(yield* pager.supply(vmo, page, 1), Status.OK);
    }
    yield* pager.pause();
    assertEquals(reader.status, Status.OK);
    assertEquals([0, 1, 2].map((page) => reader.bytes[page * PAGE]), [1, 2, 3]);
    const again = pager.read(vmo, 0, 3);
    yield* pager.expectReads();
    assertEquals(again.status, Status.OK);
  });
});

Deno.test("zx_vmo_read through a mapping waits for the page, in its buffer too", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const reader = pager.client(vmo, function* (handle, outcome, process) {
      const root = process.giveHandle(process.space.root, DEFAULT_RIGHTS.rootVmar, "test");
      const map = { handle: root, options: VmOption.PERM_READ, vmo: handle, length: 2 * PAGE };
      assertEquals(yield* zx.vmarMap(map), Status.NOT_SUPPORTED);
      const options = VmOption.PERM_READ | VmOption.ALLOW_FAULTS;
      const { mappedAddress: address } = made(yield* zx.vmarMap({ ...map, options }));
      assertEquals(process.memory.readU32(address), Status.SHOULD_WAIT);
      const range = { handle: root, address, size: 2 * PAGE };
      assertEquals(yield* zx.vmarOpRange({ ...range, op: VmarOp.MAP_RANGE }), Status.OK);
      assertEquals(yield* zx.vmarOpRange({ ...range, op: VmarOp.PREFETCH }), Status.OK);
      outcome.status = process.memory.readU32(address);
    });
    yield* pager.expectReads([0, 2]);
    assertEquals(yield* pager.supply(vmo, 0, 2), Status.OK);
    yield* pager.pause();
    assertEquals(reader.status, 0x01010101);
  });
});

Deno.test("pages that are supplied before anybody asks are there, and those beyond are asked for", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    assertEquals(yield* pager.supply(vmo, 1, 2), Status.OK);
    const reader = pager.read(vmo, 1, 2);
    yield* pager.pause();
    assertEquals(reader.status, Status.OK);
    assertEquals([reader.bytes[0], reader.bytes[PAGE]], [2, 3]);
    const commit = pager.operate(vmo, VmoOp.COMMIT, 0, 4);
    yield* pager.expectReads([0, 1]);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.expectReads([3, 1]);
    yield* pager.supply(vmo, 3, 1);
    yield* pager.pause();
    assertEquals(commit.status, Status.OK);
  });
});

Deno.test("zx_vmo_op_range COMMIT asks for all it needs at once, and waits for all of it", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(8);
    const commit = pager.operate(vmo, VmoOp.COMMIT, 0, 8);
    yield* pager.expectReads([0, 8]);
    yield* pager.supply(vmo, 4, 4);
    yield* pager.supply(vmo, 1, 2);
    yield* pager.pause();
    assertEquals(commit.status, null);
    yield* pager.supply(vmo, 0, 4);
    yield* pager.pause();
    assertEquals(commit.status, Status.OK);
    assertEquals(yield* pager.request(), null);
  });
});

Deno.test("commits that overlap ask for each page once", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(8);
    const middle = pager.operate(vmo, VmoOp.COMMIT, 2, 2);
    yield* pager.expectReads([2, 2]);
    const wide = pager.operate(vmo, VmoOp.COMMIT, 0, 6);
    yield* pager.expectReads([0, 2], [4, 2]);
    const same = pager.operate(vmo, VmoOp.COMMIT, 2, 2);
    yield* pager.expectReads();
    yield* pager.supply(vmo, 2, 2);
    yield* pager.pause();
    assertEquals([middle.status, same.status, wide.status], [Status.OK, Status.OK, null]);
    yield* pager.supply(vmo, 0, 6);
    yield* pager.pause();
    assertEquals(wide.status, Status.OK);
    const reader = pager.read(vmo, 2);
    yield* pager.pause();
    assertEquals(reader.bytes[0], 3);
  });
});

Deno.test("many readers of one page all get it, and readers of different pages each get theirs", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    const same = Array.from({ length: 5 }, () => pager.read(vmo, 0));
    const each = [1, 2, 3].map((page) => pager.read(vmo, page));
    yield* pager.expectReads([0, 1], [1, 1], [2, 1], [3, 1]);
    for (let page = 3; page >= 0; page--) yield* pager.supply(vmo, page, 1);
    yield* pager.pause();
    assertEquals(same.map((one) => [one.status, one.bytes[0]]), new Array(5).fill([0, 1]));
    assertEquals(each.map((one) => [one.status, one.bytes[0]]), [[0, 2], [0, 3], [0, 4]]);
  });
});

Deno.test("one pager supplies many memory objects, each under its own key", () => {
  withPager(function* (pager) {
    const vmos = [];
    for (let n = 0; n < 4; n++) vmos.push(yield* pager.vmo(1, 0, BigInt(n)));
    const readers = vmos.map((vmo) => pager.read(vmo, 0));
    const { port: handle } = pager;
    for (let n = 0; n < 4; n++) {
      const { packet } = made(yield* zx.portWait({ handle }));
      assertEquals(packet.key, BigInt(n));
      yield* pager.supply(vmos[n]!, 0, 1, n + 10);
    }
    yield* pager.pause();
    assertEquals(readers.map((one) => one.bytes[0]), [10, 11, 12, 13]);
    for (const vmo of vmos) yield* close(vmo);
  });
});

Deno.test("pages that are there are not replaced, and the auxiliary memory is given up", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    yield* pager.supply(vmo, 0, 1, 1);
    const auxiliary = yield* newVmo(2 * PAGE);
    const buffer = new Uint8Array(2 * PAGE).fill(9);
    yield* zx.vmoWrite({ handle: auxiliary, offset: 0, buffer });
    const range = { pager: pager.pager, vmo, offset: 0, length: 2 * PAGE, auxiliary };
    assertEquals(yield* zx.pagerSupplyPages(range), Status.OK);
    const { buffer: left } = made(
      yield* zx.vmoRead({ handle: auxiliary, offset: 0, bufferSize: 2 * PAGE }),
    );
    assertEquals(left, new Uint8Array(2 * PAGE));
    const reader = pager.read(vmo, 0, 2);
    yield* pager.pause();
    assertEquals([reader.bytes[0], reader.bytes[PAGE]], [1, 9]);
  });
});

Deno.test("what the auxiliary memory never had is supplied as zeros", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const auxiliary = yield* newVmo(PAGE);
    const range = { pager: pager.pager, vmo, offset: 0, length: PAGE, auxiliary };
    assertEquals(yield* zx.pagerSupplyPages(range), Status.OK);
    const reader = pager.read(vmo, 0);
    yield* pager.pause();
    assertEquals([reader.status, reader.bytes[0]], [Status.OK, 0]);
  });
});

Deno.test("zx_pager_supply_pages refuses ranges, pagers and memory that will not do", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const auxiliary = yield* newVmo(2 * PAGE);
    const supply = (more: object) =>
      zx.pagerSupplyPages({
        pager: pager.pager,
        vmo,
        offset: 0,
        length: PAGE,
        auxiliary,
        auxiliaryOffset: 0,
        ...more,
      });
    for (const key of ["offset", "length", "auxiliaryOffset"]) {
      assertEquals(yield* supply({ [key]: 1 }), Status.INVALID_ARGS);
    }
    assertEquals(yield* supply({ length: 3 * PAGE }), Status.OUT_OF_RANGE);
    assertEquals(yield* supply({ auxiliaryOffset: 2 * PAGE }), Status.OUT_OF_RANGE);
    assertEquals(yield* supply({ vmo: auxiliary }), Status.INVALID_ARGS);
    const { out: other } = made(yield* zx.pagerCreate({}));
    assertEquals(yield* supply({ pager: other }), Status.INVALID_ARGS);
    const rights = Right.READ;
    const { out: readable } = made(yield* zx.handleDuplicate({ handle: auxiliary, rights }));
    assertEquals(yield* supply({ auxiliary: readable }), Status.ACCESS_DENIED);
    const child = { handle: auxiliary, options: 1, offset: 0, size: PAGE };
    const { out: copy } = made(yield* zx.vmoCreateChild(child));
    assertEquals(yield* supply({}), Status.BAD_STATE);
    yield* close(copy);
    assertEquals(yield* supply({}), Status.OK);
    assertEquals(yield* supply({ vmo: pager.port }), Status.WRONG_TYPE);
  });
});

Deno.test("zx_pager_create and zx_pager_create_vmo refuse options, ports and sizes", () => {
  withPager(function* ({ pager, port }) {
    assertEquals(yield* zx.pagerCreate({ options: 1 }), Status.INVALID_ARGS);
    const create = (more: object) =>
      zx.pagerCreateVmo({ pager, options: 0, port, key: 1n, size: PAGE, ...more });
    assertEquals(yield* create({ options: VmoOption.DISCARDABLE }), Status.INVALID_ARGS);
    assertEquals(yield* create({ pager: port }), Status.WRONG_TYPE);
    assertEquals(yield* create({ port: pager }), Status.WRONG_TYPE);
    assertEquals(yield* create({ port: 3 }), Status.BAD_HANDLE);
    assertEquals(yield* create({ size: 2 ** 64 - 1 }), Status.OUT_OF_RANGE);
    const rights = Right.READ;
    const { out: deaf } = made(yield* zx.handleDuplicate({ handle: port, rights }));
    assertEquals(yield* create({ port: deaf }), Status.ACCESS_DENIED);
    const { out } = made(yield* create({ options: VmoOption.RESIZABLE, size: 1 }));
    assertEquals(made(yield* zx.vmoGetSize({ handle: out })).size, PAGE);
  });
});

Deno.test("zx_pager_op_range FAIL fails those who wait in its range, with its status", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    const readers = [0, 1, 2].map((page) => pager.read(vmo, page));
    const again = pager.read(vmo, 1);
    yield* pager.expectReads([0, 1], [1, 1], [2, 1]);
    assertEquals(yield* pager.fail(vmo, 1, 1, Status.IO_DATA_INTEGRITY), Status.OK);
    yield* pager.pause();
    const lost = Status.IO_DATA_INTEGRITY;
    assertEquals([...readers, again].map((one) => one.status), [null, lost, null, lost]);
    assertEquals(yield* pager.fail(vmo, 0, 4), Status.OK);
    yield* pager.pause();
    assertEquals(readers.map((one) => one.status), [Status.IO, lost, Status.IO]);
  });
});

Deno.test("a commit fails with one of its pages, whether the failure covers it or only touches it", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(8);
    for (const [page, pages] of [[0, 8], [2, 4], [0, 3], [5, 3], [4, 1]] as const) {
      const commit = pager.operate(vmo, VmoOp.COMMIT, 2, 4);
      yield* pager.expectReads([2, 4]);
      assertEquals(yield* pager.fail(vmo, page, pages), Status.OK);
      yield* pager.pause();
      assertEquals(commit.status, Status.IO);
    }
    const other = yield* pager.vmo(8);
    const commits = [
      pager.operate(vmo, VmoOp.COMMIT, 0, 4),
      pager.operate(vmo, VmoOp.COMMIT, 4, 4),
    ];
    const elsewhere = pager.operate(other, VmoOp.COMMIT, 0, 8);
    yield* pager.expectReads([0, 4], [4, 4], [0, 8]);
    yield* pager.fail(vmo, 3, 2);
    yield* pager.pause();
    assertEquals(commits.map((one) => one.status), [Status.IO, Status.IO]);
    assertEquals(elsewhere.status, null);
    yield* pager.fail(other, 0, 8);
    yield* pager.pause();
    assertEquals(elsewhere.status, Status.IO);
  });
});

Deno.test("a page that failed can be asked for again, and supplied then", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    assertEquals(yield* pager.fail(vmo, 0, 1), Status.OK);
    const one = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    yield* pager.fail(vmo, 0, 1);
    yield* pager.fail(vmo, 0, 1);
    const two = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.pause();
    assertEquals([one.status, two.status], [Status.IO, Status.OK]);
    assertEquals(yield* pager.fail(vmo, 0, 1), Status.OK);
    const three = pager.read(vmo, 0);
    yield* pager.pause();
    assertEquals(three.status, Status.OK);
  });
});

Deno.test("zx_pager_op_range refuses statuses, operations, ranges and memory that are not its own", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const plain = yield* newVmo(PAGE);
    for (const status of [Status.OK, Status.INTERNAL, Status.NOT_FOUND, 1]) {
      assertEquals(yield* pager.fail(vmo, 0, 1, status), Status.INVALID_ARGS);
    }
    for (const status of [Status.IO, Status.BAD_STATE, Status.NO_SPACE, Status.BUFFER_TOO_SMALL]) {
      assertEquals(yield* pager.fail(vmo, 0, 1, status), Status.OK);
    }
    assertEquals(yield* pager.fail(plain, 0, 1), Status.INVALID_ARGS);
    assertEquals(yield* pager.fail(vmo, 0, 3), Status.OUT_OF_RANGE);
    assertEquals(yield* pager.op(vmo, 9, 0, 1), Status.NOT_SUPPORTED);
    assertEquals(yield* pager.op(vmo, PagerOp.DIRTY, 0, 1), Status.NOT_SUPPORTED);
    const odd = { pager: pager.pager, op: PagerOp.FAIL, vmo, offset: 1, length: PAGE };
    assertEquals(yield* zx.pagerOpRange({ ...odd, data: Status.IO }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_pager_detach_vmo fails who waits and who comes later, and completes the conversation", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    yield* pager.supply(vmo, 1, 1);
    const waiting = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    assertEquals(yield* zx.pagerDetachVmo({ pager: pager.pager, vmo }), Status.OK);
    assertEquals(yield* pager.request(), [PagerCommand.COMPLETE, 0, 0]);
    const later = pager.read(vmo, 0);
    const present = pager.read(vmo, 1);
    yield* pager.pause();
    assertEquals([waiting.status, later.status], [Status.BAD_STATE, Status.BAD_STATE]);
    assertEquals([present.status, present.bytes[0]], [Status.OK, 2]);
    assertEquals(yield* pager.supply(vmo, 0, 1), Status.BAD_STATE);
    assertEquals(yield* pager.fail(vmo, 0, 1), Status.OK);
    assertEquals(yield* zx.pagerDetachVmo({ pager: pager.pager, vmo }), Status.OK);
    const plain = yield* newVmo(PAGE);
    const wrong = { pager: pager.pager, vmo: plain };
    assertEquals(yield* zx.pagerDetachVmo(wrong), Status.INVALID_ARGS);
    assertEquals(yield* pager.request(), null);
  });
});

Deno.test("a pager hears that its memory object is gone, unless it is gone itself", () => {
  withPager(function* (pager) {
    yield* close(yield* pager.vmo(1));
    assertEquals(yield* pager.request(), [PagerCommand.COMPLETE, 0, 0]);
    const vmo = yield* pager.vmo(1);
    const waiting = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    yield* close(pager.pager);
    yield* pager.pause();
    const later = pager.read(vmo, 0);
    yield* pager.pause();
    assertEquals([waiting.status, later.status], [Status.BAD_STATE, Status.BAD_STATE]);
    yield* close(vmo);
    assertEquals(yield* pager.request(), null);
  });
});

Deno.test("pages cannot be had through a port that nobody reads", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    yield* close(pager.port);
    const reader = pager.read(vmo, 0);
    yield* pager.pause();
    assertEquals(reader.status, Status.BAD_STATE);
  });
});

Deno.test("closing the memory object's handle lets who waits for it go on waiting", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const reader = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    const object = pager.objectOf(vmo);
    object.hold();
    yield* close(vmo);
    yield* pager.pause();
    assertEquals(reader.status, null);
    assert(reader.process.state === "running");
    object.drop();
  });
});

Deno.test("a client that is killed while it waits takes its request back", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const reader = pager.read(vmo, 0);
    yield* pager.pause();
    reader.process.kill();
    assertEquals(yield* pager.request(), null);
    const next = pager.read(vmo, 0);
    yield* pager.expectReads([0, 1]);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.pause();
    assertEquals([reader.status, next.status], [null, Status.OK]);
  });
});
