/**
 * What clients of a pager see, whether they read with `zx_vmo_read` or through a mapping.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  ObjectType,
  PagerCommand,
  Status,
  VmarOp,
  VmoChild,
  VmoOption,
  VmOption,
} from "../../kernel/abi.ts";
import { raw, zx } from "../../kernel/client.ts";
import { close, made, newChild, newVmo, PAGE, peek } from "../support/memory.ts";
import { type Outcome, type PagerScript, withPager } from "../support/pager.ts";

const COPY = VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE;
const { PERM_READ, PERM_WRITE, SPECIFIC, ALLOW_FAULTS } = VmOption;
const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MAP_SPECIFIC } = VmOption;
const CAN_MAP = CAN_MAP_READ | CAN_MAP_WRITE | CAN_MAP_SPECIFIC;
const RW_ANYWHERE = PERM_READ | PERM_WRITE | SPECIFIC | ALLOW_FAULTS;

interface Way {
  readonly name: string;
  readonly read: (pager: PagerScript, vmo: number, page: number, pages?: number) => Outcome;
  readonly write: (pager: PagerScript, vmo: number, page: number, value: number) => Outcome;
}

const WAYS: readonly Way[] = [
  {
    name: "zx_vmo_read",
    read: (pager, vmo, page, pages) => pager.read(vmo, page, pages),
    write: (pager, vmo, page, value) => pager.write(vmo, page, value),
  },
  {
    name: "a mapping",
    read: (pager, vmo, page, pages) => pager.readMapped(vmo, page, pages),
    write: (pager, vmo, page, value) => pager.writeMapped(vmo, page, value),
  },
];

function seen(outcome: Outcome): [status: number | null, byte: number | undefined] {
  return [outcome.status, outcome.bytes[0]];
}

for (const { name, read, write } of WAYS) {
  Deno.test(`a page read with ${name} is waited for until it is supplied`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const reader = read(pager, vmo, 0);
      yield* pager.expectReads([0, 1]);
      assertEquals(reader.status, null);
      yield* pager.supply(vmo, 0, 1);
      yield* pager.pause();
      assertEquals(seen(reader), [Status.OK, 1]);
    });
  });

  Deno.test(`pages read with ${name} are asked for one after the other, and each once`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(4);
      const reader = read(pager, vmo, 0, 4);
      for (let page = 0; page < 4; page++) {
        yield* pager.expectReads([page, 1]);
        yield* pager.supply(vmo, page, 1);
      }
      yield* pager.pause();
      assertEquals([0, 1, 2, 3].map((page) => reader.bytes[page * PAGE]), [1, 2, 3, 4]);
    });
  });

  Deno.test(`pages that are there before they are read with ${name} are not asked for`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(4);
      yield* pager.supply(vmo, 0, 2);
      const early = read(pager, vmo, 0, 2);
      const late = read(pager, vmo, 0, 4);
      yield* pager.expectReads([2, 1]);
      yield* pager.supply(vmo, 2, 2);
      yield* pager.expectReads();
      assertEquals([seen(early), seen(late)], [[0, 1], [0, 1]]);
      const again = read(pager, vmo, 3);
      yield* pager.expectReads();
      assertEquals(seen(again), [0, 4]);
    });
  });

  Deno.test(`supplying more pages than are read with ${name} serves everybody in the range`, () => {
    for (const [first, count] of [[0, 31], [1, 30], [3, 17]] as const) {
      withPager(function* (pager) {
        const vmo = yield* pager.vmo(32);
        const readers = [first, first + count - 1].map((page) => read(pager, vmo, page));
        yield* pager.expectReads([first, 1], [first + count - 1, 1]);
        yield* pager.supply(vmo, first, count);
        yield* pager.pause();
        assertEquals(readers.map(seen), [[0, first + 1], [0, first + count]]);
      });
    }
  });

  Deno.test(`clients that read different pages with ${name} wait for their own alone`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(4);
      const readers = [0, 1, 2, 3].map((page) => read(pager, vmo, page));
      yield* pager.expectReads([0, 1], [1, 1], [2, 1], [3, 1]);
      for (const page of [2, 0, 3, 1]) {
        yield* pager.supply(vmo, page, 1);
        yield* pager.pause();
        assertEquals(seen(readers[page]!), [0, page + 1]);
      }
    });
  });

  Deno.test(`clients that read the same page with ${name} all get it for one request`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const readers = Array.from({ length: 8 }, () => read(pager, vmo, 0));
      yield* pager.expectReads([0, 1]);
      yield* pager.supply(vmo, 0, 1);
      yield* pager.pause();
      assertEquals(readers.map(seen), new Array(8).fill([0, 1]));
    });
  });

  Deno.test(`many requests by clients that read with ${name} can wait in the port at once`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(50);
      const readers = Array.from({ length: 50 }, (_, page) => read(pager, vmo, page));
      yield* pager.pause();
      yield* pager.expectReads(...readers.map((_, page): [number, number] => [page, 1]));
      yield* pager.supply(vmo, 0, 50);
      yield* pager.pause();
      assertEquals(readers.map((one) => one.bytes[0]), readers.map((_, page) => page + 1));
    });
  });

  Deno.test(`a page that cannot be had fails who reads it with ${name}`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(2);
      const reader = read(pager, vmo, 1);
      yield* pager.expectReads([1, 1]);
      yield* pager.fail(vmo, 1, 1);
      yield* pager.pause();
      assertEquals(reader.status, Status.IO);
    });
  });

  Deno.test(`who reads with ${name} fails when the pager detaches, before or while it waits`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const waiting = read(pager, vmo, 0);
      yield* pager.expectReads([0, 1]);
      assertEquals(yield* zx.pagerDetachVmo({ pager: pager.pager, vmo }), Status.OK);
      const late = read(pager, vmo, 0);
      yield* pager.pause();
      assertEquals(waiting.status, Status.BAD_STATE);
      assertEquals(late.status, name === "a mapping" ? Status.NOT_FOUND : Status.BAD_STATE);
      assertEquals(yield* pager.request(), [PagerCommand.COMPLETE, 0, 0]);
    });
  });

  Deno.test(`who reads with ${name} fails when the pager is closed, before or while it waits`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const waiting = read(pager, vmo, 0);
      yield* pager.expectReads([0, 1]);
      yield* close(pager.pager);
      const late = read(pager, vmo, 0);
      yield* pager.pause();
      assertEquals(waiting.status, Status.BAD_STATE);
      assertEquals(late.status, name === "a mapping" ? Status.NOT_FOUND : Status.BAD_STATE);
      assertEquals(yield* pager.request(), null);
    });
  });

  Deno.test(`who reads with ${name} learns when what it waits for is cut off`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(2, VmoOption.RESIZABLE);
      const reader = read(pager, vmo, 1);
      yield* pager.expectReads([1, 1]);
      assertEquals(yield* zx.vmoSetSize({ handle: vmo, size: PAGE }), Status.OK);
      yield* pager.pause();
      const lost = name === "a mapping" ? Status.NOT_FOUND : Status.OUT_OF_RANGE;
      assertEquals(reader.status, lost);
    });
  });

  Deno.test(`who reads with ${name} and is suspended gets the page when it goes on`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const reader = read(pager, vmo, 0);
      yield* pager.expectReads([0, 1]);
      const [thread] = reader.process.threads;
      const task = pager.process.giveHandle(thread!, DEFAULT_RIGHTS.thread, "test");
      const { token } = made(yield* zx.taskSuspend({ task }));
      yield* pager.supply(vmo, 0, 1);
      yield* pager.pause();
      assertEquals(reader.status, null);
      yield* close(token);
      yield* pager.pause();
      assertEquals(seen(reader), [0, 1]);
    });
  });

  Deno.test(`a copy and its parent read with ${name} show the same pages, asked for once`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(3);
      const copies = [0, 1].map(() => newChild(vmo, COPY, { size: 3 * PAGE }));
      const [one, other] = [yield* copies[0]!, yield* copies[1]!];
      const fromCopy = read(pager, one, 0);
      yield* pager.expectReads([0, 1]);
      yield* pager.supply(vmo, 0, 1);
      const fromParent = read(pager, vmo, 0);
      const together = [read(pager, one, 1), read(pager, other, 1), read(pager, vmo, 1)];
      yield* pager.expectReads([1, 1]);
      yield* pager.supply(vmo, 1, 1);
      yield* pager.pause();
      assertEquals([fromCopy, fromParent].map(seen), [[0, 1], [0, 1]]);
      assertEquals(together.map(seen), [[0, 2], [0, 2], [0, 2]]);
    });
  });

  Deno.test(`a write to a copy as with ${name} brings the page and leaves the parent's`, () => {
    withPager(function* (pager) {
      const vmo = yield* pager.vmo(1);
      const copy = yield* newChild(vmo, COPY, { size: PAGE });
      const writer = write(pager, copy, 0, 77);
      yield* pager.expectReads([0, 1]);
      yield* pager.supply(vmo, 0, 1);
      yield* pager.pause();
      assertEquals(writer.status, Status.OK);
      assertEquals([yield* peek(vmo, 0), yield* peek(copy, 0)], [1, 77]);
    });
  });
}

Deno.test("a call whose arguments lie in a pager's memory waits for it before it does anything", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(3);
    const client = pager.client(vmo, function* (handle, outcome, process) {
      const address = yield* pager.mapIn(process, handle);
      const { out: port } = made(yield* zx.portCreate({}));
      const queued = yield* raw.portQueue(port, address + PAGE - 8);
      assertEquals(queued, Status.OK);
      const { packet } = made(yield* zx.portWait({ handle: port }));
      assertEquals(packet.key, 0x0101010101010101n);
      outcome.status = yield* raw.eventCreate(0, address + 2 * PAGE);
      const event = process.memory.readU32(address + 2 * PAGE);
      assertEquals(process.handleTable.get(event)?.object.type, ObjectType.EVENT);
    });
    yield* pager.expectReads([0, 2]);
    assertEquals(client.process.handleTable.size, 3, "nothing is done yet");
    yield* pager.supply(vmo, 0, 2);
    yield* pager.expectReads([2, 1]);
    yield* pager.supply(vmo, 2, 1);
    yield* pager.pause();
    assertEquals(client.status, Status.OK);
  });
});

Deno.test("an operation on addresses that waited for a page looks again at what is mapped there", () => {
  withPager(function* (pager) {
    const { machine } = pager;
    const vmo = yield* pager.vmo(1);
    let address = 0;
    const client = pager.client(vmo, function* (handle, outcome, process) {
      const parent = process.giveHandle(process.space.root, DEFAULT_RIGHTS.rootVmar, "test");
      const { child, childAddress } = made(
        yield* zx.vmarAllocate({ parent, options: CAN_MAP, size: 2 * PAGE }),
      );
      address = childAddress;
      const plain = yield* newVmo(PAGE);
      const map = { handle: child, options: RW_ANYWHERE, length: PAGE };
      made(yield* zx.vmarMap({ ...map, vmarOffset: 0, vmo: handle }));
      made(yield* zx.vmarMap({ ...map, vmarOffset: PAGE, vmo: plain }));
      machine.thread(
        process,
        (function* () {
          const behind = { handle: child, address: address + PAGE, length: PAGE };
          assertEquals(yield* zx.vmarUnmap(behind), Status.OK);
          yield* close(plain);
        })(),
      );
      const range = { handle: child, op: VmarOp.COMMIT, address, size: 2 * PAGE };
      outcome.status = yield* zx.vmarOpRange(range);
    });
    yield* pager.expectReads([0, 1]);
    const free = machine.kernel.realm.memory.freeFrames;
    yield* pager.supply(vmo, 0, 1);
    yield* pager.pause();
    assertEquals(client.status, Status.BAD_STATE);
    assertEquals(machine.kernel.realm.memory.freeFrames, free - 1);
  });
});

Deno.test("a call whose arguments cannot be had finds nothing there", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(1);
    const client = pager.client(vmo, function* (handle, outcome, process) {
      const address = yield* pager.mapIn(process, handle);
      outcome.status = yield* raw.vmoGetSize(handle, address);
    });
    yield* pager.expectReads([0, 1]);
    yield* pager.fail(vmo, 0, 1);
    yield* pager.pause();
    assertEquals(client.status, Status.INVALID_ARGS);
  });
});

Deno.test("zx_process_read_memory and zx_process_write_memory wait for a pager too", () => {
  withPager(function* (pager) {
    const vmo = yield* pager.vmo(2);
    const owner = pager.client(vmo, function* (handle, outcome, process) {
      outcome.status = yield* pager.mapIn(process, handle);
      yield* zx.nanosleep({ deadline: 1e9 });
    });
    yield* pager.pause();
    const address = owner.status!;
    const debugger_ = pager.client(vmo, function* (_handle, outcome, process) {
      const held = process.giveHandle(owner.process, DEFAULT_RIGHTS.process, "test");
      const range = { process: held, address, bufferSize: 2 };
      outcome.bytes = made(yield* zx.processReadMemory(range)).buffer;
      const write = { process: held, address: address + PAGE, buffer: Uint8Array.of(9) };
      outcome.status = made(yield* zx.processWriteMemory(write)).actual;
    });
    yield* pager.expectReads([0, 1]);
    yield* pager.supply(vmo, 0, 1);
    yield* pager.expectReads([1, 1]);
    yield* pager.supply(vmo, 1, 1);
    yield* pager.pause();
    assertEquals([[...debugger_.bytes], debugger_.status], [[1, 1], 1]);
    assertEquals(yield* peek(vmo, PAGE), 9);
  });
});
