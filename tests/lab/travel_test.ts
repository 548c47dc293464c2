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
  const lines =
    "step\n\nback\nstate 2\nrun vmoWrite\nstate 1\nchoose nobody\nto x\nnonsense\nlist\nquit\n";
  const { code, out, err } = await denoTaskReading(lines, "run", file, "--twin", "--debug");
  assertEquals([code, err], [0, ""]);
  assertMatch(
    out,
    /step 2 of 5: client {2}channelWrite\(requests\/0, bytes: "pwned", sends out\)/,
  );
  assertMatch(out, /step 5 of 5: deputy {2}vmoWrite[^]*the end: .* is violated/);
  assertMatch(out, /programs\n {2}deputy {2}running, waits in objectWaitOne/);
  assertMatch(out, /there is no program nobody; client can/);
  assertMatch(out, /x is no number of a step/);
  assertMatch(out, /there is no command nonsense; there is step, back, to/);
  assertMatch(out, /channel requests\/1 .* 1 message waits, with vmo out/);
});

/** Each order with what it is answered; all of them in one session, from the beginning. */
const ANSWERS: readonly (readonly [order: string, answer: RegExp])[] = [
  ["back", /this is the beginning; there is no step to go back/],
  ["choose", /choose whom\? worker and stranger can take the next step/],
  ["choose nobody", /there is no program nobody; worker and stranger can/],
  ["choose stranger", /another run from here on, of \d+ steps\nstep 1 of \d+: stranger/],
  ["choose stranger", /stranger cannot take the next step; worker can/],
  ["to", /to which step\? The run has steps 1 to \d+, such as: to 1/],
  ["to 99", /there is no step 99: the run has \d+ steps/],
  ["to 1.5", /1\.5 is no number of a step/],
  ["step -1", /-1 is no number of steps; to go the other way there is back/],
  ["why", /step 1 stranger.*\nnothing that it used came in a message/],
  ["run zebra", /no later step has "zebra" in its line; this is still step 1/],
  ["rewind zebra", /no earlier step has "zebra" in its line; this is still step 1/],
  ["run stranger  vmoRead(secret", /step \d+ of \d+: stranger {2}vmoRead\(secret/],
  ["why", /it came to the handle by\n {2}\d+ stranger .*gets report and secret\n {2}\d+ worker/],
  ["token", /--replay=v1:\w+:1:\w+ repeats the steps up to here/],
  ["run", /the end: /],
  ["step", /there is no step after step \d+: /],
  ["choose", /nobody can take a step: /],
  ["w", /step \d+ of \d+: [^]*the end: /],
  ["h", /The beginning of a name will do/],
];

Deno.test("every order in --debug is answered with a sentence", async () => {
  const leak = "scripts/experiments/handle_leak.ts";
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    // The same without its claim, so that the run goes on behind the leak.
    const file = `${folder}/leak.ts`;
    const text = await Deno.readTextFile(leak);
    await Deno.writeTextFile(file, text.replace(/world\.never.*;/, ""));
    const lines = ANSWERS.map(([order]) => `${order}\n`).join("");
    const { code, out, err } = await denoTaskReading(lines, "run", file, "--twin", "--debug");
    assertEquals([code, err], [0, ""]);
    let at = 0;
    for (const [order, answer] of ANSWERS) {
      const found = answer.exec(out.slice(at));
      assert(found, `${order}: ${answer} in\n${out.slice(at)}`);
      at += found.index + found[0].length;
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a refusal is explained where it happened, and a token repeats the way there", () => {
  const one = scenario("denied", (world) => {
    const memory = world.vmo("memory");
    world.program("writer", [memory.only("READ")], function* (handle: number) {
      yield* zx.vmoWrite({ handle, offset: 0, buffer: new Uint8Array(1) });
    });
  });
  const travel = one.travel();
  assertEquals(travel.why(), ["no step has been taken yet"]);
  travel.to(1);
  assertMatch(travel.why().join("\n"), /refused with ACCESS_DENIED on vmo memory[^]*grant/);
  assertMatch(one.run({ replay: travel.token }).facts.story.join("\n"), /ACCESS_DENIED/);
});
