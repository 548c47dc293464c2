import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, InfoTopic, ObjectType, Right, Status } from "../../kernel/abi.ts";
import { getInfo, type Operation, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { making, must, newJob, newProcess } from "../support/making.ts";

function* rightsOf(handle: number): Operation<number> {
  return (yield* must(getInfo(handle, "HANDLE_BASIC"))).records[0]!.rights;
}

function* newEvent(): Operation<number> {
  return (yield* must(zx.eventCreate({}))).out;
}

Deno.test("zx_handle_close_many closes all, and zeros among them are fine", () => {
  const found = making(function* () {
    const handles = [yield* newEvent(), 0, yield* newEvent()];
    const status = yield* zx.handleCloseMany({ handles });
    return [status, yield* zx.handleCheckValid({ handle: handles[0]! })];
  });
  assertEquals(found, [Status.OK, Status.BAD_HANDLE]);
});

Deno.test("zx_handle_close_many with a handle twice answers BAD_HANDLE and closes the others", () => {
  const found = making(function* () {
    const [one, two] = [yield* newEvent(), yield* newEvent()];
    const status = yield* zx.handleCloseMany({ handles: [one, one, two] });
    const left = [yield* zx.handleCheckValid({ handle: one })];
    return [status, ...left, yield* zx.handleCheckValid({ handle: two })];
  });
  assertEquals(new Set(found), new Set([Status.BAD_HANDLE]));
});

Deno.test("zx_handle_duplicate gives the same rights or fewer, and needs DUPLICATE", () => {
  const found = making(function* () {
    const handle = yield* newEvent();
    const same = (yield* must(zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS }))).out;
    const less = (yield* must(zx.handleDuplicate({ handle, rights: Right.WAIT }))).out;
    return [
      yield* rightsOf(same),
      yield* rightsOf(less),
      yield* zx.handleDuplicate({ handle, rights: Right.READ }),
      yield* zx.handleDuplicate({ handle: less, rights: Right.WAIT }),
    ];
  });
  assertEquals(found, [
    DEFAULT_RIGHTS.event,
    Right.WAIT,
    Status.INVALID_ARGS,
    Status.ACCESS_DENIED,
  ]);
});

Deno.test("zx_handle_replace gives a new handle and takes the old one", () => {
  const found = making(function* () {
    const handle = yield* newEvent();
    const { out } = yield* must(zx.handleReplace({ handle, rights: Right.WAIT }));
    return [yield* rightsOf(out), yield* zx.handleCheckValid({ handle })];
  });
  assertEquals(found, [Right.WAIT, Status.BAD_HANDLE]);
});

Deno.test("zx_handle_replace takes the old handle even when it refuses", () => {
  const found = making(function* () {
    const handle = yield* newEvent();
    const status = yield* zx.handleReplace({ handle, rights: Right.READ });
    return [status, yield* zx.handleCheckValid({ handle })];
  });
  assertEquals(found, [Status.INVALID_ARGS, Status.BAD_HANDLE]);
});

Deno.test("a handle's information names the object, its type and the one it belongs with", () => {
  const found = making(function* ({ root }) {
    const { out0, out1 } = yield* must(zx.eventpairCreate({}));
    const [one] = (yield* must(getInfo(out0, "HANDLE_BASIC"))).records;
    const [other] = (yield* must(getInfo(out1, "HANDLE_BASIC"))).records;
    const process = yield* newProcess(root);
    const [made] = (yield* must(getInfo(process, "HANDLE_BASIC"))).records;
    const [job] = (yield* must(getInfo(root, "HANDLE_BASIC"))).records;
    return [
      one!.type === ObjectType.EVENTPAIR,
      one!.relatedKoid === other!.koid && other!.relatedKoid === one!.koid,
      made!.relatedKoid === job!.koid,
      job!.relatedKoid,
    ];
  });
  assertEquals(found, [true, true, true, 0]);
});

Deno.test("ZX_INFO_HANDLE_VALID says whether a handle is open, and HANDLE_COUNT how many there are", () => {
  const found = making(function* () {
    const handle = yield* newEvent();
    yield* zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS });
    const { records } = yield* must(getInfo(handle, "HANDLE_COUNT"));
    const topic = InfoTopic.HANDLE_VALID.number;
    const valid = typeof (yield* zx.objectGetInfo({ handle, topic }));
    yield* zx.handleClose({ handle });
    return [
      records[0]!.handleCount,
      valid,
      yield* zx.objectGetInfo({ handle, topic }),
      yield* zx.objectGetInfo({ handle: 0, topic }),
    ];
  });
  assertEquals(found, [2, "object", Status.BAD_HANDLE, Status.BAD_HANDLE]);
});

Deno.test("a process without handles has an empty table, and one with some lists them", () => {
  const found = making(function* ({ machine, process, root }) {
    const other = yield* newProcess(root);
    const empty = (yield* must(getInfo(other, "HANDLE_TABLE"))).records;
    const { records } = yield* must(
      getInfo(machine.give(process, process, DEFAULT_RIGHTS.process), "HANDLE_TABLE"),
    );
    const job = records.find(({ handleValue }) => handleValue === root)!;
    return [empty.length, job.type, job.rights, records.length];
  });
  assertEquals(found, [0, ObjectType.JOB, DEFAULT_RIGHTS.job, 4]);
});

Deno.test("a process's table says who has the other end of what it has, wherever that is", () => {
  const found = making(function* ({ machine, process, root }) {
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    const other = yield* newProcess(yield* newJob(root));
    const { object } = process.handleTable.get(other)!;
    const { koid: ours } = process;
    const end = process.removeHandle(out1, "test")!;
    const owner = function* (of: Process) {
      const handle = machine.give(process, of, DEFAULT_RIGHTS.process);
      const { records } = yield* must(getInfo(handle, "HANDLE_TABLE"));
      return records.find(({ type }) => type === ObjectType.CHANNEL)!.peerOwnerKoid;
    };
    const before = yield* owner(process);
    (object as Process).addHandle(end, "test");
    const after = [yield* owner(process), yield* owner(object as Process)];
    yield* zx.taskKill({ task: other });
    const gone = yield* owner(process);
    return [out0 > 0, before, after.map((koid) => [object.koid, ours].indexOf(koid)), gone];
  });
  assertEquals(found, [true, 0, [0, 1], 0]);
});

Deno.test("a handle that is none is refused before anything else by zx_object_get_info", () => {
  const found = making(function* () {
    const answers: unknown[] = [];
    for (const { number: topic } of Object.values(InfoTopic)) {
      answers.push(yield* zx.objectGetInfo({ handle: 0, topic }));
    }
    answers.push(yield* zx.objectGetInfo({ handle: 0x1233, topic: InfoTopic.JOB.number }));
    return answers;
  });
  assertEquals(new Set(found), new Set([Status.BAD_HANDLE]));
});

Deno.test("a topic that there is not answers NOT_SUPPORTED", () => {
  const found = making(({ root }) => zx.objectGetInfo({ handle: root, topic: 12345 }));
  assertEquals(found, Status.NOT_SUPPORTED);
});
