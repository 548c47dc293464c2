/**
 * Children of memory objects through system calls: copies.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Right, Signal, Status, VmoChild, VmoOption } from "../../kernel/abi.ts";
import { setProperty, zx } from "../../kernel/client.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
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

const { SNAPSHOT, SNAPSHOT_AT_LEAST_ON_WRITE, SNAPSHOT_MODIFIED, SLICE, NO_WRITE, REFERENCE } =
  VmoChild;
const COPIES = { SNAPSHOT, SNAPSHOT_AT_LEAST_ON_WRITE, SNAPSHOT_MODIFIED };
const RESIZABLE_CHILD = VmoChild.RESIZABLE;

for (const [name, kind] of Object.entries(COPIES)) {
  Deno.test(`zx_vmo_create_child with ${name} copies, and neither side sees the other's writes`, () => {
    withRoot(function* () {
      const parent = yield* taggedVmo();
      const child = yield* newChild(parent, kind);
      assertEquals(yield* tags(child), [1, 2, 3, 4]);
      yield* poke(parent, 0, 11);
      yield* poke(child, PAGE, 12);
      assertEquals(yield* tags(parent), [11, 2, 3, 4]);
      assertEquals(yield* tags(child), [1, 12, 3, 4]);
    });
  });
}

Deno.test("writes through mappings part a copy from its parent like any others", () => {
  withRoot(function* (root, process) {
    const parent = yield* taggedVmo(2);
    const child = yield* newChild(parent, SNAPSHOT, { size: 2 * PAGE });
    const [ofParent, ofChild] = [yield* mapAll(root, parent), yield* mapAll(root, child)];
    const { memory } = process;
    assertEquals([memory.readU32(ofParent), memory.readU32(ofChild)], [1, 1]);
    assertEquals(memory.writeU32(ofParent, 7), Status.OK);
    assertEquals(memory.writeU32(ofChild + PAGE, 8), Status.OK);
    assertEquals([yield* tags(parent), yield* tags(child)], [[7, 2], [1, 8]]);
    assertEquals([memory.readU32(ofChild), memory.readU32(ofParent + PAGE)], [1, 2]);
  });
});

Deno.test("a copy outlives its parent, and a parent its copies, with what they hold", () => {
  withRoot(function* (_root, _process, machine) {
    const before = framesTaken(machine);
    const parent = yield* taggedVmo();
    const child = yield* newChild(parent, SNAPSHOT);
    const other = yield* newChild(child, SNAPSHOT);
    yield* close(parent);
    assertEquals(yield* tags(child), [1, 2, 3, 4]);
    yield* poke(child, 0, 9);
    yield* close(child);
    assertEquals(yield* tags(other), [1, 2, 3, 4]);
    assertEquals(framesTaken(machine) - before, 4);
    yield* close(other);
    assertEquals(framesTaken(machine), before);
  });
});

Deno.test("a copy of a part begins at its offset, and is zeros behind its parent's end", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const child = yield* newChild(parent, SNAPSHOT, { offset: 2 * PAGE, size: 4 * PAGE });
    assertEquals(yield* tags(child), [3, 4, 0, 0]);
    yield* poke(child, 3 * PAGE, 9);
    assertEquals(yield* tags(parent), [1, 2, 3, 4]);
    const outside = yield* newChild(parent, SNAPSHOT, { offset: 8 * PAGE, size: PAGE });
    assertEquals(yield* tags(outside), [0]);
    const grandchild = yield* newChild(child, SNAPSHOT, { offset: PAGE, size: 2 * PAGE });
    yield* poke(child, PAGE, 7);
    assertEquals(yield* tags(grandchild), [4, 0]);
  });
});

Deno.test("copies of disjoint parts keep what they had, in whatever order everything is closed", () => {
  for (const order of [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]]) {
    withRoot(function* (_root, _process, machine) {
      const before = framesTaken(machine);
      const parent = yield* taggedVmo();
      const handles = [parent];
      for (let page = 0; page < 4; page++) {
        handles.push(yield* newChild(parent, SNAPSHOT, { offset: page * PAGE, size: PAGE }));
      }
      const open = new Set([0, 1, 2, 3, 4]);
      for (const which of order) {
        yield* close(handles[which]!);
        open.delete(which);
        for (const one of open) {
          const expected = one === 0 ? [1, 2, 3, 4] : [one];
          assertEquals(yield* tags(handles[one]!), expected);
        }
      }
      assertEquals(framesTaken(machine), before);
    });
  }
});

Deno.test("pages that only one of many copies needs are given back as the others go", () => {
  withRoot(function* (_root, _process, machine) {
    const before = framesTaken(machine);
    const parent = yield* taggedVmo(6);
    const copies: number[] = [];
    for (let n = 0; n < 3; n++) {
      copies.push(yield* newChild(parent, SNAPSHOT, { offset: n * 2 * PAGE, size: 2 * PAGE }));
    }
    assertEquals(framesTaken(machine) - before, 6);
    yield* close(parent);
    for (const [n, copy] of copies.entries()) {
      assertEquals(yield* tags(copy), [2 * n + 1, 2 * n + 2]);
      yield* close(copy);
      assertEquals(framesTaken(machine) - before, 4 - 2 * n);
    }
  });
});

Deno.test("many copies of copies each hold what they were made from, whichever end is closed first", () => {
  for (const backwards of [false, true]) {
    withRoot(function* () {
      const handles = [yield* taggedVmo(2)];
      for (let n = 1; n < 10; n++) {
        const child = yield* newChild(handles[n - 1]!, SNAPSHOT, { size: 2 * PAGE });
        yield* poke(child, 0, 100 + n);
        handles.push(child);
      }
      const left = [...handles.entries()];
      while (left.length > 0) {
        const [, handle] = (backwards ? left.pop() : left.shift())!;
        yield* close(handle);
        for (const [n, one] of left) {
          assertEquals(yield* tags(one), [n === 0 ? 1 : 100 + n, 2]);
        }
      }
    });
  }
});

Deno.test("writing to a page that is zeros in both makes it the writer's alone", () => {
  withRoot(function* (_root, _process, machine) {
    const parent = yield* newVmo(2 * PAGE);
    const child = yield* newChild(parent, SNAPSHOT, { size: 2 * PAGE });
    const before = framesTaken(machine);
    yield* poke(parent, 0, 1);
    yield* poke(child, PAGE, 2);
    assertEquals(framesTaken(machine) - before, 2);
    assertEquals([yield* tags(parent), yield* tags(child)], [[1, 0], [0, 2]]);
  });
});

Deno.test("a page that every holder has written to is nobody's original any more", () => {
  withRoot(function* (_root, _process, machine) {
    const parent = yield* taggedVmo(1);
    const before = framesTaken(machine);
    const child = yield* newChild(parent, SNAPSHOT, { size: PAGE });
    assertEquals(framesTaken(machine), before);
    yield* poke(child, 0, 2);
    assertEquals(framesTaken(machine) - before, 1);
    yield* poke(parent, 0, 3);
    assertEquals(framesTaken(machine) - before, 1);
  });
});

Deno.test("a copy that is cut off and grows again has zeros there, and its parent what it had", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const child = yield* newChild(parent, SNAPSHOT | RESIZABLE_CHILD);
    assertEquals(yield* zx.vmoSetSize({ handle: child, size: PAGE }), Status.OK);
    assertEquals(yield* zx.vmoSetSize({ handle: child, size: 5 * PAGE }), Status.OK);
    assertEquals(yield* tags(child), [1, 0, 0, 0, 0]);
    assertEquals(yield* tags(parent), [1, 2, 3, 4]);
  });
});

Deno.test("a parent that is cut off leaves its copies what they had", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo(4, VmoOption.RESIZABLE);
    const child = yield* newChild(parent, SNAPSHOT, { offset: PAGE, size: 3 * PAGE });
    const other = yield* newChild(parent, SNAPSHOT, { offset: 2 * PAGE, size: 2 * PAGE });
    assertEquals(yield* zx.vmoSetSize({ handle: parent, size: 2 * PAGE }), Status.OK);
    assertEquals(yield* zx.vmoSetSize({ handle: parent, size: 4 * PAGE }), Status.OK);
    assertEquals(yield* tags(parent), [1, 2, 0, 0]);
    assertEquals([yield* tags(child), yield* tags(other)], [[2, 3, 4], [3, 4]]);
    yield* close(parent);
    assertEquals(yield* tags(child), [2, 3, 4]);
  });
});

Deno.test("a copy that is cut off page by page gives back what nobody else needs", () => {
  withRoot(function* (_root, _process, machine) {
    const before = framesTaken(machine);
    const parent = yield* taggedVmo(4);
    const child = yield* newChild(parent, SNAPSHOT | RESIZABLE_CHILD);
    yield* close(parent);
    for (let pages = 3; pages >= 0; pages--) {
      assertEquals(yield* zx.vmoSetSize({ handle: child, size: pages * PAGE }), Status.OK);
      assertEquals(framesTaken(machine) - before, pages);
    }
  });
});

Deno.test("the rights of a copy add writing and take away execution, unless it cannot be written", () => {
  withRoot(function* (_root, process) {
    const parent = yield* newVmo();
    const rights = Right.DUPLICATE | Right.READ | Right.EXECUTE;
    const code = Vmo.create(process.realm, 4 * PAGE) as Vmo;
    const handle = process.giveHandle(code, rights, "test");
    const rightsOf = (value: number) => process.handleTable.get(value)!.rights;
    // Whoever makes a child may name it.
    const naming = Right.GET_PROPERTY | Right.SET_PROPERTY;
    const copy = yield* newChild(handle, SNAPSHOT);
    assertEquals(rightsOf(copy), Right.DUPLICATE | Right.READ | Right.WRITE | naming);
    const readable = yield* newChild(handle, SNAPSHOT | NO_WRITE);
    assertEquals(rightsOf(readable), rights | naming);
    const slice = yield* newChild(handle, SLICE);
    assertEquals(rightsOf(slice), rights | naming);
    const resizable = yield* newChild(parent, SNAPSHOT | RESIZABLE_CHILD);
    assertEquals(rightsOf(resizable), DEFAULT_RIGHTS.vmo | Right.RESIZE);
    const frozen = yield* newChild(parent, SNAPSHOT | NO_WRITE);
    const buffer = Uint8Array.of(1);
    const write = yield* zx.vmoWrite({ handle: frozen, offset: 0, buffer });
    assertEquals(write, Status.ACCESS_DENIED);
  });
});

Deno.test("a child has its parent's name, if whoever makes it may know that", () => {
  withRoot(function* (_root, process) {
    const parent = yield* newVmo();
    assertEquals(yield* setProperty(parent, "NAME", "heap"), Status.OK);
    const rights = Right.DUPLICATE | Right.READ;
    const { out: blind } = made(yield* zx.handleDuplicate({ handle: parent, rights }));
    const nameOf = (value: number) => process.handleTable.get(value)!.object.name;
    for (const kind of [SNAPSHOT, SLICE, REFERENCE]) {
      const range = { size: kind === REFERENCE ? 0 : PAGE };
      assertEquals(nameOf(yield* newChild(parent, kind, range)), "heap");
      assertEquals(nameOf(yield* newChild(blind, kind, range)), "");
    }
  });
});

Deno.test("zx_vmo_create_child refuses kinds that do not go together, and ranges that cannot be", () => {
  withRoot(function* () {
    const handle = yield* newVmo();
    const child = (options: number, offset = 0, size = PAGE) =>
      zx.vmoCreateChild({ handle, options, offset, size });
    assertEquals(yield* child(0), Status.INVALID_ARGS);
    assertEquals(yield* child(SNAPSHOT | SLICE), Status.INVALID_ARGS);
    assertEquals(yield* child(SNAPSHOT | 1 << 20), Status.INVALID_ARGS);
    assertEquals(yield* child(SNAPSHOT | NO_WRITE | RESIZABLE_CHILD), Status.INVALID_ARGS);
    assertEquals(yield* child(SLICE | RESIZABLE_CHILD), Status.INVALID_ARGS);
    assertEquals(yield* child(SNAPSHOT, 1), Status.INVALID_ARGS);
    assertEquals(yield* child(SNAPSHOT, 0, 2 ** 64 - 1), Status.OUT_OF_RANGE);
    assertEquals(yield* child(SNAPSHOT, 2 ** 64 - 4096), Status.OUT_OF_RANGE);
    assertEquals(yield* child(REFERENCE, 0, PAGE), Status.INVALID_ARGS);
    assertEquals(yield* child(REFERENCE | RESIZABLE_CHILD, 0, 0), Status.NOT_SUPPORTED);
    const { out: blind } = made(yield* zx.handleDuplicate({ handle, rights: Right.DUPLICATE }));
    const denied = { handle: blind, options: SNAPSHOT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoCreateChild(denied), Status.ACCESS_DENIED);
  });
});

Deno.test("memory that is not ordinary cannot be copied", () => {
  withRoot(function* (_root, process, machine) {
    const { realm } = machine.kernel;
    for (const kind of ["contiguous", "physical"] as const) {
      const vmo = Vmo.createFixed(realm, 4 * PAGE, kind) as Vmo;
      const handle = process.giveHandle(vmo, DEFAULT_RIGHTS.vmo, "test");
      for (const options of Object.values(COPIES)) {
        const child = yield* zx.vmoCreateChild({ handle, options, offset: 0, size: PAGE });
        assertEquals(child, Status.NOT_SUPPORTED);
      }
    }
    const discardable = yield* newVmo(PAGE, VmoOption.DISCARDABLE);
    const child = { handle: discardable, options: SNAPSHOT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoCreateChild(child), Status.NOT_SUPPORTED);
    const uncached = yield* newVmo(PAGE);
    assertEquals(yield* zx.vmoSetCachePolicy({ handle: uncached, policy: 1 }), Status.OK);
    assertEquals(yield* zx.vmoCreateChild({ ...child, handle: uncached }), Status.BAD_STATE);
  });
});

Deno.test("a copy has its parent's name until it is given another", () => {
  withRoot(function* (_root, process) {
    const parent = yield* newVmo();
    yield* setProperty(parent, "NAME", "original");
    const child = yield* newChild(parent, SNAPSHOT);
    assertEquals(process.handleTable.get(child)!.object.name, "original");
    yield* setProperty(child, "NAME", "copy");
    assertEquals(process.handleTable.get(parent)!.object.name, "original");
  });
});

Deno.test("sizes of copies are rounded up to pages, and streams see what was asked", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo();
    const handle = yield* newChild(parent, SNAPSHOT, { size: PAGE + 1 });
    assertEquals(made(yield* zx.vmoGetSize({ handle })).size, 2 * PAGE);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle })).size, PAGE + 1);
    assertEquals(yield* tags(handle), [1, 2]);
    assertEquals(yield* zx.vmoSetSize({ handle, size: PAGE }), Status.UNAVAILABLE);
  });
});

Deno.test("a memory object has the signal ZERO_CHILDREN whenever it has none", () => {
  withRoot(function* (root, process) {
    const parent = yield* newVmo();
    const signals = () => process.handleTable.get(parent)!.object.signals;
    const none = Signal.VMO_ZERO_CHILDREN;
    const wait = { handle: parent, signals: none, deadline: 0 };
    assertEquals((yield* zx.objectWaitOne(wait)).status, Status.OK);
    const child = yield* newChild(parent, SNAPSHOT);
    assertEquals((yield* zx.objectWaitOne(wait)).status, Status.TIMED_OUT);
    const at = yield* mapAll(root, child);
    yield* close(child);
    assertEquals(signals() & none, 0, "a mapping keeps the child alive");
    assertEquals(yield* zx.vmarUnmap({ handle: root, address: at, length: 4 * PAGE }), Status.OK);
    assertEquals(signals() & none, none);
    const set = { handle: parent, clear: 0, set: Signal.USER_0 };
    assertEquals(yield* zx.objectSignal(set), Status.OK);
    assertEquals(yield* zx.objectSignal({ ...set, set: none }), Status.INVALID_ARGS);
    assert((signals() & Signal.USER_0) !== 0);
  });
});

Deno.test("a reference is the same memory again: same size, same pages, same fate", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo(2, VmoOption.RESIZABLE);
    const reference = yield* newChild(parent, REFERENCE | RESIZABLE_CHILD, { size: 0 });
    yield* poke(reference, 0, 9);
    assertEquals(yield* peek(parent, 0), 9);
    assertEquals(yield* zx.vmoSetSize({ handle: reference, size: PAGE }), Status.OK);
    assertEquals(made(yield* zx.vmoGetSize({ handle: parent })).size, PAGE);
    const fixed = yield* newChild(parent, REFERENCE, { size: 0 });
    assertEquals(yield* zx.vmoSetSize({ handle: fixed, size: PAGE }), Status.UNAVAILABLE);
  });
});
