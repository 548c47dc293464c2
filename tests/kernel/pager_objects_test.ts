import { assert, assertEquals } from "@std/assert";
import { failed, PagerCommand, SeekOrigin, Status, VmoChild, VmOption } from "../../kernel/abi.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { AddressSpace } from "../../kernel/vm/address_space.ts";
import { Pager } from "../../kernel/vm/pager.ts";
import { Stream } from "../../kernel/vm/stream.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ProcessorSpace } from "../support/processor_space.ts";
import { testRealm } from "../support/realm.ts";

const PAGE = 4096;

/** A pager with one memory object, and what it was asked. */
class Paged {
  readonly realm = testRealm();
  readonly asked: [command: number, first: number, count: number][] = [];
  readonly pager = new Pager(this.realm);
  readonly handle = new Handle(this.pager, 0);
  readonly vmo: Vmo;

  constructor(pages: number, options: { trapDirty?: boolean; resizable?: boolean } = {}) {
    const sink = {
      send: (command: number, offset: number, length: number) => {
        this.asked.push([command, offset / PAGE, length / PAGE]);
        return () => {};
      },
      close() {},
    };
    const vmo = this.pager.createVmo(pages * PAGE, () => sink, {
      trapDirty: options.trapDirty ?? false,
      resizable: options.resizable ?? false,
    });
    assert(!failed(vmo));
    this.vmo = vmo;
  }

  /** Wait for what a range needs; answers where the outcome will be. */
  wait(offset: number, length: number, writing = false): { status: number | null } {
    const need = this.vmo.need(offset, length, writing);
    assert(need !== null);
    const outcome: { status: number | null } = { status: null };
    need.source.request(need, (status) => outcome.status = status);
    return outcome;
  }

  supply(first: number, count: number, byte: number): void {
    const aux = Vmo.create(this.realm, count * PAGE) as Vmo;
    aux.write(0, new Uint8Array(count * PAGE).fill(byte));
    assertEquals(this.pager.supply(this.vmo, first, count, aux, 0), Status.OK);
    aux.abandon();
  }
}

Deno.test("a page that a pager has to supply is asked for once, however many wait for it", () => {
  const paged = new Paged(4);
  assertEquals(paged.vmo.read(0, new Uint8Array(1)), Status.SHOULD_WAIT);
  const one = paged.wait(0, 2 * PAGE);
  const two = paged.wait(PAGE, 2 * PAGE);
  assertEquals(paged.asked, [[PagerCommand.READ, 0, 2], [PagerCommand.READ, 2, 1]]);
  paged.supply(0, 2, 7);
  assertEquals([one.status, two.status], [Status.OK, null]);
  paged.supply(2, 1, 8);
  assertEquals(two.status, Status.OK);
  const bytes = new Uint8Array(3 * PAGE);
  assertEquals(paged.vmo.read(0, bytes), Status.OK);
  assertEquals([bytes[0], bytes[2 * PAGE]], [7, 8]);
});

Deno.test("a failure reaches whoever waits for one of the pages, and nobody else", () => {
  const paged = new Paged(4);
  const one = paged.wait(0, PAGE);
  const two = paged.wait(2 * PAGE, PAGE);
  paged.pager.sourceOf(paged.vmo)!.fail(0, 1, Status.IO);
  assertEquals([one.status, two.status], [Status.IO, null]);
});

Deno.test("a copy of what a pager supplies shows the parent's pages until it is written", () => {
  const paged = new Paged(2);
  const copy = paged.vmo.createChild(VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE, 0, 2 * PAGE);
  assert(!failed(copy));
  assertEquals(paged.vmo.createChild(VmoChild.SNAPSHOT, 0, PAGE), Status.NOT_SUPPORTED);
  assertEquals(copy.write(5, Uint8Array.of(1)), Status.SHOULD_WAIT);
  paged.supply(0, 2, 9);
  assertEquals(copy.write(5, Uint8Array.of(1)), Status.OK);
  const bytes = new Uint8Array(6);
  paged.vmo.read(0, bytes);
  assertEquals(bytes[5], 9);
  copy.read(0, bytes);
  assertEquals([bytes[4], bytes[5]], [9, 1]);
});

Deno.test("a copy sees zeros where its parent was cut off, even when the parent grows again", () => {
  const paged = new Paged(2, { resizable: true });
  const copy = paged.vmo.createChild(VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE, 0, 2 * PAGE) as Vmo;
  paged.supply(0, 2, 9);
  paged.vmo.resize(PAGE);
  paged.vmo.resize(2 * PAGE);
  const bytes = new Uint8Array(1);
  assertEquals(copy.read(PAGE, bytes), Status.OK);
  assertEquals(bytes[0], 0);
});

Deno.test("writes to clean pages wait for the pager where it wants to know, and are clean again later", () => {
  const paged = new Paged(3, { trapDirty: true });
  paged.supply(0, 3, 1);
  assertEquals(paged.vmo.write(PAGE, Uint8Array.of(2)), Status.SHOULD_WAIT);
  const wait = paged.wait(PAGE, 1, true);
  assertEquals(paged.asked, [[PagerCommand.DIRTY, 1, 1]]);
  assertEquals(paged.pager.makeDirty(paged.vmo, 1, 2), Status.OK);
  assertEquals(wait.status, Status.OK);
  assertEquals(paged.vmo.write(PAGE, Uint8Array.of(2)), Status.OK);
  const dirty = [{ first: 1, end: 2, zero: false }];
  assertEquals(paged.pager.dirtyRanges(paged.vmo, 0, 3), dirty);
  paged.pager.beginWriteback(paged.vmo, 0, 3);
  assertEquals(paged.vmo.write(PAGE, Uint8Array.of(3)), Status.SHOULD_WAIT);
  assertEquals(paged.pager.dirtyRanges(paged.vmo, 0, 3), dirty);
  paged.pager.endWriteback(paged.vmo, 0, 3);
  assertEquals(paged.pager.dirtyRanges(paged.vmo, 0, 3), []);
});

Deno.test("what a resize adds to a pager's memory object is zeros that the pager must learn of", () => {
  const paged = new Paged(1, { resizable: true });
  paged.supply(0, 1, 1);
  paged.vmo.resize(4 * PAGE);
  const byte = new Uint8Array(1);
  assertEquals(paged.vmo.read(3 * PAGE, byte), Status.OK);
  assertEquals(paged.vmo.write(2 * PAGE, byte), Status.OK);
  assertEquals(paged.pager.dirtyRanges(paged.vmo, 0, 4), [
    { first: 1, end: 2, zero: true },
    { first: 2, end: 3, zero: false },
    { first: 3, end: 4, zero: true },
  ]);
});

Deno.test("who waits for a pager that is gone waits in vain, and the pager hears it is complete", () => {
  const paged = new Paged(2);
  const wait = paged.wait(0, PAGE);
  paged.pager.detach(paged.vmo);
  assertEquals(wait.status, Status.BAD_STATE);
  assertEquals(paged.asked.at(-1), [PagerCommand.COMPLETE, 0, 0]);
  assertEquals(paged.vmo.read(0, new Uint8Array(1)), Status.BAD_STATE);
});

Deno.test("a pager's memory object that dies is complete, and leaves nothing behind", () => {
  const paged = new Paged(2);
  paged.supply(0, 2, 1);
  new Handle(paged.vmo, 0).close();
  assertEquals(paged.asked, [[PagerCommand.COMPLETE, 0, 0]]);
  paged.handle.close();
  assertEquals(paged.realm.census(), {});
});

Deno.test("frames of discardable memory are taken in need, unless it is locked", () => {
  const realm = testRealm(6);
  const vmo = Vmo.create(realm, 2 * PAGE, { discardable: true }) as Vmo;
  const other = Vmo.create(realm, 5 * PAGE) as Vmo;
  vmo.discardLock!.lock();
  assertEquals(vmo.commit(0, 2 * PAGE), Status.OK);
  assertEquals(other.commit(0, 5 * PAGE), Status.NO_MEMORY);
  vmo.discardLock!.unlock();
  assertEquals(other.commit(0, 5 * PAGE), Status.OK);
  assertEquals(vmo.read(0, new Uint8Array(1)), Status.NOT_FOUND);
  assert(vmo.discardLock!.lock(), "the lock says that what was there is gone");
  assertEquals(vmo.read(0, new Uint8Array(1)), Status.OK);
});

Deno.test("a stream makes room for what is written, and zeros for what was skipped", () => {
  const realm = testRealm();
  const vmo = Vmo.create(realm, 10, { resizable: true }) as Vmo;
  const stream = new Stream(vmo, { mode: 3, append: false, canResize: true, seek: 0 });
  assertEquals(stream.readable(4, 100), 6);
  assertEquals(stream.makeRoom(PAGE, 3), { room: 3 });
  stream.wrote(PAGE + 3);
  assertEquals([vmo.size, vmo.streamSize], [2 * PAGE, PAGE + 3]);
  assertEquals(stream.moveTo(SeekOrigin.END, -3), Status.OK);
  assertEquals(stream.seek, PAGE);
  assertEquals(stream.moveTo(SeekOrigin.START, -1), Status.INVALID_ARGS);
  assertEquals(stream.makeRoom(2 ** 53, 1), Status.FILE_BIG);
});

Deno.test("a mapping of a copy forgets what its parent loses, at once", () => {
  const paged = new Paged(2, { resizable: true });
  paged.supply(0, 2, 9);
  const copy = paged.vmo.createChild(VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE, 0, 2 * PAGE);
  assert(!failed(copy));
  const view = new ProcessorSpace();
  const space = new AddressSpace({ realm: paged.realm, createSpace: () => view, koid: 1 });
  space.forProcessor();
  const options = VmOption.PERM_READ | VmOption.ALLOW_FAULTS;
  const shown = { vmo: copy, vmoOffset: 0, length: 2 * PAGE, accessMax: 1 };
  const mapping = space.root.map({ options, ...shown });
  assert(!failed(mapping));
  const page = mapping.base / PAGE;
  for (const at of [0, 1]) assertEquals(space.fault(0, mapping.base + at * PAGE, 1), Status.OK);
  paged.vmo.resize(PAGE);
  assertEquals([view.lookup(page) !== 0, view.lookup(page + 1)], [true, 0]);
  assertEquals(space.fault(0, mapping.base + PAGE, 1), Status.OK);
  assertEquals(view.lookup(page + 1) >>> 3, paged.realm.frames.zero);
});
