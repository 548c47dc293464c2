import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  ProcessInfoFlag,
  Property,
  Right,
  Signal,
  Status,
  TaskReturnCode,
  USER_TOP,
} from "../../kernel/abi.ts";
import { getInfo, getProperty, type Operation, type Program, zx } from "../../kernel/client.ts";
import { jobOf, type Maker, making, must, newJob, newProcess, sleeper } from "../support/making.ts";
import { mapPage } from "../support/subjects.ts";

/** A process with one thread that are made and not started, and a program's address. */
function* unstarted({ machine, root }: Maker, program: (arg: number) => Program) {
  const process = yield* newProcess(root);
  const { out: thread } = yield* must(zx.threadCreate({ process, name: "first" }));
  const entry = machine.kernel.system.scripts.register(program);
  return { process, thread, entry, stack: 0, arg2: 0 };
}

function* idle(): Program {
  yield* zx.nanosleep({});
}

function* flagsOf(process: number): Operation<number> {
  return (yield* must(getInfo(process, "PROCESS"))).records[0]!.flags;
}

/** Let other threads run. */
function settle({ machine }: Maker): Operation<number> {
  return zx.nanosleep({ deadline: machine.kernel.realm.now + 1_000_000 });
}

Deno.test("a process that is started runs with the handle that was handed to it", () => {
  const found = making(function* (maker) {
    const seen: unknown[] = [];
    const start = yield* unstarted(maker, function* (handle) {
      seen.push(yield* zx.channelWrite({ handle, bytes: new Uint8Array(3), handles: [] }));
    });
    const { out0, out1: arg1 } = yield* must(zx.channelCreate({}));
    seen.push(
      yield* zx.processStart({ ...start, arg1 }),
      yield* zx.handleCheckValid({ handle: arg1 }),
    );
    yield* settle(maker);
    const { bytes } = yield* must(zx.channelRead({ handle: out0 }));
    return [...seen, bytes.length];
  });
  assertEquals(found, [Status.OK, Status.BAD_HANDLE, Status.OK, 3]);
});

Deno.test("a process can be started without a handle, and can never have one", () => {
  const found = making(function* (maker) {
    const args: number[] = [];
    const start = yield* unstarted(maker, function* (arg) {
      args.push(arg);
      yield* zx.handleClose({ handle: 0 });
    });
    const status = yield* zx.processStart({ ...start, arg1: 0 });
    yield* settle(maker);
    return [status, args];
  });
  assertEquals(found, [Status.OK, [0]]);
});

Deno.test("a process is started once, by a thread of its own, at an address of user space", () => {
  const found = making(function* (maker) {
    const start = yield* unstarted(maker, idle);
    const other = yield* unstarted(maker, idle);
    const arg1 = 0;
    return [
      yield* zx.processStart({ ...start, arg1, entry: USER_TOP }),
      yield* zx.processStart({ ...start, arg1, thread: other.thread }),
      yield* zx.threadStart({ ...start, arg1 }),
      yield* zx.processStart({ ...start, arg1 }),
      yield* zx.processStart({ ...start, arg1 }),
    ];
  });
  const { INVALID_ARGS, ACCESS_DENIED, BAD_STATE, OK } = Status;
  assertEquals(found, [INVALID_ARGS, ACCESS_DENIED, BAD_STATE, OK, BAD_STATE]);
});

Deno.test("zx_process_start takes its handle whatever it answers", () => {
  const found = making(function* (maker) {
    const start = yield* unstarted(maker, idle);
    const answers: unknown[] = [];
    for (
      const change of [{ process: 0 }, { thread: 0 }, { thread: maker.root }, { entry: USER_TOP }]
    ) {
      const { out: arg1 } = yield* must(zx.eventCreate({}));
      answers.push(yield* zx.processStart({ ...start, arg1, ...change }));
      answers.push(yield* zx.handleCheckValid({ handle: arg1 }));
    }
    const { out } = yield* must(zx.eventCreate({}));
    const { out: arg1 } = yield* must(zx.handleReplace({ handle: out, rights: Right.WAIT }));
    answers.push(yield* zx.processStart({ ...start, arg1 }));
    return answers;
  });
  const { BAD_HANDLE, WRONG_TYPE, INVALID_ARGS, ACCESS_DENIED } = Status;
  const gone = BAD_HANDLE;
  const expected = [BAD_HANDLE, gone, BAD_HANDLE, gone, WRONG_TYPE, gone, INVALID_ARGS, gone];
  assertEquals(found, [...expected, ACCESS_DENIED]);
});

Deno.test("a process's information says whether it was started and has ended", () => {
  const found = making(function* (maker) {
    const start = yield* unstarted(maker, idle);
    const { process } = start;
    const flags = [yield* flagsOf(process)];
    yield* zx.processStart({ ...start, arg1: 0 });
    flags.push(yield* flagsOf(process));
    const { out } = yield* must(zx.taskCreateExceptionChannel({ task: process, options: 1 }));
    flags.push(yield* flagsOf(process));
    yield* zx.handleClose({ handle: out });
    yield* zx.taskKill({ task: process });
    flags.push(yield* flagsOf(process));
    const { records } = yield* must(getInfo(process, "PROCESS"));
    return [...flags, records[0]!.returnCode];
  });
  const { STARTED, EXITED, DEBUGGER_ATTACHED } = ProcessInfoFlag;
  const flags = [0, STARTED, STARTED | DEBUGGER_ATTACHED, STARTED | EXITED];
  assertEquals(found, [...flags, TaskReturnCode.SYSCALL_KILL]);
});

Deno.test("names may be empty, and what is too long is cut off", () => {
  const found = making(function* ({ root }) {
    const names: unknown[] = [];
    for (const name of ["", "x".repeat(100)]) {
      const { process } = yield* must(zx.processCreate({ job: root, name }));
      names.push((yield* must(getProperty(process, "NAME"))).value);
      const { out } = yield* must(zx.threadCreate({ process, name }));
      names.push((yield* must(getProperty(out, "NAME"))).value);
    }
    return names;
  });
  assertEquals(found, ["", "", "x".repeat(31), "x".repeat(31)]);
});

Deno.test("closing every handle to a running process or its threads does not end it", () => {
  const found = making(function* (maker) {
    const start = yield* unstarted(maker, idle);
    yield* zx.processStart({ ...start, arg1: 0 });
    const { object } = maker.process.handleTable.get(start.process)!;
    object.hold();
    yield* zx.handleClose({ handle: start.thread });
    yield* zx.handleClose({ handle: start.process });
    yield* settle(maker);
    const living = [...maker.machine.kernel.rootJob.processes].some((one) => one === object);
    object.drop();
    return living;
  });
  assertEquals(found, true);
});

Deno.test("a process that was never started ends with its last handle", () => {
  const found = making(function* ({ root, machine }) {
    const before = machine.kernel.rootJob.processes.size;
    const { process, rootVmar } = yield* must(zx.processCreate({ job: root, name: "idle" }));
    const during = machine.kernel.rootJob.processes.size;
    yield* zx.handleClose({ handle: process });
    yield* zx.handleClose({ handle: rootVmar });
    return [during - before, machine.kernel.rootJob.processes.size - before];
  });
  assertEquals(found, [1, 0]);
});

Deno.test("zx_task_kill of a thread answers WRONG_TYPE", () => {
  const found = making(function* (maker) {
    const { thread } = yield* unstarted(maker, idle);
    return yield* zx.taskKill({ task: thread });
  });
  assertEquals(found, Status.WRONG_TYPE);
});

Deno.test("a process that holds a channel with a handle to itself in it can be killed, and is gone", () => {
  const found = making(function* (maker) {
    const before = maker.machine.kernel.realm.census();
    const { victim, handle } = sleeper(maker, maker.machine.kernel.rootJob);
    const { out0, out1 } = yield* must(zx.channelCreate({}));
    const { out } = yield* must(zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS }));
    yield* zx.channelWrite({ handle: out0, bytes: new Uint8Array(0), handles: [out] });
    victim.addHandle(maker.process.removeHandle(out1, "moved")!, "moved");
    yield* zx.handleClose({ handle: out0 });
    yield* settle(maker);
    yield* zx.taskKill({ task: handle });
    yield* zx.handleClose({ handle });
    return [before, maker.machine.kernel.realm.census()];
  });
  assertEquals(found[1], found[0]);
});

Deno.test("jobs that are made, filled and killed at the same time leave nothing behind", () => {
  const found = making(function* (maker) {
    const { machine, root } = maker;
    const before = machine.kernel.realm.census();
    for (let at = 0; at < 20; at++) {
      const job = yield* newJob(root);
      machine.spawn("filler", function* (process) {
        const own = machine.give(process, jobOf(maker, job), DEFAULT_RIGHTS.job);
        for (;;) yield* zx.processCreate({ job: own, name: "child" });
      }, jobOf(maker, job));
      yield* zx.nanosleep({ deadline: machine.kernel.realm.now + at * 17 });
      yield* zx.taskKill({ task: job });
      yield* zx.handleClose({ handle: job });
    }
    return [before, machine.kernel.realm.census()];
  });
  assertEquals(found[1], found[0]);
});

Deno.test("a process waits for its own end in vain, and no packet comes of it", () => {
  const found = making(function* (maker) {
    const { out: port } = yield* must(zx.portCreate({}));
    const portObject = maker.process.handleTable.get(port)!.object;
    const seen: unknown[] = [];
    const victim = maker.machine.spawn("self", function* (process) {
      const handle = maker.machine.give(process, process, DEFAULT_RIGHTS.process);
      const own = maker.machine.give(process, portObject, DEFAULT_RIGHTS.port);
      const signals = Signal.TASK_TERMINATED;
      seen.push(yield* zx.objectWaitAsync({ handle, port: own, key: 1n, signals }));
      yield* zx.processExit({ code: 0 });
    });
    yield* settle(maker);
    seen.push(victim.state, yield* zx.portWait({ handle: port, deadline: 0 }));
    return seen;
  });
  assertEquals(found, [Status.OK, "dead", Status.TIMED_OUT]);
});

Deno.test("the first code that a process ends with is the one that counts", () => {
  const found = making(function* (maker) {
    const { victim, handle } = sleeper(maker, maker.machine.kernel.rootJob);
    yield* settle(maker);
    victim.kill(42);
    yield* zx.taskKill({ task: handle });
    return (yield* must(getInfo(handle, "PROCESS"))).records[0]!.returnCode;
  });
  assertEquals(found, 42);
});

Deno.test("a process's runtime is known to who may inspect it", () => {
  const found = making(function* (maker) {
    const { handle } = sleeper(maker, maker.machine.kernel.rootJob);
    yield* settle(maker);
    const { records } = yield* must(getInfo(handle, "TASK_RUNTIME"));
    const { out } = yield* must(zx.handleDuplicate({ handle, rights: Right.WAIT }));
    return [records[0]!.cpuTime > 0, yield* getInfo(out, "TASK_RUNTIME")];
  });
  assertEquals(found, [true, Status.ACCESS_DENIED]);
});

Deno.test("zx_object_get_property answers NOT_SUPPORTED for a processor's tracing", () => {
  const found = making(function* (maker) {
    const { handle } = sleeper(maker, maker.machine.kernel.rootJob);
    return yield* zx.objectGetProperty({
      handle,
      property: Property.PROCESS_HW_TRACE_CONTEXT_ID.number,
    });
  });
  assertEquals(found, Status.NOT_SUPPORTED);
});

Deno.test("zx_process_read_memory copies up to the end of a mapping and refuses what is not mapped", () => {
  const found = making(function* (maker) {
    const { victim, handle: process } = sleeper(maker, maker.machine.kernel.rootJob);
    const page = mapPage(victim);
    victim.memory.writeU32(page + 4092, 0x04030201);
    const read = (address: number, bufferSize: number) => {
      return zx.processReadMemory({ process, address, bufferSize });
    };
    const { buffer, actual } = yield* must(read(page + 4092, 100));
    return [
      [...buffer],
      actual,
      yield* read(8, 4),
      yield* read(page, 0),
      yield* read(page, 2 ** 30),
    ];
  });
  const { NO_MEMORY, INVALID_ARGS } = Status;
  assertEquals(found, [[1, 2, 3, 4], 4, NO_MEMORY, INVALID_ARGS, INVALID_ARGS]);
});

Deno.test("zx_process_write_memory copies up to the end of a mapping and refuses what is not mapped", () => {
  const found = making(function* (maker) {
    const { victim, handle: process } = sleeper(maker, maker.machine.kernel.rootJob);
    const page = mapPage(victim);
    const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    const { actual } = yield* must(
      zx.processWriteMemory({ process, address: page + 4092, buffer }),
    );
    const value = victim.memory.readU32(page + 4092);
    const nowhere = yield* zx.processWriteMemory({ process, address: 8, buffer });
    victim.kill();
    return [
      actual,
      value,
      nowhere,
      yield* zx.processWriteMemory({ process, address: page, buffer }),
    ];
  });
  assertEquals(found, [4, 0x04030201, Status.NO_MEMORY, Status.BAD_STATE]);
});

Deno.test("zx_object_get_child finds children by identity, with no more rights than the parent's", () => {
  const found = making(function* ({ root }) {
    const job = yield* newJob(root);
    const process = yield* newProcess(job);
    const koid = (yield* must(getInfo(process, "HANDLE_BASIC"))).records[0]!.koid;
    const { out } = yield* must(
      zx.objectGetChild({ handle: job, koid, rights: Right.INSPECT | Right.DESTROY }),
    );
    const basic = (yield* must(getInfo(out, "HANDLE_BASIC"))).records[0]!;
    const { out: poor } = yield* must(zx.handleDuplicate({ handle: job, rights: Right.ENUMERATE }));
    const { out: blind } = yield* must(zx.handleDuplicate({ handle: job, rights: Right.INSPECT }));
    const child = (handle: number, rights: number) => zx.objectGetChild({ handle, koid, rights });
    return [
      basic.koid === koid,
      yield* child(poor, Right.INSPECT),
      yield* child(blind, Right.INSPECT),
      yield* child(root, Right.INSPECT),
      yield* zx.objectGetChild({ handle: 0, koid, rights: Right.NONE }),
    ];
  });
  const { ACCESS_DENIED, NOT_FOUND, BAD_HANDLE } = Status;
  assertEquals(found, [true, ACCESS_DENIED, ACCESS_DENIED, NOT_FOUND, BAD_HANDLE]);
});
