/**
 * Sockets and fifos do what the plainest model of them does.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { failed, Status } from "../../kernel/abi.ts";
import { type Operation, setProperty, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ModelEnd, type PipeKind } from "../support/pipe_model.ts";
import { good } from "../support/scripts.ts";
import { agree } from "../support/twins.ts";

/** One random step: what to do, to which end, and two numbers. */
interface Step {
  readonly deed: number;
  readonly pick: number;
  readonly size: number;
  readonly other: number;
}

const KINDS: readonly PipeKind[] = ["stream", "datagram", "fifo"];
const LARGE = [60_000, 130_000, 262_144, 262_145];

/** A process and the model, that make every step together. */
class Pair {
  readonly #ends = new Map<number, ModelEnd>();
  readonly #process: Process;
  #byte = 0;

  constructor(process: Process) {
    this.#process = process;
  }

  *step(step: Step): Operation<void> {
    yield* this.#deed(step);
    for (const [name, end] of this.#ends) {
      const { signals } = this.#process.handleTable.get(name)!.object;
      assertEquals([name, signals], [name, end.signals]);
    }
  }

  *#deed({ deed, pick, size, other }: Step): Operation<void> {
    const names = [...this.#ends.keys()];
    const name = names[pick % names.length]!;
    const end = this.#ends.get(name);
    if (deed === 0 || !end) return yield* this.#create(KINDS[other % 3]!, other);
    if (deed === 1 && other % 3 === 0) return yield* this.#close(name, end);
    const isFifo = end.kind === "fifo";
    if (deed <= 5) return yield* isFifo ? this.#put(name, end, size) : this.#write(name, end, size);
    if (deed <= 9) return yield* isFifo ? this.#get(name, end, size) : this.#read(name, end, size);
    if (isFifo) return;
    if (deed === 10) return yield* this.#dispose(name, end, other);
    yield* this.#threshold(name, end, { size, other });
  }

  *#create(kind: PipeKind, other: number): Operation<void> {
    const count = 1 + other % 9;
    const size = 1 + other % 5;
    const made = kind === "fifo"
      ? yield* zx.fifoCreate({ count, size })
      : yield* zx.socketCreate({ options: kind === "datagram" ? 1 : 0 });
    const { out0, out1 } = good(made);
    const [one, two] = kind === "fifo" ? ModelEnd.pair(kind, count, size) : ModelEnd.pair(kind);
    this.#ends.set(out0, one).set(out1, two);
  }

  *#close(handle: number, end: ModelEnd): Operation<void> {
    assertEquals(yield* zx.handleClose({ handle }), Status.OK);
    end.close();
    this.#ends.delete(handle);
  }

  *#write(handle: number, end: ModelEnd, size: number): Operation<void> {
    const bytes = this.#bytes(this.#size(size));
    const found = yield* zx.socketWrite({ handle, buffer: Uint8Array.from(bytes) });
    const wanted = end.write(bytes);
    if (typeof wanted === "number" || failed(found)) assertEquals<unknown>(found, wanted);
    else assertEquals(found.actual, wanted.written);
  }

  *#read(handle: number, end: ModelEnd, size: number): Operation<void> {
    const most = this.#size(size);
    const peek = size % 5 === 0;
    const found = yield* zx.socketRead({ handle, options: peek ? 8 : 0, size: most });
    const wanted = end.read(most, peek);
    if (failed(found)) assertEquals<unknown>(found, wanted);
    else assertEquals([found.actual, [...found.buffer]], [found.buffer.length, wanted]);
  }

  *#put(handle: number, end: ModelEnd, size: number): Operation<void> {
    const { elementSize } = end;
    const records = Array.from({ length: size % 12 }, () => this.#bytes(elementSize));
    const data = Uint8Array.from(records.flat());
    const found = yield* zx.fifoWrite({ handle, elementSize, data, count: records.length });
    assertEquals(failed(found) ? found : found.actual, end.put(records));
  }

  *#get(handle: number, end: ModelEnd, size: number): Operation<void> {
    const { elementSize } = end;
    const count = size % 12;
    const found = yield* zx.fifoRead({ handle, elementSize, count });
    const wanted = end.get(count);
    if (typeof wanted === "number" || failed(found)) return assertEquals<unknown>(found, wanted);
    assertEquals([found.actual, [...found.data]], [wanted.length, wanted.flat()]);
  }

  *#dispose(handle: number, end: ModelEnd, other: number): Operation<void> {
    const [disposition, dispositionPeer] = [other % 3, (other >> 3) % 3];
    const found = yield* zx.socketSetDisposition({
      handle,
      disposition: disposition!,
      dispositionPeer: dispositionPeer!,
    });
    assertEquals(found, end.dispose(disposition!, dispositionPeer!));
  }

  *#threshold(
    handle: number,
    end: ModelEnd,
    { size, other }: { size: number; other: number },
  ): Operation<void> {
    const bytes = this.#size(size);
    if (other % 2) {
      const found = yield* setProperty(handle, "SOCKET_RX_THRESHOLD", bytes);
      const wanted = bytes > 262_144 ? Status.INVALID_ARGS : Status.OK;
      if (wanted === Status.OK) end.readThreshold = bytes;
      return assertEquals(found, wanted);
    }
    const found = yield* setProperty(handle, "SOCKET_TX_THRESHOLD", bytes);
    if (!end.peer) return assertEquals(found, Status.PEER_CLOSED);
    const wanted = bytes > 262_144 ? Status.INVALID_ARGS : Status.OK;
    if (wanted === Status.OK) end.writeThreshold = bytes;
    assertEquals(found, wanted);
  }

  /** Mostly small, now and then as much as there is room for. */
  #size(size: number): number {
    return size > 990 ? LARGE[size % LARGE.length]! : 1 + size % 40;
  }

  #bytes(size: number): number[] {
    return Array.from({ length: size }, () => this.#byte = (this.#byte + 1) % 251);
  }
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.integer({ min: 0, max: 11 }),
  pick: fc.nat(1000),
  size: fc.nat(1000),
  other: fc.nat(1000),
});

Deno.test("sockets and fifos do what the plainest model of them does", () => {
  const chance = { step: anyStep, steps: 120, runs: 250, long: 10_000 };
  agree(chance, (process) => new Pair(process));
});
