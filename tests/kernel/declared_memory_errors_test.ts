/**
 * Errors that calls on memory declare and that no other test has a reason to provoke, one by one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  CachePolicy,
  ClockOption,
  IobDiscipline,
  IobRegionType,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  Status,
  type StatusName,
  statusName,
  VmOption,
} from "../../kernel/abi.ts";
import { invariant } from "../../kernel/invariant.ts";
import { Clock } from "../../kernel/ipc/clock.ts";
import { Process } from "../../kernel/task/process.ts";
import { Iob } from "../../kernel/task/iob.ts";
import { IobSharedRegion } from "../../kernel/task/iob_shared_region.ts";
import { Pager } from "../../kernel/vm/pager.ts";
import { Stream } from "../../kernel/vm/stream.ts";
import { Vmo, VMO_SIZE_MAX } from "../../kernel/vm/vmo.ts";
import { NOWHERE, Registers } from "../support/registers.ts";

const ALL_RIGHTS = 0x1ffffff;
const PAGE = 4096;
const { PERM_READ, SPECIFIC, CAN_MAP_READ, CAN_MAP_SPECIFIC } = VmOption;
const STREAM_CALLS = ["readv", "readv_at", "writev", "writev_at"] as const;

type Attempt = (program: Registers) => number | string;
type Case = readonly [call: string, error: StatusName, attempt: Attempt];

function made<T extends object>(result: T | number): T {
  invariant(typeof result !== "number", "what the test needs can be made");
  return result;
}

/** From now on the machine has no frame to give. */
function noMoreFrames({ realm }: Registers): void {
  while (realm.memory.allocate() !== 0);
}

/** Memory of the program for which there is no frame yet. */
function untouched(program: Registers): number {
  return program.place(1) + 16 * PAGE;
}

/** A memory object that a pager supplies, which has supplied nothing. */
function paged({ realm }: Registers): Vmo {
  const sink = { send() {}, cancel() {}, complete() {}, close() {} };
  const options = { resizable: true, trapDirty: false };
  return made(new Pager(realm).createVmo(PAGE * 2, () => sink as never, options));
}

/** Discardable memory whose frames were taken away. */
function discarded({ realm }: Registers): Vmo {
  const vmo = made(Vmo.create(realm, PAGE, { discardable: true }));
  vmo.write(0, new Uint8Array(8));
  vmo.discardLock!.reclaim();
  return vmo;
}

/** Eight bytes from or to a stream, from where it stands or at an offset. */
function transfer(program: Registers, call: string, vmo: Vmo, {
  offset = 0,
  canResize = false,
  at = program.place(8),
}: { offset?: number; canResize?: boolean; at?: number } = {}): number | string {
  const stream = new Stream(vmo, { mode: 3, append: false, canResize, seek: offset });
  return move(program, call, program.give(stream, ALL_RIGHTS), offset, at);
}

function move(program: Registers, call: string, handle: number, offset: number, at: number) {
  const vector = program.addresses([at, 8]);
  const name = `zx_stream_${call}`;
  return call.endsWith("_at")
    ? program.call(name, handle, 0, offset, vector, 1, program.place(8))
    : program.call(name, handle, 0, vector, 1, program.place(8));
}

/** What a call that waits for a pager answers when that happens. */
function waiting(
  program: Registers,
  vmo: Vmo,
  call: () => number | string,
  then: (vmo: Vmo) => void,
) {
  assertEquals(call(), "parked");
  then(vmo);
  return program.answered ?? "nothing";
}

function streamWhen(call: string, then: (vmo: Vmo) => void): Attempt {
  return (one) => {
    const vmo = paged(one);
    return waiting(one, vmo, () => transfer(one, call, vmo, { canResize: true }), then);
  };
}

const failing = (status: number) => (vmo: Vmo) => vmo.content.source!.fail(0, 2, status as never);

const STREAMS: readonly Case[] = STREAM_CALLS.flatMap((call): Case[] => {
  const name = `zx_stream_${call}`;
  const both: Case[] = [
    [name, "INVALID_ARGS", (one) => {
      const stream = one.give(new Stream(newVmo(one), SEEN), ALL_RIGHTS);
      return one.call(name, stream, 0x8000, 0, 0, 0, 0);
    }],
    [name, "BAD_STATE", (one) => {
      const vmo = newVmo(one);
      vmo.cachePolicy = CachePolicy.UNCACHED;
      return transfer(one, call, vmo);
    }],
    [name, "NO_MEMORY", (one) => {
      const stream = one.give(new Stream(newVmo(one), SEEN), ALL_RIGHTS);
      const vector = one.addresses([untouched(one), 8]);
      const actual = one.place(8);
      noMoreFrames(one);
      const rest = call.endsWith("_at") ? [0, vector, 1] : [vector, 1];
      return one.call(name, stream, 0, ...rest, actual);
    }],
    [name, "IO", streamWhen(call, failing(Status.IO))],
    [name, "IO_DATA_INTEGRITY", streamWhen(call, failing(Status.IO_DATA_INTEGRITY))],
    [name, "OUT_OF_RANGE", streamWhen(call, (vmo) => void vmo.resize(0))],
    [name, "NOT_FOUND", (one) => transfer(one, call, discarded(one))],
  ];
  if (!call.startsWith("write")) return both;
  return [
    ...both,
    [name, "FILE_BIG", (one) => transfer(one, call, newVmo(one), { offset: VMO_SIZE_MAX })],
    [name, "NO_SPACE", (one) => transfer(one, call, newVmo(one), { offset: PAGE })],
  ];
});

const SEEN = { mode: 3, append: false, canResize: false, seek: 0 };

function newVmo({ realm }: Registers): Vmo {
  return made(Vmo.create(realm, PAGE));
}

/** A clock that can be mapped. */
function mapClock(program: Registers, vmar: number, options: number, offset = 0): number | string {
  const clock = made(Clock.create(program.realm, ClockOption.MAPPABLE, 0n));
  const handle = program.give(clock, ALL_RIGHTS);
  const at = program.place(8);
  return program.call("zx_vmar_map_clock", vmar, options, offset, handle, PAGE, at);
}

/** A region of an I/O buffer. */
function mapIob(program: Registers, vmar: number, options: number, length = PAGE) {
  const plan = { ...REGION, access: 0xff, shared: null };
  const [end] = made(Iob.create(program.realm, [plan]));
  const handle = program.give(end, ALL_RIGHTS);
  const at = program.place(8);
  const row = [vmar, options, 0, handle, 0, 0, length, at] as const;
  return program.call("zx_vmar_map_iob", ...row);
}

const REGION = {
  type: IobRegionType.PRIVATE,
  size: PAGE,
  discipline: IobDiscipline.NONE,
  tag: 0n,
};

/** A region of the address space of one page, mapped in or destroyed. */
function vmarOf(program: Registers, isAlive = true): number {
  const options = CAN_MAP_READ | CAN_MAP_SPECIFIC;
  const vmar = made(program.process.space.root.allocate(options, 0, PAGE));
  const handle = program.give(vmar, ALL_RIGHTS);
  if (!isAlive) vmar.destroy();
  return handle;
}

type Mapper = (program: Registers, vmar: number, options: number) => number | string;

function mapping(call: string, map: Mapper): Case[] {
  return [
    [call, "BAD_STATE", (one) => map(one, vmarOf(one, false), PERM_READ)],
    [call, "NO_RESOURCES", (one) => {
      const vmar = vmarOf(one);
      map(one, vmar, PERM_READ);
      return map(one, vmar, PERM_READ);
    }],
    [call, "ALREADY_EXISTS", (one) => {
      const vmar = vmarOf(one);
      map(one, vmar, PERM_READ | SPECIFIC);
      return map(one, vmar, PERM_READ | SPECIFIC);
    }],
    [call, "NO_MEMORY", (one) => {
      const vmar = vmarOf(one);
      const real = one.realm.keep;
      // There is room for anything but what one mapping costs.
      one.realm.keep = (bytes) => bytes !== 768 && real.call(one.realm, bytes);
      return map(one, vmar, PERM_READ);
    }],
  ];
}

function iobCreate(program: Registers): number | string {
  const { type, size, discipline } = REGION;
  const words = [type, 0x33, size, 0, discipline, 0, 0, 0, ...new Array(22).fill(0)];
  const [at, other] = [program.place(4), program.place(4)];
  return program.call("zx_iob_create", 0, program.words(...words), 1, at, other);
}

/** From now on the program's policy denies it I/O buffers. */
function mayMakeNoIobs(one: Registers): void {
  const job = made(one.machine.kernel.rootJob.createJob());
  const { NEW_IOB: condition } = PolicyCondition;
  const deny = { condition, action: PolicyAction.DENY, override: JobPolicy.OVERRIDE_DENY };
  assertEquals(job.setPolicy(JobPolicy.ABSOLUTE, [deny]), Status.OK);
  Object.defineProperty(one.process, "policy", { value: made(Process.create(job, "")).policy });
}

const OTHERS: readonly Case[] = [
  ["zx_iob_create", "NO_MEMORY", (one) => {
    Object.assign(one.realm, { handlesMax: one.realm.handles });
    return iobCreate(one);
  }],
  ["zx_iob_create", "ACCESS_DENIED", (one) => {
    mayMakeNoIobs(one);
    return iobCreate(one);
  }],
  ["zx_iob_create_shared_region", "ACCESS_DENIED", (one) => {
    mayMakeNoIobs(one);
    return one.call("zx_iob_create_shared_region", 0, PAGE, one.place(4));
  }],
  ["zx_iob_writev", "NO_MEMORY", (one) => {
    const shared = made(IobSharedRegion.create(one.realm, 2 * PAGE));
    const discipline = IobDiscipline.MEDIATED_WRITE_RING_BUFFER;
    const [end] = made(Iob.create(one.realm, [{ ...REGION, access: 0xff, discipline, shared }]));
    const handle = one.give(end, ALL_RIGHTS);
    const vectors = one.addresses([one.place(8), 8]);
    noMoreFrames(one);
    return one.call("zx_iob_writev", handle, 0, 0, vectors, 1);
  }],
  ["zx_vmar_map_iob", "BUFFER_TOO_SMALL", (one) => {
    const root = one.give(one.process.space.root, ALL_RIGHTS);
    return mapIob(one, root, PERM_READ, 2 * PAGE);
  }],
  ["zx_vmar_unmap_handle_close_thread_exit", "BAD_STATE", (one) => {
    const vmar = vmarOf(one, false);
    return one.call("zx_vmar_unmap_handle_close_thread_exit", vmar, PAGE, PAGE, 0);
  }],
  ["zx_vmo_get_stream_size", "INVALID_ARGS", (one) => {
    return one.call("zx_vmo_get_stream_size", one.give(newVmo(one), ALL_RIGHTS), NOWHERE);
  }],
  ["zx_vmo_read", "NO_MEMORY", (one) => {
    const handle = one.give(newVmo(one), ALL_RIGHTS);
    const at = untouched(one);
    noMoreFrames(one);
    return one.call("zx_vmo_read", handle, at, 0, 8);
  }],
  ["zx_vmo_write", "IO_DATA_INTEGRITY", (one) => {
    const vmo = paged(one);
    const handle = one.give(vmo, ALL_RIGHTS);
    const write = () => one.call("zx_vmo_write", handle, one.place(8), 0, 8);
    return waiting(one, vmo, write, failing(Status.IO_DATA_INTEGRITY));
  }],
  ["zx_vmo_set_stream_size", "BAD_STATE", (one) => {
    const vmo = paged(one);
    vmo.extent.bytes = 8;
    vmo.content.source!.detach();
    return one.call("zx_vmo_set_stream_size", one.give(vmo, ALL_RIGHTS), 100);
  }],
];

const CASES = [
  ...STREAMS,
  ...mapping("zx_vmar_map_clock", mapClock),
  ...mapping("zx_vmar_map_iob", mapIob),
  ...OTHERS,
];

for (const [name, error, attempt] of CASES) {
  Deno.test(`${name} can answer ${error}`, () => {
    const found = attempt(new Registers());
    assertEquals(typeof found === "number" ? statusName(found) : found, error);
    assertEquals(found, Status[error]);
  });
}
