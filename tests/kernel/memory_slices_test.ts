/**
 * Slices: windows on a part of a memory object.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  ResourceKind,
  Right,
  Signal,
  Status,
  VmoChild,
  VmoInfoFlag,
  VmoOp,
  VmoOption,
} from "../../kernel/abi.ts";
import { getInfo, zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import {
  close,
  framesTaken,
  made,
  newChild,
  newVmo,
  PAGE,
  peek,
  poke,
  taggedVmo,
  tags,
  withRoot,
} from "../support/memory.ts";

const { SLICE, SNAPSHOT } = VmoChild;

Deno.test("a slice and its parent write through to each other", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const slice = yield* newChild(parent, SLICE, { offset: PAGE, size: 2 * PAGE });
    assertEquals(yield* tags(slice), [2, 3]);
    yield* poke(slice, 0, 9);
    yield* poke(parent, 2 * PAGE, 8);
    assertEquals([yield* tags(parent), yield* tags(slice)], [[1, 9, 8, 4], [9, 8]]);
    const past = { handle: slice, offset: 2 * PAGE, bufferSize: 1 };
    assertEquals(yield* zx.vmoRead(past), Status.OUT_OF_RANGE);
  });
});

Deno.test("a slice of a slice is a window on the same memory", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const slice = yield* newChild(parent, SLICE, { offset: PAGE, size: 3 * PAGE });
    const inner = yield* newChild(slice, SLICE, { offset: PAGE, size: PAGE });
    assertEquals(yield* tags(inner), [3]);
    yield* poke(inner, 0, 9);
    assertEquals(yield* tags(parent), [1, 2, 9, 4]);
    const wide = { handle: inner, options: SLICE, offset: 0, size: 2 * PAGE };
    assertEquals(yield* zx.vmoCreateChild(wide), Status.INVALID_ARGS);
  });
});

Deno.test("a slice lies within its parent, and its parent cannot be resizable", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    const slice = (offset: number, size: number) =>
      zx.vmoCreateChild({ handle, options: SLICE, offset, size });
    assertEquals(yield* slice(0, 5 * PAGE), Status.INVALID_ARGS);
    assertEquals(yield* slice(5 * PAGE, 0), Status.INVALID_ARGS);
    assertEquals(yield* slice(4 * PAGE, PAGE), Status.INVALID_ARGS);
    assertEquals(yield* slice(2 ** 40, PAGE), Status.INVALID_ARGS);
    const resizable = yield* newVmo(PAGE, VmoOption.RESIZABLE);
    const child = { handle: resizable, options: SLICE, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoCreateChild(child), Status.NOT_SUPPORTED);
    // A reference that cannot be resized itself shows pages that can become fewer all the same.
    const reference = yield* newChild(resizable, VmoChild.REFERENCE, { size: 0 });
    const ofReference = { ...child, handle: reference };
    assertEquals(yield* zx.vmoCreateChild(ofReference), Status.NOT_SUPPORTED);
    const fixed = yield* newChild(handle, SLICE, { size: PAGE });
    assertEquals(yield* zx.vmoSetSize({ handle: fixed, size: 0 }), Status.UNAVAILABLE);
  });
});

Deno.test("ten thousand slices of slices end in one call, and theirs belong where the first did", () => {
  withRoot(function* (_root, process) {
    const first = yield* newVmo(PAGE);
    const chain = [first];
    for (let depth = 0; depth < 10_000; depth++) {
      chain.push(yield* newChild(chain[depth]!, SLICE, { size: PAGE }));
    }
    const last: number[] = [];
    for (let n = 0; n < 10_000; n++) {
      last.push(yield* newChild(chain.at(-1)!, SLICE, { size: PAGE }));
    }
    const handles = chain.slice(1).reverse();
    assertEquals(yield* zx.handleCloseMany({ handles }), Status.OK);
    const vmoOf = (handle: number) => process.handleTable.get(handle)!.object as Vmo;
    assertEquals([vmoOf(first).children, vmoOf(last[77]!).parent], [10_000, vmoOf(first)]);
    yield* close(first);
    assertEquals(vmoOf(last[77]!).parent, null);
  });
});

Deno.test("a slice of no bytes is fine, and others are rounded up to pages", () => {
  withRoot(function* () {
    const parent = yield* newVmo();
    const none = yield* newChild(parent, SLICE, { offset: PAGE, size: 0 });
    assertEquals(made(yield* zx.vmoGetSize({ handle: none })).size, 0);
    const some = yield* newChild(parent, SLICE, { offset: PAGE, size: PAGE + 1 });
    assertEquals(made(yield* zx.vmoGetSize({ handle: some })).size, 2 * PAGE);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle: some })).size, PAGE + 1);
  });
});

Deno.test("zx_vmo_create_physical wants the resource for its addresses, and can be sliced", () => {
  withRoot(function* (_root, process, machine) {
    const { realm, system: { resources } } = machine.kernel;
    const mmio = Resource.root(realm, resources, ResourceKind.MMIO, 2 ** 32);
    const resource = process.giveHandle(mmio, DEFAULT_RIGHTS.resource, "test");
    const physical = (address: number, size: number) =>
      zx.vmoCreatePhysical({ resource, address, size });
    assertEquals(yield* physical(1, PAGE), Status.INVALID_ARGS);
    assertEquals(yield* physical(0, 0), Status.INVALID_ARGS);
    assertEquals(yield* physical(2 ** 32, PAGE), Status.ACCESS_DENIED);
    assertEquals(yield* physical(0, 2 ** 31), Status.NO_MEMORY);
    const { out: handle } = made(yield* physical(PAGE, 2 * PAGE));
    const slice = yield* newChild(handle, SLICE, { offset: PAGE, size: 1 });
    assertEquals(made(yield* zx.vmoGetSize({ handle: slice })).size, PAGE);
    yield* poke(slice, 0, 5);
    assertEquals(yield* peek(handle, PAGE), 5);
  });
});

Deno.test("zx_vmo_create_contiguous is for hardware that this machine does not have", () => {
  withRoot(function* () {
    const create = { bti: 3, size: PAGE, alignment: 0 };
    assertEquals(yield* zx.vmoCreateContiguous(create), Status.NOT_SUPPORTED);
  });
});

Deno.test("a slice of contiguous memory is contiguous memory", () => {
  withRoot(function* (_root, process, machine) {
    const vmo = Vmo.createFixed(machine.kernel.realm, 2 * PAGE, "contiguous") as Vmo;
    const parent = process.giveHandle(vmo, DEFAULT_RIGHTS.vmo, "test");
    const handle = yield* newChild(parent, SLICE, { offset: PAGE, size: PAGE });
    const decommit = { handle, op: VmoOp.DECOMMIT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoOpRange(decommit), Status.NOT_SUPPORTED);
    const { flags } = made(yield* getInfo(handle, "VMO")).records[0]!;
    assertEquals(flags & VmoInfoFlag.CONTIGUOUS, VmoInfoFlag.CONTIGUOUS);
    const copy = { handle, options: SNAPSHOT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoCreateChild(copy), Status.NOT_SUPPORTED);
    assertEquals(yield* zx.vmoSetCachePolicy({ handle: parent, policy: 1 }), Status.BAD_STATE);
    yield* close(handle);
    assertEquals(yield* zx.vmoSetCachePolicy({ handle: parent, policy: 1 }), Status.OK);
  });
});

Deno.test("zx_vmo_op_range commits and decommits through slices", () => {
  withRoot(function* (_root, _process, machine) {
    const parent = yield* newVmo();
    const handle = yield* newChild(parent, SLICE, { offset: PAGE, size: 2 * PAGE });
    const before = framesTaken(machine);
    const range = { handle, offset: 0, size: 2 * PAGE };
    made(yield* zx.vmoOpRange({ ...range, op: VmoOp.COMMIT }));
    assertEquals(framesTaken(machine) - before, 2);
    yield* poke(parent, PAGE, 9);
    made(yield* zx.vmoOpRange({ ...range, op: VmoOp.DECOMMIT }));
    assertEquals(framesTaken(machine), before);
    assertEquals(yield* tags(parent), [0, 0, 0, 0]);
    const decommit = { op: VmoOp.DECOMMIT, offset: 0, size: 4 * PAGE };
    yield* poke(handle, 0, 9);
    made(yield* zx.vmoOpRange({ ...decommit, handle: parent }));
    assertEquals(yield* tags(handle), [0, 0]);
  });
});

Deno.test("a slice beside a copy keeps the copy apart, and neither can be decommitted then", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const slice = yield* newChild(parent, SLICE);
    const copy = yield* newChild(slice, SNAPSHOT);
    yield* poke(slice, 0, 9);
    assertEquals([yield* tags(parent), yield* tags(copy)], [[9, 2, 3, 4], [1, 2, 3, 4]]);
    for (const handle of [parent, slice, copy]) {
      const decommit = { handle, op: VmoOp.DECOMMIT, offset: 0, size: PAGE };
      assertEquals(yield* zx.vmoOpRange(decommit), Status.NOT_SUPPORTED);
    }
    yield* close(copy);
    const decommit = { handle: slice, op: VmoOp.DECOMMIT, offset: 0, size: PAGE };
    made(yield* zx.vmoOpRange(decommit));
  });
});

Deno.test("ZERO_CHILDREN comes back with the last descendant, though the child went before it", () => {
  withRoot(function* () {
    const parent = yield* newVmo();
    const child = yield* newChild(parent, SLICE);
    const grandchild = yield* newChild(child, SLICE);
    const wait = { handle: parent, signals: Signal.VMO_ZERO_CHILDREN, deadline: 0 };
    yield* close(child);
    assertEquals((yield* zx.objectWaitOne(wait)).status, Status.TIMED_OUT);
    yield* close(grandchild);
    assertEquals((yield* zx.objectWaitOne(wait)).status, Status.OK);
  });
});

Deno.test("a slice can be read where its parent cannot be written", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const rights = Right.DUPLICATE | Right.READ;
    const { out: readable } = made(yield* zx.handleDuplicate({ handle: parent, rights }));
    const slice = yield* newChild(readable, SLICE);
    assertEquals(yield* tags(slice), [1, 2, 3, 4]);
    const buffer = Uint8Array.of(1);
    const write = yield* zx.vmoWrite({ handle: slice, offset: 0, buffer });
    assertEquals(write, Status.ACCESS_DENIED);
  });
});
