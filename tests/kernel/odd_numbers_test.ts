/**
 * Structures of scripts that look as they should and hold numbers that no field of memory could: negative
 * ones, fractions, and numbers of any size. The script is answered, or it ends with a sentence.
 *
 * @module
 */
import { assert } from "@std/assert";
import { DEFAULT_RIGHTS, InterruptOption, ResourceKind } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { ScriptMistake } from "../../kernel/syscall/binder.ts";
import { type Maker, making, must, newJob } from "../support/making.ts";

const NUMBERS = [
  ...[-1, -5, 0, 1, 1.5, NaN, Infinity, -Infinity, 4096],
  ...[2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 1e300],
];
const BIGS = [-1n, 0n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n, 2n ** 200n, -(2n ** 63n)];

type Deed<N> = (odd: N, maker: Maker) => Operation<unknown>;

/** Do it with each of them in a machine of its own. */
function tryAll<N>(numbers: readonly N[], deeds: Readonly<Record<string, Deed<N>>>): void {
  for (const [name, deed] of Object.entries(deeds)) {
    for (const odd of numbers) {
      try {
        making((maker) => deed(odd, maker));
      } catch (error) {
        assert(error instanceof ScriptMistake, `${name} with ${odd}: ${error}`);
      }
    }
  }
}

function* policy(entry: object, { root }: Maker): Operation<void> {
  const job = yield* newJob(root);
  yield* zx.jobSetPolicy({ job, policy: [{ condition: 4, action: 1, ...entry }] });
  yield* zx.processCreate({ job, name: "below" });
}

function* slack(given: object, { root }: Maker): Operation<unknown> {
  const job = yield* newJob(root);
  return yield* zx.jobSetPolicy({ job, topic: 1, policy: { minimum: 1, mode: 0, ...given } });
}

function* clock(args: object): Operation<void> {
  const { out: handle } = yield* must(zx.clockCreate({}));
  yield* zx.clockUpdate({ handle, args: { value: 5n, ...args } });
  yield* zx.clockUpdate({ handle, args });
  yield* zx.clockRead({ handle });
  yield* zx.clockGetDetails({ handle });
}

function* buffer(region: object): Operation<void> {
  const plain = { type: 0, access: 15, size: 4096, discipline: 0, tag: 1n };
  const made = yield* zx.iobCreate({ regions: [{ ...plain, ...region }] });
  if (typeof made !== "number") {
    yield* zx.iobAllocateId({ handle: made.out0, region: 0, blob: new Uint8Array(9) });
  }
}

function* vector(part: object): Operation<unknown> {
  const { out: sharedRegion } = yield* must(zx.iobCreateSharedRegion({ size: 16384 }));
  const ring = { type: 1, access: 255, size: 0, discipline: 2, tag: 1n, sharedRegion };
  const { out0: handle } = yield* must(zx.iobCreate({ regions: [ring] }));
  const vectors = [{ address: 4096, size: 1, ...part }, new Uint8Array(1)];
  return yield* zx.iobWritev({ handle, region: 0, vectors });
}

function* profile(info: object, { machine, process }: Maker): Operation<void> {
  const { realm, system: { resources } } = machine.kernel;
  const root = Resource.root(realm, resources, ResourceKind.SYSTEM, 16);
  const resource = machine.give(process, root, DEFAULT_RIGHTS.resource);
  const plain = { priority: 5, capacity: 1n, relativeDeadline: 2n, period: 3n, cpuMask: [1n] };
  for (let flags = 1; flags < 64; flags *= 2) {
    const made = yield* zx.profileCreate({ resource, info: { flags, ...plain, ...info } });
    if (typeof made === "number") continue;
    const target = machine.give(process, [...process.threads][0]!, DEFAULT_RIGHTS.thread);
    yield* zx.objectSetProfile({ target, profile: made.out });
    yield* zx.nanosleep({ deadline: 10 });
  }
}

function* interrupt(timestamp: number): Operation<void> {
  const create = { resource: 0, options: InterruptOption.VIRTUAL };
  const { out: handle } = yield* must(zx.interruptCreate(create));
  yield* zx.interruptTrigger({ handle, timestamp });
  const { out: port } = yield* must(zx.portCreate({ options: 1 }));
  yield* zx.interruptBind({ handle, port, key: 1n, options: 0 });
  yield* zx.portWait({ handle: port, deadline: 0 });
}

function* messages(odd: number): Operation<void> {
  const { out0: handle } = yield* must(zx.channelCreate({}));
  const wanted = { operation: odd, handle: odd, type: odd, rights: odd };
  yield* zx.channelWriteEtc({ handle, handles: [wanted] });
  const args = { bytes: new Uint8Array(4), bytesMax: odd, handlesMax: odd };
  yield* zx.channelCall({ handle, deadline: 0, args });
  yield* zx.objectWaitMany({ items: [{ handle, signals: odd }], deadline: 0 });
}

Deno.test("no number in a structure that a script gives ends the machine", () => {
  tryAll(NUMBERS, {
    condition: (condition, maker) => policy({ condition }, maker),
    action: (action, maker) => policy({ action }, maker),
    override: (override, maker) => policy({ override }, maker),
    minimum: (minimum, maker) => slack({ minimum }, maker),
    mode: (mode, maker) => slack({ mode }, maker),
    rate: (rateAdjust) => clock({ rateAdjust }),
    type: (type) => buffer({ type }),
    access: (access) => buffer({ access }),
    size: (size) => buffer({ size, discipline: size % 2 }),
    discipline: (discipline) => buffer({ discipline }),
    vectors: (size) => vector({ size }),
    addresses: (address) => vector({ address }),
    priority: (priority, maker) => profile({ priority }, maker),
    interrupt,
    messages,
  });
});

Deno.test("nor does any number that is exact, however large", () => {
  tryAll(BIGS, {
    value: (value) => clock({ value }),
    reference: (reference) => clock({ reference, value: 7n }),
    bound: (errorBound) => clock({ errorBound }),
    backstop: (backstop) => zx.clockCreate({ options: 1n << 58n, args: { backstop } }),
    tag: (tag) => buffer({ tag }),
    capacity: (capacity, maker) => profile({ capacity }, maker),
    mask: (mask, maker) => profile({ cpuMask: [mask] }, maker),
  });
});
