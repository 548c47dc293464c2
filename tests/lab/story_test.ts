/**
 * Stories: what a run was, to a reader.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { receive } from "../../lab/receive.ts";
import { zx } from "../../lab/calls.ts";
import { scenario } from "../../lab/scenario.ts";
import type { World } from "../../lab/world.ts";

const linesOf = (setup: (world: World) => void) =>
  scenario("story", setup).run().facts.story.map((line) => line.trim().replace(/ +/g, " "));

Deno.test("a call that waits is answered in the story where its answer comes", () => {
  const lines = linesOf((world) => {
    const [sending, receiving] = world.channel("mail");
    world.program("reader", [receiving], function* (mail) {
      yield* receive(mail);
    });
    world.program("writer", [sending], function* (mail) {
      yield* zx.channelWrite({ handle: mail, bytes: new TextEncoder().encode("hi") });
    });
  });
  assertEquals(lines.slice(0, 6), [
    "reader",
    "1 objectWaitOne(mail/1, READABLE|PEER_CLOSED) → waits",
    "writer",
    '2 channelWrite(mail/0, bytes: "hi") → OK',
    "reader's objectWaitOne → OK",
    "reader",
  ]);
});

Deno.test("a call that waits for a time is answered when that has come", () => {
  const lines = linesOf((world) => {
    world.program("sleeper", [], function* () {
      yield* zx.nanosleep({ deadline: 1000 });
    });
  });
  assertEquals(lines, [
    "sleeper",
    "1 nanosleep(deadline: 1000) → waits",
    "sleeper's nanosleep → OK",
    "2 ends",
  ]);
});

Deno.test("a refusal names the job that it is about, and whoever is ended for it", () => {
  const explained = (action: "DENY" | "KILL") =>
    scenario("strict", (world) => {
      const job = world.job("sandbox", { NEW_EVENT: action });
      world.program("maker", [], function* () {
        yield* zx.eventCreate();
      }, { job });
    }).run({ explain: true }).facts.denials;
  assertEquals(
    explained("DENY")[0],
    "step 1, maker: zx_event_create is refused with ACCESS_DENIED on job sandbox",
  );
  assertEquals(
    explained("KILL")[0],
    "step 1, maker: zx_event_create ends its program for job sandbox",
  );
  assertEquals(
    explained("KILL")[3],
    "  rule    job sandbox set NEW_EVENT to KILL for all below it",
  );
});
