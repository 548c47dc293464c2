import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  IobAccess,
  IobDiscipline,
  IobRegionType,
  Right,
  Signal,
  Status,
  VmOption,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MEDIATED_WRITE, SECOND_END_SHIFT } = IobAccess;
const { PERM_READ, PERM_WRITE } = VmOption;
const PAGE = 4096;
const READ_WRITE = CAN_MAP_READ | CAN_MAP_WRITE;
const RING = IobDiscipline.MEDIATED_WRITE_RING_BUFFER;
/** The first end maps a region to read and write, the second only to read. */
const ONE_WRITES = READ_WRITE | (CAN_MAP_READ << SECOND_END_SHIFT);

function region(more: object = {}) {
  const plain = { type: IobRegionType.PRIVATE, discipline: IobDiscipline.NONE, tag: 0n };
  return { ...plain, access: ONE_WRITES, size: 2 * PAGE, ...more };
}

function* buffer(...regions: ReturnType<typeof region>[]) {
  const { out0, out1 } = good(yield* zx.iobCreate({ regions }));
  return [out0, out1] as const;
}

function* map(process: Process, machine: ScriptKernel, endpoint: number, options: number) {
  const handle = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
  const length = { regionLength: 2 * PAGE };
  const mapped = yield* zx.vmarMapIob({ handle, options, endpoint, region: 0, ...length });
  return typeof mapped === "number" ? mapped : mapped.mappedAddress;
}

Deno.test("zx_iob_create answers two ends that know each other, and PEER_CLOSED when one goes", () => {
  const machine = new ScriptKernel();
  const before = machine.kernel.realm.census();
  machine.run1(function* (process) {
    const ends = yield* buffer(region(), region());
    const [one, other] = ends.map((end) => process.handleTable.get(end)!);
    assertEquals(one!.object.relatedKoid, other!.object.koid);
    assertEquals(one!.rights, DEFAULT_RIGHTS.iob);
    yield* zx.handleClose({ handle: ends[0] });
    const wait = { handle: ends[1], signals: Signal.PEER_CLOSED };
    assertEquals((yield* zx.objectWaitOne(wait)).observed, Signal.PEER_CLOSED);
  });
  assertEquals(machine.kernel.realm.census(), before);
});

Deno.test("zx_iob_create refuses regions that make no sense, and those that nothing here can make", () => {
  new ScriptKernel().run1(function* () {
    const make = (...regions: ReturnType<typeof region>[]) => zx.iobCreate({ regions });
    assertEquals(yield* make(), Status.INVALID_ARGS);
    const wrong = [{ size: 0 }, { access: 0 }, { access: 0x100 }, { type: 2 }, { discipline: 9 }];
    for (const more of wrong) assertEquals(yield* make(region(more)), Status.INVALID_ARGS);
    const shared = region({ type: IobRegionType.SHARED });
    assertEquals(yield* make(shared), Status.NOT_SUPPORTED);
    const identities = region({ discipline: IobDiscipline.ID_ALLOCATOR });
    assertEquals(yield* make(identities), Status.NOT_SUPPORTED);
    const many = Array.from({ length: 65 }, () => region());
    assertEquals(yield* make(...many), Status.OUT_OF_RANGE);
    assertEquals(yield* make(region({ size: 2 ** 60 })), Status.OUT_OF_RANGE);
    const options = { regions: [region()], options: 1 };
    assertEquals(yield* zx.iobCreate(options), Status.INVALID_ARGS);
  });
});

Deno.test("zx_vmar_map_iob shows both ends the same memory, each with its own access", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [one, other] = yield* buffer(region());
    const writable = yield* map(process, machine, one, PERM_READ | PERM_WRITE);
    const readable = yield* map(process, machine, other, PERM_READ);
    assert(writable > 0 && readable > 0);
    assertEquals(process.memory.writeU32(writable + PAGE, 77), Status.OK);
    assertEquals(process.memory.readU32(readable + PAGE), 77);
    const refused = yield* map(process, machine, other, PERM_READ | PERM_WRITE);
    assertEquals(refused, Status.ACCESS_DENIED);
    yield* zx.handleClose({ handle: one });
    assertEquals(process.memory.readU32(readable + PAGE), 77, "the memory outlives its end");
  });
});

Deno.test("zx_vmar_map_iob wants a region that is there, and the rights for what it shows", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const [endpoint] = yield* buffer(region());
    const handle = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
    const wanted = { handle, endpoint, region: 1, regionLength: PAGE, options: PERM_READ };
    assertEquals(yield* zx.vmarMapIob(wanted), Status.OUT_OF_RANGE);
    const rights = Right.MAP | Right.READ;
    const { out } = good(yield* zx.handleDuplicate({ handle: endpoint, rights }));
    const write = { ...wanted, endpoint: out, region: 0, options: PERM_READ | PERM_WRITE };
    assertEquals(yield* zx.vmarMapIob(write), Status.ACCESS_DENIED);
    const blind = { ...wanted, region: 0, options: PERM_WRITE };
    assertEquals(yield* zx.vmarMapIob(blind), Status.INVALID_ARGS);
  });
});

/** A buffer whose second end may write through the kernel, and an address where the first sees it. */
function* ring(process: Process, machine: ScriptKernel, pages: number) {
  const access = READ_WRITE | (CAN_MEDIATED_WRITE << SECOND_END_SHIFT);
  const wish = region({ access, discipline: RING, tag: 42n, size: pages * PAGE });
  const [one, writer] = yield* buffer(wish);
  return { one, writer, at: yield* map(process, machine, one, PERM_READ | PERM_WRITE) };
}

Deno.test("zx_iob_writev appends marked records to a ring, until the ring is full", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { one, writer, at } = yield* ring(process, machine, 2);
    const vectors = [Uint8Array.of(1, 2, 3), Uint8Array.of(4)];
    const write = { handle: writer, region: 0, vectors };
    assertEquals(yield* zx.iobWritev(write), Status.OK);
    const { memory } = process;
    assertEquals([memory.readU64(at), memory.readU64(at + 8)], [0, 24]);
    const record = [0, 8, 16].map((offset) => memory.readU64(at + PAGE + offset));
    assertEquals(record, [42, 4, 0x04030201]);
    for (let n = 1; n < 170; n++) assertEquals(yield* zx.iobWritev(write), Status.OK);
    assertEquals(yield* zx.iobWritev(write), Status.NO_SPACE);
    memory.writeU64(at, 24 * 169);
    for (let n = 0; n < 3; n++) assertEquals(yield* zx.iobWritev(write), Status.OK);
    assertEquals(memory.readU64(at + 8), 24 * 173);
    assertEquals(memory.readU64(at + PAGE + (24 * 171) % PAGE), 42, "it goes round");
    memory.writeU64(at, 2 ** 40);
    assertEquals(yield* zx.iobWritev(write), Status.NO_SPACE, "a reader's nonsense harms nobody");
    assertEquals(yield* zx.iobWritev({ ...write, handle: one }), Status.ACCESS_DENIED);
  });
});

Deno.test("zx_iob_writev refuses what is no ring, not there, or too much", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { writer } = yield* ring(process, machine, 32);
    const vectors = [Uint8Array.of(1)];
    const write = { handle: writer, region: 0, vectors };
    assertEquals(yield* zx.iobWritev({ ...write, region: 1 }), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.iobWritev({ ...write, options: 1 }), Status.INVALID_ARGS);
    const nine = { ...write, vectors: Array(9).fill(vectors[0]) };
    assertEquals(yield* zx.iobWritev(nine), Status.OUT_OF_RANGE);
    const long = { ...write, vectors: [new Uint8Array(65535), Uint8Array.of(1)] };
    assertEquals(yield* zx.iobWritev(long), Status.OUT_OF_RANGE);
    const plain = region({ access: CAN_MEDIATED_WRITE });
    const [handle] = yield* buffer(plain);
    assertEquals(yield* zx.iobWritev({ handle, region: 0, vectors }), Status.NOT_SUPPORTED);
  });
});

Deno.test("what if you pass ridiculous pointers to zx_iob_create and zx_iob_writev?", () => {
  const program = new Registers();
  const out = program.place(16);
  const create = (at: number) => program.call("zx_iob_create", 0, at, 1, out, out + 4);
  assertEquals(create(NOWHERE), Status.INVALID_ARGS);
  const wish = program.place(120);
  program.process.memory.writeU32(wish + 4, CAN_MEDIATED_WRITE);
  program.process.memory.writeU64(wish + 8, 2 * PAGE);
  program.process.memory.writeU64(wish + 16, RING);
  assertEquals(create(wish), Status.OK);
  const handle = program.word(out);
  const vectors = program.addresses([NOWHERE, 4]);
  for (const at of [NOWHERE, vectors]) {
    assertEquals(program.call("zx_iob_writev", handle, 0, 0, at, 1), Status.INVALID_ARGS);
  }
});
