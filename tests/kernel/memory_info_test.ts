/**
 * What `zx_object_get_info` says of memory objects and regions.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  Right,
  Status,
  VmoChild,
  VmoInfoFlag,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, setProperty, zx } from "../../kernel/client.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import {
  close,
  made,
  mapAll,
  newChild,
  newVmo,
  PAGE,
  poke,
  taggedVmo,
  tags,
  withRoot,
} from "../support/memory.ts";
import { withPager } from "../support/pager.ts";

const { TYPE_PAGED, RESIZABLE, IS_COW_CLONE, VIA_HANDLE, PAGER_BACKED } = VmoInfoFlag;
const { CONTIGUOUS, DISCARDABLE, IMMUTABLE } = VmoInfoFlag;
const { SNAPSHOT, SLICE, NO_WRITE } = VmoChild;

function* infoOf(handle: number) {
  return made(yield* getInfo(handle, "VMO")).records[0]!;
}

/** The flags of a memory object, but for the one that says how it was asked. */
function* flagsOf(handle: number): Operation<number> {
  return (yield* infoOf(handle)).flags & ~VIA_HANDLE;
}

Deno.test("ZX_INFO_VMO says what a memory object is, how large, and what it takes", () => {
  withRoot(function* (root, process) {
    const handle = yield* newVmo(3 * PAGE + 1);
    yield* setProperty(handle, "NAME", "heap");
    yield* poke(handle, PAGE, 1);
    const at = yield* mapAll(root, handle);
    const info = yield* infoOf(handle);
    assertEquals([info.name, info.sizeBytes, info.mappings], ["heap", 4 * PAGE, 1]);
    assertEquals([info.committedBytes, info.populatedBytes], [PAGE, PAGE]);
    assertEquals(info.koid, process.handleTable.get(handle)!.object.koid);
    assertEquals([info.parentKoid, info.children, info.cachePolicy], [0, 0, 0]);
    assertEquals(info.handleRights, DEFAULT_RIGHTS.vmo);
    assertEquals(info.flags, TYPE_PAGED | VIA_HANDLE);
    assertEquals(yield* zx.vmarUnmap({ handle: root, address: at, length: PAGE }), Status.OK);
    assertEquals((yield* infoOf(handle)).mappings, 1);
  });
});

Deno.test("ZX_INFO_VMO tells mappings from the address spaces that they are in", () => {
  withRoot(function* (root, process, machine) {
    const handle = yield* newVmo(PAGE);
    const object = process.handleTable.get(handle)!.object;
    const first = yield* mapAll(root, handle);
    yield* mapAll(root, handle);
    const shares = function* () {
      const { mappings, shareCount } = yield* infoOf(handle);
      return [mappings, shareCount];
    };
    assertEquals(yield* shares(), [2, 1]);
    machine.spawn("other", function* (other) {
      const own = machine.give(other, other.space.root, DEFAULT_RIGHTS.rootVmar);
      yield* mapAll(own, machine.give(other, object, DEFAULT_RIGHTS.vmo));
      yield* zx.nanosleep({ deadline: 2_000_000 });
    });
    yield* zx.nanosleep({ deadline: 1_000_000 });
    assertEquals(yield* shares(), [3, 2]);
    assertEquals(yield* zx.vmarUnmap({ handle: root, address: first, length: PAGE }), Status.OK);
    yield* zx.nanosleep({ deadline: 3_000_000 });
    assertEquals(yield* shares(), [1, 1]);
  });
});

Deno.test("ZX_INFO_VMO tells the kinds of memory objects apart", () => {
  withRoot(function* (_root, process) {
    const plain = yield* newVmo();
    assertEquals(yield* flagsOf(yield* newVmo(0, VmoOption.RESIZABLE)), TYPE_PAGED | RESIZABLE);
    const discardable = yield* newVmo(PAGE, VmoOption.DISCARDABLE);
    assertEquals(yield* flagsOf(discardable), TYPE_PAGED | DISCARDABLE);
    assertEquals(yield* flagsOf(yield* newChild(plain, SNAPSHOT)), TYPE_PAGED | IS_COW_CLONE);
    assertEquals(yield* flagsOf(yield* newChild(plain, SLICE)), TYPE_PAGED);
    const frozen = yield* newChild(plain, SNAPSHOT | NO_WRITE);
    assertEquals(yield* flagsOf(frozen), TYPE_PAGED | IS_COW_CLONE | IMMUTABLE);
    const fixed = Vmo.createFixed(process.realm, PAGE, "contiguous") as Vmo;
    const contiguous = process.giveHandle(fixed, DEFAULT_RIGHTS.vmo, "test");
    assertEquals(yield* flagsOf(contiguous), TYPE_PAGED | CONTIGUOUS);
    const devices = Vmo.createFixed(process.realm, PAGE, "physical") as Vmo;
    const physical = process.giveHandle(devices, DEFAULT_RIGHTS.vmo, "test");
    assertEquals(yield* flagsOf(physical), 0);
  });
});

Deno.test("ZX_INFO_VMO says who is whose child, and a grandchild is taken over when the child goes", () => {
  withRoot(function* () {
    const parent = yield* newVmo();
    const child = yield* newChild(parent, SNAPSHOT);
    const grandchild = yield* newChild(child, SNAPSHOT);
    const family = [yield* infoOf(parent), yield* infoOf(child), yield* infoOf(grandchild)];
    assertEquals(family.map((one) => one.children), [1, 1, 0]);
    assertEquals(family.map((one) => one.parentKoid), [0, family[0]!.koid, family[1]!.koid]);
    yield* close(child);
    assertEquals((yield* infoOf(parent)).children, 1);
    assertEquals((yield* infoOf(grandchild)).parentKoid, family[0]!.koid);
    yield* close(parent);
    assertEquals((yield* infoOf(grandchild)).parentKoid, 0);
  });
});

Deno.test("ZX_INFO_VMO counts the pages that a copy holds, shared or its own", () => {
  withRoot(function* () {
    const parent = yield* taggedVmo(2);
    const child = yield* newChild(parent, SNAPSHOT, { size: 2 * PAGE });
    const bytes = function* () {
      return [(yield* infoOf(parent)).committedBytes, (yield* infoOf(child)).committedBytes];
    };
    assertEquals(yield* bytes(), [2 * PAGE, 2 * PAGE]);
    yield* poke(child, 0, 9);
    assertEquals(yield* bytes(), [2 * PAGE, 2 * PAGE]);
    yield* close(parent);
    assertEquals((yield* infoOf(child)).committedBytes, 2 * PAGE);
  });
});

Deno.test("ZX_INFO_VMO of a pager's memory says so, and counts what was supplied", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(4);
    assertEquals(yield* flagsOf(vmo), TYPE_PAGED | PAGER_BACKED);
    assertEquals((yield* infoOf(vmo)).committedBytes, 0);
    yield* pager.supply(vmo, 0, 3);
    assertEquals((yield* infoOf(vmo)).committedBytes, 3 * PAGE);
  });
});

Deno.test("ZX_INFO_VMAR says where a region is, and nowhere once it is destroyed", () => {
  withRoot(function* (parent) {
    const options = VmOption.CAN_MAP_READ;
    const { child, childAddress } = made(
      yield* zx.vmarAllocate({ parent, options, size: 8 * PAGE }),
    );
    const [info] = made(yield* getInfo(child, "VMAR")).records;
    assertEquals([info!.base, info!.length], [childAddress, 8 * PAGE]);
    assertEquals(yield* zx.vmarDestroy({ handle: child }), Status.OK);
    const [gone] = made(yield* getInfo(child, "VMAR")).records;
    assertEquals([gone!.base, gone!.length], [0, 0]);
    const { out: blind } = made(
      yield* zx.handleDuplicate({ handle: parent, rights: Right.READ }),
    );
    assertEquals(yield* getInfo(blind, "VMAR"), Status.ACCESS_DENIED);
  });
});

Deno.test("many processes read one memory object at once and see the same", () => {
  withRoot(function* (_root, process, machine) {
    const handle = yield* taggedVmo(8);
    const { object } = process.handleTable.get(handle)!;
    const seen: number[][] = [];
    for (let n = 0; n < 10; n++) {
      machine.spawn(`reader ${n}`, function* (reader) {
        seen.push(yield* tags(machine.give(reader, object, DEFAULT_RIGHTS.vmo)));
      });
    }
    yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 1e9 });
    assertEquals(seen, new Array(10).fill([1, 2, 3, 4, 5, 6, 7, 8]));
  });
});
