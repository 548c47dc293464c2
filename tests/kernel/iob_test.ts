import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  IobAccess,
  IobDiscipline,
  IobRegionType,
  PacketType,
  Right,
  Signal,
  Status,
  VmoInfoFlag,
  VmOption,
} from "../../kernel/abi.ts";
import { getInfo, getProperty, setProperty, zx } from "../../kernel/client.ts";
import type { SignalPacket } from "../../kernel/ipc/packet.ts";
import type { Process } from "../../kernel/task/process.ts";
import { making, newProcess } from "../support/making.ts";
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

const BOTH = ONE_WRITES | CAN_MEDIATED_WRITE | (CAN_MEDIATED_WRITE << SECOND_END_SHIFT);

Deno.test("zx_iob_create refuses regions that make no sense", () => {
  new ScriptKernel().run1(function* () {
    const make = (...regions: ReturnType<typeof region>[]) => zx.iobCreate({ regions });
    const identities = { discipline: IobDiscipline.ID_ALLOCATOR };
    const wrong = [
      ...[{ size: 0 }, { access: 0 }, { access: 0x100 }, { type: 2 }, { discipline: 9 }],
      ...[{ options: 1 }, { access: CAN_MAP_READ }, { access: BOTH }, { discipline: RING }],
      { ...identities, access: READ_WRITE | IobAccess.CAN_MEDIATED_READ },
    ];
    assertEquals(yield* make(), Status.INVALID_ARGS);
    for (const more of wrong) assertEquals(yield* make(region(more)), Status.INVALID_ARGS);
    const many = Array.from({ length: 65 }, () => region());
    assertEquals(yield* make(...many), Status.OUT_OF_RANGE);
    assertEquals(yield* make(region({ size: 2 ** 60 })), Status.OUT_OF_RANGE);
    const options = { regions: [region()], options: 1 };
    assertEquals(yield* zx.iobCreate(options), Status.INVALID_ARGS);
  });
});

Deno.test("a shared region is a ring of two pages or more, named by a handle that stays", () => {
  new ScriptKernel().run1(function* () {
    const make = (more: object) => zx.iobCreate({ regions: [region({ ...SHARED, ...more })] });
    const { out: small } = good(yield* zx.iobCreateSharedRegion({ size: PAGE }));
    const { out: sharedRegion } = good(yield* zx.iobCreateSharedRegion({ size: 2 * PAGE }));
    const { out: event } = good(yield* zx.eventCreate({}));
    const { INVALID_ARGS, BAD_HANDLE, WRONG_TYPE } = Status;
    const expected: readonly (readonly [object, number])[] = [
      [{ sharedRegion: small }, INVALID_ARGS],
      [{ sharedRegion, size: 2 * PAGE }, INVALID_ARGS],
      [{ sharedRegion, discipline: IobDiscipline.NONE }, INVALID_ARGS],
      [{ sharedRegion, discipline: IobDiscipline.ID_ALLOCATOR }, INVALID_ARGS],
      [{ sharedRegion: 3 }, BAD_HANDLE],
      [{ sharedRegion: event }, WRONG_TYPE],
    ];
    for (const [more, status] of expected) {
      assertEquals<unknown>(yield* make(more), status);
    }
    for (const size of [0, PAGE + 3]) {
      assertEquals(yield* zx.iobCreateSharedRegion({ size }), INVALID_ARGS);
    }
    assertEquals(yield* zx.iobCreateSharedRegion({ size: PAGE, options: 1 }), INVALID_ARGS);
    assertEquals(yield* zx.iobCreateSharedRegion({ size: 2 ** 60 }), Status.OUT_OF_RANGE);
    good(yield* make({ sharedRegion }));
    assertEquals(yield* zx.handleCheckValid({ handle: sharedRegion }), Status.OK);
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

/** A region that buffers share, in which each end may have the kernel write. */
const SHARED = { type: IobRegionType.SHARED, size: 0, access: BOTH, discipline: RING, tag: 42n };

/** Two buffers that share a ring of so many pages, the region, and an address where it is seen. */
function* rings(process: Process, machine: ScriptKernel, pages: number) {
  const { out: shared } = good(yield* zx.iobCreateSharedRegion({ size: pages * PAGE }));
  const [one, writer] = yield* buffer(region({ ...SHARED, sharedRegion: shared }));
  const [, stranger] = yield* buffer(region({ ...SHARED, sharedRegion: shared, tag: 7n }));
  const at = yield* map(process, machine, one, PERM_READ | PERM_WRITE);
  return { one, writer, stranger, shared, at };
}

Deno.test("zx_iob_writev appends marked records to a ring that buffers share, until it is full", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { writer, stranger, at } = yield* rings(process, machine, 2);
    const vectors = [Uint8Array.of(1, 2, 3), Uint8Array.of(4)];
    const write = { handle: writer, region: 0, vectors };
    assertEquals(yield* zx.iobWritev(write), Status.OK);
    const { memory } = process;
    assertEquals([memory.readU64(at), memory.readU64(at + 8)], [24, 0]);
    const record = [0, 8, 16].map((offset) => memory.readU64(at + PAGE + offset));
    assertEquals(record, [42, 4, 0x04030201]);
    assertEquals(yield* zx.iobWritev({ ...write, handle: stranger }), Status.OK);
    assertEquals(memory.readU64(at + PAGE + 24), 7, "the mark says which buffer it came by");
    for (let n = 2; n < 170; n++) assertEquals(yield* zx.iobWritev(write), Status.OK);
    assertEquals(yield* zx.iobWritev(write), Status.NO_SPACE);
    memory.writeU64(at + 8, 24 * 169);
    for (let n = 0; n < 3; n++) assertEquals(yield* zx.iobWritev(write), Status.OK);
    assertEquals(memory.readU64(at), 24 * 173);
    assertEquals(memory.readU64(at + PAGE + (24 * 171) % PAGE), 42, "it goes round");
  });
});

Deno.test("zx_iob_writev tells a ring whose counts make no sense: IO_DATA_INTEGRITY", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { writer, at } = yield* rings(process, machine, 2);
    const write = { handle: writer, region: 0, vectors: [Uint8Array.of(1)] };
    const { memory } = process;
    for (const [head, tail] of [[0, 8], [9, 0], [2 ** 64 - 2048, 2 ** 64 - 2048 - 2 ** 60]]) {
      memory.writeU64(at, head!);
      memory.writeU64(at + 8, tail!);
      const status = head === 9 || head === 0 ? Status.IO_DATA_INTEGRITY : Status.NO_SPACE;
      assertEquals(yield* zx.iobWritev(write), status);
    }
  });
});

Deno.test("whoever waits for a shared region learns of each record", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { writer, shared } = yield* rings(process, machine, 2);
    const { out: port } = good(yield* zx.portCreate({}));
    const signals = Signal.IOB_SHARED_REGION_UPDATED;
    assertEquals(yield* zx.objectWaitAsync({ handle: shared, port, key: 5n, signals }), Status.OK);
    assertEquals(yield* zx.portWait({ handle: port, deadline: 0 }), Status.TIMED_OUT);
    yield* zx.iobWritev({ handle: writer, region: 0, vectors: [Uint8Array.of(1)] });
    const { packet } = good(yield* zx.portWait({ handle: port, deadline: 0 }));
    const { type, trigger } = packet.body as SignalPacket;
    assertEquals([packet.key, type, trigger], [5n, PacketType.SIGNAL_ONE, signals]);
  });
});

Deno.test("zx_iob_writev refuses what is no ring, not there, or too much", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { writer } = yield* rings(process, machine, 32);
    const vectors = [Uint8Array.of(1)];
    const write = { handle: writer, region: 0, vectors };
    assertEquals(yield* zx.iobWritev({ ...write, region: 1 }), Status.OUT_OF_RANGE);
    assertEquals(yield* zx.iobWritev({ ...write, options: 1 }), Status.INVALID_ARGS);
    const nine = { ...write, vectors: Array(9).fill(vectors[0]) };
    assertEquals(yield* zx.iobWritev(nine), Status.INVALID_ARGS);
    const most = { ...write, vectors: [new Uint8Array(65535 - 16)] };
    assertEquals(yield* zx.iobWritev(most), Status.OK);
    const long = { ...write, vectors: [new Uint8Array(65535 - 16), Uint8Array.of(1)] };
    assertEquals(yield* zx.iobWritev(long), Status.INVALID_ARGS);
    const [handle] = yield* buffer(region());
    assertEquals(yield* zx.iobWritev({ handle, region: 0, vectors }), Status.WRONG_TYPE);
    const small = yield* rings(process, machine, 2);
    const page = { handle: small.writer, region: 0, vectors: [new Uint8Array(PAGE)] };
    assertEquals(yield* zx.iobWritev(page), Status.NO_SPACE);
  });
});

/** A buffer whose second end has the kernel number blobs, and an address where the first sees them. */
function* numbered(process: Process, machine: ScriptKernel) {
  const access = READ_WRITE | (CAN_MEDIATED_WRITE << SECOND_END_SHIFT);
  const [one, other] = yield* buffer(
    region({ access, discipline: IobDiscipline.ID_ALLOCATOR }),
    region(),
  );
  return { one, other, at: yield* map(process, machine, one, PERM_READ | PERM_WRITE) };
}

Deno.test("zx_iob_allocate_id numbers blobs from 0 on, where whoever maps the region finds them", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { other: handle, at } = yield* numbered(process, machine);
    const { memory } = process;
    assertEquals([memory.readU32(at), memory.readU32(at + 4)], [0, 2 * PAGE]);
    for (let id = 0; id < 5; id++) {
      const blob = Uint8Array.of(id, 1, 2);
      assertEquals(good(yield* zx.iobAllocateId({ handle, region: 0, blob })).id, id);
      const [size, place] = [8, 12].map((offset) => memory.readU32(at + id * 8 + offset));
      assertEquals([size, memory.bytes(at + place!, 3)], [3, blob]);
    }
    assertEquals([memory.readU32(at), memory.readU32(at + 4)], [5, 2 * PAGE - 15]);
  });
});

Deno.test("zx_iob_allocate_id refuses what is not there, not numbered, not its own, full or broken", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { one, other: handle, at } = yield* numbered(process, machine);
    const ask = { handle, region: 0, blob: new Uint8Array(3000) };
    const { OUT_OF_RANGE, WRONG_TYPE, INVALID_ARGS, ACCESS_DENIED } = Status;
    assertEquals(yield* zx.iobAllocateId({ ...ask, region: 2 }), OUT_OF_RANGE);
    assertEquals(yield* zx.iobAllocateId({ ...ask, region: 1 }), WRONG_TYPE);
    assertEquals(yield* zx.iobAllocateId({ ...ask, options: 1 }), INVALID_ARGS);
    assertEquals(yield* zx.iobAllocateId({ ...ask, handle: one }), ACCESS_DENIED);
    for (const id of [0, 1]) assertEquals(good(yield* zx.iobAllocateId(ask)).id, id);
    assertEquals(yield* zx.iobAllocateId(ask), Status.NO_MEMORY);
    process.memory.writeU32(at, 0xffffffff);
    assertEquals(yield* zx.iobAllocateId(ask), Status.IO_DATA_INTEGRITY);
  });
});

Deno.test("what is known of a buffer: its regions as this end sees them, and one name for both", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const access = CAN_MAP_READ | CAN_MAP_WRITE;
    const [one, other] = yield* buffer(region({ access, size: PAGE + 1 }), region());
    assertEquals(good(yield* getInfo(one, "IOB")).records[0]!.regionCount, 2);
    const seen = good(yield* getInfo(one, "IOB_REGIONS")).records;
    const theirs = good(yield* getInfo(other, "IOB_REGIONS")).records;
    assertEquals([seen[0]!.access, theirs[0]!.access], [access, access << SECOND_END_SHIFT]);
    assertEquals([seen[0]!.size, seen[0]!.koid], [2 * PAGE, theirs[0]!.koid]);
    yield* setProperty(one, "NAME", "shared");
    assertEquals(good(yield* getProperty(other, "NAME")).value, "shared");
    const handle = machine.give(process, process, DEFAULT_RIGHTS.process);
    machine.thread(process, function* () {}());
    assertEquals(yield* getInfo(handle, "PROCESS_VMOS"), Status.ACCESS_DENIED);
  });
});

Deno.test("the memory of a buffer counts among that of the process that has its end", () => {
  const flags = making(function* ({ machine, process, root }) {
    const [one] = yield* buffer(region({ access: READ_WRITE }));
    const other = yield* newProcess(root);
    const { object } = process.handleTable.get(other)!;
    machine.give(object as Process, process.handleTable.get(one)!.object, DEFAULT_RIGHTS.iob);
    const { records } = good(yield* getInfo(other, "PROCESS_VMOS"));
    return records.map(({ flags, handleRights }) => [flags & VmoInfoFlag.VIA_IOB, handleRights]);
  });
  assertEquals(flags, [[VmoInfoFlag.VIA_IOB, Right.READ | Right.WRITE]]);
});

Deno.test("what if you pass ridiculous pointers to zx_iob_create, zx_iob_writev and zx_iob_allocate_id?", () => {
  const program = new Registers();
  const out = program.place(16);
  const create = (at: number) => program.call("zx_iob_create", 0, at, 1, out, out + 4);
  assertEquals(create(NOWHERE), Status.INVALID_ARGS);
  assertEquals(program.call("zx_iob_create_shared_region", 0, 2 * PAGE, out + 8), Status.OK);
  const wish = program.place(120);
  const { memory } = program.process;
  memory.writeU32(wish, IobRegionType.SHARED);
  memory.writeU32(wish + 4, BOTH);
  memory.writeU64(wish + 16, RING);
  memory.writeU32(wish + 92, program.word(out + 8));
  assertEquals(create(wish), Status.OK);
  const handle = program.word(out);
  const vectors = program.addresses([NOWHERE, 4]);
  assertEquals(program.call("zx_iob_writev", handle, 0, 0, NOWHERE, 1), Status.INVALID_ARGS);
  assertEquals(program.call("zx_iob_writev", handle, 0, 0, vectors, 1), Status.NOT_FOUND);
  memory.writeU32(wish, IobRegionType.PRIVATE);
  memory.writeU64(wish + 8, PAGE);
  memory.writeU64(wish + 16, IobDiscipline.ID_ALLOCATOR);
  assertEquals(create(wish), Status.INVALID_ARGS);
  memory.writeU32(wish + 92, 0);
  assertEquals(create(wish), Status.OK);
  const allocate = (blob: number, id: number) =>
    program.call("zx_iob_allocate_id", program.word(out), 0, 0, blob, 4, id);
  assertEquals(allocate(NOWHERE, out), Status.INVALID_ARGS);
  assertEquals(allocate(wish, NOWHERE), Status.INVALID_ARGS);
});
