/**
 * Not Spectre. A victim's work takes longer for one secret than for another, and a spy looks at the
 * clock before and after. Asked: does the spy learn anything?
 *
 * Expected: `not-modelled`, exit code 4, never `holds`: there are no caches here, and time stands
 * still while anybody can take a step, so nothing is learnt about machines that have them. What is
 * modelled is a clock made of steps: the twin's spy looks at what a thread has counted. Try: a clock
 * that is finer than a step.
 *
 * @module
 */
import { failed, type Operation, type Scenario, scenario, zx } from "@zandbox/zandbox";

function timing(hasCounter: boolean): Scenario {
  return scenario(`a spy with ${hasCounter ? "a counting thread" : "the clock"}`, (world) => {
    world.notModelled("timing and cache channels");
    const ticks = world.vmo("ticks");
    world.program("victim", [], function* () {
      for (let work = 0; work < 2; work++) yield* zx.eventCreate();
    });
    world.program("spy", [ticks.only("READ")], function* (ticks) {
      const look = function* (): Operation<number> {
        if (!hasCounter) return yield* zx.clockGetMonotonic();
        const read = yield* zx.vmoRead({ handle: ticks, offset: 0, bufferSize: 1 });
        return failed(read) ? 0 : read.buffer[0]!;
      };
      const before = yield* look();
      const after = yield* look();
      yield* zx.processExit({ code: after - before });
    });
    if (hasCounter) {
      world.program("counter", [ticks.only("WRITE")], function* (ticks) {
        for (let tick = 1; tick < 4; tick++) {
          yield* zx.vmoWrite({ handle: ticks, offset: 0, buffer: Uint8Array.of(tick) });
        }
      });
    }
    world.never("the spy sees time go by", (view) => (view.exitCode("spy") ?? 0) > 0);
  });
}

/** With the clock: not modelled, and so not said to hold. */
export default timing(false);
/** With a thread that counts: violated, since that is a clock of steps. */
export const twin: Scenario = timing(true);
