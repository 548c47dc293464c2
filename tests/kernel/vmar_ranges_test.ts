/**
 * Unmapping, protecting, destroying and operating on ranges of addresses.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  Right,
  Status,
  USER_BASE,
  USER_TOP,
  VmarOp,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import {
  framesTaken,
  made,
  mapAll,
  newVmo,
  PAGE,
  peek,
  poke,
  taggedVmo,
  tags,
  withRoot,
} from "../support/memory.ts";

const { PERM_READ, PERM_WRITE, PERM_EXECUTE, SPECIFIC, CAN_MAP_READ } = VmOption;
const RW = PERM_READ | PERM_WRITE;
const CAN_MAP = CAN_MAP_READ | VmOption.CAN_MAP_WRITE | VmOption.CAN_MAP_SPECIFIC;

function* newRegion(parent: number, size: number) {
  return made(yield* zx.vmarAllocate({ parent, options: CAN_MAP, size }));
}

/** Map a memory object with a tag on each page at an offset of a region. */
function* mapTagged(handle: number, offset: number, pages: number): Operation<number> {
  const vmo = yield* taggedVmo(pages);
  const map = { handle, options: RW | SPECIFIC, vmarOffset: offset, vmo, length: pages * PAGE };
  return made(yield* zx.vmarMap(map)).mappedAddress;
}

/** What is at the beginning of each page of a range: a tag, or why it cannot be read. */
function look({ memory }: Process, address: number, pages: number): number[] {
  return Array.from({ length: pages }, (_, page) => memory.readU32(address + page * PAGE));
}

const GONE = Status.NOT_FOUND;

Deno.test("zx_vmar_unmap splits mappings and leaves what is outside its range", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 8 * PAGE);
    yield* mapTagged(handle, 0, 6);
    const unmap = (page: number, length: number) =>
      zx.vmarUnmap({ handle, address: at + page * PAGE, length });
    assertEquals(yield* unmap(2, PAGE), Status.OK);
    assertEquals(look(process, at, 6), [1, 2, GONE, 4, 5, 6]);
    assertEquals(yield* unmap(0, PAGE), Status.OK);
    assertEquals(yield* unmap(5, 1), Status.OK);
    assertEquals(look(process, at, 6), [GONE, 2, GONE, 4, 5, GONE]);
    assertEquals(yield* unmap(0, 8 * PAGE), Status.OK);
    assertEquals(look(process, at, 6), new Array(6).fill(GONE));
    assertEquals(yield* unmap(0, 8 * PAGE), Status.OK);
  });
});

Deno.test("zx_vmar_unmap takes several mappings and whole regions at once, from any address", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 16 * PAGE);
    yield* mapTagged(handle, PAGE, 2);
    yield* mapTagged(handle, 4 * PAGE, 2);
    const inner = { parent: handle, options: CAN_MAP | SPECIFIC, offset: 7 * PAGE };
    const { child } = made(yield* zx.vmarAllocate({ ...inner, size: 2 * PAGE }));
    yield* mapTagged(child, 0, 1);
    const partly = { handle, address: at, length: 8 * PAGE };
    assertEquals(yield* zx.vmarUnmap(partly), Status.INVALID_ARGS);
    assertEquals(look(process, at + PAGE, 2), [1, 2]);
    assertEquals(yield* zx.vmarUnmap({ ...partly, length: 9 * PAGE }), Status.OK);
    assertEquals(look(process, at, 9), new Array(9).fill(GONE));
    const again = { parent: child, options: CAN_MAP_READ, size: PAGE };
    assertEquals(yield* zx.vmarAllocate(again), Status.BAD_STATE);
  });
});

Deno.test("zx_vmar_unmap and zx_vmar_protect refuse ranges that are none", () => {
  withRoot(function* (root) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 4 * PAGE);
    yield* mapTagged(handle, 0, 4);
    const bad = [
      { address: at + 1, length: PAGE },
      { address: at, length: 0 },
      { address: at - PAGE, length: PAGE },
      { address: at, length: 5 * PAGE },
      { address: at, length: 2 ** 64 - PAGE },
    ];
    for (const range of bad) {
      assertEquals(yield* zx.vmarUnmap({ handle, ...range }), Status.INVALID_ARGS);
      const protect = { handle, options: PERM_READ, ...range };
      assertEquals(yield* zx.vmarProtect(protect), Status.INVALID_ARGS);
    }
  });
});

Deno.test("a handle without OP_CHILDREN unmaps mappings, but no regions", () => {
  withRoot(function* (root) {
    const { child, childAddress: at } = yield* newRegion(root, 4 * PAGE);
    const rights = Right.READ | Right.WRITE;
    const { out: handle } = made(yield* zx.handleDuplicate({ handle: root, rights }));
    const unmap = { handle, address: at, length: 4 * PAGE };
    assertEquals(yield* zx.vmarUnmap(unmap), Status.INVALID_ARGS);
    const commit = { handle, op: VmarOp.COMMIT, address: at, size: PAGE };
    yield* mapTagged(child, 0, 1);
    assertEquals(yield* zx.vmarOpRange(commit), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmarOpRange({ ...commit, handle: root }), Status.OK);
  });
});

Deno.test("zx_vmar_protect changes a part of a mapping, or several, up to what was allowed", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 8 * PAGE);
    yield* mapTagged(handle, 0, 3);
    yield* mapTagged(handle, 3 * PAGE, 3);
    const protect = (options: number, page: number, pages: number) =>
      zx.vmarProtect({ handle, options, address: at + page * PAGE, length: pages * PAGE });
    const writes = () =>
      [0, 1, 2, 3, 4, 5].map((page) => process.memory.writeU32(at + page * PAGE + 8, 1));
    assertEquals(yield* protect(PERM_READ, 1, 1), Status.OK);
    const denied = Status.ACCESS_DENIED;
    assertEquals(writes(), [0, denied, 0, 0, 0, 0]);
    assertEquals(yield* protect(PERM_READ, 2, 3), Status.OK);
    assertEquals(writes(), [0, denied, denied, denied, denied, 0]);
    assertEquals(yield* protect(RW, 0, 6), Status.OK);
    assertEquals(writes(), [0, 0, 0, 0, 0, 0]);
    assertEquals(look(process, at, 6), [1, 2, 3, 1, 2, 3]);
    assertEquals(yield* protect(0, 0, 1), Status.OK);
    assertEquals(process.memory.readU32(at), denied);
  });
});

Deno.test("zx_vmar_protect refuses holes, regions, and what handles never allowed", () => {
  withRoot(function* (root) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 8 * PAGE);
    const protect = (options: number, pages: number) =>
      zx.vmarProtect({ handle, options, address: at, length: pages * PAGE });
    assertEquals(yield* protect(PERM_READ, 1), Status.NOT_FOUND);
    yield* mapTagged(handle, 0, 1);
    yield* mapTagged(handle, 2 * PAGE, 1);
    assertEquals(yield* protect(PERM_READ, 3), Status.NOT_FOUND);
    assertEquals(yield* protect(PERM_READ, 2), Status.NOT_FOUND);
    assertEquals(yield* protect(PERM_WRITE, 1), Status.INVALID_ARGS);
    assertEquals(yield* protect(PERM_READ | PERM_EXECUTE, 1), Status.ACCESS_DENIED);
    assertEquals(yield* protect(VmOption.CAN_MAP_READ, 1), Status.INVALID_ARGS);
    const inner = { parent: handle, options: CAN_MAP | SPECIFIC, offset: PAGE, size: PAGE };
    made(yield* zx.vmarAllocate(inner));
    assertEquals(yield* protect(PERM_READ, 2), Status.INVALID_ARGS);
  });
});

Deno.test("zx_vmar_destroy unmaps everything in a region, and every call on it is BAD_STATE then", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 8 * PAGE);
    const { child: inner, childAddress } = yield* newRegion(handle, 2 * PAGE);
    yield* mapTagged(inner, 0, 1);
    assertEquals(look(process, childAddress, 1), [1]);
    assertEquals(yield* zx.vmarDestroy({ handle }), Status.OK);
    assertEquals(look(process, childAddress, 1), [GONE]);
    const vmo = yield* newVmo(PAGE);
    for (const one of [handle, inner]) {
      const range = { handle: one, address: at, length: PAGE };
      assertEquals(yield* zx.vmarDestroy({ handle: one }), Status.BAD_STATE);
      assertEquals(yield* zx.vmarUnmap(range), Status.BAD_STATE);
      assertEquals(yield* zx.vmarProtect({ ...range, options: PERM_READ }), Status.BAD_STATE);
      const map = { handle: one, options: RW, vmo, length: PAGE };
      assertEquals(yield* zx.vmarMap(map), Status.BAD_STATE);
      const allocate = { parent: one, options: CAN_MAP, size: PAGE };
      assertEquals(yield* zx.vmarAllocate(allocate), Status.BAD_STATE);
      const operate = { handle: one, op: VmarOp.MAP_RANGE, address: at, size: PAGE };
      assertEquals(yield* zx.vmarOpRange(operate), Status.BAD_STATE);
    }
    const place = at - USER_BASE;
    const over = { handle: root, options: RW | SPECIFIC, vmarOffset: place, vmo, length: PAGE };
    assertEquals(made(yield* zx.vmarMap(over)).mappedAddress, at);
    assertEquals(yield* zx.vmarDestroy({ handle: root }), Status.NOT_SUPPORTED);
  });
});

Deno.test("closing a region's handle leaves what is mapped in it", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: at } = yield* newRegion(root, PAGE);
    yield* mapTagged(handle, 0, 1);
    assertEquals(yield* zx.handleClose({ handle }), Status.OK);
    assertEquals(look(process, at, 1), [1]);
  });
});

Deno.test("every user address can be mapped, and no other", () => {
  withRoot(function* (handle, process) {
    const vmo = yield* newVmo(PAGE);
    const map = (vmarOffset: number) =>
      zx.vmarMap({ handle, options: RW | SPECIFIC, vmarOffset, vmo, length: PAGE });
    assertEquals(made(yield* map(0)).mappedAddress, USER_BASE);
    const last = USER_TOP - PAGE;
    assertEquals(made(yield* map(last - USER_BASE)).mappedAddress, last);
    assertEquals(yield* map(USER_TOP - USER_BASE), Status.INVALID_ARGS);
    assertEquals(process.memory.writeU64(last + PAGE - 8, 1), Status.OK);
    assertEquals(process.memory.writeU64(last + PAGE - 7, 1), Status.NOT_FOUND);
  });
});

Deno.test("large ranges that nobody touched are unmapped and protected at once", () => {
  withRoot(function* (handle, process, machine) {
    const size = 2 ** 36;
    const vmo = yield* newVmo(size);
    const { mappedAddress: address } = made(
      yield* zx.vmarMap({ handle, options: RW, vmo, length: size }),
    );
    const before = framesTaken(machine);
    const { memory } = process;
    assertEquals(memory.writeU32(address + 2 ** 35, 1), Status.OK);
    const protect = { handle, options: PERM_READ, address, length: size };
    assertEquals(yield* zx.vmarProtect(protect), Status.OK);
    assertEquals(memory.writeU32(address + 2 ** 35, 1), Status.ACCESS_DENIED);
    assertEquals(yield* zx.vmarUnmap({ handle, address, length: size }), Status.OK);
    assertEquals(memory.readU32(address + 2 ** 35), GONE);
    assertEquals(framesTaken(machine) - before, 1);
  });
});

Deno.test("zx_vmar_op_range commits, zeroes and decommits what is mapped", () => {
  withRoot(function* (root, process, machine) {
    const { child: handle, childAddress: address } = yield* newRegion(root, 4 * PAGE);
    const vmo = yield* newVmo(4 * PAGE);
    const map = { handle, options: RW | SPECIFIC, vmarOffset: 0, vmo, vmoOffset: PAGE };
    made(yield* zx.vmarMap({ ...map, length: 3 * PAGE }));
    const before = framesTaken(machine);
    const operate = (op: number, size: number) => zx.vmarOpRange({ handle, op, address, size });
    assertEquals(yield* operate(VmarOp.COMMIT, 2 * PAGE), Status.OK);
    assertEquals(framesTaken(machine) - before, 2);
    yield* poke(vmo, PAGE, 7);
    assertEquals(yield* operate(VmarOp.ZERO, PAGE), Status.OK);
    assertEquals(yield* peek(vmo, PAGE), 0);
    assertEquals(yield* operate(VmarOp.DECOMMIT, 3 * PAGE), Status.OK);
    assertEquals(framesTaken(machine), before);
    yield* poke(vmo, 2 * PAGE, 5);
    assertEquals(yield* operate(VmarOp.MAP_RANGE, 3 * PAGE), Status.OK);
    assertEquals(look(process, address, 3), [0, 5, 0]);
    for (const op of [VmarOp.DONT_NEED, VmarOp.ALWAYS_NEED, VmarOp.PREFETCH]) {
      assertEquals(yield* operate(op, PAGE), Status.OK);
    }
  });
});

Deno.test("zx_vmar_op_range refuses holes, bad ranges, unknown operations and read-only mappings", () => {
  withRoot(function* (root) {
    const { child: handle, childAddress: address } = yield* newRegion(root, 4 * PAGE);
    yield* mapTagged(handle, 0, 2);
    const range = { handle, op: VmarOp.COMMIT, address, size: 2 * PAGE };
    assertEquals(yield* zx.vmarOpRange({ ...range, size: 3 * PAGE }), Status.BAD_STATE);
    assertEquals(yield* zx.vmarOpRange({ ...range, size: 5 * PAGE }), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.vmarOpRange({ ...range, size: 0 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmarOpRange({ ...range, address: address + 1 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmarOpRange({ ...range, buffer: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmarOpRange({ ...range, bufferSize: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmarOpRange({ ...range, op: 99 }), Status.INVALID_ARGS);
    const protect = { handle, options: PERM_READ, address, length: PAGE };
    assertEquals(yield* zx.vmarProtect(protect), Status.OK);
    // It could be made writable again.
    assertEquals(yield* zx.vmarOpRange(range), Status.OK);
    const never = made(
      yield* zx.handleDuplicate({ handle: yield* newVmo(PAGE), rights: Right.READ | Right.MAP }),
    ).out;
    const over = { handle, options: PERM_READ | VmOption.SPECIFIC_OVERWRITE, vmo: never };
    made(yield* zx.vmarMap({ ...over, vmarOffset: 0, length: PAGE }));
    assertEquals(yield* zx.vmarOpRange(range), Status.ACCESS_DENIED);
    const { out: readable } = made(
      yield* zx.handleDuplicate({ handle, rights: Right.READ }),
    );
    assertEquals(yield* zx.vmarOpRange({ ...range, handle: readable }), Status.ACCESS_DENIED);
    const copy = yield* newVmo(PAGE);
    made(yield* zx.vmoCreateChild({ handle: copy, options: 1, offset: 0, size: PAGE }));
    const place = { handle, options: RW | SPECIFIC, vmarOffset: 2 * PAGE, vmo: copy };
    made(yield* zx.vmarMap({ ...place, length: PAGE }));
    const shared = { ...range, op: VmarOp.DECOMMIT, address: address + 2 * PAGE, size: PAGE };
    assertEquals(yield* zx.vmarOpRange(shared), Status.NOT_SUPPORTED);
  });
});

Deno.test("the kernel reads and writes across mappings up to the first address that is not mapped", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: at } = yield* newRegion(root, 8 * PAGE);
    yield* mapTagged(handle, PAGE, 2);
    yield* mapTagged(handle, 3 * PAGE, 2);
    const { memory } = process;
    const bytes = new Uint8Array(4 * PAGE);
    assertEquals(memory.read(at + PAGE, bytes), Status.OK);
    assertEquals([0, 1, 2, 3].map((page) => bytes[page * PAGE]), [1, 2, 1, 2]);
    const unmap = { handle, address: at + 4 * PAGE, length: PAGE };
    assertEquals(yield* zx.vmarUnmap(unmap), Status.OK);
    assertEquals(memory.read(at + PAGE, bytes), GONE);
    assertEquals(memory.write(at + PAGE, bytes), GONE);
    assertEquals(memory.read(at + PAGE, bytes.subarray(0, 3 * PAGE)), Status.OK);
  });
});

Deno.test("zx_vmar_unmap_handle_close_thread_exit ends the thread only if it could unmap", () => {
  withRoot(function* (root, process, machine) {
    const vmo = yield* newVmo(PAGE, VmoOption.RESIZABLE);
    const address = yield* mapAll(root, yield* taggedVmo(1));
    const exit = { handle: root, address, length: PAGE, close: vmo };
    const bad = yield* zx.vmarUnmapHandleCloseThreadExit({ ...exit, length: 0 });
    assertEquals(bad, Status.INVALID_ARGS);
    assertEquals(yield* tags(vmo), [0]);
    const other = machine.spawn("leaver", function* (leaver) {
      const handle = machine.give(leaver, leaver.space.root, DEFAULT_RIGHTS.rootVmar);
      const here = yield* mapAll(handle, yield* taggedVmo(1));
      yield* zx.vmarUnmapHandleCloseThreadExit({ handle, address: here, length: PAGE, close: 0 });
      throw new Error("the thread has ended");
    });
    const task = machine.give(process, other, DEFAULT_RIGHTS.process);
    yield* zx.objectWaitOne({ handle: task, signals: 8 });
    assertEquals(other.returnCode, 0);
  });
});

Deno.test("regions lie in one another only so deep, and slices of slices end as they began", () => {
  withRoot(function* (root) {
    let parent = root;
    let depth = 0;
    for (;; depth++) {
      const inner = yield* zx.vmarAllocate({ parent, options: CAN_MAP, size: PAGE });
      if (inner === Status.NO_MEMORY) break;
      parent = made(inner).child;
    }
    assertEquals(depth, 256);
    let slice = yield* newVmo(PAGE);
    const first = slice;
    for (let n = 0; n < 20_000; n++) {
      const child = { handle: slice, options: 8, offset: 0, size: PAGE };
      slice = made(yield* zx.vmoCreateChild(child)).out;
    }
    for (const handle of [first, slice]) {
      made(yield* zx.vmoOpRange({ handle, op: 2, offset: 0, size: PAGE }));
    }
  });
});

Deno.test("new memory that is mapped reads as zeros, to the last byte of its last page", () => {
  withRoot(function* (handle, process, machine) {
    const vmo = yield* newVmo(PAGE + 1);
    const before = framesTaken(machine);
    const map = { handle, options: RW, vmo, length: PAGE + 1 };
    const { mappedAddress: at } = made(yield* zx.vmarMap(map));
    assertEquals(process.memory.bytes(at, 2 * PAGE), new Uint8Array(2 * PAGE));
    assertEquals(framesTaken(machine), before, "reading zeros takes no memory");
    assertEquals(process.memory.readU32(at + 2 * PAGE), Status.NOT_FOUND);
  });
});
