/**
 * Time travel: forward, back, to an event, on another way; the same place has the same state.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { scenario, ScenarioError, type Travel, zx } from "@zandbox/zandbox";
import { denoTaskReading } from "../support/command_line.ts";

function race(): Travel {
  return scenario("race", (world) => {
    const memory = world.vmo("memory");
    for (const name of ["a", "b"]) {
      world.program(name, [memory.only("WRITE")], function* (memory) {
        yield* zx.vmoWrite({ handle: memory, offset: 0, buffer: new TextEncoder().encode(name) });
      });
    }
  }).travel();
}

Deno.test("going back and forth leads to the same states", () => {
  const travel = race();
  assertEquals([travel.step, travel.length], [0, 4]);
  const states: string[] = [];
  for (let step = 0; step <= travel.length; step++) {
    travel.to(step);
    states.push(travel.state().join("\n"));
  }
  assertEquals(new Set(states).size, states.length);
  for (let step = travel.length; step >= 0; step--) {
    assertEquals(travel.state().join("\n"), states[step]);
    travel.by(-1);
  }
  assertEquals(travel.step, 0);
});

Deno.test("a run goes on to the next step with a text in its line, and back to the last", () => {
  const travel = race();
  assert(travel.runTo("b  vmoWrite"));
  assertMatch(travel.line(), /^2 b {2}vmoWrite\(memory/);
  assert(travel.backTo("a  vmoWrite"));
  assertEquals(travel.step, 1);
  assert(!travel.backTo("a  vmoWrite"));
  assert(!travel.runTo("channelRead"));
  assertEquals(travel.step, 1);
});

Deno.test("another program can take a step, and what follows is another run", () => {
  const travel = race();
  assertEquals(travel.ready(), ["a", "b"]);
  travel.choose("b");
  assertEquals(travel.last?.program, "b");
  assertEquals(travel.choices.length, 1);
  travel.to(travel.length);
  assertMatch(travel.state().join("\n"), /vmo memory/);
  const error = assertThrows(() => travel.choose("a"), ScenarioError) as Error;
  assertEquals(error.message, "a cannot take the next step; nobody can");
});

Deno.test("deno task run --debug takes commands from a pipe", async () => {
  const file = "scripts/experiments/confused_deputy.ts";
  const lines = "step\n\nback\nrun vmoWrite\nstate 1\nchoose nobody\nto x\nnonsense\nlist\nquit\n";
  const { code, out, err } = await denoTaskReading(lines, "run", file, "--twin", "--debug");
  assertEquals([code, err], [0, ""]);
  assertMatch(
    out,
    /step 2 of 5: 2 client {2}channelWrite\(requests\/0, bytes: "pwned", sends out\)/,
  );
  assertMatch(out, /step 5 of 5: 5 deputy {2}vmoWrite[^]*the end: .* is violated/);
  assertMatch(out, /programs\n {2}deputy {2}running, waits in objectWaitOne/);
  assertMatch(out, /nobody cannot take the next step; client can/);
  assertMatch(out, /x is no number of a step/);
  assertMatch(out, /there is no command nonsense; help lists them/);
});
