import { assert, assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  LOG_READABLE,
  ProfileFlag,
  ResourceKind,
  Right,
  Signal,
  Status,
  SystemEventKind,
  SystemResource,
} from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import type { Process } from "../../kernel/task/process.ts";
import { HARDWARE_ROWS } from "../../kernel/zircon/hardware.ts";
import { Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { SYSTEM } = ResourceKind;

/** A handle to all there is of a kind of resource. */
function all(machine: ScriptKernel, process: Process, kind: number, size = 2 ** 40): number {
  const { realm, system } = machine.kernel;
  const root = Resource.root(realm, system.resources, kind, size);
  return machine.give(process, root, DEFAULT_RIGHTS.resource);
}

/** A handle to one system resource. */
function* system(machine: ScriptKernel, process: Process, base: number) {
  const parent = all(machine, process, SYSTEM, 16);
  return good(yield* zx.resourceCreate({ parent, options: SYSTEM, base, size: 1, name: "" })).out;
}

Deno.test("zx_debuglog_write is read back by zx_debuglog_read, and printed on the console", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const resource = yield* system(machine, process, SystemResource.DEBUGLOG);
    const { out: writer } = good(yield* zx.debuglogCreate({ resource }));
    const { out: reader } = good(yield* zx.debuglogCreate({ resource, options: LOG_READABLE }));
    assertEquals(yield* zx.debuglogRead({ handle: writer }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.debuglogRead({ handle: reader }), Status.SHOULD_WAIT);
    const buffer = new TextEncoder().encode("hello, log");
    assertEquals(yield* zx.debuglogWrite({ handle: writer, buffer }), Status.OK);
    const readable = yield* zx.objectWaitOne({ handle: reader, signals: Signal.READABLE });
    assertEquals(readable.observed, Signal.READABLE);
    assertEquals(yield* zx.debuglogRead({ handle: reader, size: 49 }), Status.BUFFER_TOO_SMALL);
    const record = good(yield* zx.debuglogRead({ handle: reader })).buffer;
    assertEquals(new TextDecoder().decode(record.subarray(40)), "hello, log");
    assertEquals(new DataView(record.buffer).getBigUint64(24, true), BigInt(process.koid));
    const odd = { handle: writer, buffer, options: 1 };
    assertEquals(yield* zx.debuglogWrite(odd), Status.INVALID_ARGS);
    assertEquals(yield* zx.debuglogCreate({ resource, options: 1 }), Status.INVALID_ARGS);
  });
  assertEquals(machine.printed, "hello, log");
});

Deno.test("the debug log is for who holds its resource, and says so", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const resource = yield* system(machine, process, SystemResource.POWER);
    assertEquals(yield* zx.debuglogCreate({ resource }), Status.ACCESS_DENIED);
    const { denial } = machine.kernel.system.current!;
    assertEquals(denial?.wanted, "system resource DEBUGLOG");
    assertEquals(yield* zx.debuglogCreate({ resource: 0 }), Status.BAD_HANDLE);
    const event = good(yield* zx.eventCreate({})).out;
    assertEquals(yield* zx.debuglogCreate({ resource: event }), Status.WRONG_TYPE);
  });
});

Deno.test("zx_debug_write prints at most 256 bytes, and nobody reads the console", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    yield* zx.debugWrite({ buffer: new Uint8Array(300).fill(65) });
    const resource = yield* system(machine, process, SystemResource.DEBUG);
    assertEquals(yield* zx.debugRead({ resource }), Status.NOT_SUPPORTED);
    assertEquals(yield* zx.debugSendCommand({ resource }), Status.NOT_SUPPORTED);
  });
  assertEquals(machine.printed, "A".repeat(256));
});

const NOTHING = { capacity: 0n, relativeDeadline: 0n, period: 0n, cpuMask: [], priority: 0 };
const { PRIORITY, DEADLINE, CPU_MASK } = ProfileFlag;

Deno.test("zx_profile_create wants the PROFILE resource, and a profile that makes sense", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const resource = yield* system(machine, process, SystemResource.PROFILE);
    const make = (info: object, options = 0) =>
      zx.profileCreate({ resource, options, info: { flags: 0, ...NOTHING, ...info } });
    assertEquals(yield* make({}), Status.INVALID_ARGS);
    assertEquals(yield* make({ flags: PRIORITY }, 1), Status.INVALID_ARGS);
    assertEquals(yield* make({ flags: PRIORITY | DEADLINE }), Status.INVALID_ARGS);
    for (const priority of [-1, 32]) {
      assertEquals(yield* make({ flags: PRIORITY, priority }), Status.INVALID_ARGS);
    }
    for (const priority of [0, 8, 16, 24, 31]) good(yield* make({ flags: PRIORITY, priority }));
    const period = { flags: DEADLINE, capacity: 2n, relativeDeadline: 3n, period: 4n };
    good(yield* make(period));
    for (const wrong of [{ capacity: 0n }, { capacity: 4n }, { period: 2n }]) {
      assertEquals(yield* make({ ...period, ...wrong }), Status.INVALID_ARGS);
    }
    good(yield* make({ flags: CPU_MASK, cpuMask: [0n] }));
    const other = yield* system(machine, process, SystemResource.POWER);
    const info = { flags: PRIORITY, ...NOTHING };
    assertEquals(yield* zx.profileCreate({ resource: other, info }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.profileCreate({ resource: 7, info }), Status.BAD_HANDLE);
  });
});

Deno.test("zx_profile_create reads its structure from memory, and a null one is INVALID_ARGS", () => {
  const program = new Registers();
  const { realm, system } = program.machine.kernel;
  const root = Resource.root(realm, system.resources, SYSTEM, 16);
  const resource = program.give(root, DEFAULT_RIGHTS.resource);
  const out = program.place(8);
  const info = program.place(96);
  program.process.memory.writeU32(info, PRIORITY);
  program.process.memory.writeU32(info + 8, 31);
  assertEquals(program.call("zx_profile_create", resource, 0, info, out), Status.OK);
  assert(program.holds(program.word(out)));
  assertEquals(program.call("zx_profile_create", resource, 0, 0, out), Status.INVALID_ARGS);
  assertEquals(program.call("zx_profile_create", resource, 0, info, 0), Status.INVALID_ARGS);
});

Deno.test("zx_object_set_profile makes a thread that runs more urgent or less", () => {
  const machine = new ScriptKernel();
  const order: string[] = [];
  machine.run1(function* (process) {
    const resource = yield* system(machine, process, SystemResource.PROFILE);
    const late = machine.thread(process, says("late", order));
    const soon = machine.thread(process, says("soon", order));
    for (const [thread, priority] of [[late, 0], [soon, 31]] as const) {
      const info = { flags: PRIORITY, ...NOTHING, priority };
      const { out: profile } = good(yield* zx.profileCreate({ resource, info }));
      const handle = machine.give(process, thread, DEFAULT_RIGHTS.thread);
      assertEquals(yield* zx.objectSetProfile({ target: handle, profile }), Status.OK);
      const { out } = good(yield* zx.handleReplace({ handle: profile, rights: Right.INSPECT }));
      const powerless = { target: handle, profile: out };
      assertEquals(yield* zx.objectSetProfile(powerless), Status.ACCESS_DENIED);
    }
    const info = { flags: DEADLINE, ...NOTHING, capacity: 1n, relativeDeadline: 2n, period: 3n };
    const { out: profile } = good(yield* zx.profileCreate({ resource, info }));
    yield* zx.nanosleep({ deadline: 100_000 });
    const ended = machine.give(process, late, DEFAULT_RIGHTS.thread);
    assertEquals(yield* zx.objectSetProfile({ target: ended, profile }), Status.BAD_STATE);
  });
  assertEquals(order, ["soon", "late"]);
});

Deno.test("a profile that names processors is applied to a thread that runs", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const resource = yield* system(machine, process, SystemResource.PROFILE);
    const thread = machine.thread(process, says("", []));
    const target = machine.give(process, thread, DEFAULT_RIGHTS.thread);
    for (const cpuMask of [[1n], [0n], [2n ** 64n - 1n]]) {
      const info = { flags: CPU_MASK, ...NOTHING, cpuMask };
      const { out: profile } = good(yield* zx.profileCreate({ resource, info }));
      assertEquals(yield* zx.objectSetProfile({ target, profile }), Status.OK);
    }
  });
});

function* says(what: string, order: string[]): Program {
  yield* zx.nanosleep({ deadline: 0 });
  order.push(what);
}

Deno.test("zx_system_get_event gives the root job's holder events that nobody else raises", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const { rootJob: root } = machine.kernel;
    const rootJob = machine.give(process, root, DEFAULT_RIGHTS.job);
    const raised: number[] = [];
    for (const kind of Object.values(SystemEventKind)) {
      const { out: handle } = good(yield* zx.systemGetEvent({ rootJob, kind }));
      const signals = Signal.SIGNALED;
      if ((yield* zx.objectWaitOne({ handle, signals, deadline: 0 })).status === 0) {
        raised.push(kind);
      }
      assertEquals(yield* zx.objectSignal({ handle, set: signals }), Status.ACCESS_DENIED);
      assertEquals(process.handleTable.get(handle)!.rights, DEFAULT_RIGHTS.systemEvent);
    }
    assertEquals(raised, [SystemEventKind.MEMORY_PRESSURE_NORMAL]);
    assertEquals(yield* zx.systemGetEvent({ rootJob, kind: 99 }), Status.INVALID_ARGS);
    const { out } = good(yield* zx.jobCreate({ parent: rootJob }));
    const child = { rootJob: out, kind: SystemEventKind.OUT_OF_MEMORY };
    assertEquals(yield* zx.systemGetEvent(child), Status.ACCESS_DENIED);
  });
});

Deno.test("the machine tells its processors, page size, memory and features", () => {
  const machine = new ScriptKernel();
  machine.run1(function* () {
    assertEquals(yield* zx.systemGetNumCpus({}), 1);
    assertEquals(yield* zx.systemGetPageSize({}), 4096);
    assertEquals(yield* zx.systemGetPhysmem({}), machine.kernel.realm.memory.totalFrames * 4096);
    assertEquals(yield* zx.systemGetDcacheLineSize({}), 64);
    assertEquals(good(yield* zx.systemGetFeatures({ kind: 0 })).features, 1);
    assertEquals(yield* zx.systemGetFeatures({ kind: 9 }), Status.NOT_SUPPORTED);
    assertEquals(yield* zx.cacheFlush({ address: 0, size: 0, options: 3 }), Status.OK);
    assertEquals(yield* zx.cacheFlush({ address: 0, size: 0, options: 4 }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_cprng_draw draws what the seed says, as many bytes as are wanted", () => {
  const draws = [1, 1, 2].map((seed) =>
    new ScriptKernel({ seed }).run1(function* () {
      const { buffer } = good(yield* zx.cprngDraw({ size: 1001 }));
      assertEquals(yield* zx.cprngAddEntropy({ buffer: buffer.slice(0, 256) }), Status.OK);
      const more = { buffer: buffer.slice(0, 257) };
      assertEquals(yield* zx.cprngAddEntropy(more), Status.INVALID_ARGS);
      return [...buffer];
    })
  );
  assertEquals([draws[0]!.length, draws[0]], [1001, draws[1]]);
  assert(draws[0]!.some((byte, at) => byte !== draws[2]![at]));
  const program = new Registers();
  assertEquals(program.call("zx_cprng_draw", 0x40, 8), Status.INVALID_ARGS);
  assertEquals(program.call("zx_cprng_draw", 0x40, 2 ** 50), Status.INVALID_ARGS);
});

Deno.test("calls that drive hardware answer NOT_SUPPORTED, whatever they are given", () => {
  const program = new Registers();
  for (const { name, about } of Object.values(HARDWARE_ROWS)) {
    assertEquals(program.call(name, 1, 2, 3, 4, 5, 6, 7, 8), Status.NOT_SUPPORTED, name);
    assert(about.length > 20, "the manual says what is missing");
  }
});
