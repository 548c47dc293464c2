/**
 * The same program loaded in two models: what only one of them gives it.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { type Scenario, scenario, ScenarioError } from "@zandbox/zandbox";

const CLIENT = Deno.readFileSync(
  new URL("../../guests/echo_client/echo_client", import.meta.url),
);

function client(): Scenario {
  return scenario("client", (world) => {
    const [asks] = world.channel("talk");
    world.elf("client", CLIENT, [asks], { args: ["client", "1"] });
  });
}

Deno.test("compare says what only a launcher gives, and what only execve does, each with a reason", () => {
  const [found] = client().compare("zircon", "linux");
  assert(found);
  assert(found.onlyFirst.some(({ what, reason }) => {
    return what === "channel talk/0" && reason.startsWith("the scenario lists it");
  }));
  assert(found.onlySecond.some(({ what, reason }) => {
    return what === "path /" && reason.startsWith("whoever can name a path may open it");
  }));
  assertEquals(found.onlySecond.filter(({ topic }) => topic !== "files"), []);
  assert(found.both.some(([{ topic }]) => topic === "standard input and output"));
  const [launched, executed] = found.reach;
  assert(launched.every(({ reason }) => /by R1 \(it waits in channel\)/.test(reason)), `${found}`);
  assert(executed.some(({ what, access, reason }) => {
    return what === "/dev/null" && /READ/.test(access) && /by R8 \(it has a path\)/.test(reason);
  }));
  assertMatch(`${found}`, /besides, [^]*zircon: \d+ by R1, such as [^]*linux: \d+ by R8, such as/);
  assertMatch(`${found}`, /only zircon:[^]*only linux:[^]*and \d+ more\n {2}both: standard input/);
});

Deno.test("a difference shows itself in a notebook as it does on a terminal", () => {
  const [found] = client().compare("zircon", "linux");
  const shown = found as unknown as Record<symbol, () => Record<string, string>>;
  assertEquals(shown[Symbol.for("Jupyter.display")]!(), { "text/plain": `${found}` });
});

Deno.test("the other way round it is the same difference", () => {
  const [one] = client().compare("zircon", "linux");
  const [other] = client().compare("linux", "zircon");
  assertEquals([one!.onlyFirst, one!.onlySecond], [other!.onlySecond, other!.onlyFirst]);
});

Deno.test("compare refuses a model that is not there, and a scenario without machine code", () => {
  assertThrows(() => client().compare("zircon", "plan9"), ScenarioError, "no load model plan9");
  const none = scenario("none", (world) => void world.program("a", [], function* () {}));
  assertThrows(() => none.compare("zircon", "linux"), ScenarioError, "no program in machine code");
});
