/**
 * Attacks by means of memory: sizes beyond all bounds, chains of copies, nests of regions, and pagers
 * that do not play along. What would take for ever would never end here either.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  failed,
  PagerOp,
  Status,
  StreamMode,
  VmarOp,
  VmoChild,
  VmoOp,
  VmOption,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import { VmoOption } from "../../kernel/abi/memory.ts";
import { KEPT_MAX } from "../../kernel/object/realm.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { attack } from "../support/attack.ts";
import { makeObject } from "../support/every_object.ts";
import { must } from "../support/making.ts";
import { Registers } from "../support/registers.ts";

const HUGE = 2 ** 51;
const SIZES = [0, 1, 4095, HUGE, 2 ** 52, 2 ** 53, 2 ** 63, 2 ** 64 - 4096, 2 ** 64 - 2048];

/** A memory object of a pager that answers nothing; handles to both. */
function* paged(size: number, options = 0): Operation<{ pager: number; vmo: number }> {
  const { out: pager } = yield* must(zx.pagerCreate({}));
  const { out: port } = yield* must(zx.portCreate({}));
  const { out: vmo } = yield* must(zx.pagerCreateVmo({ pager, options, port, key: 1n, size }));
  return { pager, vmo };
}

/** Every operation on the whole of a memory object that ends by itself; answers their statuses. */
function* allOperations(handle: number, size: number): Operation<number[]> {
  const statuses: number[] = [];
  for (const op of [VmoOp.COMMIT, VmoOp.ZERO, VmoOp.PREFETCH, VmoOp.DECOMMIT, VmoOp.ALWAYS_NEED]) {
    const done = yield* zx.vmoOpRange({ handle, op, offset: 0, size });
    statuses.push(failed(done) ? done : 0);
  }
  return statuses;
}

Deno.test("what is done to every page of two petabytes is done at once, or there is no memory", () => {
  const found = attack(function* () {
    const { out: plain } = yield* must(zx.vmoCreate({ size: HUGE }));
    const options = VmoChild.SNAPSHOT;
    const copy = { handle: plain, options, offset: 0, size: HUGE };
    const { out: child } = yield* must(zx.vmoCreateChild(copy));
    const { vmo: grown } = yield* paged(0, VmoOption.RESIZABLE);
    yield* zx.vmoSetSize({ handle: grown, size: HUGE });
    const { vmo: small } = yield* paged(0);
    const look = { handle: small, options: VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE, offset: 0 };
    const { out: through } = yield* must(zx.vmoCreateChild({ ...look, size: HUGE }));
    const found: number[][] = [];
    for (const handle of [plain, child, grown, through]) {
      found.push(yield* allOperations(handle, HUGE));
    }
    return found;
  });
  const { NO_MEMORY, NOT_SUPPORTED } = Status;
  assertEquals(found, [
    [NO_MEMORY, 0, 0, NOT_SUPPORTED, 0],
    [NO_MEMORY, 0, 0, NOT_SUPPORTED, 0],
    [0, 0, 0, NOT_SUPPORTED, 0],
    [NO_MEMORY, 0, 0, NOT_SUPPORTED, 0],
  ]);
});

Deno.test("a pager is done at once with two petabytes that are not there, or are zeros", () => {
  const found = attack(function* () {
    const { pager, vmo } = yield* paged(0, VmoOption.RESIZABLE | VmoOption.TRAP_DIRTY);
    yield* zx.vmoSetSize({ handle: vmo, size: HUGE });
    const statuses: number[] = [];
    for (const op of Object.values(PagerOp)) {
      const range = { pager, op, vmo, offset: 0, length: HUGE, data: 0 };
      statuses.push(yield* zx.pagerOpRange(range));
    }
    const { out: auxiliary } = yield* must(zx.vmoCreate({ size: HUGE }));
    const supply = { pager, vmo, offset: 0, length: HUGE, auxiliary, auxiliaryOffset: 0 };
    statuses.push(yield* zx.pagerSupplyPages(supply));
    const { vmo: other, pager: its } = yield* paged(HUGE);
    const whole = { ...supply, vmo: other, pager: its };
    statuses.push(yield* zx.pagerSupplyPages(whole));
    return statuses.at(-1);
  });
  assertEquals(found, Status.NO_MEMORY);
});

Deno.test("no size is too odd for what makes memory, and nothing is made of what is too large", () => {
  const made = attack(function* ({ root }) {
    let made = 0;
    for (const size of SIZES) {
      const { vmo, pager } = yield* paged(4096);
      yield* zx.vmoSetSize({ handle: vmo, size });
      const answers: unknown[] = [
        yield* zx.vmoCreate({ size, options: VmoOption.RESIZABLE }),
        yield* zx.vmarAllocate({ parent: root, options: 0, offset: 0, size }),
        yield* zx.vmarMap({ handle: root, options: 1, vmo, length: size }),
        yield* zx.vmarMap({ handle: root, options: 1, vmo, length: 4096, vmoOffset: size }),
        yield* zx.streamCreate({ options: StreamMode.READ, vmo, seek: size }),
        yield* zx.vmoCreateChild({ handle: vmo, options: VmoChild.SLICE, offset: size, size }),
        yield* zx.pagerDetachVmo({ pager, vmo }),
      ];
      made += answers.filter((answer) => typeof answer === "object").length;
    }
    return made > 0 && made < SIZES.length * 7;
  });
  assertEquals(made, true);
});

for (const kind of ["SNAPSHOT", "SNAPSHOT_AT_LEAST_ON_WRITE", "SLICE", "REFERENCE"] as const) {
  Deno.test(`3000 memory objects, each a ${kind} of the one before, and then a write to the first`, () => {
    const bytes = attack(function* () {
      const { out: first } = yield* must(zx.vmoCreate({ size: 8192 }));
      const size = kind === "REFERENCE" ? 0 : 4096;
      yield* zx.vmoWrite({ handle: first, offset: 0, buffer: Uint8Array.of(1) });
      let last = first;
      for (let at = 0; at < 3000; at++) {
        const child = { handle: last, options: VmoChild[kind], offset: 0, size };
        const { out } = yield* must(zx.vmoCreateChild(child));
        if (last !== first && at % 2) yield* zx.handleClose({ handle: last });
        last = out;
      }
      yield* zx.vmoWrite({ handle: first, offset: 0, buffer: Uint8Array.of(2) });
      const { buffer } = yield* must(zx.vmoRead({ handle: last, offset: 0, bufferSize: 1 }));
      yield* zx.handleClose({ handle: first });
      return buffer[0];
    });
    assertEquals(bytes, kind.startsWith("SNAPSHOT") ? 1 : 2);
  });
}

Deno.test("copies of a large memory object are as many as the kernel can keep: NO_MEMORY", () => {
  const [status, many] = attack(function* ({ process }) {
    const pages = 900;
    const { out: handle } = yield* must(zx.vmoCreate({ size: pages * 4096 }));
    yield* zx.vmoOpRange({ handle, op: VmoOp.COMMIT, offset: 0, size: pages * 4096 });
    const room = 100 * pages * 8;
    const kept = KEPT_MAX - process.realm.kept - room;
    process.realm.keep(kept);
    const copy = { handle, options: VmoChild.SNAPSHOT, offset: 0, size: pages * 4096 };
    for (let at = 0;; at++) {
      const made = yield* zx.vmoCreateChild(copy);
      if (!failed(made)) continue;
      process.realm.letGo(kept);
      return [made, at > 50 && at < 150];
    }
  });
  assertEquals([status, many], [Status.NO_MEMORY, true]);
});

Deno.test("pages that come and go all over a huge memory object leave nothing of the host's behind", () => {
  const left = attack(function* ({ process }) {
    const { out: handle } = yield* must(zx.vmoCreate({ size: HUGE }));
    const { pages } = (process.handleTable.get(handle)!.object as Vmo).content;
    const before = pages.bytesOf(0, HUGE / 4096);
    for (let at = 1; at < 3000; at++) {
      const offset = at * 2 ** 30;
      yield* zx.vmoWrite({ handle, offset, buffer: Uint8Array.of(1) });
      yield* zx.vmoOpRange({ handle, op: VmoOp.DECOMMIT, offset, size: 4096 });
    }
    return pages.bytesOf(0, HUGE / 4096) - before;
  });
  assertEquals(left, 0);
});

Deno.test("regions lie in one another 256 deep: NO_MEMORY; and the outermost takes all with it", () => {
  const [status, depth] = attack(function* ({ root }) {
    let parent = root;
    for (let depth = 0;; depth++) {
      const size = (2000 - depth) * 4096;
      const made = yield* zx.vmarAllocate({ parent, options: 0, offset: 0, size });
      if (failed(made)) return [made, depth];
      parent = made.child;
    }
  });
  assertEquals([status, depth], [Status.NO_MEMORY, 256]);
});

Deno.test("a page that is mapped 2000 times can be protected, decommitted and written to everywhere", () => {
  const found = attack(function* ({ root }) {
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 4096 }));
    const places: number[] = [];
    for (let at = 0; at < 2000; at++) {
      const map = { handle: root, options: 3, vmo, length: 4096 };
      places.push((yield* must(zx.vmarMap(map))).mappedAddress);
    }
    const range = { handle: root, size: 4096 };
    for (const address of places.slice(0, 300)) {
      yield* zx.vmarOpRange({ ...range, op: VmarOp.COMMIT, address });
      yield* zx.vmarOpRange({ ...range, op: VmarOp.DECOMMIT, address });
      yield* zx.vmarProtect({ handle: root, options: 1, address, length: 4096 });
      yield* zx.vmarUnmap({ handle: root, address, length: 4096 });
    }
    return places.length;
  });
  assertEquals(found, 2000);
});

Deno.test("a range that is cut into pieces again and again is whole pieces to the end", () => {
  const cut = attack(function* ({ root }) {
    const pages = 512;
    const { out: vmo } = yield* must(zx.vmoCreate({ size: pages * 4096 }));
    const map = { handle: root, options: 3, vmo, length: pages * 4096 };
    const { mappedAddress: base } = yield* must(zx.vmarMap(map));
    let seed = 1;
    const next = (below: number) => (seed = (seed * 48271) % 0x7fffffff) % below;
    for (let at = 0; at < 3000; at++) {
      const address = base + next(pages) * 4096;
      const length = (1 + next(16)) * 4096;
      if (at % 3) {
        yield* zx.vmarProtect({ handle: root, options: next(2) * 2 + 1, address, length });
      } else if (at % 2) yield* zx.vmarUnmap({ handle: root, address, length });
      else {
        const there = address - 0x200000;
        const options = VmOption.PERM_READ | VmOption.SPECIFIC_OVERWRITE;
        yield* zx.vmarMap({ handle: root, options, vmarOffset: there, vmo, length });
      }
    }
    return true;
  });
  assertEquals(cut, true);
});

Deno.test("threads that wait for a pager that never supplies are killed with their process", () => {
  const waiting = attack(function* (attacker) {
    const { vmo } = yield* paged(64 * 4096);
    const object = attacker.process.handleTable.get(vmo)!.object;
    const { process, handle } = attacker.spawn(function* (process) {
      for (let at = 0; at < 50; at++) attacker.machine.thread(process, reader(process, at));
      yield* zx.nanosleep({});
    });
    function* reader(process: typeof attacker.process, page: number): Program {
      const its = attacker.machine.give(process, object, 0x1ffffff);
      yield* zx.vmoRead({ handle: its, offset: page * 4096, bufferSize: 8192 });
    }
    yield* zx.nanosleep({ deadline: 1e9 });
    const waiting = [...process.threads].filter(({ park }) => park !== null).length;
    yield* zx.taskKill({ task: handle });
    return waiting;
  });
  assertEquals(waiting, 51);
});

Deno.test("a pager that goes, or shrinks what it supplies, wakes whoever waits for the pages", () => {
  const found = attack(function* (attacker) {
    const found: unknown[] = [];
    for (const how of ["shrink", "detach", "close"]) {
      const { pager, vmo } = yield* paged(16 * 4096, VmoOption.RESIZABLE);
      const object = attacker.process.handleTable.get(vmo)!.object;
      attacker.spawn(function* (process) {
        const its = attacker.machine.give(process, object, 0x1ffffff);
        const answer = yield* zx.vmoRead({ handle: its, offset: 8 * 4096, bufferSize: 8 });
        found.push([how, answer]);
      });
      yield* zx.nanosleep({ deadline: attacker.process.realm.now + 1e6 });
      if (how === "shrink") yield* zx.vmoSetSize({ handle: vmo, size: 4096 });
      else if (how === "detach") yield* zx.pagerDetachVmo({ pager, vmo });
      else yield* zx.handleClose({ handle: pager });
      yield* zx.nanosleep({ deadline: attacker.process.realm.now + 1e6 });
    }
    return found;
  });
  const { OUT_OF_RANGE, BAD_STATE } = Status;
  assertEquals(found, [["shrink", OUT_OF_RANGE], ["detach", BAD_STATE], ["close", BAD_STATE]]);
});

Deno.test("one resizes, one writes, one copies and one reads the same memory, and none sees the impossible", () => {
  const bad = attack(function* (attacker) {
    const options = VmoOption.RESIZABLE;
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 64 * 4096, options }));
    let bad = 0;
    function* racer(deed: number): Program {
      for (let at = 0; at < 400; at++) {
        const page = (at * 7 + deed) % 64;
        const range = { handle: vmo, offset: page * 4096 };
        if (deed === 0) yield* zx.vmoSetSize({ handle: vmo, size: page * 4096 + at });
        else if (deed === 1) yield* zx.vmoWrite({ ...range, buffer: new Uint8Array(99).fill(7) });
        else if (deed === 2) {
          const child = { ...range, options: VmoChild.SNAPSHOT, size: 8192 };
          const made = yield* zx.vmoCreateChild(child);
          if (!failed(made)) yield* zx.handleClose({ handle: made.out });
        } else {
          const read = yield* zx.vmoRead({ ...range, bufferSize: 99 });
          const bytes = failed(read) ? [] : [...read.buffer];
          bad += bytes.filter((byte) => byte !== 0 && byte !== 7).length;
        }
        yield* zx.threadLegacyYield({});
      }
    }
    for (let deed = 0; deed < 4; deed++) attacker.thread(racer(deed));
    yield* zx.nanosleep({ deadline: 1e10 });
    return bad;
  });
  assertEquals(bad, 0);
});

Deno.test("a stream is moved, read and written beyond both ends, and stays where it can be", () => {
  const found = attack(function* () {
    const { out: vmo } = yield* must(zx.vmoCreate({ size: 4096, options: VmoOption.RESIZABLE }));
    const options = StreamMode.READ | StreamMode.WRITE;
    const { out: handle } = yield* must(zx.streamCreate({ options, vmo, seek: 0 }));
    const places = new Set<number>();
    for (const whence of [0, 1, 2, 3]) {
      for (const offset of [0, -1, 4096, -4096, 2 ** 53, -(2 ** 53), 2 ** 62, -(2 ** 62)]) {
        const moved = yield* zx.streamSeek({ handle, whence, offset });
        if (!failed(moved)) places.add(moved.position);
        yield* zx.streamReadv({ handle, vector: [new Uint8Array(8), new Uint8Array(9000)] });
        yield* zx.streamWritev({ handle, vector: [Uint8Array.of(1), new Uint8Array(0)] });
      }
    }
    return [...places].every((place) => place >= 0);
  });
  assertEquals(found, true);
});

Deno.test("no call goes on for ever over a huge range of memory with sizes beyond all bounds", () => {
  let calls = 0;
  for (const row of Object.values(ZIRCON_ROWS) as unknown as readonly Row[]) {
    for (const size of [2 ** 32 - 1, 2 ** 36, HUGE]) {
      for (const small of [0, 1, 2]) {
        attempt(row, size, small);
        calls++;
      }
    }
  }
  assertEquals(calls, Object.keys(ZIRCON_ROWS).length * 9);
});

/** One call whose pointers lead to 128 GiB of zeros, and whose sizes are of that kind. */
function attempt(row: Row, size: number, small: number): void {
  const program = new Registers();
  const vmo = Vmo.create(program.realm, 2 ** 37) as Vmo;
  const options = VmOption.PERM_READ | VmOption.PERM_WRITE;
  const shape = { options, vmoOffset: 0, length: 2 ** 37, accessMax: 3 };
  const mapping = program.process.space.root.map({ ...shape, vmo });
  const base = failed(mapping) ? 0 : mapping.base;
  const registers: number[] = [];
  row.kinds.forEach((kind, at) => {
    const register = row.registers[at]!;
    const name = row.names[at]!;
    const isPlace = kind.width === undefined && kind.errors.includes("INVALID_ARGS");
    if (register < 0) return;
    if (kind.demands) {
      registers[register] = program.give(makeObject(kind.demands.type, program), 0x1ffffff);
    } else if (kind.reach !== undefined || isPlace) registers[register] = base;
    else if (/option|^op$|topic|property|command|offset/i.test(name)) registers[register] = small;
    else registers[register] = /address/i.test(name) ? base : size;
  });
  program.call(row.name, ...registers);
}
