import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  InfoTopic,
  ResourceFlag,
  ResourceKind,
  Right,
  Status,
  SystemResource,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import type { Process } from "../../kernel/task/process.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { MMIO, IRQ, SYSTEM } = ResourceKind;
const { EXCLUSIVE } = ResourceFlag;
const PAGE = 4096;

/** A handle to all there is of a kind of resource. */
function all(machine: ScriptKernel, process: Process, kind: number, size = 2 ** 40): number {
  const { realm, system } = machine.kernel;
  const root = Resource.root(realm, system.resources, kind, size);
  return machine.give(process, root, DEFAULT_RIGHTS.resource);
}

Deno.test("zx_resource_create hands on a part, which hands on a part of that, and no more", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const parent = all(machine, process, MMIO);
    const part = { parent, options: MMIO, base: 0x1000, size: 0x1000, name: "part" };
    const { out } = good(yield* zx.resourceCreate(part));
    const handle = process.handleTable.get(out)!;
    assertEquals([handle.object.name, handle.rights], ["part", DEFAULT_RIGHTS.resource]);
    const within = { parent: out, options: MMIO, base: 0x1800, size: 0x800, name: "" };
    good(yield* zx.resourceCreate(within));
    for (const [base, size] of [[0xfff, 2], [0x1000, 0x1001], [0, 0x1000]] as const) {
      const beyond = yield* zx.resourceCreate({ ...within, base, size });
      assertEquals(beyond, Status.ACCESS_DENIED);
    }
    const kind = yield* zx.resourceCreate({ ...within, options: IRQ });
    assertEquals(kind, Status.ACCESS_DENIED);
    assertEquals(machine.kernel.system.current?.denial?.rule.includes("its kind"), true);
  });
});

Deno.test("zx_resource_create refuses kinds, flags and ranges that make no sense", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const parent = all(machine, process, MMIO);
    const part = { parent, options: MMIO, base: 0, size: 0x1000, name: "" };
    for (const options of [3, 6, 0xffff, 0x20000]) {
      assertEquals(yield* zx.resourceCreate({ ...part, options }), Status.INVALID_ARGS);
    }
    assertEquals(yield* zx.resourceCreate({ ...part, size: 0 }), Status.INVALID_ARGS);
    const wrap = { ...part, base: 2 ** 63, size: 2 ** 63 + 4096 };
    assertEquals(yield* zx.resourceCreate(wrap), Status.INVALID_ARGS);
  });
});

Deno.test("an exclusive resource shares with nobody, neither older nor newer", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const parent = all(machine, process, MMIO);
    const make = (base: number, size: number, flags = 0) =>
      zx.resourceCreate({ parent, options: MMIO | flags, base, size, name: "" });
    const { out } = good(yield* make(0x1000, 0x1000, EXCLUSIVE));
    assertEquals(yield* make(0x1fff, 1), Status.NOT_FOUND);
    assertEquals(yield* make(0x1fff, 1, EXCLUSIVE), Status.NOT_FOUND);
    good(yield* make(0x2000, 0x1000));
    assertEquals(yield* make(0x2fff, 9, EXCLUSIVE), Status.NOT_FOUND);
    good(yield* make(0x2000, 0x1000));
    yield* zx.handleClose({ handle: out });
    good(yield* make(0x1000, 0x1000));
  });
});

Deno.test("zx_object_get_info tells a resource's kind, flags, range and name", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const parent = all(machine, process, MMIO);
    const part = { parent, options: MMIO | EXCLUSIVE, base: PAGE, size: PAGE, name: "uart" };
    const { out: handle } = good(yield* zx.resourceCreate(part));
    const { number: topic, record } = InfoTopic.RESOURCE;
    const { buffer } = good(yield* zx.objectGetInfo({ handle, topic }));
    const found = record.decode(buffer);
    const wanted = { kind: MMIO, flags: EXCLUSIVE, base: PAGE, size: PAGE, name: "uart" };
    assertEquals(found, wanted);
  });
});

Deno.test("zx_vmo_create_physical makes memory of what an MMIO resource covers, whole pages", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const parent = all(machine, process, MMIO);
    const part = { parent, options: MMIO, base: PAGE, size: 2 * PAGE, name: "" };
    const { out: resource } = good(yield* zx.resourceCreate(part));
    const make = (address: number, size: number) =>
      zx.vmoCreatePhysical({ resource, address, size });
    const { out: handle } = good(yield* make(PAGE, 2 * PAGE));
    assertEquals(good(yield* zx.vmoGetSize({ handle })).size, 2 * PAGE);
    good(yield* make(2 * PAGE, PAGE));
    assertEquals(yield* make(PAGE, 3 * PAGE), Status.ACCESS_DENIED);
    assertEquals(yield* make(PAGE + 8, PAGE), Status.INVALID_ARGS);
    const irq = all(machine, process, IRQ);
    const wrong = { resource: irq, address: PAGE, size: PAGE };
    assertEquals(yield* zx.vmoCreatePhysical(wrong), Status.ACCESS_DENIED);
  });
});

Deno.test("zx_vmo_replace_as_executable wants the VMEX resource, or a policy that does without", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const parent = all(machine, process, SYSTEM, 16);
    const resource = function* (base: number) {
      const part = { parent, options: SYSTEM, base, size: 1, name: "" };
      return good(yield* zx.resourceCreate(part)).out;
    };
    const memory = function* () {
      return good(yield* zx.vmoCreate({ size: PAGE })).out;
    };
    const vmex = yield* resource(SystemResource.VMEX);
    const { out } = good(yield* zx.vmoReplaceAsExecutable({ handle: yield* memory(), vmex }));
    assert(process.handleTable.get(out)!.has(Right.EXECUTE));
    const power = yield* resource(SystemResource.POWER);
    const handle = yield* memory();
    const refused = yield* zx.vmoReplaceAsExecutable({ handle, vmex: power });
    assertEquals(refused, Status.ACCESS_DENIED);
    assertEquals(yield* zx.handleCheckValid({ handle }), Status.BAD_HANDLE, "it is gone");
    good(yield* zx.vmoReplaceAsExecutable({ handle: yield* memory(), vmex: 0 }));
  });
});
