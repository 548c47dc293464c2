/**
 * Handles typed by object and rights: what can be known to be wrong is a type error, what cannot is a
 * status; and a handle is given once, and disposed of at the end of its block.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { scenario, ScenarioError, Status, type World, zx } from "@zandbox/zandbox";

/** Never called: each line marked is an error to the type checker, or checking this file fails. */
export function wrongTypes(world: World): void {
  const memory = world.vmo("memory");
  // @ts-expect-error a handle cannot keep a right that it has not
  memory.only("READ").only("WRITE");
  // @ts-expect-error there is no such right on a memory object
  memory.only("SIGNAL_PEER");
  world.program("writer", [memory.only("READ")], function* (handle) {
    // @ts-expect-error writing takes WRITE
    yield* zx.vmoWrite({ handle, offset: 0, buffer: new Uint8Array(1) });
    // @ts-expect-error a memory object is no channel
    yield* zx.channelRead({ handle });
  });
  // @ts-expect-error there is no policy on birds
  world.job("job", { NEW_BIRD: "DENY" });
}

Deno.test("a right that only the kernel can know to be missing is a status", () => {
  let status = 0;
  scenario("denied", (world) => {
    const memory = world.vmo("memory").only("READ");
    world.program("writer", [memory], function* (handle: number) {
      status = yield* zx.vmoWrite({ handle, offset: 0, buffer: new Uint8Array(1) });
    });
  }).run();
  assertEquals(status, Status.ACCESS_DENIED);
});

Deno.test("a handle is disposed of at the end of its block, and is gone then", () => {
  const report = scenario("using", (world) => {
    const [one, other] = world.channel("pair");
    {
      using end = one;
      assertEquals(end.rights.includes("READ"), true);
    }
    const error = assertThrows(() => one.only("READ"), ScenarioError) as Error;
    assertEquals(error.message.startsWith("the handle to pair/0 is gone"), true);
    one[Symbol.dispose]();
    world.always("the other end knows", (view) => view.stateOf(other).peerClosed);
    world.program("p", [], function* () {});
  }).run();
  assertEquals(report.facts.kept, ["pair/1 (handle_types_test.ts:40)"]);
  assertEquals(report.leaks, [
    "pair/1 (handle_types_test.ts:40) stays with the scenario: whoever has the other end never sees " +
    "it closed",
  ]);
  assertThrows(() => report.expectNoLeaks(), ScenarioError, "pair/1");
  assertEquals(report.facts.failures, []);
});

Deno.test("reports and sets of authority show themselves in a notebook", () => {
  const display = Symbol.for("Jupyter.display");
  const one = scenario("shown", (world) => {
    world.program("reader", [world.vmo("<memory>").only("READ")], function* () {});
    world.sometimes("it ends", (view) => !view.alive("reader"));
  });
  const shown = (value: unknown) =>
    (value as Record<symbol, () => Record<string, string>>)[display]!()["text/html"]!;
  assertEquals(shown(one.run()).startsWith("<pre>shown: "), true);
  const table = shown(one.authority().held);
  assertEquals(table.includes("<td>&lt;memory></td><td>READ</td>"), true, table);
  const travel = one.travel();
  travel.to(1);
  const plain = (travel as unknown as Record<symbol, () => Record<string, string>>)[display]!();
  assertEquals(
    plain["text/plain"]!.startsWith("> 1 reader  ends\nnobody can go on\n\nprograms"),
    true,
  );
});
