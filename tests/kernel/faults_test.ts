import { assertEquals } from "@std/assert";
import {
  ExceptionState,
  ExceptionType,
  Signal,
  Status,
  TaskReturnCode,
  ThreadStateKind,
} from "../../kernel/abi.ts";
import { getInfo, type Operation, zx } from "../../kernel/client.ts";
import { BARE_MEMORY } from "../../lab/machine/bare_program.ts";
import { BareMachine, type Watched } from "../support/bare_machine.ts";
import { answer, listen, take, type Taken } from "../support/handling.ts";
import { must } from "../support/making.ts";

const { HANDLED } = ExceptionState;
const { EXCEPTION_KILL } = TaskReturnCode;

/** What a program's exception is reported as, and what its process ends with when it is not handled. */
function reportOf(text: string) {
  const room = new BareMachine();
  const code = room.start(text);
  return room.look(function* () {
    const channel = yield* listen(code.processHandle);
    const { exception, type } = yield* take(channel);
    const { records } = yield* must(getInfo(code.threadHandle, "THREAD_EXCEPTION_REPORT"));
    const { cause, value, synthCode, synthData } = records[0]!;
    yield* answer(exception, ExceptionState.TRY_NEXT);
    yield* zx.objectWaitOne({ handle: code.processHandle, signals: Signal.TASK_TERMINATED });
    const state = { type, cause, value, synthCode: synthCode | 0, synthData };
    return { ...state, code: code.process.returnCode };
  });
}

/** Handle the first exception of a program by changing its registers; answers the exit code. */
function mended(text: string, mend: (code: Watched, taken: Taken) => Operation<unknown>): number {
  const room = new BareMachine();
  const code = room.start(text);
  return room.look(function* () {
    const channel = yield* listen(code.processHandle);
    const taken = yield* take(channel);
    yield* mend(code, taken);
    yield* answer(taken.exception, HANDLED);
    yield* zx.objectWaitOne({ handle: code.processHandle, signals: Signal.TASK_TERMINATED });
    return code.process.returnCode;
  });
}

const EXIT_A0 = "@zx_process_exit";

function* changeRegisters(thread: number, change: (registers: BigUint64Array) => void) {
  const kind = ThreadStateKind.GENERAL_REGS;
  const { buffer } = yield* must(zx.threadReadState({ thread, kind }));
  const registers = new BigUint64Array(buffer.slice().buffer);
  change(registers);
  return yield* zx.threadWriteState({ thread, kind, buffer: new Uint8Array(registers.buffer) });
}

const PC = 0;
const A0 = 10;
const A1 = 11;

Deno.test("a load from where nothing is mapped is a page fault with Zircon's report, and kills", () => {
  assertEquals(reportOf("li a0, 0x123458\n ld a1, 0(a0)"), {
    type: ExceptionType.FATAL_PAGE_FAULT,
    cause: 13,
    value: 0x123458,
    synthCode: Status.NOT_FOUND,
    synthData: 0,
    code: EXCEPTION_KILL,
  });
});

Deno.test("a store to where only reading is allowed is a page fault with the store's cause", () => {
  const { type, cause, synthCode } = reportOf(
    "la a0, word\n sd a0, 0(a0)\n .rodata\n word: .dword 1",
  );
  assertEquals([type, cause], [ExceptionType.FATAL_PAGE_FAULT, 15]);
  assertEquals(synthCode, Status.ACCESS_DENIED);
});

Deno.test("a jump to where nothing is mapped is a page fault with the fetch's cause", () => {
  const { type, cause, value } = reportOf("li a0, 0x200\n jr a0");
  assertEquals([type, cause, value], [ExceptionType.FATAL_PAGE_FAULT, 12, 0x200]);
});

Deno.test("a jump to zero is a page fault at zero", () => {
  const { type, value } = reportOf("jr zero");
  assertEquals([type, value], [ExceptionType.FATAL_PAGE_FAULT, 0]);
});

Deno.test("bits that are no instruction are an undefined instruction, reported with the bits", () => {
  const { type, cause, value } = reportOf(".word 0xffffffff");
  assertEquals([type, cause, value], [ExceptionType.UNDEFINED_INSTRUCTION, 2, 0xffffffff]);
});

Deno.test("ebreak is a software breakpoint", () => {
  const { type, cause } = reportOf("ebreak");
  assertEquals([type, cause], [ExceptionType.SW_BREAKPOINT, 3]);
});

Deno.test("a raw ecall is BAD_SYSCALL: a policy exception that says which call, and kills", () => {
  const { type, synthCode, synthData, code } = reportOf("li t0, 77\n ecall");
  assertEquals([type, synthCode, synthData], [ExceptionType.POLICY_ERROR, 18, 77]);
  assertEquals(code, EXCEPTION_KILL);
});

Deno.test("a raw ecall whose exception is handled answers BAD_SYSCALL", () => {
  const code = mended(`li t0, 77\n ecall\n ${EXIT_A0}`, function* () {});
  assertEquals(code, Status.BAD_SYSCALL);
});

Deno.test("a handler that moves the program counter lets the thread go on behind the instruction", () => {
  const code = mended(`ebreak\n li a0, 5\n ${EXIT_A0}`, function* ({ threadHandle }) {
    yield* changeRegisters(threadHandle, (registers) => registers[PC]! += 4n);
  });
  assertEquals(code, 5);
});

Deno.test("a handler that writes registers is what the thread goes on with", () => {
  const text = `li a0, 8\n ld a0, 0(a0)\n ${EXIT_A0}`;
  const code = mended(text, function* ({ threadHandle }) {
    yield* changeRegisters(threadHandle, (registers) => registers[A0] = BigInt(BARE_MEMORY));
  });
  assertEquals(code, 0);
});

Deno.test("zx_exception_get_thread and zx_exception_get_process answer handles to who met it", () => {
  const code = mended(
    `ebreak\n li a0, 3\n ${EXIT_A0}`,
    function* (watched, { exception, pid, tid }) {
      const { out: thread } = yield* must(zx.exceptionGetThread({ exception }));
      const { out: process } = yield* must(zx.exceptionGetProcess({ exception }));
      const koids = [
        (yield* must(getInfo(process, "HANDLE_BASIC"))).records[0]!.koid,
        (yield* must(getInfo(thread, "HANDLE_BASIC"))).records[0]!.koid,
      ];
      assertEquals([pid, tid], koids);
      assertEquals([watched.process.koid, watched.thread.koid], koids);
      yield* changeRegisters(thread, (registers) => registers[PC]! += 4n);
    },
  );
  assertEquals(code, 3);
});

Deno.test("an exception from a thread's own channel does not give away its process", () => {
  const room = new BareMachine();
  const code = room.start("ebreak");
  const found = room.look(function* () {
    const channel = yield* listen(code.threadHandle);
    const { exception } = yield* take(channel);
    const refused = yield* zx.exceptionGetProcess({ exception });
    yield* answer(exception, ExceptionState.TRY_NEXT);
    return refused;
  });
  assertEquals(found, Status.ACCESS_DENIED);
});

Deno.test("an exception whose thread was killed meanwhile is over for its holder too", () => {
  const room = new BareMachine();
  const code = room.start("ebreak");
  const found = room.look(function* () {
    const channel = yield* listen(code.processHandle);
    const { exception } = yield* take(channel);
    yield* zx.taskKill({ task: code.processHandle });
    const gone = yield* zx.exceptionGetThread({ exception });
    yield* answer(exception, HANDLED);
    return [gone, code.process.returnCode];
  });
  assertEquals(found, [Status.BAD_STATE, TaskReturnCode.SYSCALL_KILL]);
});

Deno.test("a single step ends with a hardware breakpoint behind each instruction", () => {
  const room = new BareMachine();
  const code = room.start(`ebreak\n li a0, 1\n li a1, 2\n li a2, 3\n ${EXIT_A0}`);
  const found = room.look(function* () {
    const channel = yield* listen(code.processHandle);
    const first = yield* take(channel);
    const { threadHandle: thread } = code;
    const kind = ThreadStateKind.SINGLE_STEP;
    yield* changeRegisters(thread, (registers) => registers[PC]! += 4n);
    yield* zx.threadWriteState({ thread, kind, buffer: new Uint8Array([1, 0, 0, 0]) });
    yield* answer(first.exception, HANDLED);
    const types: number[] = [];
    const values: bigint[] = [];
    for (let at = 0; at < 3; at++) {
      const { exception, type } = yield* take(channel);
      types.push(type);
      yield* changeRegisters(thread, (registers) => values.push(registers[A0]!, registers[A1]!));
      if (at === 2) yield* zx.threadWriteState({ thread, kind, buffer: new Uint8Array(4) });
      yield* answer(exception, HANDLED);
    }
    yield* zx.objectWaitOne({ handle: code.processHandle, signals: Signal.TASK_TERMINATED });
    return { types: new Set(types), values, code: code.process.returnCode };
  });
  const types = new Set([ExceptionType.HW_BREAKPOINT]);
  assertEquals(found, { types, values: [1n, 0n, 1n, 2n, 1n, 2n], code: 1 });
});

Deno.test("zx_process_write_memory can put a breakpoint into a program and take it out", () => {
  const room = new BareMachine();
  const code = room.start(`1: li a0, 0\n @zx_thread_legacy_yield\n j 1b`);
  const found = room.look(function* () {
    const { processHandle: process, threadHandle: thread } = code;
    yield* zx.nanosleep({ deadline: room.machine.kernel.realm.now + 100_000 });
    const { token } = yield* must(zx.taskSuspendToken({ task: process }));
    let pc = 0n;
    yield* changeRegisters(thread, (registers) => pc = registers[1]!);
    const address = Number(pc);
    const { buffer } = yield* must(zx.processReadMemory({ process, address, bufferSize: 4 }));
    const ebreak = new Uint8Array([0x73, 0, 0x10, 0]);
    yield* zx.processWriteMemory({ process, address, buffer: ebreak });
    const channel = yield* listen(process);
    yield* zx.handleClose({ handle: token });
    const { exception, type } = yield* take(channel);
    yield* zx.processWriteMemory({ process, address, buffer });
    yield* answer(exception, HANDLED);
    yield* zx.nanosleep({ deadline: room.machine.kernel.realm.now + 100_000 });
    return [type, code.process.state];
  });
  assertEquals(found, [ExceptionType.SW_BREAKPOINT, "running"]);
});
