/**
 * Memory objects against a model without sharing: every copy is made at once, every page is a number.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { failed, Status, VmoChild, VmOption } from "../../kernel/abi.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import { Access } from "../../kernel/ports.ts";
import { AddressSpace } from "../../kernel/vm/address_space.ts";
import { UserMemory } from "../../kernel/vm/user_memory.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ProcessorSpace } from "../support/processor_space.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { testRealm } from "../support/realm.ts";

const PAGE = 4096;
const PAGES_MAX = 80;

/** What a memory object holds, page by page; slices and references share it. */
interface Pages {
  pages: number[];
}

interface Twin {
  readonly vmo: Vmo;
  readonly handle: Handle;
  readonly model: Pages;
  readonly first: number;
  /** The length of a slice; -1 for what is as long as its pages. */
  readonly length: number;
  readonly base: number;
}

class Family {
  readonly realm: Realm;
  readonly view = new ProcessorSpace();
  readonly space: AddressSpace;
  readonly user: UserMemory;
  readonly twins: Twin[] = [];
  readonly #chance: SeededEntropy;
  #stamp = 0;

  constructor(seed: number) {
    this.realm = testRealm(4096, seed);
    this.#chance = new SeededEntropy(seed);
    this.space = new AddressSpace({ realm: this.realm, createSpace: () => this.view, koid: 1 });
    this.space.forProcessor();
    this.user = new UserMemory(this.space);
  }

  below(bound: number): number {
    return this.#chance.next() % bound;
  }

  add(vmo: Vmo, model: Pages, first: number, length: number): void {
    const mapping = this.space.root.map({
      options: VmOption.PERM_READ | VmOption.PERM_WRITE | VmOption.ALLOW_FAULTS,
      vmo,
      vmoOffset: 0,
      length: PAGES_MAX * PAGE,
      accessMax: Access.READ | Access.WRITE,
    });
    assert(!failed(mapping));
    const handle = new Handle(vmo, 0);
    this.twins.push({ vmo, handle, model, first, length, base: mapping.base });
  }

  sizeOf({ model, first, length }: Twin): number {
    return length < 0 ? model.pages.length - first : length;
  }

  step(): void {
    const { twins } = this;
    if (twins.length === 0) return this.#create();
    const twin = twins[this.below(twins.length)]!;
    const step = this.below(20);
    if (step < 2 && twins.length < 12) this.#create();
    else if (step < 10) this.#write(twin);
    else if (step < 13 && twins.length < 12) this.#copy(twin);
    else if (step < 14 && twins.length < 12) this.#window(twin);
    else if (step < 16) this.#zero(twin);
    else if (step < 18) this.#resize(twin);
    else this.#close(twin);
  }

  #create(): void {
    const pages = 1 + this.below(PAGES_MAX);
    const vmo = Vmo.create(this.realm, pages * PAGE, { resizable: this.below(2) === 0 });
    assert(!failed(vmo));
    this.add(vmo, { pages: new Array(pages).fill(0) }, 0, -1);
  }

  #write(twin: Twin): void {
    const size = this.sizeOf(twin);
    if (size === 0) return;
    const page = this.below(size);
    const stamp = ++this.#stamp;
    if (this.below(2) === 0) {
      assertEquals(this.user.writeU32(twin.base + page * PAGE + 8, stamp), Status.OK);
    } else {
      const bytes = new Uint8Array(new Uint32Array([stamp]).buffer);
      assertEquals(twin.vmo.write(page * PAGE + 8, bytes), Status.OK);
    }
    twin.model.pages[twin.first + page] = stamp;
  }

  #copy(twin: Twin): void {
    const kinds = [
      VmoChild.SNAPSHOT,
      VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE,
      VmoChild.SNAPSHOT_MODIFIED,
    ];
    const resizable = this.below(2) === 0 ? VmoChild.RESIZABLE : 0;
    const first = this.below(PAGES_MAX / 2);
    const count = this.below(PAGES_MAX);
    const options = kinds[this.below(3)]! | resizable;
    const child = twin.vmo.createChild(options, first * PAGE, count * PAGE);
    assert(!failed(child));
    const end = this.sizeOf(twin);
    const pages = Array.from({ length: count }, (_, at) => {
      return first + at < end ? twin.model.pages[twin.first + first + at]! : 0;
    });
    this.add(child, { pages }, 0, -1);
  }

  #window(twin: Twin): void {
    if (twin.vmo.resizable) {
      const resizable = this.below(2) === 0 ? VmoChild.RESIZABLE : 0;
      const reference = twin.vmo.createChild(VmoChild.REFERENCE | resizable, 0, 0);
      assert(!failed(reference));
      return this.add(reference, twin.model, twin.first, twin.length);
    }
    const size = this.sizeOf(twin);
    const first = this.below(size + 1);
    const count = this.below(size - first + 1);
    const slice = twin.vmo.createChild(VmoChild.SLICE, first * PAGE, count * PAGE);
    // Even a window that cannot resize by itself may be on pages that can.
    if (failed(slice)) return assertEquals(slice, Status.NOT_SUPPORTED);
    this.add(slice, twin.model, twin.first + first, count);
  }

  #zero(twin: Twin): void {
    const size = this.sizeOf(twin);
    const first = this.below(size + 1);
    const count = this.below(size - first + 1);
    const decommitted = this.below(2) === 0 && twin.vmo.decommit(first * PAGE, count * PAGE) === 0;
    if (!decommitted) assertEquals(twin.vmo.zero(first * PAGE, count * PAGE), Status.OK);
    twin.model.pages.fill(0, twin.first + first, twin.first + first + count);
  }

  #resize(twin: Twin): void {
    if (!twin.vmo.resizable) return;
    const size = this.below(PAGES_MAX + 1);
    assertEquals(twin.vmo.resize(size * PAGE), Status.OK);
    const { model } = twin;
    model.pages = Array.from({ length: size }, (_, page) => model.pages[page] ?? 0);
  }

  #close(twin: Twin): void {
    this.twins.splice(this.twins.indexOf(twin), 1);
    twin.handle.close();
    if (this.below(2) === 0) this.space.root.unmap(twin.base, PAGES_MAX * PAGE);
  }

  check(): void {
    const word = new Uint8Array(4);
    for (const twin of this.twins) {
      const size = this.sizeOf(twin);
      assertEquals(twin.vmo.size, size * PAGE);
      for (let page = 0; page < size; page++) {
        assertEquals(twin.vmo.read(page * PAGE + 8, word), Status.OK);
        const held = new Uint32Array(word.buffer)[0];
        assertEquals(held, twin.model.pages[twin.first + page], `${twin.vmo.koid} ${page}`);
        assertEquals(this.user.readU32(twin.base + page * PAGE + 8), held);
      }
      const behind = twin.base + size * PAGE;
      if (size < PAGES_MAX) assertEquals(this.user.readU32(behind), Status.OUT_OF_RANGE);
    }
    for (const entry of this.view.pages.values()) {
      const shared = this.realm.frames.shared(entry >>> 3);
      assert(!shared || (entry & Access.WRITE) === 0, "no frame is shared and writable");
    }
  }
}

Deno.test("families of memory objects hold what a model without sharing holds, whatever is done", () => {
  const families = Deno.args.includes("--long") ? 2000 : 40;
  for (let seed = 1; seed <= families; seed++) {
    const family = new Family(seed);
    const free = family.realm.memory.freeFrames;
    for (let step = 0; step < 60; step++) {
      family.step();
      if (step % 5 === 4) family.check();
    }
    family.check();
    for (const { handle } of family.twins) handle.close();
    family.space.destroy();
    assertEquals(family.realm.memory.freeFrames, free, `frames after seed ${seed}`);
    assertEquals(family.realm.census(), {}, `objects after seed ${seed}`);
    assertEquals(family.realm.kept, 0, `what is kept after seed ${seed}`);
  }
});
