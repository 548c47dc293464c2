/**
 * `zx_vmo_op_range`: committing, zeroing, locking, and caches.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Right, Status, VmoChild, VmoOp, VmoOption } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { Registers } from "../support/registers.ts";
import {
  close,
  framesTaken,
  made,
  mapAll,
  newChild,
  newVmo,
  PAGE,
  peek,
  poke,
  taggedVmo,
  tags,
  withRoot,
} from "../support/memory.ts";

const { COMMIT, DECOMMIT, ZERO, LOCK, TRY_LOCK, UNLOCK } = VmoOp;
const CACHE = [
  VmoOp.CACHE_SYNC,
  VmoOp.CACHE_CLEAN,
  VmoOp.CACHE_INVALIDATE,
  VmoOp.CACHE_CLEAN_INVALIDATE,
];
const { SNAPSHOT } = VmoChild;

function* range(handle: number, op: number, offset = 0, size = 4 * PAGE): Operation<number> {
  const result = yield* zx.vmoOpRange({ handle, op, offset, size });
  return typeof result === "number" ? result : Status.OK;
}

/** Lock all of it; answers where nothing is left of what was there. */
function* locked(handle: number): Operation<readonly bigint[]> {
  const { buffer } = made(yield* zx.vmoOpRange({ handle, op: LOCK, offset: 0, size: 4 * PAGE }));
  return [...new BigUint64Array(buffer.buffer as ArrayBuffer)];
}

Deno.test("zx_vmo_op_range COMMIT gives pages their frames, and DECOMMIT takes them back", () => {
  withRoot(function* (_root, _process, machine) {
    const handle = yield* newVmo();
    const before = framesTaken(machine);
    assertEquals(yield* range(handle, COMMIT, PAGE + 1, PAGE), Status.OK);
    assertEquals(framesTaken(machine) - before, 2);
    assertEquals(yield* range(handle, COMMIT), Status.OK);
    yield* poke(handle, 0, 1);
    assertEquals(framesTaken(machine) - before, 4);
    assertEquals(yield* range(handle, DECOMMIT, PAGE, 3 * PAGE), Status.OK);
    assertEquals(framesTaken(machine) - before, 1);
    assertEquals(yield* tags(handle), [1, 0, 0, 0]);
  });
});

Deno.test("zx_vmo_op_range DECOMMIT wants whole pages, and memory that can go", () => {
  withRoot(function* (_root, process) {
    const handle = yield* newVmo();
    assertEquals(yield* range(handle, DECOMMIT, 1, PAGE), Status.INVALID_ARGS);
    assertEquals(yield* range(handle, DECOMMIT, 0, PAGE + 1), Status.INVALID_ARGS);
    const child = yield* newChild(handle, SNAPSHOT);
    assertEquals(yield* range(child, DECOMMIT), Status.NOT_SUPPORTED);
    assertEquals(yield* range(handle, DECOMMIT), Status.NOT_SUPPORTED);
    const fixed = Vmo.createFixed(process.realm, PAGE, "contiguous") as Vmo;
    const contiguous = process.giveHandle(fixed, DEFAULT_RIGHTS.vmo, "test");
    assertEquals(yield* range(contiguous, DECOMMIT, 0, PAGE), Status.NOT_SUPPORTED);
  });
});

Deno.test("zx_vmo_op_range COMMIT on a copy gives it pages of its own, like its parent's", () => {
  withRoot(function* (_root, _process, machine) {
    const parent = yield* taggedVmo();
    const child = yield* newChild(parent, SNAPSHOT);
    const before = framesTaken(machine);
    assertEquals(yield* range(child, COMMIT, 0, 2 * PAGE), Status.OK);
    assertEquals(framesTaken(machine) - before, 2);
    assertEquals(yield* tags(child), [1, 2, 3, 4]);
  });
});

Deno.test("zx_vmo_op_range COMMIT answers NO_MEMORY when there are no frames left", () => {
  withRoot(function* () {
    const handle = yield* newVmo(100 * PAGE);
    assertEquals(yield* range(handle, COMMIT, 0, 100 * PAGE), Status.NO_MEMORY);
    const huge = yield* newVmo(2 ** 48);
    assertEquals(yield* range(huge, COMMIT, 0, 2 ** 48), Status.NO_MEMORY);
    const write = { handle: huge, offset: 2 ** 40, buffer: Uint8Array.of(1) };
    assertEquals(yield* zx.vmoWrite(write), Status.NO_MEMORY);
    const stream = yield* newVmo(PAGE);
    assertEquals(yield* zx.vmoSetStreamSize({ handle: stream, size: 0 }), Status.OK);
  }, { frames: 20 });
});

Deno.test("zx_vmo_op_range refuses operations it does not know, and ranges beyond the end", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    assertEquals(yield* range(handle, 0), Status.INVALID_ARGS);
    assertEquals(yield* range(handle, 5), Status.INVALID_ARGS);
    for (const op of [COMMIT, DECOMMIT, ZERO, VmoOp.DONT_NEED, VmoOp.PREFETCH, ...CACHE]) {
      assertEquals(yield* range(handle, op, PAGE, 4 * PAGE), Status.OUT_OF_RANGE);
      assertEquals(yield* range(handle, op, 0, 2 ** 64 - PAGE), Status.OUT_OF_RANGE);
      assertEquals(yield* range(handle, op, 0, PAGE), Status.OK);
    }
  });
});

Deno.test("zx_vmo_op_range wants the right that goes with the operation", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    const { out: read } = made(yield* zx.handleDuplicate({ handle, rights: Right.READ }));
    const { out: write } = made(yield* zx.handleDuplicate({ handle, rights: Right.WRITE }));
    for (const op of [COMMIT, DECOMMIT, ZERO, VmoOp.CACHE_INVALIDATE]) {
      assertEquals(yield* range(read, op), Status.ACCESS_DENIED);
      assertEquals(yield* range(write, op), Status.OK);
    }
    for (const op of [VmoOp.CACHE_SYNC, VmoOp.CACHE_CLEAN, VmoOp.CACHE_CLEAN_INVALIDATE]) {
      assertEquals(yield* range(write, op), Status.ACCESS_DENIED);
      assertEquals(yield* range(read, op), Status.OK);
    }
  });
});

Deno.test("zx_vmo_op_range on caches wants at least a byte", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    for (const op of CACHE) {
      assertEquals(yield* range(handle, op, 0, 0), Status.INVALID_ARGS);
      assertEquals(yield* range(handle, op, 4 * PAGE - 1, 1), Status.OK);
      assertEquals(yield* range(handle, op, 4 * PAGE, 1), Status.OUT_OF_RANGE);
    }
  });
});

Deno.test("zx_vmo_op_range ZERO clears any range of bytes, and gives whole pages back", () => {
  withRoot(function* (_root, _process, machine) {
    const handle = yield* newVmo();
    const before = framesTaken(machine);
    const buffer = new Uint8Array(4 * PAGE).fill(7);
    assertEquals(yield* zx.vmoWrite({ handle, offset: 0, buffer }), Status.OK);
    assertEquals(yield* range(handle, ZERO, PAGE - 10, PAGE + 20), Status.OK);
    assertEquals(framesTaken(machine) - before, 3);
    buffer.fill(0, PAGE - 10, 2 * PAGE + 10);
    const { buffer: found } = made(yield* zx.vmoRead({ handle, offset: 0, bufferSize: 4 * PAGE }));
    assertEquals(found, buffer);
    assertEquals(yield* range(handle, ZERO, 100, 50), Status.OK);
    assertEquals([yield* peek(handle, 99), yield* peek(handle, 100), yield* peek(handle, 150)], [
      7,
      0,
      7,
    ]);
  });
});

Deno.test("zx_vmo_op_range ZERO on what nobody has written takes no frames", () => {
  withRoot(function* (_root, _process, machine) {
    const handle = yield* newVmo();
    const child = yield* newChild(handle, SNAPSHOT);
    const before = framesTaken(machine);
    for (const one of [handle, child]) {
      assertEquals(yield* range(one, ZERO, 0, 0), Status.OK);
      assertEquals(yield* range(one, ZERO, 10, 20), Status.OK);
      assertEquals(yield* range(one, ZERO, 10, 3 * PAGE), Status.OK);
      assertEquals(yield* range(one, ZERO), Status.OK);
    }
    assertEquals(framesTaken(machine), before);
  });
});

Deno.test("zx_vmo_op_range ZERO in a copy hides the parent's pages, and in a parent the copy keeps them", () => {
  withRoot(function* (_root, _process, machine) {
    const before = framesTaken(machine);
    const parent = yield* taggedVmo();
    const child = yield* newChild(parent, SNAPSHOT);
    const grandchild = yield* newChild(child, SNAPSHOT);
    assertEquals(yield* range(child, ZERO, 0, 2 * PAGE), Status.OK);
    assertEquals(yield* range(parent, ZERO, PAGE, 2 * PAGE), Status.OK);
    assertEquals(yield* tags(parent), [1, 0, 0, 4]);
    assertEquals(yield* tags(child), [0, 0, 3, 4]);
    assertEquals(yield* tags(grandchild), [1, 2, 3, 4]);
    yield* poke(child, 0, 9);
    yield* close(parent);
    assertEquals(yield* tags(child), [9, 0, 3, 4]);
    yield* close(grandchild);
    assertEquals(framesTaken(machine) - before, 3);
    yield* close(child);
    assertEquals(framesTaken(machine), before);
  });
});

Deno.test("zx_vmo_op_range ZERO and writing again take frames and give them back", () => {
  withRoot(function* (_root, _process, machine) {
    const handle = yield* newVmo();
    const before = framesTaken(machine);
    for (let round = 0; round < 3; round++) {
      yield* poke(handle, PAGE, 5);
      assertEquals(framesTaken(machine) - before, 1);
      assertEquals(yield* range(handle, ZERO), Status.OK);
      assertEquals(framesTaken(machine), before);
    }
  });
});

Deno.test("zx_vmo_op_range ZERO on memory that has to stay clears it where it is", () => {
  withRoot(function* (_root, process, machine) {
    const vmo = Vmo.createFixed(machine.kernel.realm, 4 * PAGE, "contiguous") as Vmo;
    const handle = process.giveHandle(vmo, DEFAULT_RIGHTS.vmo, "test");
    for (let page = 0; page < 4; page++) yield* poke(handle, page * PAGE, 7);
    const before = framesTaken(machine);
    assertEquals(yield* range(handle, ZERO, 1, 3 * PAGE), Status.OK);
    assertEquals(yield* tags(handle), [7, 0, 0, 0]);
    assertEquals(framesTaken(machine), before);
  });
});

Deno.test("what zx_vmo_op_range DECOMMIT takes is gone from mappings too", () => {
  withRoot(function* (root, process) {
    const handle = yield* taggedVmo();
    const at = yield* mapAll(root, handle);
    const { memory } = process;
    assertEquals(memory.readU32(at + 2 * PAGE), 3);
    assertEquals(yield* range(handle, DECOMMIT, 2 * PAGE, PAGE), Status.OK);
    assertEquals(memory.readU32(at + 2 * PAGE), 0);
    assertEquals(memory.writeU32(at + 2 * PAGE, 9), Status.OK);
    assertEquals(yield* tags(handle), [1, 2, 9, 4]);
  });
});

Deno.test("zx_vmo_op_range LOCK is for discardable memory, all of it", () => {
  withRoot(function* () {
    const plain = yield* newVmo();
    assertEquals(yield* range(plain, LOCK), Status.NOT_SUPPORTED);
    const handle = yield* newVmo(4 * PAGE, VmoOption.DISCARDABLE);
    assertEquals(yield* range(handle, LOCK, 0, PAGE), Status.OUT_OF_RANGE);
    assertEquals(yield* range(handle, UNLOCK), Status.BAD_STATE);
    const short = { handle, op: LOCK, offset: 0, size: 4 * PAGE, bufferSize: 31 };
    assertEquals(yield* zx.vmoOpRange(short), Status.INVALID_ARGS);
    assertEquals(yield* locked(handle), [0n, BigInt(4 * PAGE), 0n, 0n]);
    assertEquals(yield* range(handle, UNLOCK), Status.OK);
    assertEquals(yield* range(handle, UNLOCK), Status.BAD_STATE);
    const { out: blind } = made(yield* zx.handleDuplicate({ handle, rights: Right.WAIT }));
    assertEquals(yield* range(blind, LOCK), Status.ACCESS_DENIED);
  });
});

Deno.test("zx_vmo_op_range TRY_LOCK is UNAVAILABLE once the memory was taken, and LOCK says so", () => {
  withRoot(function* () {
    const handle = yield* newVmo(4 * PAGE, VmoOption.DISCARDABLE);
    yield* poke(handle, 0, 1);
    const greedy = yield* newVmo(20 * PAGE);
    assertEquals(yield* range(greedy, COMMIT, 0, 19 * PAGE), Status.OK);
    const read = yield* zx.vmoRead({ handle, offset: 0, bufferSize: 1 });
    assertEquals(read, Status.NOT_FOUND);
    assertEquals(yield* range(handle, TRY_LOCK), Status.UNAVAILABLE);
    assertEquals(yield* locked(handle), [0n, BigInt(4 * PAGE), 0n, BigInt(4 * PAGE)]);
    assertEquals(yield* range(handle, TRY_LOCK), Status.OK);
    assertEquals(yield* peek(handle, 0), 0);
  }, { frames: 20 });
});

Deno.test("zx_vmo_op_range, zx_vmo_read and zx_vmo_write take their bytes from memory", () => {
  const program = new Registers();
  const vmo = Vmo.create(program.machine.kernel.realm, PAGE) as Vmo;
  const handle = program.give(vmo, DEFAULT_RIGHTS.vmo);
  const bytes = program.place(Uint8Array.of(1, 2, 3, 4));
  assertEquals(program.call("zx_vmo_write", handle, bytes, 8, 4), Status.OK);
  const into = program.place(8);
  assertEquals(program.call("zx_vmo_read", handle, into, 9, 3), Status.OK);
  assertEquals(program.bytes(into, 4), [2, 3, 4, 0]);
  assertEquals(program.call("zx_vmo_write", handle, 0x40, 0, 4), Status.NOT_FOUND);
  assertEquals(program.call("zx_vmo_read", handle, 0, 0, 4), Status.NOT_FOUND);
  assertEquals(program.call("zx_vmo_read", handle, 2 ** 60, 0, 4), Status.NOT_FOUND);
  assertEquals(program.call("zx_vmo_get_size", handle, 0x40), Status.INVALID_ARGS);
});

Deno.test("zx_cache_flush has nothing to do, but only for options that it knows", () => {
  withRoot(function* (root) {
    const address = yield* mapAll(root, yield* taggedVmo());
    const flush = (options: number) => zx.cacheFlush({ address, size: PAGE, options });
    for (const options of [1, 2, 3, 6, 7]) assertEquals(yield* flush(options), Status.OK);
    for (const options of [0, 4, 8]) assertEquals(yield* flush(options), Status.INVALID_ARGS);
  });
});
