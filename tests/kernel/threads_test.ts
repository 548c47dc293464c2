import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  failed,
  Priority,
  ProfileFlag,
  Right,
  Signal,
  Status,
  ThreadStateKind,
  USER_TOP,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, raw, zx } from "../../kernel/client.ts";
import { Profile } from "../../kernel/ipc/profile.ts";
import { invariant } from "../../kernel/mod.ts";
import { bareVdsoAddress } from "../../lab/machine/bare_program.ts";
import { BareMachine, type Watched } from "../support/bare_machine.ts";
import { must } from "../support/making.ts";

const { GENERAL_REGS, FP_REGS, SINGLE_STEP, VECTOR_REGS, DEBUG_REGS } = ThreadStateKind;
const EXIT = "@zx_process_exit";
const [PC, TP, S2, A0] = [0, 4, 18, 10];

/** A program that spins on `s2`, suspended, while something is done to it; then what it ends with. */
function held<T>(
  text: string,
  body: (code: Watched, room: BareMachine) => Operation<T>,
): { found: T; code: number } {
  const room = new BareMachine();
  const watched = room.start(`${text}\n 1: beqz s2, 1b\n ${EXIT}`);
  return room.look(function* () {
    const { realm } = room.machine.kernel;
    yield* zx.nanosleep({ deadline: realm.now + 100_000 });
    const { token } = yield* must(zx.taskSuspendToken({ task: watched.threadHandle }));
    const found = yield* body(watched, room);
    yield* zx.handleClose({ handle: token });
    yield* zx.nanosleep({ deadline: realm.now + 100_000 });
    const code = watched.process.returnCode;
    watched.process.kill();
    return { found, code };
  });
}

function* registersOf(thread: number): Operation<BigUint64Array> {
  const { buffer } = yield* must(zx.threadReadState({ thread, kind: GENERAL_REGS }));
  return new BigUint64Array(buffer.slice().buffer);
}

function* setRegisters(thread: number, registers: BigUint64Array): Operation<number> {
  const buffer = new Uint8Array(registers.buffer.slice(0));
  return yield* zx.threadWriteState({ thread, kind: GENERAL_REGS, buffer });
}

Deno.test("zx_thread_read_state shows a suspended thread's general registers", () => {
  const { found } = held("li a0, 77\n li s2, 0\n li tp, 99", function* ({ threadHandle }) {
    const registers = yield* registersOf(threadHandle);
    return [registers[A0], registers[S2], registers[TP]];
  });
  assertEquals(found, [77n, 0n, 99n]);
});

Deno.test("zx_thread_write_state changes what a suspended thread goes on with", () => {
  const { found, code } = held("li s2, 0", function* ({ threadHandle }) {
    const registers = yield* registersOf(threadHandle);
    registers[S2] = 1n;
    registers[A0] = 55n;
    return yield* setRegisters(threadHandle, registers);
  });
  assertEquals([found, code], [Status.OK, 55]);
});

Deno.test("a register state with an address outside user space is refused", () => {
  const { found } = held("li s2, 0", function* ({ threadHandle }) {
    const registers = yield* registersOf(threadHandle);
    registers[PC] = BigInt(USER_TOP);
    return yield* setRegisters(threadHandle, registers);
  });
  assertEquals(found, Status.INVALID_ARGS);
});

Deno.test("zx_thread_read_state shows floating-point registers, and writing changes them", () => {
  const text = "li a0, 3\n fcvt.d.l ft1, a0\n li s2, 0\n 2: beqz s2, 2b\n fcvt.l.d a0, ft1";
  const { found, code } = held(text, function* ({ threadHandle: thread }) {
    const { buffer } = yield* must(zx.threadReadState({ thread, kind: FP_REGS }));
    const bytes = buffer.slice();
    const view = new DataView(bytes.buffer);
    const before = view.getFloat64(16, true);
    view.setFloat64(16, 41, true);
    yield* zx.threadWriteState({ thread, kind: FP_REGS, buffer: bytes });
    const registers = yield* registersOf(thread);
    registers[S2] = 1n;
    yield* setRegisters(thread, registers);
    return before;
  });
  assertEquals([found, code], [3, 41]);
});

Deno.test("zx_thread_write_state refuses sizes and values that no state has", () => {
  const { found } = held("li s2, 0", function* ({ threadHandle: thread }) {
    const write = (kind: number, buffer: Uint8Array) =>
      zx.threadWriteState({ thread, kind, buffer });
    const wrongFcsr = new Uint8Array(528).fill(255);
    const wrongHalf = new Uint8Array(528);
    return [
      yield* write(GENERAL_REGS, new Uint8Array(255)),
      yield* write(FP_REGS, wrongFcsr),
      yield* write(FP_REGS, wrongHalf),
      yield* write(SINGLE_STEP, new Uint8Array([2, 0, 0, 0])),
      yield* raw.threadReadState(thread, GENERAL_REGS, 8, 256),
      yield* zx.threadReadState({ thread, kind: GENERAL_REGS, bufferSize: 255 }),
    ];
  });
  const { INVALID_ARGS, BUFFER_TOO_SMALL } = Status;
  assertEquals(found, [...new Array(5).fill(INVALID_ARGS), BUFFER_TOO_SMALL]);
});

Deno.test("the debug registers of RISC-V are one word in which there is nothing to set", () => {
  const { found } = held("li s2, 0", function* ({ threadHandle: thread }) {
    const kind = DEBUG_REGS;
    const buffer = new Uint8Array([1, 2, 3, 4]);
    return [
      yield* zx.threadWriteState({ thread, kind, buffer }),
      (yield* must(zx.threadReadState({ thread, kind }))).buffer,
      yield* zx.threadWriteState({ thread, kind, buffer: new Uint8Array(8) }),
      yield* zx.threadReadState({ thread, kind, bufferSize: 3 }),
    ];
  });
  const { OK, INVALID_ARGS, BUFFER_TOO_SMALL } = Status;
  assertEquals(found, [OK, new Uint8Array(4), INVALID_ARGS, BUFFER_TOO_SMALL]);
});

Deno.test("zx_thread_read_state answers NOT_SUPPORTED for registers that RISC-V does not have", () => {
  const { found } = held("li s2, 0", function* ({ threadHandle: thread }) {
    const answers: unknown[] = [];
    for (const kind of [VECTOR_REGS, 6, 7, 99]) {
      answers.push(yield* zx.threadReadState({ thread, kind }));
    }
    return answers;
  });
  assertEquals(new Set(found), new Set([Status.NOT_SUPPORTED]));
});

Deno.test("zx_thread_read_state answers BAD_STATE while the thread runs, and when it has ended", () => {
  const room = new BareMachine();
  const code = room.start(`1: @zx_thread_legacy_yield\n j 1b`);
  const found = room.look(function* () {
    const { threadHandle: thread } = code;
    const running = yield* zx.threadReadState({ thread, kind: GENERAL_REGS });
    code.process.kill();
    return [running, yield* zx.threadReadState({ thread, kind: GENERAL_REGS })];
  });
  assertEquals(found, [Status.BAD_STATE, Status.BAD_STATE]);
});

Deno.test("zx_thread_read_state needs READ and zx_thread_write_state WRITE", () => {
  const { found } = held("li s2, 0", function* ({ thread }, room) {
    const poor = room.give(thread, Right.INSPECT);
    const buffer = new Uint8Array(256);
    return [
      yield* zx.threadReadState({ thread: poor, kind: GENERAL_REGS }),
      yield* zx.threadWriteState({ thread: poor, kind: GENERAL_REGS, buffer }),
      yield* zx.threadStart({ thread: poor, entry: 0, stack: 0, arg1: 0, arg2: 0 }),
    ];
  });
  assertEquals(new Set(found), new Set([Status.ACCESS_DENIED]));
});

/** Start a further thread with a call, and answer what the call answers and what `s2` is then. */
function startedBy(call: (thread: number, entry: number) => Operation<number>) {
  // The first thread waits for ever; the further one says what it finds in its registers.
  const text = `bnez tp, 2f
    1: li a0, -1
    srli a0, a0, 1
    @zx_nanosleep
    j 1b
    2: add a0, a0, a1
    add a0, a0, tp
    add a0, a0, gp
    @zx_process_exit`;
  const room = new BareMachine();
  const code = room.start(text);
  return room.look(function* () {
    const { realm } = room.machine.kernel;
    yield* zx.nanosleep({ deadline: realm.now + 100_000 });
    const process = code.processHandle;
    const { out: thread } = yield* must(zx.threadCreate({ process, name: "further" }));
    const status = yield* call(thread, code.entry);
    yield* zx.nanosleep({ deadline: realm.now + 100_000 });
    const result = [status, code.process.returnCode];
    code.process.kill();
    return result;
  });
}

Deno.test("zx_thread_start_regs sets the thread pointer and the ABI's register beside the arguments", () => {
  const found = startedBy((thread, entry) => {
    const pointers = { threadPointer: 1000, abiRegister: 10000 };
    return zx.threadStartRegs({ thread, entry, stack: 0, arg1: 1, arg2: 20, ...pointers });
  });
  assertEquals(found, [Status.OK, 11021]);
});

Deno.test("zx_thread_start_regs refuses a thread pointer outside user space", () => {
  const found = startedBy((thread, entry) => {
    const threadPointer = USER_TOP;
    return zx.threadStartRegs({ thread, entry, stack: 0, arg1: 1, arg2: 20, threadPointer });
  });
  assertEquals(found, [Status.INVALID_ARGS, 0]);
});

Deno.test("a thread that is started at zero meets a page fault there", () => {
  const found = startedBy((thread) => {
    return zx.threadStart({ thread, entry: 0, stack: 0, arg1: 0, arg2: 0 });
  });
  assertEquals(found, [Status.OK, -1028]);
});

Deno.test("a thread is not started at an address that no program can have", () => {
  const found = startedBy((thread) => {
    return zx.threadStart({ thread, entry: 2 ** 40, stack: 0, arg1: 0, arg2: 0 });
  });
  assertEquals(found, [Status.INVALID_ARGS, 0]);
});

Deno.test("a thread's information says what it may run on and how long it has run", () => {
  const { found } = held("li s2, 0", function* ({ threadHandle: thread, processHandle }) {
    const info = (yield* must(getInfo(thread, "THREAD"))).records[0]!;
    const stats = (yield* must(getInfo(thread, "THREAD_STATS"))).records[0]!;
    const runtime = (yield* must(getInfo(thread, "TASK_RUNTIME"))).records[0]!;
    return [
      info.cpuAffinityMask[0],
      stats.lastScheduledCpu,
      stats.totalRuntime > 10_000,
      runtime.cpuTime === stats.totalRuntime,
      yield* getInfo(thread, "TASK_STATS"),
      yield* getInfo(processHandle, "THREAD_STATS"),
    ];
  });
  assertEquals(found, [1, 0, true, true, Status.WRONG_TYPE, Status.WRONG_TYPE]);
});

Deno.test("a thread that has ended cannot be suspended, and has no statistics", () => {
  const room = new BareMachine();
  const code = room.start(`li a0, 0\n ${EXIT}`);
  const found = room.look(function* () {
    const { threadHandle: task } = code;
    yield* zx.objectWaitOne({ handle: task, signals: Signal.TASK_TERMINATED });
    return [yield* zx.taskSuspendToken({ task }), yield* getInfo(task, "THREAD_STATS")];
  });
  assertEquals(found, [Status.BAD_STATE, Status.BAD_STATE]);
});

Deno.test("threads that were started run beside each other and signal their ends", () => {
  const room = new BareMachine();
  const codes = [1, 2, 3].map((code) => room.start(`li a0, ${code}\n ${EXIT}`));
  const found = room.look(function* () {
    const seen: number[] = [];
    for (const { threadHandle, process } of codes) {
      const signals = Signal.TASK_TERMINATED;
      seen.push((yield* zx.objectWaitOne({ handle: threadHandle, signals })).status);
      seen.push(process.returnCode);
    }
    return seen;
  });
  assertEquals(found, [0, 1, 0, 2, 0, 3]);
});

Deno.test("a long computation with floating point is right though others run in between", () => {
  const compute = `li s0, 20000
    fmv.d.x ft0, zero
    li a0, 1
    fcvt.d.l ft1, a0
    1: fadd.d ft0, ft0, ft1
    addi s0, s0, -1
    @zx_thread_legacy_yield
    bnez s0, 1b
    fcvt.l.d a0, ft0
    ${EXIT}`;
  const room = new BareMachine();
  const codes = [1, 2].map(() => room.start(compute));
  const found = room.look(function* () {
    for (const { processHandle: handle } of codes) {
      yield* zx.objectWaitOne({ handle, signals: Signal.TASK_TERMINATED });
    }
    return codes.map(({ process }) => process.returnCode);
  });
  assertEquals(found, [20000, 20000]);
});

Deno.test("a thread's stack can be used to its last byte", () => {
  const room = new BareMachine();
  const code = room.start(`li t0, 4096
    1: addi sp, sp, -8
    sd t0, 0(sp)
    addi t0, t0, -1
    bnez t0, 1b
    ld a0, 0(sp)
    ${EXIT}`);
  const found = room.look(function* () {
    yield* zx.objectWaitOne({ handle: code.processHandle, signals: Signal.TASK_TERMINATED });
    return code.process.returnCode;
  });
  assertEquals(found, 1);
});

Deno.test("zx_process_write_memory does not change the vDSO, which all processes share", () => {
  const { found } = held("li s2, 0", function* ({ processHandle: process }) {
    const address = bareVdsoAddress("zx_process_exit");
    const buffer = new Uint8Array(4);
    const read = yield* must(zx.processReadMemory({ process, address, bufferSize: 4 }));
    return [read.actual, yield* zx.processWriteMemory({ process, address, buffer })];
  });
  assertEquals(found, [4, Status.ACCESS_DENIED]);
});

Deno.test("zx_object_set_profile gives a running thread another urgency", () => {
  const { found } = held("li s2, 0", function* ({ thread, threadHandle: target }, room) {
    const times = { capacity: 0n, relativeDeadline: 0n, period: 0n, cpuMask: [] };
    const info = { flags: ProfileFlag.PRIORITY, priority: Priority.LOW, ...times };
    const object = Profile.create(thread.realm, info);
    invariant(!failed(object), "a priority is a profile");
    const profile = room.give(object, DEFAULT_RIGHTS.profile);
    const poor = room.give(thread, Right.READ);
    return [
      yield* zx.objectSetProfile({ target, profile }),
      thread.priority,
      yield* zx.objectSetProfile({ target: poor, profile }),
      yield* zx.objectSetProfile({ target: profile, profile }),
    ];
  });
  assertEquals(found, [Status.OK, Priority.LOW, Status.ACCESS_DENIED, Status.WRONG_TYPE]);
});
