/**
 * Clocks do what the plainest model of them does, however they are set and turned.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ClockOption, Signal, Status } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import type { ClockUpdate } from "../../kernel/ipc/clock.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ModelClock } from "../support/clock_model.ts";
import { good } from "../support/scripts.ts";
import { agree } from "../support/twins.ts";

/** One random step: what to do, to which clock, and what an update says. */
interface Step {
  readonly deed: number;
  readonly pick: number;
  readonly says: number;
  readonly value: number;
  readonly reference: number;
  readonly rate: number;
}

/** Far away, where nothing may overflow. */
const FAR = [2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 62n), 0n];

/** A process and the model, that make every step together. */
class Pair {
  readonly #clocks = new Map<number, ModelClock>();
  readonly #process: Process;

  constructor(process: Process) {
    this.#process = process;
  }

  *step(step: Step): Operation<void> {
    yield* this.#deed(step);
    for (const [handle, model] of this.#clocks) {
      assertEquals(good(yield* zx.clockRead({ handle })).now, model.at(this.#now));
      const { signals } = this.#process.handleTable.get(handle)!.object;
      assertEquals(signals, model.started ? Signal.CLOCK_STARTED : 0);
    }
  }

  *#deed(step: Step): Operation<void> {
    const { deed, pick, value } = step;
    const handles = [...this.#clocks.keys()];
    const handle = handles[pick % handles.length];
    if (deed === 0 || handle === undefined) return yield* this.#create(step);
    const model = this.#clocks.get(handle)!;
    if (deed === 1) return void (yield* zx.nanosleep({ deadline: Number(this.#now) + value }));
    if (deed === 2) return yield* this.#ask(handle, model);
    if (deed === 3 && this.#clocks.size > 3) {
      assertEquals(yield* zx.handleClose({ handle }), Status.OK);
      return void this.#clocks.delete(handle);
    }
    const args = this.#updateOf(step, model);
    assertEquals(yield* zx.clockUpdate({ handle, args }), model.update(args, this.#now));
  }

  *#create({ says, value, reference }: Step): Operation<void> {
    const bits = says % (2 * ClockOption.AUTO_START);
    const backstop = reference % 3 === 0 ? 0n : BigInt(value);
    const made = yield* zx.clockCreate({ options: BigInt(bits), args: { backstop } });
    if (!ModelClock.canBe(bits, backstop, this.#now)) {
      return assertEquals(made, Status.INVALID_ARGS);
    }
    this.#clocks.set(good(made).out, new ModelClock(bits, backstop, this.#now));
  }

  *#ask(handle: number, model: ModelClock): Operation<void> {
    const { details } = good(yield* zx.clockGetDetails({ handle }));
    assertEquals(
      [details.options, details.backstop, details.errorBound, details.queryTicks],
      [model.options, model.backstop, model.errorBound, this.#now],
    );
    assertEquals(
      [details.lastValueUpdate, details.lastRateAdjust, details.lastErrorBound],
      [model.valueSet, model.rateSet, model.boundSet],
    );
  }

  /** Mostly near what the clock shows and near now; sometimes as far away as can be. */
  #updateOf({ says, value, reference, rate }: Step, model: ModelClock): ClockUpdate {
    const near = (from: bigint, by: number) =>
      by > 980 ? FAR[by % FAR.length]! : BigInt.asIntN(64, from + BigInt(by - 300));
    return {
      ...(says & 1 ? { value: near(model.at(this.#now), value) } : {}),
      ...(says & 2 ? { reference: near(this.#now, reference) } : {}),
      ...(says & 4 ? { rateAdjust: rate - 1100 } : {}),
      ...(says & 8 ? { errorBound: BigInt(value) } : {}),
    };
  }

  get #now(): bigint {
    return BigInt(Math.floor(this.#process.realm.now));
  }
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.integer({ min: 0, max: 12 }),
  pick: fc.nat(1000),
  says: fc.nat(15),
  value: fc.nat(1000),
  reference: fc.nat(1000),
  rate: fc.nat(2200),
});

Deno.test("clocks do what the plainest model of them does", () => {
  const chance = { step: anyStep, steps: 60, runs: 400, long: 20_000 };
  agree(chance, (process) => new Pair(process));
});
