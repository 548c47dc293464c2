import { assert, assertEquals } from "@std/assert";
import { failed, Signal, Status, VmoChild } from "../../kernel/abi.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { testRealm } from "../support/realm.ts";

const PAGE = 4096;

function vmoOf(realm = testRealm(), size = 4 * PAGE, resizable = false): Vmo {
  const vmo = Vmo.create(realm, size, { resizable });
  assert(!failed(vmo));
  return vmo;
}

function childOf(vmo: Vmo, options: number, offset: number, size: number): Vmo {
  const child = vmo.createChild(options, offset, size);
  assert(!failed(child), `a child of kind ${options}`);
  return child;
}

function byteAt(vmo: Vmo, offset: number): number {
  const byte = new Uint8Array(1);
  assertEquals(vmo.read(offset, byte), Status.OK);
  return byte[0]!;
}

function put(vmo: Vmo, offset: number, value: number): void {
  assertEquals(vmo.write(offset, Uint8Array.of(value)), Status.OK);
}

Deno.test("a memory object reads as zeros and takes no frame until it is written", () => {
  const realm = testRealm();
  const free = realm.memory.freeFrames;
  const vmo = vmoOf(realm);
  assertEquals(byteAt(vmo, 3 * PAGE), 0);
  assertEquals(realm.memory.freeFrames, free);
  put(vmo, 3 * PAGE, 7);
  assertEquals(realm.memory.freeFrames, free - 1);
  assertEquals(byteAt(vmo, 3 * PAGE), 7);
});

Deno.test("bytes written across pages are read back as they were", () => {
  const vmo = vmoOf();
  const bytes = Uint8Array.from({ length: 2 * PAGE }, (_, at) => at * 7);
  assertEquals(vmo.write(PAGE / 2, bytes), Status.OK);
  const back = new Uint8Array(2 * PAGE);
  assertEquals(vmo.read(PAGE / 2, back), Status.OK);
  assertEquals(back, bytes);
});

Deno.test("reading or writing past the end of a memory object is OUT_OF_RANGE", () => {
  const vmo = vmoOf();
  assertEquals(vmo.read(4 * PAGE - 1, new Uint8Array(2)), Status.OUT_OF_RANGE);
  assertEquals(vmo.write(4 * PAGE, Uint8Array.of(1)), Status.OUT_OF_RANGE);
  assertEquals(vmo.read(4 * PAGE, new Uint8Array(0)), Status.OK);
});

Deno.test("a memory object gives its frames back when it dies", () => {
  const realm = testRealm();
  const free = realm.memory.freeFrames;
  const vmo = vmoOf(realm);
  const handle = new Handle(vmo, 0);
  put(vmo, 0, 1);
  const child = new Handle(childOf(vmo, VmoChild.SNAPSHOT, 0, 4 * PAGE), 0);
  put(vmo, 0, 2);
  handle.close();
  child.close();
  assertEquals(realm.memory.freeFrames, free);
  assertEquals(realm.census(), {});
});

Deno.test("writing when no frame is left answers NO_MEMORY", () => {
  const realm = testRealm(2);
  const vmo = vmoOf(realm);
  put(vmo, 0, 1);
  assertEquals(vmo.write(PAGE, Uint8Array.of(1)), Status.NO_MEMORY);
  put(vmo, 1, 1);
});

Deno.test("a snapshot and its parent do not see what the other writes", () => {
  const vmo = vmoOf();
  put(vmo, 0, 1);
  const child = childOf(vmo, VmoChild.SNAPSHOT, 0, 4 * PAGE);
  put(vmo, 0, 2);
  put(vmo, PAGE, 3);
  assertEquals([byteAt(child, 0), byteAt(child, PAGE)], [1, 0]);
  put(child, 0, 4);
  assertEquals([byteAt(vmo, 0), byteAt(child, 0)], [2, 4]);
});

Deno.test("a slice is a window on its parent, and only on its part", () => {
  const vmo = vmoOf();
  const slice = childOf(vmo, VmoChild.SLICE, PAGE, PAGE);
  put(slice, 5, 9);
  assertEquals(byteAt(vmo, PAGE + 5), 9);
  put(vmo, PAGE + 6, 8);
  assertEquals(byteAt(slice, 6), 8);
  assertEquals(slice.write(PAGE, Uint8Array.of(1)), Status.OUT_OF_RANGE);
  assertEquals(vmo.createChild(VmoChild.SLICE, 3 * PAGE, 2 * PAGE), Status.INVALID_ARGS);
});

Deno.test("the children of a memory object that dies belong to its parent", () => {
  const vmo = vmoOf();
  const child = new Handle(childOf(vmo, VmoChild.SNAPSHOT, 0, PAGE), 0);
  const grandchild = new Handle(childOf(child.object as Vmo, VmoChild.SNAPSHOT, 0, PAGE), 0);
  assertEquals(vmo.signals & Signal.VMO_ZERO_CHILDREN, 0);
  child.close();
  assertEquals(vmo.children, 1);
  assertEquals(grandchild.object.relatedKoid, vmo.koid);
  grandchild.close();
  assertEquals(vmo.signals & Signal.VMO_ZERO_CHILDREN, Signal.VMO_ZERO_CHILDREN);
});

Deno.test("what a resize cuts off is gone, and what it adds is zeros", () => {
  const realm = testRealm();
  const free = realm.memory.freeFrames;
  const vmo = vmoOf(realm, 2 * PAGE, true);
  put(vmo, PAGE, 5);
  assertEquals(vmo.resize(PAGE), Status.OK);
  assertEquals(realm.memory.freeFrames, free);
  assertEquals(vmo.resize(2 * PAGE), Status.OK);
  assertEquals(byteAt(vmo, PAGE), 0);
  assertEquals(vmoOf(realm).resize(PAGE), Status.UNAVAILABLE);
});
