/**
 * The client's written-out types against the rows.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { type Client, zx } from "../../kernel/client.ts";
import type { ZirconClient } from "../../kernel/zircon_client.ts";
import { CLIENT_FILE, clientText } from "../../scripts/client.ts";

/** Holds when one can stand for the other, both ways; the type checker is the test. */
type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : false : false;

Deno.test("the client's types are what `deno task client` writes", async () => {
  assertEquals(await Deno.readTextFile(CLIENT_FILE), await clientText(), "run: deno task client");
});

Deno.test("the client's written types and the types inferred from the rows are the same", () => {
  const same: Same<Client, ZirconClient> = true;
  assertEquals(same, true);
});

Deno.test("a handle that is known to lack a right, or to be of another type, goes nowhere", () => {
  const client: ZirconClient = zx;
  const channel = 3 as Parameters<ZirconClient["channelRead"]>[0]["handle"];
  client.channelRead({ handle: channel });
  // @ts-expect-error: a channel that may be read is not one that may be written to
  client.channelWrite({ handle: channel });
  // @ts-expect-error: a channel is no memory object
  client.vmoGetSize({ handle: channel });
  client.vmoGetSize({ handle: 3 });
});

Deno.test("a call of the client goes on as a generator does that yields it and returns the reply", () => {
  function* plain(): ReturnType<ZirconClient["handleClose"]> {
    return (yield { call: "handleClose", args: { handle: 3 } }) as 0;
  }
  const steps = (call: ReturnType<ZirconClient["handleClose"]>, reply: unknown) =>
    [undefined, reply, 7].map((given) => {
      const { value, done } = call.next(given);
      return [value, done];
    });
  const handle = 3 as Parameters<ZirconClient["handleClose"]>[0]["handle"];
  assertEquals(steps(zx.handleClose({ handle }), 5), steps(plain(), 5));
});

Deno.test("a script that is put away within a call goes no further, and cleans up", () => {
  const done: string[] = [];
  function* script() {
    try {
      yield* zx.nanosleep({ deadline: 1 });
      done.push("slept");
    } finally {
      done.push("cleaned up");
    }
  }
  const [one, other] = [script(), script()];
  one.next();
  other.next();
  assertEquals(one.return(undefined as never).done, true);
  assertThrows(() => other.throw(new Error("now")), Error, "now");
  assertEquals(done, ["cleaned up", "cleaned up"]);
});
