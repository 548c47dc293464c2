/**
 * What claims may look at: who holds and has used what, where it came from, memory, object states.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { failed, VmOption } from "../../kernel/abi.ts";
import { zx } from "../../lab/calls.ts";
import { receive } from "../../lab/receive.ts";
import type { Setup } from "../../lab/run/run.ts";
import { scenario } from "../../lab/scenario.ts";
import type { View } from "../../lab/view.ts";

/** A secret goes from its owner over a middleman to a reader. */
function relay(claim: (view: View, secret: never) => boolean): Setup {
  return (world) => {
    const secret = world.vmo("secret", "s");
    const [a, b] = world.channel("first");
    const [c, d] = world.channel("second");
    world.program("owner", [a, secret.only("READ", "TRANSFER")], function* (out, secret) {
      yield* zx.channelWrite({ handle: out, handles: [secret] });
    });
    world.program("middle", [b, c], function* (from, to) {
      const message = yield* receive(from);
      if (failed(message)) return;
      yield* zx.channelWrite({ handle: to, handles: message.handles });
    });
    world.program("reader", [d], function* (from) {
      const message = yield* receive(from);
      if (failed(message)) return;
      yield* zx.vmoRead({ handle: message.handles[0]!, offset: 0, bufferSize: 1 });
    });
    world.always("it is so", (view) => claim(view, secret as never));
  };
}

async function holdsAlways(setup: Setup): Promise<void> {
  const report = await scenario("view", setup).explore();
  assertEquals(report.verdict, "holds", report.toString());
}

Deno.test("the causes of a step lead back to who had the handle at first, in every schedule", async () => {
  await holdsAlways(relay((view) => {
    const read = view.did("reader", "vmoRead");
    if (!read) return true;
    const chain = view.causes(read).map(({ program, call }) => `${program} ${call}`);
    return chain.join(", ") ===
      "reader channelRead, middle channelWrite, middle channelRead, owner channelWrite";
  }));
});

Deno.test("the message that a program read last has the step that wrote it", async () => {
  await holdsAlways(relay((view) => {
    if (!view.did("middle", "channelWrite")) return true;
    const sent = view.message("middle")?.sent;
    return sent?.program === "owner" && sent.sent[0]?.name === "secret";
  }));
});

Deno.test("a claim sees who holds an object and who has used it", async () => {
  await holdsAlways(relay((view, secret) => {
    const holders = view.holders(secret, "READ");
    if (holders.length > 1) return false;
    const read = view.did("reader", "vmoRead") !== undefined;
    if (read && !view.used("reader", secret, "READ")) return false;
    return !view.used("middle", secret, "READ");
  }));
});

Deno.test("a claim sees what is mapped, and what may be done there", async () => {
  await holdsAlways((world) => {
    const memory = world.vmo("memory", "text");
    world.program(
      "mapper",
      [world.own("Vmar"), memory.only("READ", "MAP")],
      function* (handle, vmo) {
        const { PERM_READ } = VmOption;
        yield* zx.vmarMap({
          handle: handle,
          options: PERM_READ,
          vmo,
          vmarOffset: 0,
          vmoOffset: 0,
          length: 4096,
        });
      },
    );
    world.never(
      "it may write there",
      (view) => view.mappings("mapper").some(({ access }) => access.includes("w")),
    );
    world.sometimes(
      "it may read there",
      (view) =>
        view.mappings("mapper").some(({ name, access }) => name === "memory" && access === "r--"),
    );
  });
});

Deno.test("a claim sees the state of an object: what waits in it, and whether its peer is gone", async () => {
  await holdsAlways((world) => {
    const [one, other] = world.channel("pair");
    world.program("writer", [one], function* (out) {
      yield* zx.channelWrite({ handle: out, bytes: Uint8Array.of(1) });
      yield* zx.handleClose({ handle: out });
    });
    world.program("holder", [other], function* (end) {
      yield* zx.objectWaitOne({ handle: end, signals: 1 << 2 });
    });
    world.always(
      "a message waits once it is written",
      (view) => !view.did("writer", "channelWrite") || view.stateOf(other).waiting === 1,
    );
    world.always(
      "who closes its end leaves the peer alone",
      (view) => !view.did("writer", "handleClose") || view.stateOf(other).peerClosed,
    );
  });
});

Deno.test("a program is killed after its n-th step, and its handles can be closed for it", async () => {
  await holdsAlways((world) => {
    const [one, other] = world.channel("pair");
    world.program("mortal", [one], function* (out) {
      for (;;) yield* zx.channelWrite({ handle: out, bytes: Uint8Array.of(1) });
    }, { killAfter: 2 });
    world.program("reader", [other], function* (end) {
      yield* zx.objectWaitOne({ handle: end, signals: 1 << 2 });
    });
    world.anytime("the reader's end goes away", () => world.close("reader", other));
    world.eventually("it wrote at most twice and is dead", (view) => !view.alive("mortal"));
    world.always("two steps and no more", (view) => view.stateOf(other).waiting <= 2);
    world.sometimes("the reader loses its end", (view) => view.holders(other).length === 0);
  });
});
