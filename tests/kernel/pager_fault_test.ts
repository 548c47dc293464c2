/**
 * Machine code that touches memory which a pager supplies.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { createProcessor } from "../../cpu/mod.ts";
import {
  DEFAULT_RIGHTS,
  ExceptionType,
  failed,
  PagerCommand,
  PagerOp,
  Right,
  Status,
  TaskReturnCode,
  ThreadState,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { Access } from "../../kernel/ports.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { addi, jal, ld, sd } from "../support/guest.ts";
import { made, newVmo, PAGE } from "../support/memory.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";

const RW = VmOption.PERM_READ | VmOption.PERM_WRITE;
const DONE = 8;

/** A machine with a script that is a pager, and a thread of machine code that needs it. */
class Machine {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly thread: Thread;
  readonly pager: Process;
  /** What the machine code is to say in the end, at an offset of `DONE`. */
  readonly report: Vmo;
  readonly #reportAt: number;

  constructor() {
    const processor = createProcessor({ memoryBytes: 16 << 20 });
    this.kernel = new Kernel({
      memory: processor.memory,
      entropy: new SeededEntropy(1),
      console: { write() {} },
      personality: new Zircon(processor.isa),
      processor,
    });
    const { rootJob, realm } = this.kernel;
    this.process = Process.create(rootJob, "machine") as Process;
    this.process.hold();
    this.thread = Thread.create(this.process, "machine") as Thread;
    this.thread.hold();
    this.pager = Process.create(rootJob, "pager") as Process;
    this.report = Vmo.create(realm, PAGE) as Vmo;
    this.report.hold();
    this.#reportAt = this.map(this.report, RW);
  }

  map(vmo: Vmo, options: number): number {
    const mapping = this.process.space.root.map({
      options: options | VmOption.ALLOW_FAULTS,
      vmo,
      vmoOffset: 0,
      length: vmo.size,
      accessMax: Access.READ | Access.WRITE | Access.EXECUTE,
    });
    assert(!failed(mapping));
    return mapping.base;
  }

  /** Start machine code with a pager's memory at `x10` and the report at `x11`. */
  start(words: readonly number[], memory: number): void {
    const code = Vmo.create(this.kernel.realm, PAGE) as Vmo;
    const loop = [...words, jal(0, 0)];
    code.write(0, new Uint8Array(Uint32Array.from(loop, (word) => word >>> 0).buffer));
    const context = this.kernel.system.processor!.createContext();
    context.pc = this.map(code, VmOption.PERM_READ | VmOption.PERM_EXECUTE);
    context.set(10, memory);
    context.set(11, this.#reportAt);
    this.process.begin();
    this.thread.start({ kind: "machine", context });
  }

  /** Run a script as the pager; the machine code may run meanwhile. */
  serve(body: (machine: Machine) => Operation<void>): void {
    let over = false;
    const program = function* (machine: Machine) {
      yield* body(machine);
      over = true;
    };
    const thread = Thread.create(this.pager, "pager") as Thread;
    this.pager.begin();
    thread.start({ kind: "script", script: program(this), reply: undefined });
    this.kernel.run({ until: this.kernel.realm.now + 1e8 });
    const [failure] = this.kernel.system.failures;
    if (failure) throw failure.error;
    assert(over, "the pager comes to its end");
  }

  /** Make a pager with one memory object, and map that for the machine code. */
  *paged(options = 0): Operation<{ pager: number; port: number; vmo: number; at: number }> {
    const { out: pager } = made(yield* zx.pagerCreate({}));
    const { out: port } = made(yield* zx.portCreate({}));
    const create = { pager, options, port, key: 7n, size: 4 * PAGE };
    const { out: vmo } = made(yield* zx.pagerCreateVmo(create));
    const object = this.pager.handleTable.get(vmo)!.object as Vmo;
    return { pager, port, vmo, at: this.map(object, RW) };
  }

  reported(): number {
    const bytes = new Uint8Array(8);
    this.report.read(DONE, bytes);
    return bytes[0]!;
  }
}

/** Load a byte's worth from the third page, and say it. */
const LOAD = [addi(12, 10, 0), ld(5, 12, 0), sd(5, 11, DONE)];
const STORE = [addi(5, 0, 3), sd(5, 10, 0), ld(6, 10, 0), sd(6, 11, DONE)];

function* supply(vmo: number, pager: number, first: number, byte: number): Operation<void> {
  const auxiliary = yield* newVmo(PAGE);
  const buffer = new Uint8Array(PAGE).fill(byte);
  yield* zx.vmoWrite({ handle: auxiliary, offset: 0, buffer });
  const pages = { pager, vmo, offset: first * PAGE, length: PAGE, auxiliary };
  assertEquals(yield* zx.pagerSupplyPages(pages), Status.OK);
}

Deno.test("machine code that touches a page waits until zx_pager_supply_pages brings it", () => {
  const machine = new Machine();
  machine.serve(function* () {
    const { pager, port, vmo, at } = yield* machine.paged();
    machine.start(LOAD, at + 2 * PAGE);
    const { packet } = made(yield* zx.portWait({ handle: port }));
    const body = { type: 9, command: PagerCommand.READ, offset: 2 * PAGE, length: PAGE };
    assertEquals(packet.body, body as never);
    assertEquals(machine.thread.state, ThreadState.BLOCKED_PAGER);
    yield* supply(vmo, pager, 2, 9);
    yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 1e6 });
    assertEquals(machine.reported(), 9);
  });
});

Deno.test("machine code that touches a page that zx_pager_op_range fails meets an exception", () => {
  const machine = new Machine();
  machine.serve(function* () {
    const { pager, port, vmo, at } = yield* machine.paged();
    const held = machine.pager.addHandle(
      new Handle(machine.process, DEFAULT_RIGHTS.process),
      "test",
    );
    const { out: channel } = made(yield* zx.taskCreateExceptionChannel({ task: held }));
    machine.start(LOAD, at);
    yield* zx.portWait({ handle: port });
    const fail = { pager, op: PagerOp.FAIL, vmo, offset: 0, length: PAGE, data: Status.IO };
    assertEquals(yield* zx.pagerOpRange(fail), Status.OK);
    const waited = yield* zx.objectWaitOne({ handle: channel, signals: 1 });
    assertEquals(waited.status, Status.OK);
    const report = machine.thread.exception!.report;
    assertEquals(report.type, ExceptionType.FATAL_PAGE_FAULT);
    assertEquals(report.synthCode, Status.IO);
  });
});

Deno.test("machine code that writes to a clean page waits until the pager lets it be dirty", () => {
  const machine = new Machine();
  machine.serve(function* () {
    const { pager, port, vmo, at } = yield* machine.paged(VmoOption.TRAP_DIRTY);
    yield* supply(vmo, pager, 0, 1);
    machine.start(STORE, at);
    const { packet } = made(yield* zx.portWait({ handle: port }));
    const body = { type: 9, command: PagerCommand.DIRTY, offset: 0, length: PAGE };
    assertEquals(packet.body, body as never);
    const dirty = { pager, op: PagerOp.DIRTY, vmo, offset: 0, length: PAGE, data: 0 };
    assertEquals(yield* zx.pagerOpRange(dirty), Status.OK);
    yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 1e6 });
    assertEquals(machine.reported(), 3);
  });
});

Deno.test("a thread that waits for a page can be killed, and the request goes with it", () => {
  const machine = new Machine();
  machine.serve(function* () {
    const { port, at } = yield* machine.paged();
    const rights = Right.DESTROY;
    const task = machine.pager.addHandle(new Handle(machine.process, rights), "test");
    machine.start(LOAD, at);
    yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 1e6 });
    assertEquals(machine.thread.state, ThreadState.BLOCKED_PAGER);
    assertEquals(yield* zx.taskKill({ task }), Status.OK);
    const deadline = machine.kernel.realm.now + 1e6;
    assertEquals(yield* zx.portWait({ handle: port, deadline }), Status.TIMED_OUT);
  });
});

Deno.test("machine code that finds no frame left goes on when a job that is marked has died for it", () => {
  const machine = new Machine();
  const { rootJob, realm } = machine.kernel;
  const job = rootJob.createJob();
  assert(!failed(job));
  job.hold();
  job.killOnOom = true;
  const hog = Process.create(job, "hog") as Process;
  hog.hold();
  const vmo = Vmo.create(realm, 2 ** 30) as Vmo;
  hog.giveHandle(vmo, DEFAULT_RIGHTS.vmo, "test");
  const wanted = Vmo.create(realm, PAGE) as Vmo;
  const at = machine.map(wanted, RW);
  machine.start(STORE, at);
  machine.report.write(0, new Uint8Array(1));
  assertEquals(vmo.commit(0, 2 ** 30), Status.NO_MEMORY);
  assertEquals(realm.memory.freeFrames, 0);
  realm.frames.wanting = false;
  machine.serve(function* () {
    yield* zx.nanosleep({ deadline: realm.now + 1e6 });
  });
  assertEquals([machine.reported(), hog.state], [3, "dead"]);
  assertEquals(job.returnCode, TaskReturnCode.OOM_KILL);
});
