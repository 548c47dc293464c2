/**
 * Everything that can pile up in the kernel has a bound, and a status for whoever comes to it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  ChannelLimit,
  DEFAULT_RIGHTS,
  LOG_READABLE,
  ResourceKind,
  Signal,
  SocketOption,
  Status,
  SystemResource,
  TaskReturnCode,
  VmOption,
  WaitLimit,
} from "../../kernel/abi.ts";
import { type Operation, raw, zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import type { Port } from "../../kernel/ipc/port.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import { KEPT_MAX } from "../../kernel/object/realm.ts";
import { making, must, newJob, newProcess } from "../support/making.ts";
import { newVmo, withRoot } from "../support/memory.ts";
import { BareMachine } from "../support/bare_machine.ts";
import { withPager } from "../support/pager.ts";
import { ScriptKernel } from "../support/scripts.ts";

/** How often something can be done until it is refused, and with what. */
function* untilRefused(
  deed: () => Operation<unknown>,
): Operation<[times: number, status: unknown]> {
  for (let times = 0;; times++) {
    const answer = yield* deed();
    if (typeof answer === "number" && answer < 0) return [times, answer];
  }
}

/** What a process came to that does something again and again, and how often it could. */
function endOf(deed: () => Operation<() => Operation<unknown>>): [times: number, code: number] {
  const machine = new ScriptKernel();
  let times = 0;
  const process = machine.spawn("flood", function* () {
    const again = yield* deed();
    for (;;) {
      yield* again();
      times++;
    }
  });
  machine.run();
  assertEquals(machine.kernel.realm.kept, 0);
  return [times, process.returnCode];
}

Deno.test("a channel holds 3500 messages; the next is a policy exception, which ends a process", () => {
  const found = endOf(function* () {
    const { out0: handle } = yield* must(zx.channelCreate({}));
    return () => zx.channelWrite({ handle });
  });
  assertEquals(found, [3500, TaskReturnCode.EXCEPTION_KILL]);
});

Deno.test("a port holds 4096 user packets; the next is a policy exception, which ends a process", () => {
  const found = endOf(function* () {
    const { out: handle } = yield* must(zx.portCreate({}));
    return () => zx.portQueue({ handle, packet: { key: 1n } });
  });
  assertEquals(found, [WaitLimit.PORT_PACKETS_MAX, TaskReturnCode.EXCEPTION_KILL]);
});

Deno.test("a port has 50,000 waits under way; the next is a policy exception, which ends a process", () => {
  const found = endOf(function* () {
    const { out: port } = yield* must(zx.portCreate({}));
    const { out: handle } = yield* must(zx.eventCreate({}));
    return () => zx.objectWaitAsync({ handle, port, key: 1n, signals: Signal.SIGNALED });
  });
  assertEquals(found, [WaitLimit.PORT_OBSERVERS_MAX, TaskReturnCode.EXCEPTION_KILL]);
});

Deno.test("a handle by which a port waits fifty thousand times under one key is closed at once", () => {
  const found = making(function* ({ process }) {
    const { out: port } = yield* must(zx.portCreate({}));
    const { out: handle } = yield* must(zx.eventCreate({}));
    for (let at = 0; at < WaitLimit.PORT_OBSERVERS_MAX; at++) {
      yield* zx.objectWaitAsync({ handle, port, key: 1n, signals: Signal.SIGNALED });
    }
    const { waits } = process.handleTable.get(port)!.object as Port;
    yield* zx.handleClose({ handle });
    return [waits, (process.handleTable.get(port)!.object as Port).waits];
  });
  assertEquals(found, [WaitLimit.PORT_OBSERVERS_MAX, 0]);
});

Deno.test("there are as many regions of I/O buffers as the kernel can keep, however few the handles", () => {
  const found = making(function* ({ machine: { kernel: { realm } } }) {
    const before = realm.kept;
    realm.keep(KEPT_MAX - before - 10 * 64 * 1024);
    const region = { type: 0, access: 3, size: 4096, discipline: 0, tag: 0n };
    const regions = Array.from({ length: 64 }, () => region);
    let last = 0;
    const many = yield* untilRefused(function* () {
      const made = yield* zx.iobCreate({ regions });
      if (typeof made === "number") return made;
      yield* zx.handleClose({ handle: made.out0 });
      return last = made.out1;
    });
    const full = realm.kept;
    yield* zx.handleClose({ handle: last });
    return [many, full - realm.kept];
  });
  // Each end pays half, and one of each two is closed: of ten whole ones, nineteen halves are left.
  assertEquals(found, [[19, Status.NO_MEMORY], 64 * 512]);
});

Deno.test("slots for handles stay in a table that had many, and count until its process ends", () => {
  const machine = new ScriptKernel();
  const { realm } = machine.kernel;
  const before = realm.kept;
  const process = machine.spawn("hoarder", function* () {
    const { out: handle } = yield* must(zx.eventCreate({}));
    const handles: number[] = [];
    for (let at = 0; at < 10_000; at++) {
      handles.push((yield* must(zx.handleDuplicate({ handle, rights: 0x80000000 }))).out);
    }
    yield* zx.handleCloseMany({ handles });
    yield* zx.nanosleep({});
  });
  machine.run();
  const held = realm.kept - before;
  assertEquals(held > 10_000 * 24, true, `${held} bytes`);
  process.kill();
  assertEquals(realm.kept, before);
});

Deno.test("eight thousand threads that wait for a page each end with their process, and take all back", () => {
  const count = 8000;
  withPager(function* (pager) {
    const { machine, port } = pager;
    const vmo = yield* pager.vmo(2 * count);
    const client = pager.client(vmo, function* (handle, _outcome, process) {
      const reader = (page: number) =>
        (function* () {
          yield* zx.vmoRead({ handle, offset: 2 * page * 4096, bufferSize: 1 });
        })();
      for (let page = 0; page < count; page++) machine.thread(process, reader(page));
      yield* zx.nanosleep({});
    });
    yield* pager.pause();
    const { object } = pager.process.handleTable.get(port)!;
    assertEquals((object as Port).pending, count);
    client.process.kill();
    assertEquals((object as Port).pending, 0);
  });
});

Deno.test("a message has 65,536 bytes and 64 handles at most: OUT_OF_RANGE", () => {
  const found = making(function* () {
    const { out0: handle } = yield* must(zx.channelCreate({}));
    const { out } = yield* must(zx.eventCreate({}));
    const handles: number[] = [];
    for (let at = 0; at <= ChannelLimit.HANDLES_MAX; at++) {
      handles.push((yield* must(zx.handleDuplicate({ handle: out, rights: 0x80000000 }))).out);
    }
    return [
      yield* zx.channelWrite({ handle, bytes: new Uint8Array(ChannelLimit.BYTES_MAX) }),
      yield* zx.channelWrite({ handle, bytes: new Uint8Array(ChannelLimit.BYTES_MAX + 1) }),
      yield* zx.channelWrite({ handle, handles }),
    ];
  });
  assertEquals(found, [Status.OK, Status.OUT_OF_RANGE, Status.OUT_OF_RANGE]);
});

Deno.test("a list of four billion handles is OUT_OF_RANGE, and is neither kept nor read to its end", () => {
  const size = 2 ** 35;
  const found = withRoot(function* (handle, process) {
    const vmo = yield* newVmo(size);
    const options = VmOption.PERM_READ | VmOption.PERM_WRITE | VmOption.ALLOW_FAULTS;
    const map = { handle, options, vmo, length: size };
    const { mappedAddress: list } = yield* must(zx.vmarMap(map));
    const { out0: channel } = yield* must(zx.channelCreate({}));
    const { out: sent } = yield* must(zx.eventCreate({}));
    process.memory.writeU32(list + 4 * 100, sent);
    const status = yield* raw.channelWrite(channel, 0, 0, 0, list, 2 ** 32 - 1);
    return [
      status,
      yield* raw.channelWriteEtc(channel, 0, 0, 0, list, 2 ** 32 - 1),
      yield* zx.handleCheckValid({ handle: sent }),
    ];
  });
  assertEquals(found, [Status.OUT_OF_RANGE, Status.OUT_OF_RANGE, Status.BAD_HANDLE]);
});

Deno.test("a hundred thousand mappings of one page end with the region that they are in", () => {
  const count = 100_000;
  withRoot(function* (parent, process) {
    const vmo = yield* newVmo(4096);
    const caps = VmOption.CAN_MAP_READ | VmOption.CAN_MAP_SPECIFIC;
    const region = { parent, options: caps, size: count * 4096 };
    const { child: handle } = yield* must(zx.vmarAllocate(region));
    const options = VmOption.PERM_READ | VmOption.SPECIFIC;
    // The last that comes is the first that goes.
    for (let page = count - 1; page >= 0; page--) {
      const map = { handle, options, vmarOffset: page * 4096, vmo, length: 4096 };
      yield* must(zx.vmarMap(map));
    }
    const { showings } = process.handleTable.get(vmo)!.object as Vmo;
    assertEquals([showings.mappings, showings.spaces], [count, 1]);
    assertEquals(yield* zx.vmarDestroy({ handle }), Status.OK);
    assertEquals([showings.mappings, showings.spaces], [0, 0]);
  });
});

Deno.test("a socket holds 256 KiB, as a stream and as datagrams: SHOULD_WAIT", () => {
  for (const options of [SocketOption.STREAM, SocketOption.DATAGRAM]) {
    const found = making(function* () {
      const { out0: handle } = yield* must(zx.socketCreate({ options }));
      return yield* untilRefused(() => zx.socketWrite({ handle, buffer: new Uint8Array(4096) }));
    });
    assertEquals(found, [64, Status.SHOULD_WAIT]);
  }
});

Deno.test("a fifo holds what it was made for, 4096 bytes at most: SHOULD_WAIT", () => {
  const found = making(function* () {
    const { out0: handle } = yield* must(zx.fifoCreate({ count: 512, size: 8 }));
    const write = { handle, elementSize: 8, count: 1, data: new Uint8Array(8) };
    const full = yield* untilRefused(() => zx.fifoWrite(write));
    return [full, yield* zx.fifoCreate({ count: 1024, size: 8 })];
  });
  assertEquals(found, [[512, Status.SHOULD_WAIT], Status.OUT_OF_RANGE]);
});

Deno.test("the debug log keeps 512 records; older ones are lost, and the reader sees the gap", () => {
  const sequences = making(function* ({ machine, process }) {
    const { realm, system } = machine.kernel;
    const root = Resource.root(realm, system.resources, ResourceKind.SYSTEM, 16);
    const parent = machine.give(process, root, DEFAULT_RIGHTS.resource);
    const part = { options: ResourceKind.SYSTEM, base: SystemResource.DEBUGLOG, size: 1, name: "" };
    const { out: resource } = yield* must(zx.resourceCreate({ parent, ...part }));
    const { out: handle } = yield* must(zx.debuglogCreate({ resource, options: LOG_READABLE }));
    const buffer = new Uint8Array(1);
    for (let at = 0; at < 600; at++) yield* zx.debuglogWrite({ handle, buffer });
    const numbers: bigint[] = [];
    for (;;) {
      const record = yield* zx.debuglogRead({ handle });
      if (typeof record === "number") return [numbers.length, numbers[0], record];
      numbers.push(new DataView(record.buffer.buffer).getBigUint64(0, true));
    }
  });
  assertEquals(sequences, [512, 88n, Status.SHOULD_WAIT]);
});

Deno.test("there are as many timers, and anything else that a handle keeps, as handles: NO_MEMORY", () => {
  const found = making(function* ({ machine }) {
    const { realm } = machine.kernel;
    Object.assign(realm, { handlesMax: realm.handles + 1000 });
    return yield* untilRefused(function* () {
      const timer = yield* zx.timerCreate({});
      if (typeof timer === "number") return timer;
      return yield* zx.timerSet({ handle: timer.out, deadline: 1e15, slack: 0 });
    });
  });
  assertEquals(found[1], Status.NO_MEMORY);
  assertEquals(Math.abs(found[0] - 1000) <= 1, true, `${found[0]} timers`);
});

Deno.test("a job has 32 debuggers at most: ALREADY_BOUND; anybody else has one", () => {
  const found = making(function* ({ root }) {
    const task = yield* newJob(root);
    const process = yield* newProcess(task);
    const channel = (task: number, options: number) => () =>
      zx.taskCreateExceptionChannel({ task, options });
    return [
      yield* untilRefused(channel(task, 1)),
      yield* untilRefused(channel(task, 0)),
      yield* untilRefused(channel(process, 1)),
      yield* untilRefused(channel(process, 0)),
    ];
  });
  const { ALREADY_BOUND } = Status;
  assertEquals(found, [32, 1, 1, 1].map((times) => [times, ALREADY_BOUND]));
});

Deno.test("64 objects can be waited for at once: OUT_OF_RANGE", () => {
  const found = making(function* () {
    const { out: handle } = yield* must(zx.eventCreate({}));
    const many = (length: number) => Array.from({ length }, () => ({ handle, signals: 0 }));
    const statuses: number[] = [];
    for (const length of [WaitLimit.MANY_MAX, WaitLimit.MANY_MAX + 1]) {
      const found = yield* zx.objectWaitMany({ items: many(length), deadline: 0 });
      statuses.push(typeof found === "number" ? found : found.status);
    }
    return statuses;
  });
  assertEquals(found, [Status.TIMED_OUT, Status.OUT_OF_RANGE]);
});

Deno.test("jobs are 32 deep at most: OUT_OF_RANGE", () => {
  const found = making(function* ({ root }) {
    let parent = root;
    return yield* untilRefused(function* () {
      const made = yield* zx.jobCreate({ parent });
      if (typeof made !== "number") parent = made.out;
      return made;
    });
  });
  assertEquals(found[1], Status.OUT_OF_RANGE);
  assertEquals(found[0] <= 32, true);
});

Deno.test("there are as many processes as the kernel can keep, though none is started: NO_MEMORY", () => {
  const found = making(function* ({ root, machine: { kernel: { realm } } }) {
    realm.keep(KEPT_MAX - realm.kept - 10 * 4096);
    return yield* untilRefused(() => zx.processCreate({ job: root, name: "never started" }));
  });
  assertEquals(found, [10, Status.NO_MEMORY]);
});

Deno.test("there are as many threads as the kernel can keep, though nobody holds them: NO_MEMORY", () => {
  const room = new BareMachine();
  const { realm } = room.machine.kernel;
  const code = room.start("again: li a0, 0x7fffffffffffffff\n @zx_nanosleep\n j again");
  const found = room.look(() =>
    untilRefused(function* () {
      const made = yield* zx.threadCreate({ process: code.processHandle, name: "sleeper" });
      if (typeof made === "number") return made;
      const start = { thread: made.out, entry: code.entry, stack: 0, arg1: 0, arg2: 0 };
      const started = yield* zx.threadStart(start);
      yield* zx.handleClose({ handle: made.out });
      return started;
    })
  );
  assertEquals(found[1], Status.NO_MEMORY);
  code.process.kill();
  assertEquals([realm.census().thread, realm.census().process], [undefined, undefined]);
});
