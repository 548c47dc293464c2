/**
 * Ports, waits, timers, events and deadlines do what the plainest model of them does, whatever is done
 * in whatever order, with threads that wait meanwhile.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { failed, PacketType, Right, Signal, Status } from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { PacketValue } from "../../kernel/zircon/ports.ts";
import { Audit } from "../support/audit.ts";
import { good, ScriptKernel } from "../support/scripts.ts";
import {
  type Ending,
  type ModelHandle,
  type ModelPort,
  packetOf,
  type WaitableKind,
  WaitModel,
} from "../support/wait_model.ts";

/** One random step: what to do, to which handles, and three numbers. */
interface Step {
  readonly deed: number;
  readonly picks: readonly number[];
  readonly mask: number;
  readonly other: number;
  readonly delay: number;
}

const RUNS = Deno.args.includes("--long") ? 20_000 : 500;
const KINDS: readonly WaitableKind[] = ["event", "eventPair", "timer"];
/** Few enough sets of signals, so that those who wait for the same always stand in one line. */
const MASKS = [
  Signal.SIGNALED,
  Signal.USER_0,
  (Signal.USER_0 | Signal.SIGNALED) >>> 0,
  Signal.PEER_CLOSED,
];
const TICK = 1_000_000;

/** A process and the model, that make every step together. */
class Pair {
  readonly model = new WaitModel();
  readonly #names = new Map<number, ModelHandle>();
  readonly #endings = new Map<number, Ending>();
  readonly #machine: ScriptKernel;
  readonly #process: Process;
  #threads = 0;
  #tick = 1;

  constructor(machine: ScriptKernel, process: Process) {
    this.#machine = machine;
    this.#process = process;
  }

  *step(step: Step): Operation<void> {
    yield* this.#deed(step);
    const time = ++this.#tick * TICK;
    yield* zx.nanosleep({ deadline: time });
    this.model.pass(time);
    assertEquals(this.#endings, this.model.endings);
    for (const [name, { object }] of this.#names) {
      const held = this.#process.handleTable.get(name);
      assertEquals(held?.object.signals, object ? object.signals : 0);
    }
    assertEquals(this.#process.handleTable.size, this.#names.size);
  }

  *#deed(step: Step): Operation<void> {
    const { deed, picks, other } = step;
    const waitable = this.#pick(picks[0]!, ({ object }) => object !== undefined);
    const port = this.#pick(picks[1]!, (handle) => handle.port !== undefined);
    if (deed === 0 || waitable === 0 || port === 0) return yield* this.#create(other % 4);
    if (deed === 1) return yield* this.#duplicate(other % 3 ? waitable : port);
    if (deed === 2) return yield* this.#close(other % 5 ? waitable : port);
    if (deed <= 5) return yield* this.#signal(waitable, step);
    if (deed === 6) return yield* this.#timer(step);
    if (deed <= 9) return yield* this.#waitAsync(waitable, port, step);
    if (deed === 10) return yield* this.#cancel(waitable, port, step);
    if (deed === 11) return yield* this.#queue(port, step);
    if (deed <= 13) return yield* this.#take(port);
    if (deed === 14) return this.#blockOnPort(port, step);
    return this.#block(step);
  }

  *#create(which: number): Operation<void> {
    if (which === 3) {
      return this.#name(good(yield* zx.portCreate({})).out, this.model.createPort());
    }
    const kind = KINDS[which]!;
    const made = this.model.create(kind);
    if (kind === "eventPair") {
      const { out0, out1 } = good(yield* zx.eventpairCreate({}));
      this.#name(out0, made[0]!);
      return this.#name(out1, made[1]!);
    }
    const { out } = good(kind === "event" ? yield* zx.eventCreate({}) : yield* zx.timerCreate({}));
    this.#name(out, made[0]!);
  }

  *#duplicate(handle: number): Operation<void> {
    const { out } = good(yield* zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS }));
    this.#name(out, this.model.duplicate(this.#names.get(handle)!));
  }

  *#close(handle: number): Operation<void> {
    assertEquals(yield* zx.handleClose({ handle }), Status.OK);
    this.#syncTime();
    this.model.close(this.#names.get(handle)!);
    this.#names.delete(handle);
  }

  *#signal(handle: number, { mask, other, deed }: Step): Operation<void> {
    const how = { set: MASKS[mask % 3]!, clear: MASKS[other % 3]!, peer: deed === 5 };
    const plain = other % 2 ? { ...how, clear: 0 } : { ...how, set: 0 };
    const { peer, ...changes } = plain;
    const call = peer ? zx.objectSignalPeer : zx.objectSignal;
    const status = yield* call({ handle, ...changes });
    this.#syncTime();
    assertEquals(status, this.model.signal(this.#objectOf(handle), plain));
  }

  *#timer({ picks, other, delay }: Step): Operation<void> {
    const handle = this.#pick(picks[0]!, ({ object }) => object?.kind === "timer");
    if (handle === 0) return yield* this.#create(2);
    const timer = this.#objectOf(handle);
    if (other % 4 === 0) {
      assertEquals(yield* zx.timerCancel({ handle }), Status.OK);
      this.#syncTime();
      return this.model.cancelTimer(timer);
    }
    const deadline = this.#deadline(delay);
    assertEquals(yield* zx.timerSet({ handle, deadline, slack: 0 }), Status.OK);
    this.#syncTime();
    this.model.setTimer(timer, deadline);
  }

  *#waitAsync(handle: number, port: number, { mask, other, delay }: Step): Operation<void> {
    const key = BigInt(delay % 3);
    const signals = MASKS[mask % MASKS.length]!;
    const how = { edge: other % 3 === 0, stamp: other % 2 === 0 };
    const options = (how.edge ? 2 : 0) | (how.stamp ? 1 : 0);
    const status = yield* zx.objectWaitAsync({ handle, port, key, signals, options });
    assertEquals(status, Status.OK);
    this.#syncTime();
    const by = this.#names.get(handle)!;
    this.model.waitAsync(by, this.#portOf(port), { key, mask: signals, ...how });
  }

  *#cancel(source: number, port: number, { other, delay }: Step): Operation<void> {
    const key = BigInt(delay % 3);
    const byKey = other % 3 === 0;
    const status = byKey
      ? yield* zx.portCancelKey({ handle: port, key })
      : yield* zx.portCancel({ handle: port, source, key });
    const by = byKey ? null : this.#names.get(source)!;
    const found = this.model.cancel(this.#portOf(port), key, by);
    assertEquals(status, found ? Status.OK : Status.NOT_FOUND);
  }

  *#queue(handle: number, { other, delay }: Step): Operation<void> {
    const key = BigInt(delay % 3);
    const packet = { key, data: Uint8Array.of(other % 256) };
    assertEquals(yield* zx.portQueue({ handle, packet }), Status.OK);
    this.model.queue(this.#portOf(handle), key, other % 256);
  }

  *#take(handle: number): Operation<void> {
    const found = yield* zx.portWait({ handle, deadline: 0 });
    const wanted = this.model.take(this.#portOf(handle));
    if (failed(found)) assertEquals([found, wanted], [Status.TIMED_OUT, null]);
    else assertEquals(said(found), wanted && packetOf(wanted));
  }

  #blockOnPort(handle: number, { delay }: Step): void {
    const thread = this.#threads++;
    const deadline = this.#deadline(delay);
    const endings = this.#endings;
    this.#machine.thread(
      this.#process,
      (function* (): Program {
        const found = yield* zx.portWait({ handle, deadline });
        endings.set(thread, failed(found) ? [found] : [Status.OK, said(found)]);
      })(),
    );
    this.#syncTime();
    this.model.blockOnPort(thread, this.#portOf(handle), deadline);
  }

  #block({ deed, picks, mask, delay }: Step): void {
    const thread = this.#threads++;
    const deadline = this.#deadline(delay);
    const endings = this.#endings;
    const many = deed === 16;
    const items = picks.slice(0, many ? 1 + mask % 3 : 1).map((pick, at) => {
      const handle = this.#pick(pick, ({ object }) => object !== undefined);
      return { handle, signals: MASKS[(mask + at) % MASKS.length]! };
    });
    this.#machine.thread(
      this.#process,
      (function* (): Program {
        if (many) {
          const { status, pending } = yield* zx.objectWaitMany({ items, deadline });
          return void endings.set(thread, [status, ...pending]);
        }
        const { status, observed } = yield* zx.objectWaitOne({ ...items[0]!, deadline });
        endings.set(thread, [status, observed]);
      })(),
    );
    this.#syncTime();
    const asked = items.map(({ handle, signals }) => {
      return { by: this.#names.get(handle)!, mask: signals };
    });
    this.model.block(thread, asked, deadline);
  }

  /** In the middle between two steps, now and then never, or long ago. */
  #deadline(delay: number): number {
    if (delay % 7 === 0) return delay % 2 ? 0 : Infinity;
    return (this.#tick + delay % 9) * TICK + TICK / 2;
  }

  #syncTime(): void {
    this.model.now = this.#process.realm.now;
  }

  #name(name: number, handle: ModelHandle): void {
    this.#names.set(name, handle);
  }

  #objectOf(name: number) {
    return this.#names.get(name)!.object!;
  }

  #portOf(name: number): ModelPort {
    return this.#names.get(name)!.port!;
  }

  /** A handle of the wanted sort, or 0 where there is none. */
  #pick(pick: number, wanted: (handle: ModelHandle) => boolean): number {
    const names = [...this.#names].filter(([, handle]) => wanted(handle)).map(([name]) => name);
    return names.length === 0 ? 0 : names[pick % names.length]!;
  }
}

/** A packet as the model writes it. */
function said({ packet }: { packet: PacketValue }): unknown {
  const { key, body } = packet;
  if (body.type === PacketType.USER) return [key, body.type, body.data[0]];
  if (body.type !== PacketType.SIGNAL_ONE) return [key, body.type];
  return [key, body.type, body.trigger, body.observed, body.timestamp];
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.integer({ min: 0, max: 16 }),
  picks: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
  mask: fc.nat(1000),
  other: fc.nat(1000),
  delay: fc.nat(1000),
});

const START = { deed: 0, picks: [0, 0, 0], mask: 0, delay: 1 };

Deno.test("ports, waits, timers and deadlines do what the plainest model of them does", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 100, size: "max" }), (steps) => {
      const machine = new ScriptKernel();
      const { kernel } = machine;
      const before = kernel.realm.census();
      const audit = new Audit(kernel);
      try {
        const process = machine.spawn("model", function* (process) {
          yield* zx.nanosleep({ deadline: TICK });
          const pair = new Pair(machine, process);
          pair.model.pass(TICK);
          for (const other of [0, 1, 2, 3]) yield* pair.step({ ...START, other });
          for (const step of steps) yield* pair.step(step);
        });
        machine.kernel.run({ stop: () => process.state === "dead" || process.threads.size === 0 });
        const [failure] = kernel.system.failures;
        if (failure) throw failure.error;
        process.kill();
        kernel.run();
        audit.end();
        assertEquals([kernel.realm.census(), kernel.realm.kept], [before, 0]);
      } finally {
        audit.leave();
      }
    }),
    { seed: 20_26, numRuns: RUNS },
  );
});
