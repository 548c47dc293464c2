import { assert, assertEquals } from "@std/assert";
import { failed, Status, USER_BASE, USER_TOP, VmoChild, VmOption } from "../../kernel/abi.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import { Access } from "../../kernel/ports.ts";
import { AddressSpace } from "../../kernel/vm/address_space.ts";
import { UserMemory } from "../../kernel/vm/user_memory.ts";
import type { Vmar } from "../../kernel/vm/vmar.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ProcessorSpace } from "../support/processor_space.ts";
import { testRealm } from "../support/realm.ts";

const PAGE = 4096;
const { PERM_READ, PERM_WRITE, PERM_EXECUTE, SPECIFIC, SPECIFIC_OVERWRITE } = VmOption;
const RW = PERM_READ | PERM_WRITE;
const CAN_MAP = VmOption.CAN_MAP_READ | VmOption.CAN_MAP_WRITE | VmOption.CAN_MAP_SPECIFIC;
const ALL = Access.READ | Access.WRITE | Access.EXECUTE;

function spaceOf(realm = testRealm()): { space: AddressSpace; view: ProcessorSpace } {
  const view = new ProcessorSpace();
  const space = new AddressSpace({ realm, createSpace: () => view, koid: 1 });
  space.forProcessor();
  return { space, view };
}

function vmoOf(realm: Realm, pages: number): Vmo {
  const vmo = Vmo.create(realm, pages * PAGE);
  assert(!failed(vmo));
  return vmo;
}

function mapped(vmar: Vmar, vmo: Vmo, more: { options?: number; at?: number } = {}): number {
  const mapping = vmar.map({
    options: more.options ?? RW,
    vmarOffset: more.at ?? 0,
    vmo,
    vmoOffset: 0,
    length: vmo.size,
    accessMax: ALL,
  });
  assert(!failed(mapping), `mapping answers ${mapping}`);
  return mapping.base;
}

Deno.test("a mapping shows the memory object to the process and to the kernel", () => {
  const { space } = spaceOf();
  const vmo = vmoOf(space.realm, 2);
  const base = mapped(space.root, vmo);
  assert(base >= USER_BASE && base < USER_TOP && base % PAGE === 0);
  const user = new UserMemory(space);
  assertEquals(user.writeU64(base + PAGE - 4, 0x123456789a), Status.OK);
  assertEquals(user.readU64(base + PAGE - 4), 0x123456789a);
  const byte = new Uint8Array(1);
  vmo.read(PAGE - 4, byte);
  assertEquals(byte[0], 0x9a);
});

Deno.test("the processor sees zeros read-only until somebody writes", () => {
  const { space, view } = spaceOf();
  const base = mapped(space.root, vmoOf(space.realm, 1));
  assertEquals(space.fault(0, base, Access.READ), Status.OK);
  assertEquals(view.lookup(base / PAGE), space.realm.frames.zero * 8 + Access.READ);
  assertEquals(space.fault(0, base, Access.WRITE), Status.OK);
  assertEquals(view.lookup(base / PAGE) & 7, Access.READ | Access.WRITE);
});

Deno.test("a snapshot makes what the processor could write read-only, and a write undoes it", () => {
  const { space, view } = spaceOf();
  const vmo = vmoOf(space.realm, 2);
  const base = mapped(space.root, vmo);
  const user = new UserMemory(space);
  user.writeU32(base, 1);
  const child = vmo.createChild(VmoChild.SNAPSHOT, 0, 2 * PAGE);
  assert(!failed(child));
  assertEquals(view.lookup(base / PAGE) & 7, Access.READ);
  user.writeU32(base, 2);
  assertEquals(view.lookup(base / PAGE) & 7, Access.READ | Access.WRITE);
  const byte = new Uint8Array(1);
  child.read(0, byte);
  assertEquals(byte[0], 1);
});

Deno.test("faults say why: nothing there, not allowed, or behind the end", () => {
  const { space } = spaceOf();
  const vmo = Vmo.create(space.realm, PAGE, { resizable: true }) as Vmo;
  const base = mapped(space.root, vmo, { options: PERM_READ | VmOption.ALLOW_FAULTS });
  assertEquals(space.fault(0, base - PAGE, Access.READ), Status.NOT_FOUND);
  assertEquals(space.fault(0, base, Access.WRITE), Status.ACCESS_DENIED);
  assertEquals(space.fault(0, base, Access.EXECUTE), Status.ACCESS_DENIED);
  vmo.resize(0);
  assertEquals(space.fault(0, base, Access.READ), Status.OUT_OF_RANGE);
});

Deno.test("unmapping the middle of a mapping leaves both ends as they were", () => {
  const { space, view } = spaceOf();
  const base = mapped(space.root, vmoOf(space.realm, 4));
  const user = new UserMemory(space);
  for (let page = 0; page < 4; page++) user.writeU32(base + page * PAGE, page + 1);
  assertEquals(space.root.unmap(base + PAGE, 2 * PAGE), Status.OK);
  assertEquals(view.unmapped, 2);
  assertEquals([user.readU32(base), user.readU32(base + 3 * PAGE)], [1, 4]);
  assertEquals(user.readU32(base + PAGE), Status.NOT_FOUND);
});

Deno.test("a mapping that overwrites replaces exactly its range", () => {
  const { space } = spaceOf();
  const base = mapped(space.root, vmoOf(space.realm, 3));
  const user = new UserMemory(space);
  for (let page = 0; page < 3; page++) user.writeU32(base + page * PAGE, 7);
  const at = base - space.root.base + PAGE;
  const one = vmoOf(space.realm, 1);
  const again = { options: RW | SPECIFIC, vmarOffset: at, vmo: one, vmoOffset: 0, accessMax: ALL };
  assertEquals(space.root.map({ ...again, length: PAGE }), Status.ALREADY_EXISTS);
  mapped(space.root, one, { options: RW | SPECIFIC_OVERWRITE, at });
  assertEquals([0, 1, 2].map((page) => user.readU32(base + page * PAGE)), [7, 0, 7]);
});

Deno.test("protect changes part of a mapping, and never beyond what the handle allowed", () => {
  const { space } = spaceOf();
  const vmo = vmoOf(space.realm, 3);
  const mapping = space.root.map({
    options: PERM_READ,
    vmo,
    vmoOffset: 0,
    length: vmo.size,
    accessMax: Access.READ | Access.WRITE,
  });
  assert(!failed(mapping));
  const { root } = space;
  assertEquals(root.protect(RW, mapping.base + PAGE, PAGE), Status.OK);
  assertEquals(space.fault(0, mapping.base, Access.WRITE), Status.ACCESS_DENIED);
  assertEquals(space.fault(0, mapping.base + PAGE, Access.WRITE), Status.OK);
  assertEquals(space.fault(0, mapping.base + 2 * PAGE, Access.WRITE), Status.ACCESS_DENIED);
  assertEquals(root.protect(PERM_EXECUTE, mapping.base, PAGE), Status.ACCESS_DENIED);
  assertEquals(root.protect(PERM_READ, mapping.base - PAGE, 2 * PAGE), Status.NOT_FOUND);
});

Deno.test("a region holds what its parent allows, and destroying it unmaps everything in it", () => {
  const { space } = spaceOf();
  const child = space.root.allocate(CAN_MAP, 0, 16 * PAGE);
  assert(!failed(child));
  const vmo = vmoOf(space.realm, 1);
  const base = mapped(child, vmo, { options: RW | SPECIFIC, at: 3 * PAGE });
  assertEquals(base, child.base + 3 * PAGE);
  const code = { options: PERM_READ | PERM_EXECUTE, vmo, vmoOffset: 0, length: PAGE };
  assertEquals(child.map({ ...code, accessMax: ALL }), Status.ACCESS_DENIED);
  assertEquals(child.allocate(VmOption.CAN_MAP_EXECUTE, 0, PAGE), Status.ACCESS_DENIED);
  assertEquals(space.root.unmap(child.base, PAGE), Status.INVALID_ARGS);
  child.hold();
  assertEquals(child.destroy(), Status.OK);
  assertEquals(space.fault(0, base, Access.READ), Status.NOT_FOUND);
  assertEquals(child.destroy(), Status.BAD_STATE);
  assertEquals(vmo.showings.mappings, 0);
});

Deno.test("an address space that is destroyed gives everything back", () => {
  const realm = testRealm();
  const free = realm.memory.freeFrames;
  const { space, view } = spaceOf(realm);
  const vmo = vmoOf(realm, 4);
  const child = space.root.allocate(CAN_MAP, 0, 16 * PAGE) as Vmar;
  const base = mapped(child, vmo);
  new UserMemory(space).writeU32(base, 1);
  space.destroy();
  assert(view.destroyed);
  assertEquals(realm.memory.freeFrames, free);
  assertEquals(realm.census(), {});
  assertEquals(space.root.map({ options: RW, vmo, vmoOffset: 0, length: PAGE, accessMax: 0 }), -20);
});

Deno.test("the code of a vDSO is mapped once, as a whole, and stays", () => {
  const { space } = spaceOf();
  const vmo = vmoOf(space.realm, 3);
  vmo.hold();
  vmo.vdsoCode = { offset: PAGE, length: 2 * PAGE };
  const options = PERM_READ | PERM_EXECUTE;
  const map = (vmoOffset: number, length: number) =>
    space.root.map({ options, vmo, vmoOffset, length, accessMax: ALL });
  assertEquals(map(0, 3 * PAGE), Status.ACCESS_DENIED);
  const code = map(PAGE, 2 * PAGE);
  assert(!failed(code));
  assertEquals(space.vdsoCode, code.base);
  assertEquals(map(PAGE, 2 * PAGE), Status.ACCESS_DENIED);
  assertEquals(space.root.unmap(code.base, PAGE), Status.ACCESS_DENIED);
  assertEquals(space.root.protect(PERM_READ, code.base, PAGE), Status.ACCESS_DENIED);
  const at = code.base - space.root.base;
  const over = { options: RW | SPECIFIC_OVERWRITE, vmarOffset: at, vmo, vmoOffset: 0 };
  assertEquals(space.root.map({ ...over, length: PAGE, accessMax: ALL }), Status.ACCESS_DENIED);
});

Deno.test("regions are placed at random, the same way for the same seed", () => {
  const bases = (seed: number) => {
    const { space } = spaceOf(testRealm(64, seed));
    return Array.from({ length: 5 }, () => mapped(space.root, vmoOf(space.realm, 2)));
  };
  assertEquals(bases(5), bases(5));
  assertEquals(new Set([...bases(5), ...bases(6)]).size, 10);
});

Deno.test("mappings fill a region to the last page, wherever chance puts them", () => {
  const { space } = spaceOf();
  const child = space.root.allocate(CAN_MAP, 0, 8 * PAGE) as Vmar;
  const vmo = vmoOf(space.realm, 1);
  const bases = new Set(Array.from({ length: 8 }, () => mapped(child, vmo)));
  assertEquals(bases.size, 8);
  const more = { options: RW, vmo, vmoOffset: 0, length: PAGE, accessMax: ALL };
  assertEquals(child.map(more), Status.NO_RESOURCES);
});
