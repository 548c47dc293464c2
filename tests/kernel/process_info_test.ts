import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  MapsType,
  ObjectType,
  Right,
  Signal,
  Status,
  VmoChild,
  VmoInfoFlag,
  VmOption,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, setProperty, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { type Maker, making, must, newJob, newProcess } from "../support/making.ts";

const { PERM_READ, PERM_WRITE, SPECIFIC } = VmOption;
const PAGE = 4096;

/** A memory object of some pages with a name, of which the first page was written to. */
function* heap(pages: number, name: string): Operation<number> {
  const { out: handle } = yield* must(zx.vmoCreate({ size: pages * PAGE }));
  yield* setProperty(handle, "NAME", name);
  yield* zx.vmoWrite({ handle, offset: 0, buffer: new Uint8Array([1]) });
  return handle;
}

/** A process that was not started, and the root of its regions. */
function* unstarted(job: number) {
  return yield* must(zx.processCreate({ job, name: "unstarted" }));
}

/** Show a memory object in a process, at an offset. */
function* show(vmar: number, vmo: number, { at, pages }: { at: number; pages: number }) {
  const options = PERM_READ | PERM_WRITE | SPECIFIC;
  const place = { vmarOffset: at, vmoOffset: 0, length: pages * PAGE };
  return (yield* must(zx.vmarMap({ handle: vmar, options, vmo, ...place }))).mappedAddress;
}

function* koidOf(handle: number): Operation<number> {
  return (yield* must(getInfo(handle, "HANDLE_BASIC"))).records[0]!.koid;
}

Deno.test("the identities of a job's children and processes lead to handles to them", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const [below, process] = [yield* newJob(job), yield* newProcess(job)];
    const seen: unknown[] = [];
    for (const [topic, child] of [["JOB_CHILDREN", below], ["JOB_PROCESSES", process]] as const) {
      const { records } = yield* must(getInfo(job, topic));
      const { koid } = records[0]!;
      const rights = Right.INSPECT;
      const { out } = yield* must(zx.objectGetChild({ handle: job, koid, rights }));
      const { records: about } = yield* must(getInfo(out, "HANDLE_BASIC"));
      seen.push([records.length, koid === (yield* koidOf(child)), about[0]!.rights]);
    }
    return seen;
  });
  assertEquals(found, [[1, true, Right.INSPECT], [1, true, Right.INSPECT]]);
});

Deno.test("PROCESS_HANDLE_STATS counts the handles of a process by the types of their objects", () => {
  const found = making(function* ({ machine, process }) {
    const handle = machine.give(process, process, DEFAULT_RIGHTS.process);
    const counts = function* () {
      const { handleCount } = (yield* must(getInfo(handle, "PROCESS_HANDLE_STATS"))).records[0]!;
      return [ObjectType.EVENT, ObjectType.CHANNEL].map((type) => handleCount[type]!);
    };
    const before = yield* counts();
    const { out } = yield* must(zx.eventCreate({}));
    yield* must(zx.handleDuplicate({ handle: out, rights: Right.SAME_RIGHTS }));
    const { out0 } = yield* must(zx.channelCreate({}));
    const more = yield* counts();
    yield* zx.handleClose({ handle: out0 });
    return [before, more, yield* counts()];
  });
  assertEquals(found, [[0, 0], [2, 2], [2, 1]]);
});

Deno.test("PROCESS_MAPS lists regions and what is mapped in them, lowest first, each within its own", () => {
  const found = making(function* ({ root }) {
    const { process, rootVmar } = yield* unstarted(root);
    const vmo = yield* heap(2, "heap");
    const high = yield* show(rootVmar, vmo, { at: 64 * PAGE, pages: 2 });
    const low = yield* show(rootVmar, vmo, { at: 0, pages: 1 });
    const { records } = yield* must(getInfo(process, "PROCESS_MAPS"));
    const koid = yield* koidOf(vmo);
    const mappings = records.filter(({ type }) => type === MapsType.MAPPING);
    return [
      records.map(({ type, depth }) => [type, depth]),
      mappings.map(({ base, size, name }) => [[low, high].indexOf(base), size, name]),
      mappings.map(({ vmoKoid, mmuFlags, committedBytes }) =>
        vmoKoid === koid && mmuFlags === (PERM_READ | PERM_WRITE) && committedBytes === PAGE
      ),
    ];
  });
  const { ASPACE, VMAR, MAPPING } = MapsType;
  assertEquals(found, [
    [[ASPACE, 0], [VMAR, 1], [MAPPING, 2], [MAPPING, 2]],
    [[0, PAGE, "heap"], [1, 2 * PAGE, "heap"]],
    [true, true],
  ]);
});

Deno.test("PROCESS_VMOS lists what a process has of memory, by handles with their rights and by mappings", () => {
  const found = making(function* ({ process, root, machine }) {
    const { process: other, rootVmar } = yield* unstarted(root);
    const [held, mapped] = [yield* heap(1, "held"), yield* heap(2, "mapped")];
    yield* show(rootVmar, mapped, { at: 0, pages: 2 });
    const { object } = process.handleTable.get(other)!;
    const vmo = process.handleTable.get(held)!.object;
    machine.give(object as Process, vmo, Right.READ | Right.MAP);
    const { records } = yield* must(getInfo(other, "PROCESS_VMOS"));
    const { VIA_HANDLE, VIA_MAPPING } = VmoInfoFlag;
    return records.map(({ name, sizeBytes, flags, handleRights }) => {
      return [name, sizeBytes, flags & (VIA_HANDLE | VIA_MAPPING), handleRights];
    });
  });
  const { VIA_HANDLE, VIA_MAPPING } = VmoInfoFlag;
  assertEquals(found, [
    ["held", PAGE, VIA_HANDLE, Right.READ | Right.MAP],
    ["mapped", 2 * PAGE, VIA_MAPPING, 0],
  ]);
});

Deno.test("TASK_STATS counts what a process has mapped, and how much of it nobody else has", () => {
  const found = making(function* ({ root }) {
    const [one, two] = [yield* unstarted(root), yield* unstarted(root)];
    const [own, both] = [yield* heap(3, "own"), yield* heap(1, "both")];
    yield* show(one.rootVmar, own, { at: 0, pages: 3 });
    for (const { rootVmar } of [one, two]) yield* show(rootVmar, both, { at: 8 * PAGE, pages: 1 });
    const { records } = yield* must(getInfo(one.process, "TASK_STATS"));
    const { mapped, privateBytes, shared, scaledShared } = records[0]!;
    return [mapped, privateBytes, shared, scaledShared];
  });
  assertEquals(found, [4 * PAGE, PAGE, PAGE, PAGE / 2]);
});

Deno.test("a process that was not started can be asked for its maps, its memory and its statistics", () => {
  const found = making(function* ({ root }) {
    const { process } = yield* unstarted(root);
    const answers = [
      (yield* must(getInfo(process, "PROCESS_MAPS"))).records.length,
      (yield* must(getInfo(process, "PROCESS_VMOS"))).records.length,
      (yield* must(getInfo(process, "TASK_STATS"))).records[0]!.mapped,
    ];
    yield* zx.taskKill({ task: process });
    yield* zx.objectWaitOne({ handle: process, signals: Signal.TASK_TERMINATED });
    return [answers, yield* getInfo(process, "PROCESS_MAPS")];
  });
  assertEquals(found, [[2, 0, 0], Status.BAD_STATE]);
});

Deno.test("ZX_INFO_VMO divides what copies share among them, to fractions of a byte", () => {
  const found = making(function* () {
    const parent = yield* heap(2, "parent");
    const copy = function* () {
      const options = VmoChild.SNAPSHOT;
      const range = { options, offset: 0, size: 2 * PAGE };
      return (yield* must(zx.vmoCreateChild({ handle: parent, ...range }))).out;
    };
    const handles = [parent, yield* copy(), yield* copy()];
    const seen: unknown[] = [];
    const look = function* (handle: number) {
      const info = (yield* must(getInfo(handle, "VMO"))).records[0]!;
      const fraction = info.committedFractionalScaledBytes / 2 ** 63;
      const { committedBytes, committedPrivateBytes, committedScaledBytes } = info;
      seen.push([committedBytes, committedPrivateBytes, committedScaledBytes + fraction]);
    };
    for (const handle of handles) yield* look(handle);
    yield* zx.vmoWrite({ handle: handles[2]!, offset: 0, buffer: new Uint8Array([2]) });
    for (const handle of handles) yield* look(handle);
    return seen;
  });
  const third = [PAGE, 0, PAGE / 3];
  const half = [PAGE, 0, PAGE / 2];
  assertEquals(found, [third, third, third, half, half, [PAGE, PAGE, PAGE]]);
});

/** What writing to each of two pages answers that only one was written to before. */
function* writes({ process }: Maker, address: number): Operation<number[]> {
  return [0, PAGE].map((offset) => process.memory.writeU32(address + offset, 7));
}

Deno.test("zx_vmar_protect holds for pages that were touched, and for those that come on demand", () => {
  const found = making(function* (maker) {
    const { machine, process } = maker;
    const handle = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 2 * PAGE }));
    const address = yield* show(handle, vmo, { at: 0, pages: 2 });
    process.memory.writeU32(address, 5);
    const protect = { handle, address, length: 2 * PAGE };
    const free = machine.kernel.realm.memory.freeFrames;
    const readOnly = yield* zx.vmarProtect({ ...protect, options: PERM_READ });
    const refused = yield* writes(maker, address);
    const read = [process.memory.readU32(address), process.memory.readU32(address + PAGE)];
    const taken = free - machine.kernel.realm.memory.freeFrames;
    yield* zx.vmarProtect({ ...protect, options: PERM_READ | PERM_WRITE });
    return [readOnly, refused, read, taken, yield* writes(maker, address)];
  });
  const { ACCESS_DENIED } = Status;
  assertEquals(found, [0, [ACCESS_DENIED, ACCESS_DENIED], [5, 0], 0, [0, 0]]);
});
