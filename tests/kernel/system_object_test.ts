import { assert, assertEquals } from "@std/assert";
import {
  failed,
  ProfileFlag,
  ResourceKind,
  Signal,
  Status,
  SystemEventKind,
  SystemResource,
} from "../../kernel/abi.ts";
import { DebugLog, encodeRecord, LOG_DATA_MAX } from "../../kernel/ipc/debug_log.ts";
import { LogBuffer } from "../../kernel/ipc/log_buffer.ts";
import { Profile, type ProfileInfo } from "../../kernel/ipc/profile.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { ResourceRanges } from "../../kernel/ipc/resource_ranges.ts";
import { SystemEvents } from "../../kernel/ipc/system_events.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { testRealm } from "../support/realm.ts";

Deno.test("whoever reads the debug log reads each record once, and the oldest may be lost", () => {
  const realm = testRealm();
  const buffer = new LogBuffer();
  const writer = new DebugLog(realm, buffer, false);
  const reader = new DebugLog(realm, buffer, true);
  const say = (text: string) =>
    writer.write(new TextEncoder().encode(text), { process: 1, thread: 2 });
  assertEquals([reader.front(), reader.signals], [Status.SHOULD_WAIT, 0]);
  say("hello");
  assertEquals([reader.signals, writer.signals], [Signal.READABLE, 0]);
  const record = reader.front();
  assert(!failed(record));
  const bytes = encodeRecord(record);
  assertEquals(new TextDecoder().decode(bytes.subarray(40)), "hello");
  assertEquals(new DataView(bytes.buffer).getBigUint64(24, true), 1n);
  reader.skip(record);
  assertEquals([reader.front(), reader.signals], [Status.SHOULD_WAIT, 0]);
  for (let n = 0; n < 600; n++) say("x".repeat(n));
  const oldest = reader.front();
  assert(!failed(oldest));
  assertEquals([oldest.sequence, oldest.data.length], [89, 88]);
  assertEquals(buffer.from(600)?.data.length, LOG_DATA_MAX);
});

Deno.test("a part of a resource is of its kind, within it, and nobody else's if it is exclusive", () => {
  const realm = testRealm();
  const ranges = new ResourceRanges();
  const root = Resource.root(realm, ranges, ResourceKind.MMIO, 2 ** 32);
  const slice = (base: number, size: number, exclusive = false) =>
    root.slice({ kind: ResourceKind.MMIO, base, size, exclusive });
  const mine = slice(0x1000, 0x1000, true);
  assert(!failed(mine));
  const handle = new Handle(mine, 0);
  assertEquals([slice(0x1fff, 1), slice(0x1fff, 1, true)], [Status.NOT_FOUND, Status.NOT_FOUND]);
  assertEquals(slice(2 ** 32 - 1, 2), Status.ACCESS_DENIED);
  const kind = ResourceKind.IRQ;
  assertEquals(root.slice({ kind, base: 0, size: 1, exclusive: false }), Status.ACCESS_DENIED);
  const range = { kind: ResourceKind.MMIO, base: 0x1000, size: 1, exclusive: false };
  assertEquals(mine.slice(range), Status.ACCESS_DENIED);
  const shared = slice(0x2000, 1);
  assert(!failed(shared));
  assertEquals(slice(0x2000, 1, true), Status.NOT_FOUND);
  assert(!failed(slice(0x2000, 1)));
  handle.close();
  assert(!failed(slice(0x1000, 1)));
});

Deno.test("a system resource is the right to what its range names", () => {
  const root = Resource.root(testRealm(), new ResourceRanges(), ResourceKind.SYSTEM, 16);
  const base = SystemResource.VMEX;
  const vmex = root.slice({ kind: ResourceKind.SYSTEM, base, size: 1, exclusive: false });
  assert(!failed(vmex));
  assert(vmex.grantsSystem(SystemResource.VMEX) && !vmex.grantsSystem(SystemResource.POWER));
});

Deno.test("a profile must say something, and nothing that contradicts itself", () => {
  const profile = (info: Partial<ProfileInfo>) => {
    const nothing = { priority: 0, capacity: 0n, relativeDeadline: 0n, period: 0n, cpuMask: [] };
    const made = Profile.create(testRealm(), { flags: 0, ...nothing, ...info });
    return failed(made) ? made : Status.OK;
  };
  const { PRIORITY, DEADLINE, CPU_MASK } = ProfileFlag;
  const period = { relativeDeadline: 10n, period: 10n };
  assertEquals(profile({}), Status.INVALID_ARGS);
  assertEquals(profile({ flags: 1 << 9 }), Status.INVALID_ARGS);
  assertEquals(profile({ flags: PRIORITY | DEADLINE, capacity: 1n, ...period }), -10);
  for (const [priority, status] of [[-1, -10], [0, 0], [31, 0], [32, -10]] as const) {
    assertEquals(profile({ flags: PRIORITY, priority }), status);
  }
  assertEquals(profile({ flags: DEADLINE, capacity: 0n, ...period }), Status.INVALID_ARGS);
  assertEquals(profile({ flags: DEADLINE, capacity: 11n, ...period }), Status.INVALID_ARGS);
  assertEquals(profile({ flags: DEADLINE, capacity: 10n, ...period }), Status.OK);
  assertEquals(profile({ flags: CPU_MASK }), Status.OK);
});

Deno.test("just one event about memory holds at a time", () => {
  const realm = testRealm();
  const events = new SystemEvents(realm);
  const holding = () =>
    Object.values(SystemEventKind).filter((kind) => events.get(kind)!.signals !== 0);
  assertEquals(holding(), [SystemEventKind.MEMORY_PRESSURE_NORMAL]);
  events.level = SystemEventKind.MEMORY_PRESSURE_CRITICAL;
  assertEquals(holding(), [SystemEventKind.MEMORY_PRESSURE_CRITICAL]);
  assertEquals(events.get(99), null);
  events.close();
  assertEquals(realm.census(), {});
});
