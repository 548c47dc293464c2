/**
 * Streams read and write what the plainest model of them does, several over the same memory.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_RIGHTS, failed, Right, Status, StreamMode, VmoOption } from "../../kernel/abi.ts";
import { getInfo, type Operation, setProperty, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ModelVmo } from "../support/memory_model.ts";
import { good } from "../support/scripts.ts";
import { agree } from "../support/twins.ts";
import { ModelStream } from "../support/stream_model.ts";

const PAGE = 4096;

/** One random step: what to do, with which stream, where and how much. */
interface Step {
  readonly deed: number;
  readonly pick: number;
  readonly offset: number;
  readonly length: number;
  readonly odd: number;
}

/** A process and the model, that make every step together. */
class Pair {
  readonly #process: Process;
  readonly #memories: { readonly handle: number; readonly model: ModelVmo }[] = [];
  readonly #streams: { readonly handle: number; readonly model: ModelStream }[] = [];
  #stamp = 0;

  constructor(process: Process) {
    this.#process = process;
  }

  *begin(): Operation<void> {
    for (const resizable of [false, true]) {
      const options = resizable ? VmoOption.RESIZABLE : 0;
      const { out } = good(yield* zx.vmoCreate({ size: 2 * PAGE + 9, options }));
      this.#memories.push({ handle: out, model: ModelVmo.make(2 * PAGE + 9, { resizable }) });
    }
    for (let pick = 0; pick < 4; pick++) yield* this.#create(pick, 5 * pick);
  }

  *step(step: Step): Operation<void> {
    yield* this.#deed(step);
    for (const { handle, model } of this.#streams) {
      const [{ seek, contentSize, options } = { seek: -1 }] = good(
        yield* getInfo(handle, "STREAM"),
      ).records;
      assertEquals([seek, contentSize], [model.seek, model.vmo.extent.bytes]);
      assertEquals(options, 3 | (model.append ? StreamMode.APPEND : 0));
    }
    for (const { handle, model } of this.#memories) {
      const { buffer } = good(yield* zx.vmoRead({ handle, offset: 0, bufferSize: model.size }));
      assertEquals(buffer.length, model.size);
      assertEquals(buffer.findIndex((byte, at) => byte !== model.bytes[at]), -1);
    }
  }

  *#create(pick: number, seek: number): Operation<void> {
    const memory = this.#memories[pick % 2]!;
    const rights = DEFAULT_RIGHTS.vmo | (pick % 4 > 1 ? Right.RESIZE : 0);
    const { object } = this.#process.handleTable.get(memory.handle)!;
    const vmo = this.#process.giveHandle(object, rights, "test");
    const append = pick % 3 === 2;
    const options = StreamMode.READ | StreamMode.WRITE | (append ? StreamMode.APPEND : 0);
    const { out } = good(yield* zx.streamCreate({ options, vmo, seek }));
    const grows = (rights & Right.RESIZE) !== 0;
    this.#streams.push({
      handle: out,
      model: new ModelStream(memory.model, { grows, append, seek }),
    });
    assertEquals(yield* zx.handleClose({ handle: vmo }), Status.OK);
  }

  *#deed({ deed, pick, offset, length, odd }: Step): Operation<void> {
    const { handle, model } = this.#streams[pick % this.#streams.length]!;
    const memory = this.#memories[pick % 2]!;
    if (deed <= 3) return yield* this.#write(handle, model, { deed, offset, length, odd });
    if (deed <= 6) return yield* this.#read(handle, model, { deed, offset, length, odd });
    if (deed === 7) {
      const by = odd % 3 ? odd - 500 : offset;
      const moved = yield* zx.streamSeek({ handle, whence: odd % 4, offset: by });
      const wanted = model.go(odd % 4, by);
      return assertEquals(failed(moved) ? moved : moved.position, wanted || model.seek);
    }
    if (deed === 8) {
      const status = yield* setProperty(handle, "STREAM_MODE_APPEND", odd % 3);
      if (odd % 3 < 2) model.append = odd % 3 === 1;
      return assertEquals(status, odd % 3 < 2 ? Status.OK : Status.INVALID_ARGS);
    }
    if (deed === 9) {
      const status = yield* zx.vmoSetStreamSize({ handle: memory.handle, size: offset });
      assertEquals(status, memory.model.setStreamSize(offset));
      if (odd % 2) return;
    }
    if (deed === 10) {
      const status = yield* zx.vmoSetSize({ handle: memory.handle, size: length });
      return assertEquals(status, memory.model.resize(length));
    }
    // Bytes that no stream sees yet.
    const write = { handle: memory.handle, offset, buffer: new Uint8Array(length).fill(255) };
    assertEquals(yield* zx.vmoWrite(write), memory.model.fill(offset, length, 255));
  }

  *#write(handle: number, model: ModelStream, step: Omit<Step, "pick">): Operation<void> {
    const { deed, offset, length, odd } = step;
    // Mostly few, so that there is something left behind the end.
    const count = odd % 4 ? length % 50 : length;
    const bytes = new Uint8Array(count).fill(this.#stamp = this.#stamp % 250 + 1);
    const vector = cut(bytes, odd);
    const at = deed === 3 ? odd % 19 ? offset : 2 ** 52 + offset : null;
    const append = deed === 2;
    const made = at === null
      ? yield* zx.streamWritev({ handle, options: append ? 1 : 0, vector })
      : yield* zx.streamWritevAt({ handle, offset: at, vector });
    const wanted = model.write(bytes, at, append || model.append);
    assertEquals(failed(made) ? made : { wrote: made.actual }, wanted);
  }

  *#read(handle: number, model: ModelStream, step: Omit<Step, "pick">): Operation<void> {
    const { deed, offset, length, odd } = step;
    const room = new Uint8Array(length);
    const vector = cut(room, odd);
    const at = deed === 6 ? offset : null;
    const made = at === null
      ? yield* zx.streamReadv({ handle, vector })
      : yield* zx.streamReadvAt({ handle, offset: at, vector });
    const wanted = model.read(length, at);
    assertEquals(good(made).actual, wanted.length);
    assertEquals(wanted.findIndex((byte, at) => byte !== room[at]), -1);
  }
}

/** Bytes as several places, some of them empty. */
function cut(bytes: Uint8Array, odd: number): Uint8Array[] {
  const at = Math.min(odd, bytes.length);
  return [bytes.subarray(0, at), bytes.subarray(at, at), bytes.subarray(at)];
}

const place = fc.oneof(fc.nat(4).map((pages) => pages * PAGE), fc.nat(4 * PAGE), fc.nat(40));

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.nat(11),
  pick: fc.nat(1000),
  offset: place,
  length: place,
  odd: fc.nat(1000),
});

Deno.test("streams read and write what the plainest model of them does", () => {
  const chance = { step: anyStep, steps: 60, runs: 80, long: 5_000 };
  agree(chance, (process) => new Pair(process));
});
