/**
 * Ctrl-C ends an exploration with what was found until then.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

const LONG = `import { scenario, zx } from "@zandbox/zandbox";
let begun = false;
export default scenario("long", (world) => {
  const event = world.event("event");
  for (const name of ["a", "b", "c", "d"]) {
    world.program(name, [event.only("SIGNAL")], function* (event) {
      for (let at = 0; at < 9; at++) yield* zx.objectSignal({ handle: event, set: 1 << 24 });
    });
  }
  world.never("it goes on for ever", (view) => view.step > 100);
  if (!begun) console.log("begun");
  begun = true;
});
`;

Deno.test("Ctrl-C ends deno task run with what was found so far, and code 4", async () => {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeTextFile(`${folder}/long.ts`, LONG);
    const command = new Deno.Command("deno", {
      args: ["run", "--allow-read", "scripts/run.ts", `${folder}/long.ts`, "--schedules=100000000"],
      cwd: ROOT,
      stdout: "piped",
      stderr: "null",
    });
    const child = command.spawn();
    let out = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (!out.includes("begun") && text.includes("begun")) child.kill("SIGINT");
      out += text;
    }
    assertEquals((await child.status).code, 4, out);
    assertMatch(
      out,
      /long: incomplete\(aborted\), after \d+ schedules[^]*never it goes on for ever/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
