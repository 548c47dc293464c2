import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { failed, Right, Signal, Status } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Audit } from "../support/audit.ts";
import { HandleModel, type ModelHandle, type ModelKind } from "../support/handle_model.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

/** One random step: what to do, to which handles, and two numbers. */
interface Step {
  readonly deed: number;
  readonly picks: readonly number[];
  readonly mask: number;
  readonly other: number;
}

const KINDS: readonly ModelKind[] = ["event", "eventPair", "channel"];
const RUNS = Deno.args.includes("--long") ? 20_000 : 600;
const SIGNALS = [Signal.USER_0, Signal.SIGNALED, Signal.USER_7, Signal.READABLE, Signal.WRITABLE];

/** A process and its model, that make every step together. */
class Pair {
  readonly model = new HandleModel();
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  *step({ deed, picks, mask, other }: Step): Operation<void> {
    const handle = this.#pick(picks[0]!);
    const rights = other % 5 === 0 ? Right.SAME_RIGHTS : mask;
    const signals = SIGNALS[mask % SIGNALS.length]!;
    const more = SIGNALS[other % SIGNALS.length]!;
    switch (deed) {
      case 0:
        return yield* this.#create(KINDS[mask % KINDS.length]!);
      case 1:
        return assertEquals(yield* zx.handleClose({ handle }), this.model.close(handle));
      case 2: {
        const made = yield* zx.handleDuplicate({ handle, rights });
        return this.#made(made, this.model.duplicate(handle, rights));
      }
      case 3: {
        const made = yield* zx.handleReplace({ handle, rights });
        return this.#made(made, this.model.replace(handle, rights));
      }
      case 4:
        return yield* this.#signal(handle, { set: signals, clear: more, peer: other % 2 === 0 });
      case 5:
        return yield* this.#poll(handle, signals | more);
      case 6: {
        const handles = picks.slice(1, 1 + mask % 4).map((pick) => this.#pick(pick));
        const status = yield* zx.channelWrite({ handle, handles });
        return assertEquals(status, this.model.write(handle, handles));
      }
      default:
        return yield* this.#read(handle);
    }
  }

  /** Every handle has its rights, every object its signals. */
  *check(): Operation<void> {
    for (const name of this.model.names) {
      const { object, rights } = this.model.get(name)!;
      const held = this.#process.handleTable.get(name)!;
      assertEquals([held.rights, held.object.signals], [rights, object.signals]);
      assertEquals(held.object.handles, object.handles);
    }
    assertEquals(this.#process.handleTable.size, this.model.names.length);
    yield* zx.nanosleep({ deadline: 0 });
  }

  *#create(kind: ModelKind): Operation<void> {
    const made = this.model.create(kind);
    if (kind === "event") {
      return this.model.name(good(yield* zx.eventCreate({})).out, made[0]!);
    }
    const pair = kind === "channel" ? yield* zx.channelCreate({}) : yield* zx.eventpairCreate({});
    const { out0, out1 } = good(pair);
    this.model.name(out0, made[0]!);
    this.model.name(out1, made[1]!);
  }

  *#signal(handle: number, how: { set: number; clear: number; peer: boolean }): Operation<void> {
    const { set, clear, peer } = how;
    const call = peer ? zx.objectSignalPeer : zx.objectSignal;
    assertEquals(yield* call({ handle, set, clear }), this.model.signal(handle, how));
  }

  *#poll(handle: number, signals: number): Operation<void> {
    const { status, observed } = yield* zx.objectWaitOne({ handle, signals, deadline: 0 });
    const wanted = this.model.poll(handle, signals);
    assertEquals({ status, observed }, { observed: undefined, ...wanted });
  }

  *#read(handle: number): Operation<void> {
    const message = yield* zx.channelRead({ handle });
    const wanted = this.model.read(handle);
    if (typeof wanted === "number") return assertEquals<unknown>(message, wanted);
    const { handles } = good(message);
    assertEquals(handles.length, wanted.length);
    wanted.forEach((one, at) => this.model.name(handles[at]!, one));
  }

  #made(made: { readonly out: number } | number, wanted: ModelHandle | number): void {
    if (typeof wanted === "number") return assertEquals(made, wanted);
    this.model.name(good(made as { readonly out: number }).out, wanted);
  }

  /** A handle's value, or now and then one that names nothing. */
  #pick(pick: number): number {
    const { names } = this.model;
    return pick % 11 === 0 || names.length === 0 ? 3 : names[pick % names.length]!;
  }
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.integer({ min: 0, max: 7 }),
  picks: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
  mask: fc.integer({ min: 0, max: 0xffff }),
  other: fc.nat(1000),
});

Deno.test("handles, rights, signals and messages do what the plainest model of them does", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 120, size: "max" }), (steps) => {
      const machine = new ScriptKernel();
      const before = machine.kernel.realm.census();
      const audit = new Audit(machine.kernel);
      try {
        machine.run1(function* (process) {
          const pair = new Pair(process);
          for (const kind of KINDS) yield* pair.step({ ...START, mask: KINDS.indexOf(kind) });
          for (const step of steps) yield* pair.step(step);
          yield* pair.check();
        });
        audit.end();
      } finally {
        audit.leave();
      }
      const { realm } = machine.kernel;
      // What waits in a channel for handles that are in it alone is never freed, as in Zircon.
      if (realm.handles === 0) assertEquals([realm.census(), realm.kept], [before, 0]);
    }),
    { seed: 20_26, numRuns: RUNS },
  );
});

const START: Step = { deed: 0, picks: [1, 1, 1, 1], mask: 0, other: 0 };

Deno.test("the model itself tells a wrong answer from a right one", () => {
  const model = new HandleModel();
  const [event] = model.create("event");
  model.name(7, event!);
  assertEquals(model.signal(7, { set: Signal.READABLE, clear: 0, peer: false }), -10);
  assertEquals(model.poll(7, Signal.SIGNALED).status, Status.TIMED_OUT);
  assertEquals(failed(model.duplicate(7, Right.READ) as never), true);
});
