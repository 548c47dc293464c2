import { assert, assertEquals } from "@std/assert";
import {
  CachePolicy,
  DEFAULT_RIGHTS,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  Right,
  Status,
  VmoChild,
  VmoOption,
} from "../../kernel/abi.ts";
import { getProperty, setProperty, zx } from "../../kernel/client.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import {
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
import { ScriptKernel } from "../support/scripts.ts";

const { RESIZABLE, DISCARDABLE, UNBOUNDED, TRAP_DIRTY } = VmoOption;

Deno.test("zx_vmo_create makes zeros of whole pages", () => {
  withRoot(function* () {
    const handle = yield* newVmo(PAGE + 1);
    assertEquals(made(yield* zx.vmoGetSize({ handle })).size, 2 * PAGE);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle })).size, PAGE + 1);
    const { buffer } = made(yield* zx.vmoRead({ handle, offset: 0, bufferSize: 2 * PAGE }));
    assertEquals(buffer, new Uint8Array(2 * PAGE));
    const empty = yield* newVmo(0);
    assertEquals(made(yield* zx.vmoGetSize({ handle: empty })).size, 0);
  });
});

Deno.test("zx_vmo_create refuses sizes beyond all memory and options it does not know", () => {
  withRoot(function* () {
    assertEquals(yield* zx.vmoCreate({ size: 2 ** 64 - 1 }), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.vmoCreate({ size: 2 ** 63 }), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.vmoCreate({ size: 0, options: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmoCreate({ size: 0, options: TRAP_DIRTY }), Status.INVALID_ARGS);
    const both = RESIZABLE | UNBOUNDED;
    assertEquals(yield* zx.vmoCreate({ size: 0, options: both }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_vmo_create with UNBOUNDED is as large as can be, and a stream sees what was asked", () => {
  withRoot(function* () {
    const handle = yield* newVmo(10, UNBOUNDED);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle })).size, 10);
    yield* poke(handle, 2 ** 40, 7);
    assertEquals(yield* peek(handle, 2 ** 40), 7);
    assertEquals(yield* zx.vmoSetStreamSize({ handle, size: 2 ** 41 }), Status.OK);
    assertEquals(yield* peek(handle, 2 ** 40), 0);
  });
});

Deno.test("zx_vmo_write and zx_vmo_read copy any range of bytes", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    const bytes = Uint8Array.from({ length: PAGE + 100 }, (_, at) => at * 31);
    assertEquals(yield* zx.vmoWrite({ handle, offset: PAGE - 50, buffer: bytes }), Status.OK);
    const size = bytes.length;
    const { buffer } = made(yield* zx.vmoRead({ handle, offset: PAGE - 50, bufferSize: size }));
    assertEquals(buffer, bytes);
    assertEquals(yield* peek(handle, PAGE - 51), 0);
    assertEquals(yield* zx.vmoWrite({ handle, offset: 4 * PAGE, buffer: bytes.subarray(0, 0) }), 0);
  });
});

Deno.test("zx_vmo_read and zx_vmo_write past the end are OUT_OF_RANGE and copy nothing", () => {
  withRoot(function* () {
    const handle = yield* newVmo(PAGE);
    const buffer = new Uint8Array(PAGE + 1).fill(1);
    assertEquals(yield* zx.vmoWrite({ handle, offset: 0, buffer }), Status.OUT_OF_RANGE);
    assertEquals(yield* peek(handle, 0), 0);
    const read = { handle, offset: 1, bufferSize: PAGE };
    assertEquals(yield* zx.vmoRead(read), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.vmoRead({ ...read, offset: 2 ** 64 - 1 }), Status.OUT_OF_RANGE);
    const large = { handle, offset: 0, bufferSize: 2 ** 64 - 1 };
    assertEquals(yield* zx.vmoRead(large), Status.OUT_OF_RANGE);
  });
});

Deno.test("zx_vmo_set_size changes resizable memory objects, and what comes back is zeros", () => {
  withRoot(function* () {
    const handle = yield* newVmo(4 * PAGE, RESIZABLE);
    for (let page = 0; page < 4; page++) yield* poke(handle, page * PAGE + 9, 1);
    assertEquals(yield* zx.vmoSetSize({ handle, size: PAGE + 5 }), Status.OK);
    assertEquals(made(yield* zx.vmoGetSize({ handle })).size, 2 * PAGE);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle })).size, PAGE + 5);
    assertEquals(yield* zx.vmoSetSize({ handle, size: 4 * PAGE }), Status.OK);
    const found = [];
    for (let page = 0; page < 4; page++) found.push(yield* peek(handle, page * PAGE + 9));
    assertEquals(found, [1, 0, 0, 0]);
  });
});

Deno.test("zx_vmo_set_size refuses what cannot change, what is too large and who may not", () => {
  withRoot(function* () {
    const fixed = yield* newVmo();
    assertEquals(yield* zx.vmoSetSize({ handle: fixed, size: PAGE }), Status.UNAVAILABLE);
    const handle = yield* newVmo(PAGE, RESIZABLE);
    assertEquals(yield* zx.vmoSetSize({ handle, size: 2 ** 63 }), Status.OUT_OF_RANGE);
    const rights = Right.READ | Right.WRITE;
    const { out: less } = made(yield* zx.handleDuplicate({ handle, rights }));
    assertEquals(yield* zx.vmoSetSize({ handle: less, size: 0 }), Status.ACCESS_DENIED);
  });
});

Deno.test("zx_vmo_set_stream_size stays within the memory object and shows zeros where it grows", () => {
  withRoot(function* () {
    const handle = yield* newVmo(PAGE);
    yield* poke(handle, 100, 1);
    assertEquals(yield* zx.vmoSetStreamSize({ handle, size: 50 }), Status.OK);
    assertEquals(yield* zx.vmoSetStreamSize({ handle, size: 200 }), Status.OK);
    assertEquals(yield* peek(handle, 100), 0);
    assertEquals(yield* zx.vmoSetStreamSize({ handle, size: PAGE + 1 }), Status.OUT_OF_RANGE);
  });
});

Deno.test("what a stream sees no longer is zeros at once, and a reference sees as much as its parent", () => {
  withRoot(function* () {
    const handle = yield* taggedVmo(4);
    const reference = yield* newChild(handle, VmoChild.REFERENCE, { size: 0 });
    const sizes = function* () {
      const { size } = made(yield* zx.vmoGetStreamSize({ handle: reference }));
      return [size, made(yield* getProperty(handle, "VMO_CONTENT_SIZE")).value];
    };
    yield* poke(handle, PAGE + 9, 7);
    assertEquals(yield* zx.vmoSetStreamSize({ handle, size: PAGE + 9 }), Status.OK);
    assertEquals([yield* tags(handle), yield* peek(handle, PAGE + 9)], [[1, 2, 0, 0], 0]);
    assertEquals(yield* sizes(), [PAGE + 9, PAGE + 9]);
    yield* poke(handle, 3 * PAGE, 9);
    assertEquals(yield* setProperty(reference, "VMO_CONTENT_SIZE", 0), Status.OK);
    assertEquals([yield* tags(handle), yield* sizes()], [[0, 0, 0, 0], [0, 0]]);
  });
});

Deno.test("a memory object's handle can be read, written, mapped and named, not executed", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const fixed = process.handleTable.get(yield* newVmo())!;
    assert(fixed.has(Right.READ | Right.WRITE | Right.MAP | Right.SET_PROPERTY | Right.SIGNAL));
    assert(!fixed.has(Right.EXECUTE) && !fixed.has(Right.RESIZE));
    assert(process.handleTable.get(yield* newVmo(0, RESIZABLE))!.has(Right.RESIZE));
  });
});

Deno.test("zx_vmo_create and zx_vmo_create_child ask the policy of the caller's job", () => {
  const machine = new ScriptKernel();
  const entry = { condition: PolicyCondition.NEW_VMO, action: PolicyAction.DENY, override: 1 };
  assertEquals(machine.kernel.rootJob.setPolicy(JobPolicy.ABSOLUTE, [entry]), Status.OK);
  machine.run1(function* (process) {
    assertEquals(yield* zx.vmoCreate({ size: 0 }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.vmoCreate({ size: 0, options: 1 }), Status.INVALID_ARGS);
    const vmo = Vmo.create(machine.kernel.realm, PAGE) as Vmo;
    const handle = machine.give(process, vmo, DEFAULT_RIGHTS.vmo);
    const child = { handle, options: VmoChild.SNAPSHOT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoCreateChild(child), Status.ACCESS_DENIED);
  });
});

Deno.test("zx_vmo_set_cache_policy wants memory that nobody has used", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    assertEquals(yield* zx.vmoSetCachePolicy({ handle, policy: 4 }), Status.INVALID_ARGS);
    const policy = CachePolicy.UNCACHED;
    assertEquals(yield* zx.vmoSetCachePolicy({ handle, policy }), Status.OK);
    const read = yield* zx.vmoRead({ handle, offset: 0, bufferSize: 1 });
    assertEquals(read, Status.BAD_STATE);
    const buffer = Uint8Array.of(1);
    assertEquals(yield* zx.vmoWrite({ handle, offset: 0, buffer }), Status.BAD_STATE);
    const used = yield* newVmo();
    yield* poke(used, 0, 1);
    assertEquals(yield* zx.vmoSetCachePolicy({ handle: used, policy }), Status.BAD_STATE);
    // What is no policy is refused before anybody looks whose it would be.
    assertEquals(yield* zx.vmoSetCachePolicy({ handle: 3, policy: 4 }), Status.INVALID_ARGS);
  });
});

Deno.test("memory that can be discarded is a kind of its own", () => {
  withRoot(function* () {
    const handle = yield* newVmo(PAGE, DISCARDABLE);
    yield* poke(handle, 0, 1);
    assertEquals(yield* peek(handle, 0), 1);
  });
});
