/**
 * Executable memory, the vDSO, moving pages, and what happens when there is no more memory.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  ResourceKind,
  Right,
  Status,
  SystemResource,
  VmarOp,
  VmoChild,
  VmoOp,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { setProperty, zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import {
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
import { withPager } from "../support/pager.ts";
import { ScriptKernel } from "../support/scripts.ts";

const { PERM_READ, PERM_WRITE, PERM_EXECUTE, SPECIFIC_OVERWRITE, ALLOW_FAULTS } = VmOption;
const RW = PERM_READ | PERM_WRITE;
const RX = PERM_READ | PERM_EXECUTE;

Deno.test("zx_vmo_replace_as_executable adds the right to execute, for a resource or by policy", () => {
  withRoot(function* (_root, process, machine) {
    const { realm, system: { resources } } = machine.kernel;
    const system = Resource.root(realm, resources, ResourceKind.SYSTEM, 16);
    const all = process.giveHandle(system, DEFAULT_RIGHTS.resource, "test");
    const options = ResourceKind.SYSTEM;
    const part = (base: number) =>
      zx.resourceCreate({ parent: all, options, base, size: 1, name: "part" });
    const { out: vmex } = made(yield* part(SystemResource.VMEX));
    const { out: other } = made(yield* part(SystemResource.INFO));
    const rightsOf = (value: number) => process.handleTable.get(value)!.rights;
    for (const resource of [vmex, 0]) {
      const old = yield* newVmo();
      const { out } = made(yield* zx.vmoReplaceAsExecutable({ handle: old, vmex: resource }));
      assertEquals(rightsOf(out), DEFAULT_RIGHTS.vmo | Right.EXECUTE);
      assertEquals(process.handleTable.get(old), null);
    }
    const refused = [
      [yield* newVmo(), other, Status.ACCESS_DENIED],
      [yield* newVmo(), yield* newVmo(), Status.WRONG_TYPE],
      [yield* newVmo(), 3, Status.BAD_HANDLE],
      [made(yield* zx.eventCreate({})).out, other, Status.BAD_HANDLE],
      [other, vmex, Status.BAD_HANDLE],
    ] as const;
    for (const [handle, resource, status] of refused) {
      assertEquals(yield* zx.vmoReplaceAsExecutable({ handle, vmex: resource }), status);
      assertEquals(process.handleTable.get(handle), null, "the handle is gone either way");
    }
    const nothing = { handle: 3, vmex };
    assertEquals(yield* zx.vmoReplaceAsExecutable(nothing), Status.BAD_HANDLE);
  });
});

Deno.test("zx_vmo_replace_as_executable without a resource is a matter of policy", () => {
  const machine = new ScriptKernel();
  const condition = PolicyCondition.AMBIENT_MARK_VMO_EXEC;
  const entry = { condition, action: PolicyAction.DENY, override: 1 };
  assertEquals(machine.kernel.rootJob.setPolicy(JobPolicy.ABSOLUTE, [entry]), Status.OK);
  machine.run1(function* () {
    const handle = yield* newVmo();
    assertEquals(yield* zx.vmoReplaceAsExecutable({ handle, vmex: 0 }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.handleClose({ handle }), Status.BAD_HANDLE);
  });
});

Deno.test("the vDSO's code cannot be mapped twice, unmapped, protected, destroyed or written over", () => {
  withRoot(function* (root, process) {
    const vmo = Vmo.create(process.realm, 3 * PAGE) as Vmo;
    vmo.vdsoCode = { offset: PAGE, length: 2 * PAGE };
    const handle = process.giveHandle(vmo, DEFAULT_RIGHTS.vmo | Right.EXECUTE, "test");
    const options = VmOption.CAN_MAP_READ | VmOption.CAN_MAP_EXECUTE | VmOption.CAN_MAP_SPECIFIC;
    const allocate = { parent: root, options, size: 8 * PAGE };
    const { child: region, childAddress } = made(yield* zx.vmarAllocate(allocate));
    const code = { handle: region, options: RX, vmo: handle, vmoOffset: PAGE, length: 2 * PAGE };
    assertEquals(yield* zx.vmarMap({ ...code, vmoOffset: 0 }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.vmarMap({ ...code, length: PAGE }), Status.ACCESS_DENIED);
    const { mappedAddress: address } = made(yield* zx.vmarMap(code));
    assertEquals(yield* zx.vmarMap(code), Status.ACCESS_DENIED);
    made(yield* zx.vmarMap({ ...code, options: PERM_READ }));
    const range = { address, length: PAGE };
    assertEquals(yield* zx.vmarUnmap({ handle: region, ...range }), Status.ACCESS_DENIED);
    const whole = { handle: root, address: childAddress, length: 8 * PAGE };
    assertEquals(yield* zx.vmarUnmap(whole), Status.ACCESS_DENIED);
    const exit = { ...whole, close: 0 };
    assertEquals(yield* zx.vmarUnmapHandleCloseThreadExit(exit), Status.ACCESS_DENIED);
    const protect = { handle: region, options: PERM_READ, ...range };
    assertEquals(yield* zx.vmarProtect(protect), Status.ACCESS_DENIED);
    assertEquals(yield* zx.vmarDestroy({ handle: region }), Status.ACCESS_DENIED);
    const vmarOffset = address - childAddress;
    const over = { handle: region, options: PERM_READ | SPECIFIC_OVERWRITE, vmarOffset };
    const written = yield* zx.vmarMap({ ...over, vmo: handle, length: PAGE });
    assertEquals(written, Status.ACCESS_DENIED);
    assertEquals(process.space.vdsoCode, address);
  });
});

Deno.test("zx_vmo_transfer_data moves pages and leaves zeros", () => {
  withRoot(function* (_root, process) {
    const [handle, source] = [yield* taggedVmo(), yield* newVmo()];
    for (let page = 0; page < 4; page++) yield* poke(source, page * PAGE, 11 + page);
    const copy = yield* newChild(source, VmoChild.SNAPSHOT);
    const move = { handle, offset: PAGE, length: 2 * PAGE, source, sourceOffset: 0 };
    assertEquals(yield* zx.vmoTransferData(move), Status.OK);
    assertEquals([yield* tags(handle), yield* tags(source)], [[1, 11, 12, 4], [0, 0, 13, 14]]);
    assertEquals(yield* tags(copy), [11, 12, 13, 14]);
    yield* poke(handle, PAGE, 99);
    assertEquals(yield* peek(copy, 0), 11);
    assertEquals(yield* zx.vmoTransferData({ ...move, offset: 1 }), Status.INVALID_ARGS);
    assertEquals(yield* zx.vmoTransferData({ ...move, source: handle }), Status.OK);
    assertEquals(yield* tags(handle), [0, 1, 99, 4]);
    const same = { ...move, source: handle, sourceOffset: PAGE };
    assertEquals(yield* zx.vmoTransferData(same), Status.OK);
    assertEquals(yield* tags(handle), [0, 1, 99, 4]);
    assertEquals(yield* zx.vmoTransferData({ ...move, length: 5 * PAGE }), Status.OUT_OF_RANGE);
    const fixed = Vmo.createFixed(process.realm, 4 * PAGE, "contiguous") as Vmo;
    const contiguous = process.giveHandle(fixed, DEFAULT_RIGHTS.vmo, "test");
    const odd = { ...move, source: contiguous };
    assertEquals(yield* zx.vmoTransferData(odd), Status.NOT_SUPPORTED);
  });
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const move = { handle: yield* newVmo(), offset: 0, length: PAGE, source: vmo, sourceOffset: 0 };
    assertEquals(yield* zx.vmoTransferData(move), Status.NOT_SUPPORTED);
  });
});

Deno.test("what discardable memory has lost cannot be committed or touched until it is locked", () => {
  withRoot(function* (root, process) {
    const handle = yield* newVmo(PAGE, VmoOption.DISCARDABLE);
    yield* poke(handle, 0, 1);
    const address = yield* mapAll(root, handle, RW | ALLOW_FAULTS);
    const greedy = yield* newVmo(19 * PAGE);
    made(yield* zx.vmoOpRange({ handle: greedy, op: VmoOp.COMMIT, offset: 0, size: 19 * PAGE }));
    const commit = { handle, op: VmoOp.COMMIT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoOpRange(commit), Status.NOT_FOUND);
    const range = { handle: root, op: VmarOp.COMMIT, address, size: PAGE };
    assertEquals(yield* zx.vmarOpRange(range), Status.NOT_FOUND);
    assertEquals(process.memory.readU32(address), Status.NOT_FOUND);
    made(yield* zx.vmoOpRange({ ...commit, op: VmoOp.LOCK }));
    assertEquals(yield* zx.vmarOpRange(range), Status.NO_MEMORY);
  }, { frames: 20 });
});

Deno.test("without a frame left, writing to what is shared is refused and changes nothing", () => {
  withRoot(function* (_root, process) {
    const handle = yield* taggedVmo(9);
    const copy = yield* newChild(handle, VmoChild.SNAPSHOT, { size: 9 * PAGE });
    const taken = yield* newVmo(2 * PAGE);
    made(yield* zx.vmoOpRange({ handle: taken, op: VmoOp.COMMIT, offset: 0, size: 2 * PAGE }));
    const buffer = Uint8Array.of(9);
    assertEquals(yield* zx.vmoWrite({ handle: copy, offset: 0, buffer }), Status.NO_MEMORY);
    assertEquals(yield* zx.vmoSetStreamSize({ handle: copy, size: 4 }), Status.NO_MEMORY);
    const shorter = yield* setProperty(copy, "VMO_CONTENT_SIZE", 4);
    assertEquals(shorter, Status.NO_MEMORY);
    assertEquals(made(yield* zx.vmoGetStreamSize({ handle: copy })).size, 9 * PAGE);
    const { out: stream } = made(yield* zx.streamCreate({ options: 3, vmo: copy }));
    const vector = [buffer];
    assertEquals(yield* zx.streamWritevAt({ handle: stream, offset: 0, vector }), Status.NO_MEMORY);
    assertEquals(yield* zx.streamWritev({ handle: stream, vector }), Status.NO_MEMORY);
    assertEquals(yield* tags(handle), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const lock = { handle: copy, op: VmoOp.COMMIT, offset: 0, size: PAGE };
    assertEquals(yield* zx.vmoOpRange(lock), Status.NO_MEMORY);
    assert(process.realm.memory.freeFrames === 0);
  }, { frames: 12 });
});

Deno.test("without a frame left, no page that is shared can be cut, for it would come back whole", () => {
  withRoot(function* () {
    const handle = yield* taggedVmo(9, VmoOption.RESIZABLE);
    yield* newChild(handle, VmoChild.SNAPSHOT, { size: 9 * PAGE });
    const taken = yield* newVmo(2 * PAGE);
    made(yield* zx.vmoOpRange({ handle: taken, op: VmoOp.COMMIT, offset: 0, size: 2 * PAGE }));
    assertEquals(yield* zx.vmoSetSize({ handle, size: 3 * PAGE + 1 }), Status.NO_MEMORY);
    assertEquals(yield* tags(handle), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assertEquals(yield* zx.vmoSetSize({ handle, size: 3 * PAGE }), Status.OK);
  }, { frames: 12 });
});

Deno.test("regions and mappings end where the kernel may keep no more of them", () => {
  withRoot(function* (root, process) {
    const { realm } = process;
    const vmo = yield* newVmo(PAGE);
    const address = yield* mapAll(root, yield* newVmo(3 * PAGE));
    let kept = 0;
    while (realm.keep(1 << 20)) kept += 1 << 20;
    while (realm.keep(1)) kept++;
    const allocate = { parent: root, options: VmOption.CAN_MAP_READ, size: PAGE };
    assertEquals(yield* zx.vmarAllocate(allocate), Status.NO_MEMORY);
    const map = { handle: root, options: RW, vmo, length: PAGE };
    assertEquals(yield* zx.vmarMap(map), Status.NO_MEMORY);
    const range = { handle: root, address: address + PAGE, length: PAGE };
    assertEquals(yield* zx.vmarUnmap(range), Status.NO_MEMORY);
    assertEquals(yield* zx.vmarProtect({ ...range, options: PERM_READ }), Status.NO_MEMORY);
    const exit = { ...range, close: 0 };
    assertEquals(yield* zx.vmarUnmapHandleCloseThreadExit(exit), Status.NO_MEMORY);
    realm.letGo(kept);
    assertEquals(yield* zx.vmarUnmap(range), Status.OK);
  });
});

Deno.test("zx_vmo_create_physical stops at the largest memory object, whatever the resource covers", () => {
  withRoot(function* (_root, process, machine) {
    const { realm, system: { resources } } = machine.kernel;
    const mmio = Resource.root(realm, resources, ResourceKind.MMIO, 2 ** 56);
    const resource = process.giveHandle(mmio, DEFAULT_RIGHTS.resource, "test");
    const physical = { resource, address: 0, size: 2 ** 55 };
    assertEquals(yield* zx.vmoCreatePhysical(physical), Status.OUT_OF_RANGE);
  });
});

Deno.test("zx_pager_create asks the policy, and zx_pager_supply_pages wants ordinary memory", () => {
  const machine = new ScriptKernel();
  const entry = { condition: PolicyCondition.NEW_PAGER, action: PolicyAction.DENY, override: 1 };
  assertEquals(machine.kernel.rootJob.setPolicy(JobPolicy.ABSOLUTE, [entry]), Status.OK);
  machine.run1(function* () {
    assertEquals(yield* zx.pagerCreate({}), Status.ACCESS_DENIED);
  });
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const fixed = Vmo.createFixed(pager.process.realm, PAGE, "contiguous") as Vmo;
    const auxiliary = pager.process.giveHandle(fixed, DEFAULT_RIGHTS.vmo, "test");
    const supply = { pager: pager.pager, vmo, offset: 0, length: PAGE, auxiliary };
    assertEquals(yield* zx.pagerSupplyPages(supply), Status.NOT_SUPPORTED);
    const { memory } = pager.process.realm;
    const greedy = yield* newVmo(2000 * PAGE);
    const size = memory.freeFrames * PAGE;
    made(yield* zx.vmoOpRange({ handle: greedy, op: VmoOp.COMMIT, offset: 0, size }));
    const zeros = yield* newVmo(PAGE);
    assertEquals(yield* zx.pagerSupplyPages({ ...supply, auxiliary: zeros }), Status.NO_MEMORY);
  });
});
