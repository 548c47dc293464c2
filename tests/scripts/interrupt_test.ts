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

const ROUND = `import { scenario, zx } from "@zandbox/zandbox";
let turns = 0;
export default scenario("round", (world) => {
  const event = world.event("event");
  world.program("round", [event], function* (event) {
    yield* zx.objectSignal({ handle: event, set: 1 << 24 });
    console.log("begun");
    while (turns >= 0) turns = turns > 9 ? 0 : turns + 1;
  });
});
`;

for (const times of ["", " twice"]) {
  Deno.test(`Ctrl-C${times} ends deno task run where a program goes round without a call`, async () => {
    const folder = await Deno.makeTempDir({ dir: "/tmp" });
    try {
      await Deno.writeTextFile(`${folder}/round.ts`, ROUND);
      const child = new Deno.Command("deno", {
        args: ["run", "--allow-read", "scripts/run.ts", `${folder}/round.ts`],
        cwd: ROOT,
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      await textWith(child.stdout, "begun");
      child.kill("SIGINT");
      await textWith(child.stderr, "the schedule under way does not end: a program may go round");
      if (times) child.kill("SIGINT");
      const { code, signal } = await child.status;
      assertEquals([code, signal], [130, "SIGINT"]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Wait until a text has come. */
async function textWith(stream: ReadableStream<Uint8Array>, wanted: string): Promise<void> {
  let out = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    out += text;
    if (out.includes(wanted)) return;
  }
  throw new Error(`it ended without ${wanted}: ${out}`);
}

for (const script of ["run", "sweep"]) {
  Deno.test(`Ctrl-C ends deno task ${script} with what was found so far, and code 4`, () => {
    return interrupts(script);
  });
}

async function interrupts(script: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeTextFile(`${folder}/long.ts`, LONG);
    const command = new Deno.Command("deno", {
      args: [
        "run",
        "--allow-read",
        `scripts/${script}.ts`,
        `${folder}/long.ts`,
        "--schedules=100000000",
      ],
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
      {
        run: /long: incomplete\(aborted\), after \d+ schedules[^]*never it goes on for ever/,
        sweep: /long +every +incomplete +\d+/,
      }[script]!,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
