/**
 * Programs in machine code beside each other and beside generators, under every schedule.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { failed, receive, type Scenario, scenario, type World, zx } from "@zandbox/zandbox";
import { allSchedules } from "../support/schedules.ts";

const guest = (name: string) =>
  Deno.readFileSync(new URL(`../../guests/${name}/${name}`, import.meta.url));
const CLIENT = guest("echo_client");
const SERVER = guest("echo_server");
const HELLO_DYNAMIC = Deno.readFileSync(
  new URL("../../guests/hello/hello_zircon_dynamic", import.meta.url),
);

/** A client asks a server once. */
function echo(world: World): void {
  const [asks, answers] = world.channel("talk");
  world.elf("client", CLIENT, [asks], { args: ["client", "1"] });
  world.elf("server", SERVER, [answers]);
}

Deno.test("two guests end the same way under every schedule, and reduction loses no ending", () => {
  const [all, few] = [allSchedules(echo, { reduce: false }), allSchedules(echo)];
  assertEquals([...few.states].sort(), [...all.states].sort());
  assertEquals(few.count < all.count / 5, true, `${few.count} of ${all.count}`);
});

Deno.test("a claim about guests that is wrong has a story, and a token that repeats it", async () => {
  const talk = scenario("the client gets no answer", (world) => {
    echo(world);
    world.never("the client is content", (view) => view.exitCode("client") === 0);
  });
  const report = await talk.explore();
  assertEquals([report.verdict, report.exitCode], ["violated", 1]);
  const { story, token } = report.facts.counterexample!;
  assertStringIncludes(story.join("\n"), "channelCall(talk/0) → waits");
  assertEquals(talk.run({ replay: token }).facts.story, story);
});

Deno.test("a guest and a generator talk; what a claim asks of the guest's calls is answered", async () => {
  const report = await answering(true).explore();
  assertEquals(report.verdict, "holds", `${report}`);
  const wrong = await answering(false).explore();
  assertEquals(wrong.verdict, "violated", `${wrong}`);
});

/** A generator answers a guest, with what it was asked or with nothing. */
function answering(isHonest: boolean): Scenario {
  return scenario(`an ${isHonest ? "honest" : "empty"} answer`, (world) => {
    const [asks, answers] = world.channel("talk");
    world.elf("client", CLIENT, [asks], { args: ["client", "1"] });
    world.program("server", [answers], function* (answers) {
      const question = yield* receive(answers);
      if (failed(question)) return;
      const bytes = isHonest ? question.bytes : question.bytes.slice(0, 4);
      yield* zx.channelWrite({ handle: answers, bytes });
    });
    world.sometimes("the guest asks", (view) => view.did("client", "channelCall") !== undefined);
    world.eventually("the client is content", (view) => view.exitCode("client") === 0);
  });
}

Deno.test("a file that cannot be a scenario's program is refused with a sentence", () => {
  const start = (file: Uint8Array) =>
    scenario("no program", (world) => void world.elf("odd", file, [])).run().facts.failures[0];
  assertStringIncludes(start(new Uint8Array(100))!, "program odd cannot be loaded: e_ident");
  assertStringIncludes(start(HELLO_DYNAMIC)!, "wants the dynamic linker");
});
