/**
 * The engine's check of itself: authority that is used, and that no rule of the closure allows, ends
 * everything with code 3. The rules are right, so one of them is taken away to see it.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Rule, RULES } from "../../lab/authority/closure.ts";
import { zx } from "../../lab/calls.ts";
import { receive } from "../../lab/receive.ts";
import { scenario } from "../../lab/scenario.ts";
import { denoTask } from "../support/command_line.ts";

const BREACH = /reader used READ on secret, which no rule allows: the engine is wrong/;

const courier = scenario("courier", (world) => {
  const secret = world.vmo("secret", "s");
  const [front, back] = world.channel("post");
  world.program("owner", [front, secret.only("READ", "TRANSFER")], function* (front, secret) {
    yield* zx.channelWrite({ handle: front, handles: [secret] });
  });
  world.program("reader", [back], function* (back) {
    const message = yield* receive(back);
    if (typeof message === "number") return;
    yield* zx.vmoRead({ handle: message.handles[0]!, offset: 0, bufferSize: 1 });
  });
  world.always("the owner goes first", (view) => view.step >= 0);
});

function without(rule: Rule): readonly Rule[] {
  return RULES.filter((one) => one !== rule);
}

Deno.test("what a rule less does not allow is a breach: of every schedule, and of one", async () => {
  for (const report of [courier.run(), await courier.explore()]) {
    assertEquals(report.facts.failures, []);
  }
  const rules = without("R1");
  for (const report of [courier.run({ rules }), await courier.explore({ rules })]) {
    assertEquals([report.verdict, report.exitCode], ["unsound", 3]);
    assertMatch(report.toString(), BREACH);
  }
});

Deno.test("a breach counts for more than a claim that is wrong", async () => {
  const wrong = scenario("wrong too", (world) => {
    const [front, back] = world.channel("post");
    const secret = world.vmo("secret", "s");
    world.program("owner", [front, secret.only("READ", "TRANSFER")], function* (front, secret) {
      yield* zx.channelWrite({ handle: front, handles: [secret] });
    });
    world.program("reader", [back], function* (back) {
      const message = yield* receive(back);
      if (typeof message === "number") return;
      yield* zx.vmoRead({ handle: message.handles[0]!, offset: 0, bufferSize: 1 });
    });
    world.eventually("it rains", () => false);
  });
  assertEquals((await wrong.explore()).exitCode, 1);
  assertEquals((await wrong.explore({ rules: without("R1") })).exitCode, 3);
});

Deno.test("a breach is found that only some schedules have, whether or not anything is claimed", async () => {
  for (const isClaimed of [false, true]) {
    const rare = scenario("rarely", (world) => {
      const secret = world.vmo("secret", "s");
      const [front, back] = world.channel("post");
      world.program("reader", [back], function* (back) {
        const message = yield* zx.channelRead({ handle: back, numBytes: 1, numHandles: 1 });
        if (typeof message === "number") return;
        yield* zx.vmoRead({ handle: message.handles[0]!, offset: 0, bufferSize: 1 });
      });
      world.program("owner", [front, secret.only("READ", "TRANSFER")], function* (front, secret) {
        yield* zx.channelWrite({ handle: front, handles: [secret] });
      });
      if (isClaimed) world.always("time goes on", (view) => view.step > 0);
    });
    const rules = without("R1");
    assertEquals(rare.run({ rules }).verdict, "incomplete", "not in the first schedule");
    assertEquals((await rare.explore()).exitCode, 0);
    const report = await rare.explore({ rules });
    assertEquals(report.exitCode, 3, `${report}`);
    assertMatch(`${report}`, BREACH);
  }
});

const FILE = `import { scenario, receive, zx } from "@zandbox/zandbox";
const all = scenario("leaky engine", (world) => {
  const secret = world.vmo("secret", "s");
  const [front, back] = world.channel("post");
  world.program("owner", [front, secret.only("READ", "TRANSFER")], function* (front, secret) {
    yield* zx.channelWrite({ handle: front, handles: [secret] });
  });
  world.program("reader", [back], function* (back) {
    const message = yield* receive(back);
    if (typeof message === "number") return;
    yield* zx.vmoRead({ handle: message.handles[0], offset: 0, bufferSize: 1 });
  });
});
const rules = ["R3", "R4", "R5", "R6", "R7"] as const;
export default {
  name: all.name,
  run: (options = {}) => all.run({ ...options, rules }),
  explore: (options = {}) => all.explore({ ...options, rules }),
};
export { all };
`;

Deno.test("deno task run ends with code 3 where the engine contradicts itself, and says how", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    const file = `${folder}/leaky.ts`;
    await Deno.writeTextFile(file, FILE);
    for (const flags of [[], ["--once"]]) {
      const { code, out, err } = await denoTask("run", file, ...flags);
      assertEquals([code, err], [3, ""]);
      assertMatch(out, /leaky engine: unsound/);
      assertMatch(out, BREACH);
    }
    assertEquals((await denoTask("run", file, "--export=all")).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
