/**
 * Every property of every object, and the topics of information that no other test asks about: what
 * they say, who may ask, and what is refused.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  failed,
  type Failure,
  type InfoName,
  InfoTopic,
  MapsType,
  Property,
  type PropertyName,
  ResourceKind,
  Right,
  Status,
  StreamMode,
  SystemResource,
  VmOption,
} from "../../kernel/abi.ts";
import { getInfo, getProperty, type Operation, setProperty, zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { BareMachine } from "../support/bare_machine.ts";
import { makeObject } from "../support/every_object.ts";
import { ALL_RIGHTS, type Asker, asking } from "../support/asking.ts";
import { must } from "../support/making.ts";

/** Where each property is, a value to set it to, and one that makes no sense; null: neither. */
interface Expectation {
  readonly on: string;
  readonly first: number | string | null;
  readonly set: number | string | null;
  readonly bad: number | null;
  readonly refusal?: Failure;
}

const { INVALID_ARGS, BAD_STATE, NOT_SUPPORTED, OUT_OF_RANGE } = Status;

const PROPERTIES: Readonly<Record<PropertyName, Expectation>> = {
  REGISTER_GS: { on: "Thread", first: null, set: null, bad: null },
  REGISTER_FS: { on: "Thread", first: null, set: null, bad: null },
  NAME: { on: "Job", first: "", set: "a name", bad: null },
  PROCESS_DEBUG_ADDR: { on: "Process", first: 0, set: 0x1234000, bad: null },
  PROCESS_VDSO_BASE_ADDRESS: { on: "Process", first: 0, set: null, bad: null },
  PROCESS_BREAK_ON_LOAD: { on: "Process", first: 0, set: 0x5678, bad: null },
  PROCESS_HW_TRACE_CONTEXT_ID: { on: "Process", first: null, set: null, bad: null },
  SOCKET_RX_THRESHOLD: { on: "Socket", first: 0, set: 7, bad: 2 ** 20, refusal: INVALID_ARGS },
  SOCKET_TX_THRESHOLD: { on: "Socket", first: 0, set: 9, bad: 2 ** 20, refusal: INVALID_ARGS },
  JOB_KILL_ON_OOM: { on: "Job", first: null, set: 1, bad: 2, refusal: INVALID_ARGS },
  EXCEPTION_STATE: { on: "Exception", first: 0, set: 2, bad: 3, refusal: INVALID_ARGS },
  VMO_CONTENT_SIZE: { on: "Vmo", first: 4096, set: 77, bad: 4097, refusal: OUT_OF_RANGE },
  EXCEPTION_STRATEGY: { on: "Exception", first: 0, set: null, bad: 1, refusal: BAD_STATE },
  STREAM_MODE_APPEND: { on: "Stream", first: 0, set: 1, bad: 2, refusal: INVALID_ARGS },
};

for (const [key, expected] of Object.entries(PROPERTIES)) {
  const name = key as PropertyName;
  const { number: property, field: { size } } = Property[name];
  Deno.test(`the property ${name} is read, set and refused as its object has it`, () => {
    asking(function* (maker) {
      const { on, first, set, bad, refusal } = expected;
      const handle = maker.give(makeObject(on, maker), ALL_RIGHTS);
      const get = function* () {
        const found = yield* getProperty(handle, name);
        return failed(found) ? found : found.value;
      };
      const change = (value: unknown) => setProperty(handle, name, value as never);
      assertEquals<unknown>(yield* get(), first ?? NOT_SUPPORTED);
      if (bad !== null) assertEquals(yield* change(bad), refusal);
      if (set !== null) {
        assertEquals(yield* change(set), Status.OK);
        assertEquals<unknown>(yield* get(), first === null ? NOT_SUPPORTED : set);
      } else if (bad === null) assertEquals(yield* change(0), NOT_SUPPORTED);
      yield* refusesAll(maker, name, { property, size, on });
    });
  });
}

/** Too little room, another object, and a handle without the right. */
function* refusesAll(
  maker: Asker,
  name: PropertyName,
  { property, size, on }: { property: number; size: number; on: string },
): Operation<void> {
  const { first, set, bad } = PROPERTIES[name];
  const handle = maker.give(makeObject(on, maker), ALL_RIGHTS);
  const weak = maker.give(
    makeObject(on, maker),
    ALL_RIGHTS & ~(Right.GET_PROPERTY | Right.SET_PROPERTY),
  );
  const other = maker.give(makeObject("Timer", maker), ALL_RIGHTS);
  const read = (handle: number, valueSize: number) =>
    zx.objectGetProperty({ handle, property, valueSize });
  const write = (handle: number, bytes: number) =>
    zx.objectSetProperty({ handle, property, value: new Uint8Array(bytes) });
  assertEquals<unknown>(yield* read(weak, size), Status.ACCESS_DENIED);
  assertEquals(yield* write(weak, size), Status.ACCESS_DENIED);
  if (first !== null) {
    assertEquals<unknown>(yield* read(handle, size - 1), Status.BUFFER_TOO_SMALL);
    if (name !== "NAME") assertEquals<unknown>(yield* read(other, size), Status.WRONG_TYPE);
  }
  if ((set === null && bad === null) || name === "NAME") return;
  assertEquals(yield* write(handle, size - 1), Status.BUFFER_TOO_SMALL);
  assertEquals(yield* write(other, size), Status.WRONG_TYPE);
}

Deno.test("a process that runs machine code says where the file of its vDSO begins", () => {
  const room = new BareMachine();
  const code = room.start("again: j again");
  const found = room.look(() => getProperty(code.processHandle, "PROCESS_VDSO_BASE_ADDRESS"));
  const base = failed(found) ? found : found.value;
  const magic = code.process.memory.bytes(base, 4);
  assertEquals(failed(magic) ? [] : [...magic], [0x7f, 0x45, 0x4c, 0x46]);
});

/** One record of what is known of an object. */
function* known<N extends InfoName>(handle: number, name: N) {
  return (yield* must(getInfo(handle, name, 16))).records;
}

Deno.test("what is known of a timer: how it may be late, which clock it follows, when it fires", () => {
  asking(function* () {
    for (const clock of [0, 1]) {
      const { out: handle } = yield* must(zx.timerCreate({ options: 2, clock }));
      const [idle] = yield* known(handle, "TIMER");
      assertEquals(idle, { options: 2, clockId: clock, deadline: 0, slack: 0 });
      yield* zx.timerSet({ handle, deadline: 5e9, slack: 70 });
      const [set] = yield* known(handle, "TIMER");
      assertEquals(set, { options: 2, clockId: clock, deadline: 5e9, slack: 70 });
    }
  });
});

Deno.test("what is known of a clock that can be mapped is the size of its page, else WRONG_TYPE", () => {
  asking(function* () {
    const { out: mappable } = yield* must(zx.clockCreate({ options: 16 }));
    assertEquals(yield* known(mappable, "CLOCK_MAPPED_SIZE"), [{ size: 4096 }]);
    const { out: plain } = yield* must(zx.clockCreate({}));
    assertEquals<unknown>(yield* getInfo(plain, "CLOCK_MAPPED_SIZE"), Status.WRONG_TYPE);
  });
});

Deno.test("what is known of a region is what lies in it, and nothing of what lies beside it", () => {
  asking(function* ({ process, give }) {
    const root = give(process.space.root, ALL_RIGHTS);
    const options = VmOption.CAN_MAP_READ | VmOption.CAN_MAP_WRITE;
    const allocate = { parent: root, options, size: 16 * 4096 };
    const { child, childAddress: base } = yield* must(zx.vmarAllocate(allocate));
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 8192 }));
    const map = { vmo, length: 8192, options: 3 };
    yield* must(zx.vmarMap({ handle: root, ...map }));
    const { mappedAddress } = yield* must(zx.vmarMap({ handle: child, ...map }));
    const found = (yield* known(child, "VMAR_MAPS")).map((record) => {
      return [record.type, record.depth, record.base, record.size, record.mmuFlags];
    });
    const { VMAR, MAPPING } = MapsType;
    assertEquals(found, [[VMAR, 0, base, 65536, 0], [MAPPING, 1, mappedAddress, 8192, 3]]);
    yield* zx.vmarDestroy({ handle: child });
    assertEquals<unknown>(yield* getInfo(child, "VMAR_MAPS"), Status.BAD_STATE);
  });
});

Deno.test("what is known of the machine's memory and processor is for the holder of INFO", () => {
  asking(function* ({ machine, give }) {
    const { realm, system } = machine.kernel;
    const make = (size: number) =>
      give(Resource.root(realm, system.resources, ResourceKind.SYSTEM, size), ALL_RIGHTS);
    const info = make(SystemResource.INFO + 1);
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 4096 }));
    const [before] = yield* known(info, "KMEM_STATS");
    yield* zx.vmoWrite({ handle: vmo, offset: 0, buffer: new Uint8Array(1) });
    const [after] = yield* known(info, "KMEM_STATS");
    assertEquals(before!.freeBytes - after!.freeBytes, 4096);
    assertEquals(after!.vmoBytes - before!.vmoBytes, 4096);
    const [one] = yield* known(info, "CPU_STATS");
    const [two] = yield* known(info, "CPU_STATS");
    assertEquals(two!.syscalls - one!.syscalls, 1);
    const poor = make(SystemResource.INFO);
    for (const name of ["KMEM_STATS", "CPU_STATS"] as const) {
      assertEquals<unknown>(yield* getInfo(poor, name), Status.ACCESS_DENIED);
    }
  });
});

Deno.test("a topic that this machine has not is NOT_SUPPORTED", () => {
  asking(function* ({ self }) {
    const numbers = new Set(Object.values(InfoTopic).map(({ number }) => number & 0xffff));
    const unknown = [20, 28, 29, 31, 32, 33, 37, 38, 99].filter((topic) => !numbers.has(topic));
    for (const topic of unknown) {
      const answer = yield* zx.objectGetInfo({ handle: self, topic, bufferSize: 4096 });
      assertEquals<unknown>(answer, Status.NOT_SUPPORTED);
    }
    assertEquals(unknown.length, 9);
  });
});

Deno.test("a stream that appends writes behind what is there", () => {
  asking(function* () {
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 4096 }));
    yield* setProperty(vmo, "VMO_CONTENT_SIZE", 2);
    const { out: handle } = yield* must(
      zx.streamCreate({ options: StreamMode.READ | StreamMode.WRITE, vmo, seek: 0 }),
    );
    yield* setProperty(handle, "STREAM_MODE_APPEND", 1);
    yield* zx.streamWritev({ handle, vector: [Uint8Array.of(5)] });
    const { buffer } = yield* must(zx.vmoRead({ handle: vmo, offset: 0, bufferSize: 4 }));
    assertEquals([...buffer], [0, 0, 5, 0]);
  });
});
