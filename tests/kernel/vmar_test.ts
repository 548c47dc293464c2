/**
 * Regions and mappings through system calls.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  Right,
  Status,
  USER_BASE,
  USER_TOP,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { type Operation, raw, zx } from "../../kernel/client.ts";
import { Registers } from "../support/registers.ts";
import { close, made, mapAll, newVmo, PAGE, peek, taggedVmo, withRoot } from "../support/memory.ts";
import { ScriptKernel } from "../support/scripts.ts";

const { PERM_READ, PERM_WRITE, PERM_EXECUTE, SPECIFIC, SPECIFIC_OVERWRITE } = VmOption;
const { ALLOW_FAULTS, CAN_MAP_READ, CAN_MAP_WRITE, CAN_MAP_EXECUTE, CAN_MAP_SPECIFIC } = VmOption;
const { OFFSET_IS_UPPER_LIMIT, COMPACT, MAP_RANGE, REQUIRE_NON_RESIZABLE } = VmOption;
const RW = PERM_READ | PERM_WRITE;
const CAN_MAP = CAN_MAP_READ | CAN_MAP_WRITE | CAN_MAP_SPECIFIC;
const NOWHERE = { vmarOffset: 0 };

function* newRegion(parent: number, size: number, options: number = CAN_MAP) {
  return made(yield* zx.vmarAllocate({ parent, options, size }));
}

function* mapAt(handle: number, vmarOffset: number, pages = 1, options = 0): Operation<number> {
  const vmo = yield* newVmo(pages * PAGE);
  const place = { options: RW | SPECIFIC | options, vmarOffset };
  const mapped = made(yield* zx.vmarMap({ handle, ...place, vmo, length: pages * PAGE }));
  yield* close(vmo);
  return mapped.mappedAddress;
}

Deno.test("zx_vmar_map shows a memory object, which stays after its handle is closed", () => {
  withRoot(function* (root, process) {
    const vmo = yield* taggedVmo(2);
    const at = yield* mapAll(root, vmo);
    assert(at >= USER_BASE && at + 2 * PAGE <= USER_TOP && at % PAGE === 0);
    assertEquals(process.memory.readU32(at + PAGE), 2);
    assertEquals(process.memory.writeU32(at, 9), Status.OK);
    assertEquals(yield* peek(vmo, 0), 9);
    yield* close(vmo);
    assertEquals(process.memory.readU32(at), 9);
  });
});

Deno.test("zx_vmar_map begins where it is told in the memory object, and rounds its length up", () => {
  withRoot(function* (root, process) {
    const vmo = yield* taggedVmo(4);
    const part = { options: PERM_READ, vmo, vmoOffset: 2 * PAGE, length: PAGE + 1 };
    const { mappedAddress: at } = made(yield* zx.vmarMap({ handle: root, ...part }));
    assertEquals([0, 1].map((page) => process.memory.readU32(at + page * PAGE)), [3, 4]);
    assertEquals(process.memory.readU32(at + 2 * PAGE), Status.NOT_FOUND);
  });
});

Deno.test("what a mapping allows is what its options say, and nothing else", () => {
  withRoot(function* (root, process) {
    const vmo = yield* taggedVmo(1);
    const { memory } = process;
    const readOnly = yield* mapAll(root, vmo, PERM_READ);
    assertEquals(memory.readU32(readOnly), 1);
    assertEquals(memory.writeU32(readOnly, 1), Status.ACCESS_DENIED);
    const nothing = yield* mapAll(root, vmo, 0);
    assertEquals(memory.readU32(nothing), Status.ACCESS_DENIED);
    // A call reads what it writes to the object, and writes what it reads from there.
    const asBuffer = function* (address: number) {
      const from = yield* raw.vmoWrite(vmo, address, 0, 4);
      return [from, yield* raw.vmoRead(vmo, address, 0, 4)];
    };
    const { OK, NOT_FOUND } = Status;
    assertEquals(yield* asBuffer(readOnly), [OK, NOT_FOUND]);
    assertEquals(yield* asBuffer(nothing), [NOT_FOUND, NOT_FOUND]);
    const protect = { handle: root, address: nothing, length: PAGE };
    assertEquals(yield* zx.vmarProtect({ ...protect, options: RW }), Status.OK);
    assertEquals(memory.writeU32(nothing, 5), Status.OK);
    assertEquals(memory.readU32(readOnly), 5);
  });
});

Deno.test("zx_vmar_map wants the rights for its permissions on both handles", () => {
  withRoot(function* (root) {
    const vmo = yield* newVmo(PAGE);
    const map = (handle: number, options: number, object = vmo) =>
      zx.vmarMap({ handle, options, vmo: object, length: PAGE });
    assertEquals(yield* map(root, PERM_READ | PERM_EXECUTE), Status.ACCESS_DENIED);
    const rights = Right.MAP | Right.READ;
    const { out: readable } = made(yield* zx.handleDuplicate({ handle: vmo, rights }));
    assertEquals(yield* map(root, RW, readable), Status.ACCESS_DENIED);
    made(yield* map(root, PERM_READ, readable));
    const { out: unmappable } = made(
      yield* zx.handleDuplicate({ handle: vmo, rights: Right.READ }),
    );
    assertEquals(yield* map(root, PERM_READ, unmappable), Status.ACCESS_DENIED);
    const { out: less } = made(yield* zx.handleDuplicate({ handle: root, rights: Right.READ }));
    assertEquals(yield* map(less, RW), Status.ACCESS_DENIED);
    const at = made(yield* map(less, PERM_READ)).mappedAddress;
    const raise = { address: at, length: PAGE, options: RW };
    assertEquals(yield* zx.vmarProtect({ handle: less, ...raise }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.vmarProtect({ handle: root, ...raise }), Status.ACCESS_DENIED);
  });
});

Deno.test("zx_vmar_map refuses permissions, places and lengths that make no sense", () => {
  withRoot(function* (handle) {
    const vmo = yield* newVmo(4 * PAGE);
    const map = (more: object) =>
      zx.vmarMap({ handle, options: RW, vmo, vmoOffset: 0, length: PAGE, ...NOWHERE, ...more });
    assertEquals(yield* map({ options: PERM_WRITE }), Status.INVALID_ARGS);
    assertEquals(yield* map({ options: PERM_READ | CAN_MAP_READ }), Status.INVALID_ARGS);
    assertEquals(yield* map({ options: RW | COMPACT }), Status.INVALID_ARGS);
    assertEquals(yield* map({ options: RW | SPECIFIC_OVERWRITE | MAP_RANGE }), Status.INVALID_ARGS);
    assertEquals(yield* map({ vmarOffset: PAGE }), Status.INVALID_ARGS);
    const both = SPECIFIC | VmOption.OFFSET_IS_UPPER_LIMIT;
    assertEquals(yield* map({ options: RW | both, vmarOffset: PAGE }), Status.INVALID_ARGS);
    const { out: blind } = made(yield* zx.handleDuplicate({ handle, rights: 0 }));
    assertEquals(yield* map({ options: PERM_WRITE, handle: blind }), Status.INVALID_ARGS);
    assertEquals(yield* map({ options: RW | SPECIFIC, vmarOffset: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* map({ vmoOffset: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* map({ length: 0 }), Status.INVALID_ARGS);
    assertEquals(yield* map({ vmoOffset: 2 ** 63 }), Status.OUT_OF_RANGE);
    assertEquals(yield* map({ length: 2 ** 40 }), Status.BUFFER_TOO_SMALL);
    const large = { options: RW | ALLOW_FAULTS, length: 2 ** 40 };
    assertEquals(yield* map(large), Status.INVALID_ARGS);
    const outside = { options: RW | SPECIFIC, vmarOffset: USER_TOP - USER_BASE };
    assertEquals(yield* map(outside), Status.INVALID_ARGS);
    assertEquals(yield* map({ options: RW | 1 << 24 }), Status.INVALID_ARGS);
    const beyond = { options: RW | VmOption.FAULT_BEYOND_STREAM_SIZE };
    assertEquals(yield* map(beyond), Status.INVALID_ARGS);
  });
});

Deno.test("zx_vmar_map without ALLOW_FAULTS wants memory that cannot go away", () => {
  withRoot(function* (handle, process) {
    const resizable = yield* newVmo(PAGE, VmoOption.RESIZABLE);
    const map = (vmo: number, options: number, length = PAGE) =>
      zx.vmarMap({ handle, options, vmo, length });
    assertEquals(yield* map(resizable, RW), Status.NOT_SUPPORTED);
    const strict = RW | ALLOW_FAULTS | REQUIRE_NON_RESIZABLE;
    assertEquals(yield* map(resizable, strict), Status.NOT_SUPPORTED);
    const discardable = yield* newVmo(PAGE, VmoOption.DISCARDABLE);
    assertEquals(yield* map(discardable, RW), Status.NOT_SUPPORTED);
    const fixed = yield* newVmo(PAGE);
    assertEquals(yield* map(fixed, RW, 2 * PAGE), Status.BUFFER_TOO_SMALL);
    const { mappedAddress: at } = made(yield* map(resizable, RW | ALLOW_FAULTS, 2 * PAGE));
    assertEquals(process.memory.writeU32(at + PAGE, 1), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.vmoSetSize({ handle: resizable, size: 2 * PAGE }), Status.OK);
    assertEquals(process.memory.writeU32(at + PAGE, 1), Status.OK);
    assertEquals(yield* zx.vmoSetSize({ handle: resizable, size: 0 }), Status.OK);
    assertEquals(process.memory.readU32(at), Status.OUT_OF_RANGE);
  });
});

Deno.test("zx_vmar_map with FAULT_BEYOND_STREAM_SIZE ends where a stream would", () => {
  withRoot(function* (handle, process) {
    const vmo = yield* taggedVmo(4);
    const options = PERM_READ | ALLOW_FAULTS | VmOption.FAULT_BEYOND_STREAM_SIZE;
    const { mappedAddress: at } = made(
      yield* zx.vmarMap({ handle, options, vmo, length: 4 * PAGE }),
    );
    assertEquals(yield* zx.vmoSetStreamSize({ handle: vmo, size: PAGE + 1 }), Status.OK);
    assertEquals(process.memory.readU32(at + PAGE), 2);
    assertEquals(process.memory.readU32(at + 2 * PAGE), Status.OUT_OF_RANGE);
  });
});

Deno.test("zx_vmar_map with SPECIFIC takes a free place, with SPECIFIC_OVERWRITE any", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: base } = yield* newRegion(root, 8 * PAGE);
    assertEquals(yield* mapAt(handle, 2 * PAGE, 4), base + 2 * PAGE);
    for (let page = 2; page < 6; page++) process.memory.writeU32(base + page * PAGE, page);
    const vmo = yield* newVmo(PAGE);
    const again = { handle, options: RW | SPECIFIC, vmarOffset: 3 * PAGE, vmo, length: PAGE };
    assertEquals(yield* zx.vmarMap(again), Status.ALREADY_EXISTS);
    made(yield* zx.vmarMap({ ...again, options: RW | SPECIFIC_OVERWRITE }));
    const seen = [2, 3, 4, 5].map((page) => process.memory.readU32(base + page * PAGE));
    assertEquals(seen, [2, 0, 4, 5]);
    made(yield* zx.vmarAllocate({ parent: handle, options: SPECIFIC, offset: 0, size: PAGE }));
    const over = { ...again, options: RW | SPECIFIC_OVERWRITE, vmarOffset: 0 };
    assertEquals(yield* zx.vmarMap(over), Status.INVALID_ARGS);
  });
});

Deno.test("zx_vmar_allocate makes regions inside regions, with no more than their parents allow", () => {
  withRoot(function* (root, process) {
    const { child: handle, childAddress: base } = yield* newRegion(root, 16 * PAGE);
    const rights = process.handleTable.get(handle)!.rights;
    assertEquals(rights, DEFAULT_RIGHTS.vmar | Right.READ | Right.WRITE);
    const inner = { parent: handle, options: CAN_MAP_READ | SPECIFIC, offset: PAGE, size: PAGE };
    assertEquals(made(yield* zx.vmarAllocate(inner)).childAddress, base + PAGE);
    assertEquals(yield* zx.vmarAllocate(inner), Status.ALREADY_EXISTS);
    const code = { parent: handle, options: CAN_MAP_EXECUTE, size: PAGE };
    assertEquals(yield* zx.vmarAllocate(code), Status.ACCESS_DENIED);
    const { child: plain } = yield* newRegion(root, 4 * PAGE, CAN_MAP_READ);
    const specific = { parent: plain, options: SPECIFIC, offset: PAGE, size: PAGE };
    assertEquals(yield* zx.vmarAllocate(specific), Status.ACCESS_DENIED);
    const vmo = yield* newVmo(PAGE);
    const write = { handle: plain, options: RW, vmo, length: PAGE };
    assertEquals(yield* zx.vmarMap(write), Status.ACCESS_DENIED);
    const wide = yield* zx.handleDuplicate({ handle: plain, rights: Right.SAME_RIGHTS });
    made(yield* zx.vmarMap({ ...write, handle: made(wide).out, options: PERM_READ }));
  });
});

Deno.test("zx_vmar_allocate refuses sizes and offsets that cannot be", () => {
  withRoot(function* (parent) {
    const allocate = (more: object) =>
      zx.vmarAllocate({ parent, options: CAN_MAP, offset: 0, size: PAGE, ...more });
    assertEquals(yield* allocate({ size: 0 }), Status.INVALID_ARGS);
    assertEquals(yield* allocate({ size: PAGE + 1 }), Status.INVALID_ARGS);
    assertEquals(yield* allocate({ size: 2 ** 63 }), Status.INVALID_ARGS);
    assertEquals(yield* allocate({ size: USER_TOP }), Status.INVALID_ARGS);
    assertEquals(yield* allocate({ offset: PAGE }), Status.INVALID_ARGS);
    const specific = { options: CAN_MAP | SPECIFIC };
    assertEquals(yield* allocate({ ...specific, offset: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* allocate({ ...specific, offset: USER_TOP }), Status.INVALID_ARGS);
    assertEquals(yield* allocate({ options: PERM_READ }), Status.INVALID_ARGS);
    const { child } = yield* newRegion(parent, 4 * PAGE);
    yield* mapAt(child, PAGE);
    const full = { parent: child, options: CAN_MAP_READ, size: 3 * PAGE };
    assertEquals(yield* zx.vmarAllocate(full), Status.NO_RESOURCES);
    assertEquals(yield* zx.vmarAllocate({ ...full, size: 5 * PAGE }), Status.INVALID_ARGS);
  });
});

Deno.test("alignment is honoured by zx_vmar_allocate and zx_vmar_map, and checked for places", () => {
  withRoot(function* (root) {
    for (let shift = 10; shift <= 32; shift++) {
      const align = shift * 2 ** VmOption.ALIGN_SHIFT;
      const { childAddress } = yield* newRegion(root, PAGE, CAN_MAP + align);
      assertEquals(childAddress % 2 ** shift, 0);
      const vmo = yield* newVmo(PAGE);
      const map = { handle: root, options: RW + align, vmo, length: PAGE };
      assertEquals(made(yield* zx.vmarMap(map)).mappedAddress % 2 ** shift, 0);
    }
    const { child, childAddress } = yield* newRegion(root, 64 * PAGE, CAN_MAP + 2 ** 24 * 16);
    assertEquals(childAddress % 2 ** 16, 0);
    const vmo = yield* newVmo(PAGE);
    const place = { handle: child, options: RW + SPECIFIC + 2 ** 24 * 14, vmo, length: PAGE };
    assertEquals(yield* zx.vmarMap({ ...place, vmarOffset: PAGE }), Status.INVALID_ARGS);
    made(yield* zx.vmarMap({ ...place, vmarOffset: 4 * PAGE }));
  });
});

Deno.test("OFFSET_IS_UPPER_LIMIT keeps regions and mappings below an offset", () => {
  withRoot(function* (root) {
    const { child: handle, childAddress: base } = yield* newRegion(root, 64 * PAGE);
    const vmo = yield* newVmo(PAGE);
    const options = RW | OFFSET_IS_UPPER_LIMIT;
    const map = (vmarOffset: number, length = PAGE) =>
      zx.vmarMap({ handle, options: options | ALLOW_FAULTS, vmarOffset, vmo, length });
    for (let n = 0; n < 4; n++) {
      const { mappedAddress } = made(yield* map(4 * PAGE));
      assert(mappedAddress + PAGE <= base + 4 * PAGE);
    }
    assertEquals(yield* map(4 * PAGE), Status.NO_RESOURCES);
    assertEquals(yield* map(65 * PAGE), Status.INVALID_ARGS);
    assertEquals(yield* map(PAGE, 2 * PAGE), Status.INVALID_ARGS);
    const region = { parent: handle, options: CAN_MAP | OFFSET_IS_UPPER_LIMIT, size: PAGE };
    const { childAddress } = made(yield* zx.vmarAllocate({ ...region, offset: 6 * PAGE }));
    assert(childAddress + PAGE <= base + 6 * PAGE);
  });
});

Deno.test("in a COMPACT region each mapping lies beside another", () => {
  withRoot(function* (root) {
    const { child: handle } = yield* newRegion(root, 1024 * PAGE, CAN_MAP | COMPACT);
    const bases: number[] = [];
    for (let n = 0; n < 12; n++) {
      const vmo = yield* newVmo(PAGE);
      bases.push(
        made(yield* zx.vmarMap({ handle, options: RW, vmo, length: PAGE })).mappedAddress,
      );
    }
    bases.sort((a, b) => a - b);
    for (let n = 1; n < 12; n++) assertEquals(bases[n]! - bases[n - 1]!, PAGE);
  });
});

Deno.test("zx_vmar_map with MAP_RANGE maps what is there at once", () => {
  withRoot(function* (handle, process) {
    const vmo = yield* taggedVmo(2);
    const map = { handle, options: RW | MAP_RANGE, vmo, length: 2 * PAGE };
    const { mappedAddress } = made(yield* zx.vmarMap(map));
    assertEquals(process.memory.readU32(mappedAddress + PAGE), 2);
  });
});

Deno.test("writable code is a matter of policy", () => {
  const machine = new ScriptKernel();
  const entry = { condition: PolicyCondition.VMAR_WX, action: PolicyAction.DENY, override: 1 };
  assertEquals(machine.kernel.rootJob.setPolicy(JobPolicy.ABSOLUTE, [entry]), Status.OK);
  machine.run1(function* (process) {
    const handle = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
    const { out: vmo } = made(
      yield* zx.vmoReplaceAsExecutable({ handle: yield* newVmo(PAGE), vmex: 0 }),
    );
    const map = (options: number) => zx.vmarMap({ handle, options, vmo, length: PAGE });
    assertEquals(yield* map(RW | PERM_EXECUTE), Status.ACCESS_DENIED);
    const { mappedAddress: address } = made(yield* map(PERM_READ | PERM_EXECUTE));
    const protect = { handle, address, length: PAGE };
    assertEquals(
      yield* zx.vmarProtect({ ...protect, options: RW | PERM_EXECUTE }),
      Status.ACCESS_DENIED,
    );
    assertEquals(yield* zx.vmarProtect({ ...protect, options: RW }), Status.OK);
    made(yield* map(PERM_EXECUTE | VmOption.PERM_READ_IF_XOM_UNSUPPORTED));
    assertEquals(yield* map(PERM_EXECUTE), Status.INVALID_ARGS);
  });
});

Deno.test("zx_vmar_map and zx_vmar_allocate leave nothing behind when an address cannot be told", () => {
  const program = new Registers();
  const { root } = program.process.space;
  const handle = program.give(root, DEFAULT_RIGHTS.rootVmar);
  const before = root.regions.size;
  const out = program.place(8);
  const allocate = [handle, CAN_MAP, 0, PAGE, out] as const;
  assertEquals(program.call("zx_vmar_allocate", ...allocate, 0x40), Status.INVALID_ARGS);
  const lost = [handle, CAN_MAP, 0, PAGE, 0x40, out] as const;
  assertEquals(program.call("zx_vmar_allocate", ...lost), Status.INVALID_ARGS);
  assertEquals(root.regions.size, before);
  assertEquals(program.call("zx_vmar_allocate", ...allocate, out + 4), Status.OK);
});
