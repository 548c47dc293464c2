import { assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import {
  MapsType,
  Right,
  Signal,
  Status,
  TaskOption,
  USER_BASE,
  USER_SHARED_BASE,
  USER_TOP,
  VmOption,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, type Program, zx } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import { Process } from "../../kernel/task/process.ts";
import { bareVdsoAddress } from "../../lab/machine/bare_program.ts";
import { mapFresh, mapImage, mapVdso } from "../../lab/machine/image_mapping.ts";
import { FileType, Machine as ElfMachine, parseElf, refused } from "../../loader/elf.ts";
import { BareMachine } from "../support/bare_machine.ts";
import { type Maker, making, must, newProcess } from "../support/making.ts";

const { PERM_READ, PERM_WRITE, SPECIFIC } = VmOption;
const PAGE = 4096;

/** A process that others can share with, the first of those others, and their regions. */
function* sharers(job: number) {
  const options = TaskOption.PROCESS_SHARED;
  const first = yield* must(zx.processCreate({ job, name: "first", options }));
  return { first, second: yield* another(first.process) };
}

function* another(sharedProcess: number) {
  return yield* must(zx.processCreateShared({ sharedProcess, name: "another" }));
}

function objectOf({ process }: Maker, handle: number): Process {
  const { object } = process.handleTable.get(handle)!;
  invariant(object instanceof Process, "a handle to a process");
  return object;
}

/** Memory in a region, at an offset. */
function* mapped(handle: number, offset: number): Operation<number> {
  const { out: vmo } = yield* must(zx.vmoCreate({ size: PAGE }));
  const options = PERM_READ | PERM_WRITE | SPECIFIC;
  const place = { vmarOffset: offset, vmoOffset: 0, length: PAGE };
  return (yield* must(zx.vmarMap({ handle, options, vmo, ...place }))).mappedAddress;
}

/** Run a script as the first thread of a process. */
function* begin({ machine }: Maker, process: number, program: (arg: number) => Program, arg1 = 0) {
  const { out: thread } = yield* must(zx.threadCreate({ process, name: "first" }));
  const entry = machine.kernel.system.scripts.register(program);
  return yield* zx.processStart({ process, thread, entry, stack: 0, arg1, arg2: 0 });
}

function* idle(): Program {
  yield* zx.nanosleep({});
}

function settle({ machine }: Maker): Operation<number> {
  return zx.nanosleep({ deadline: machine.kernel.realm.now + 1_000_000 });
}

function* rangeOf(vmar: number) {
  const { base, length } = (yield* must(getInfo(vmar, "VMAR"))).records[0]!;
  return [base, base + length];
}

Deno.test("a shared process has the upper half of the addresses, and one that joins it the lower", () => {
  const found = making(function* ({ root }) {
    const { first, second } = yield* sharers(root);
    return [yield* rangeOf(first.rootVmar), yield* rangeOf(second.restrictedVmar)];
  });
  assertEquals(found, [[USER_SHARED_BASE, USER_TOP], [USER_BASE, USER_SHARED_BASE]]);
});

Deno.test("zx_process_create_shared wants a process that was made to be shared", () => {
  const found = making(function* ({ root }) {
    const sharedProcess = yield* newProcess(root);
    const { first } = yield* sharers(root);
    const less = { handle: first.process, rights: Right.MANAGE_PROCESS };
    const { out } = yield* must(zx.handleDuplicate(less));
    return [
      yield* zx.processCreateShared({ sharedProcess, name: "" }),
      yield* zx.processCreateShared({ sharedProcess: first.process, name: "", options: 1 }),
      yield* zx.processCreateShared({ sharedProcess: out, name: "" }),
    ];
  });
  assertEquals(found, [Status.INVALID_ARGS, Status.INVALID_ARGS, Status.ACCESS_DENIED]);
});

Deno.test("one can join as long as one of those who share lives", () => {
  const found = making(function* ({ root }) {
    const { first, second } = yield* sharers(root);
    yield* zx.taskKill({ task: first.process });
    const third = yield* zx.processCreateShared({ sharedProcess: first.process, name: "third" });
    invariant(typeof third === "object", "the second one lives");
    for (const task of [second.process, third.process]) yield* zx.taskKill({ task });
    return yield* zx.processCreateShared({ sharedProcess: second.process, name: "late" });
  });
  assertEquals(found, Status.BAD_STATE);
});

Deno.test("whoever joins is in the job of the process that it shares with", () => {
  const found = making(function* ({ root }) {
    const { out: job } = yield* must(zx.jobCreate({ parent: root }));
    yield* sharers(job);
    return (yield* must(getInfo(job, "JOB_PROCESSES"))).records.length;
  });
  assertEquals(found, 2);
});

Deno.test("what is mapped above is seen by all who share, what is mapped below by one", () => {
  const found = making(function* (maker) {
    const { first, second } = yield* sharers(maker.root);
    const third = yield* another(second.process);
    const high = yield* mapped(first.rootVmar, 0);
    const low = yield* mapped(second.restrictedVmar, 0);
    const bytes = new Uint8Array([1, 2, 3]);
    const { memory } = objectOf(maker, second.process);
    memory.write(high, bytes);
    memory.write(low, bytes);
    const seen: unknown[] = [];
    for (const { process } of [first, second, third]) {
      const other = objectOf(maker, process).memory;
      for (const at of [high, low]) seen.push(other.bytes(at, 3));
    }
    yield* zx.vmarUnmap({ handle: first.rootVmar, address: high, length: PAGE });
    return [...seen, memory.bytes(high, 3)];
  });
  const bytes = new Uint8Array([1, 2, 3]);
  const { NOT_FOUND } = Status;
  assertEquals(found, [bytes, NOT_FOUND, bytes, bytes, bytes, NOT_FOUND, NOT_FOUND]);
});

Deno.test("a handle that one of them has, all of them have", () => {
  const found = making(function* (maker) {
    const { first, second } = yield* sharers(maker.root);
    const made: number[] = [];
    const answers: unknown[] = [];
    yield* begin(maker, first.process, function* () {
      made.push((yield* must(zx.eventCreate({}))).out);
      yield* zx.nanosleep({});
    });
    yield* settle(maker);
    yield* begin(maker, second.process, function* () {
      answers.push(yield* zx.objectSignal({ handle: made[0]!, clear: 0, set: Signal.USER_0 }));
      answers.push(yield* zx.handleClose({ handle: made[0]! }));
      yield* zx.nanosleep({});
    });
    yield* settle(maker);
    const { handleTable } = objectOf(maker, first.process);
    return [...answers, handleTable.get(made[0]!)];
  });
  assertEquals(found, [Status.OK, Status.OK, null]);
});

Deno.test("their handles and addresses outlive the first of them, and end with the last", () => {
  const found = making(function* (maker) {
    const { realm } = maker.machine.kernel;
    const free = realm.memory.freeFrames;
    const { first, second } = yield* sharers(maker.root);
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    const arg1 = out1;
    yield* begin(maker, second.process, idle, arg1);
    const high = yield* mapped(first.rootVmar, 0);
    objectOf(maker, second.process).memory.write(high, new Uint8Array([7]));
    const seen: unknown[] = [];
    for (const task of [first.process, second.process]) {
      yield* zx.taskKill({ task });
      seen.push(objectOf(maker, second.process).memory.bytes(high, 1));
      const { observed } = yield* zx.objectWaitOne({ handle: out0, signals: 0, deadline: 0 });
      seen.push((observed & Signal.PEER_CLOSED) !== 0);
    }
    maker.process.handleTable.clear();
    return [...seen, realm.memory.freeFrames - free];
  });
  assertEquals(found, [new Uint8Array([7]), false, Status.NOT_FOUND, true, 0]);
});

Deno.test("a thread of one of them wakes a thread of another that waits on a shared word", () => {
  const found = making(function* (maker) {
    const { first, second } = yield* sharers(maker.root);
    const address = yield* mapped(first.rootVmar, 0);
    const answers: unknown[] = [];
    yield* begin(maker, first.process, function* () {
      answers.push(yield* zx.futexWait({ address, value: 0, owner: 0 }));
    });
    yield* settle(maker);
    yield* begin(maker, second.process, function* () {
      yield* zx.futexWake({ address, count: 1 });
    });
    yield* settle(maker);
    return answers;
  });
  assertEquals(found, [Status.OK]);
});

Deno.test("the maps of whoever joined show both halves", () => {
  const found = making(function* ({ root }) {
    const { first, second } = yield* sharers(root);
    yield* mapped(first.rootVmar, 0);
    const { records } = yield* must(getInfo(second.process, "PROCESS_MAPS"));
    return records.map(({ type, base }) => [type, base]);
  });
  const { ASPACE, VMAR, MAPPING } = MapsType;
  assertEquals(found, [
    [ASPACE, USER_BASE],
    [VMAR, USER_BASE],
    [ASPACE, USER_SHARED_BASE],
    [VMAR, USER_SHARED_BASE],
    [MAPPING, USER_SHARED_BASE],
  ]);
});

const CODE = 0x400000;
const WORD = 0x3000000;

/** Code that adds what is at `a1`, below, to the shared word, signals `a0`, and ends with the sum. */
const SUM = `
  ld s0, 0(a1)
  li s1, ${USER_SHARED_BASE + WORD}
  ld s2, 0(s1)
  add s2, s2, s0
  sd s2, 0(s1)
  li a1, 0
  li a2, ${Signal.SIGNALED}
  li t6, ${USER_SHARED_BASE + bareVdsoAddress("zx_object_signal")}
  jalr ra, 0(t6)
  add a0, a0, s2
  li t6, ${USER_SHARED_BASE + bareVdsoAddress("zx_process_exit")}
  jalr ra, 0(t6)`;

function loadShared(room: BareMachine, process: Process): number {
  const file = assemble(SUM, { type: FileType.EXEC, address: CODE });
  const image = parseElf(file, { machine: ElfMachine.RISCV, types: [FileType.EXEC] });
  invariant(!refused(image), "what was assembled can be loaded");
  const entry = mapImage(process, file, { image, bias: USER_SHARED_BASE });
  mapVdso(process, room.machine.vdso, USER_SHARED_BASE + 0x1000000);
  mapFresh(process, USER_SHARED_BASE + WORD, PAGE);
  return entry;
}

Deno.test("machine code of two processes runs from shared pages, each on its own memory below", () => {
  const room = new BareMachine();
  const job = room.give(room.machine.kernel.rootJob, 0x1ffffff);
  const found = room.look(function* () {
    const { first, second } = yield* sharers(job);
    const prototype = room.onlooker.handleTable.get(first.process)!.object as Process;
    const entry = loadShared(room, prototype);
    const third = yield* another(first.process);
    const codes: number[] = [];
    for (const [at, { process, restrictedVmar }] of [second, third].entries()) {
      const low = yield* mapped(restrictedVmar, 0x10000);
      const own = room.onlooker.handleTable.get(process)!.object as Process;
      own.memory.write(low, new Uint8Array([10 + at]));
      const { out: thread } = yield* must(zx.threadCreate({ process, name: "code" }));
      const { out: arg1 } = yield* must(zx.eventCreate({}));
      yield* zx.processStart({ process, thread, entry, stack: 0, arg1, arg2: low });
      yield* zx.objectWaitOne({ handle: process, signals: Signal.TASK_TERMINATED });
      codes.push(own.returnCode);
    }
    return [...codes, prototype.memory.readU64(USER_SHARED_BASE + WORD)];
  });
  assertEquals(found, [10, 21, 21]);
});
