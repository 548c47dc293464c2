/**
 * Memory objects, their copies and windows hold the bytes that the plainest model of them holds.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  DEFAULT_RIGHTS,
  Right,
  Signal,
  Status,
  VmoChild,
  VmoOp,
  VmoOption,
} from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ModelVmo } from "../support/memory_model.ts";
import { good } from "../support/scripts.ts";
import { agree } from "../support/twins.ts";

const PAGE = 4096;
const OBJECTS_MAX = 9;

/** One random step: what to do, to which objects, and a range. */
interface Step {
  readonly deed: number;
  readonly pick: number;
  readonly other: number;
  readonly kind: number;
  readonly offset: number;
  readonly length: number;
}

const { SNAPSHOT, SNAPSHOT_AT_LEAST_ON_WRITE, SNAPSHOT_MODIFIED, SLICE, REFERENCE } = VmoChild;
const KINDS = [SNAPSHOT, SNAPSHOT_AT_LEAST_ON_WRITE, SNAPSHOT_MODIFIED, SLICE, REFERENCE];
const MORE = [0, 0, 0, VmoChild.RESIZABLE, VmoChild.NO_WRITE, VmoChild.RESIZABLE | SNAPSHOT];

/** A process and the model, that make every step together. */
class Pair {
  readonly #twins = new Map<number, ModelVmo>();
  readonly #process: Process;
  #stamp = 0;

  constructor(process: Process) {
    this.#process = process;
  }

  *step(step: Step): Operation<void> {
    yield* this.#deed(step);
    for (const [handle, { children, size }] of this.#twins) {
      const { signals } = this.#process.handleTable.get(handle)!.object;
      assertEquals(signals, children.size === 0 ? Signal.VMO_ZERO_CHILDREN : 0);
      assertEquals(good(yield* zx.vmoGetSize({ handle })).size, size);
    }
  }

  /** Everything is as it should be. */
  *check(): Operation<void> {
    for (const [handle, { bytes, extent }] of this.#twins) {
      const read = good(yield* zx.vmoRead({ handle, offset: 0, bufferSize: bytes.length }));
      assertEquals(read.buffer.length, bytes.length);
      const differs = read.buffer.findIndex((byte, at) => byte !== bytes[at]);
      assert(differs < 0, `byte ${differs} of ${handle}`);
      assertEquals(good(yield* zx.vmoGetStreamSize({ handle })).size, extent.bytes);
    }
  }

  *#deed(step: Step): Operation<void> {
    const { deed, pick, kind, offset, length } = step;
    const handles = [...this.#twins.keys()];
    const handle = handles[pick % handles.length];
    if (handle === undefined) return yield* this.#create(step);
    const model = this.#twins.get(handle)!;
    const range = { handle, offset, size: length };
    if (deed === 0 && handles.length < OBJECTS_MAX) return yield* this.#create(step);
    if (deed <= 3) return yield* this.#write(handle, model, step);
    if (deed <= 7 && handles.length < OBJECTS_MAX) return yield* this.#child(handle, model, step);
    if (deed === 8) return yield* this.#operate(range, VmoOp.ZERO, model.fill(offset, length, 0));
    if (deed === 9) {
      return yield* this.#decommit(step, handles);
    }
    if (deed === 10) {
      const fits = offset + length <= model.size;
      return yield* this.#operate(range, VmoOp.COMMIT, fits ? Status.OK : Status.OUT_OF_RANGE);
    }
    if (deed === 11) {
      return assertEquals(yield* zx.vmoSetSize({ handle, size: length }), model.resize(length));
    }
    if (deed === 12) {
      const status = yield* zx.vmoSetStreamSize({ handle, size: length });
      return assertEquals(status, model.setStreamSize(length));
    }
    if (deed === 13) return yield* this.#transfer(handle, model, step);
    if (kind % 2 === 0) return;
    assertEquals(yield* zx.handleClose({ handle }), Status.OK);
    model.close();
    this.#twins.delete(handle);
  }

  *#create({ kind, length }: Step): Operation<void> {
    const { realm } = this.#process;
    if (kind === 0) {
      const fixed = Vmo.createFixed(realm, length, length % 2 ? "contiguous" : "physical") as Vmo;
      const handle = this.#process.giveHandle(fixed, DEFAULT_RIGHTS.vmo, "test");
      return void this.#twins.set(handle, ModelVmo.make(length, { paged: false }));
    }
    const resizable = kind % 2 === 0;
    const options = resizable ? VmoOption.RESIZABLE : 0;
    const { out } = good(yield* zx.vmoCreate({ size: length, options }));
    this.#twins.set(out, ModelVmo.make(length, { resizable }));
  }

  *#write(handle: number, model: ModelVmo, { offset, length }: Step): Operation<void> {
    const stamp = this.#stamp = this.#stamp % 250 + 1;
    const buffer = new Uint8Array(length).fill(stamp);
    const status = yield* zx.vmoWrite({ handle, offset, buffer });
    assertEquals(status, model.fill(offset, length, stamp));
  }

  *#child(handle: number, model: ModelVmo, step: Step): Operation<void> {
    const { kind, other, offset, length } = step;
    const options = KINDS[kind % KINDS.length]! | MORE[other % MORE.length]!;
    const whole = (options & REFERENCE) !== 0 && length % 4 > 0;
    const [from, size] = whole ? [0, 0] : [other % 7 ? offset - offset % PAGE : offset, length];
    const made = yield* zx.vmoCreateChild({ handle, options, offset: from, size });
    const wanted = model.child(options, from, size);
    if (typeof wanted === "number") return assertEquals<unknown>(made, wanted);
    // It is about memory here, and not about what a handle allows.
    const { out } = good(made);
    const { object } = this.#process.handleTable.get(out)!;
    const full = this.#process.giveHandle(object, DEFAULT_RIGHTS.vmo | Right.RESIZE, "test");
    assertEquals(yield* zx.handleClose({ handle: out }), Status.OK);
    this.#twins.set(full, wanted);
  }

  /** Mostly whole pages of what has neither copies nor is one: nothing else can be given back. */
  *#decommit({ pick, other, offset, length }: Step, handles: readonly number[]): Operation<void> {
    const plain = handles.filter((handle) => this.#twins.get(handle)!.decommit(0, 0) === Status.OK);
    const among = plain.length > 0 && other % 4 > 0 ? plain : handles;
    const handle = among[pick % among.length]!;
    const pages = (bytes: number) => other % 5 ? bytes - bytes % PAGE : bytes;
    const range = { handle, offset: pages(offset), size: pages(length) };
    const wanted = this.#twins.get(handle)!.decommit(range.offset, range.size);
    yield* this.#operate(range, VmoOp.DECOMMIT, wanted);
  }

  *#operate(
    range: { readonly handle: number; readonly offset: number; readonly size: number },
    op: number,
    wanted: number,
  ): Operation<void> {
    const made = yield* zx.vmoOpRange({ op, ...range });
    assertEquals(typeof made === "number" ? made : Status.OK, wanted);
  }

  *#transfer(handle: number, model: ModelVmo, { other, offset, length }: Step): Operation<void> {
    const [source, from] = [...this.#twins][other % this.#twins.size]!;
    const pages = (bytes: number) => other % 9 ? bytes - bytes % PAGE : bytes;
    const [to, size, sourceOffset] = [pages(offset), pages(length), (other % 3) * PAGE];
    const move = { handle, offset: to, length: size, source, sourceOffset };
    const status = yield* zx.vmoTransferData(move);
    assertEquals(status, model.take(to, size, from, sourceOffset));
  }
}

/** Whole pages as often as not. */
const bytes = fc.oneof(
  fc.nat(6).map((pages) => pages * PAGE),
  fc.nat(6 * PAGE),
  fc.nat(40),
);

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.nat(14),
  pick: fc.nat(1000),
  other: fc.nat(1000),
  kind: fc.nat(9),
  offset: bytes,
  length: bytes,
});

Deno.test("memory objects, their copies and windows hold what the plainest model of them holds", () => {
  const chance = { step: anyStep, steps: 80, runs: 200, long: 10_000 };
  agree(chance, (process) => new Pair(process));
});
