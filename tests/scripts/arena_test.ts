import { assemble } from "../../guests/assembler.ts";
import { FileType } from "../../loader/elf.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoTask } from "../support/command_line.ts";
import { missing } from "../support/tool.ts";
import { judge } from "../../scripts/arena.ts";
import { folderFixtures, ownFixtures } from "../../scripts/arena/fixture.ts";
import { arenaPage } from "../../scripts/arena/page.ts";
import { agreement, type Result, resultLines } from "../../scripts/arena/result.ts";
import { ARENA_MODELS, type Verdict } from "../../lab/load/arena.ts";

const results = await judge(ownFixtures(), ARENA_MODELS);

function verdict(name: string, model: string): Verdict {
  return results.find((one) => one.name === name)!.verdicts[model] as Verdict;
}

Deno.test("in the arena a good program runs in every model, and nobody pays", () => {
  for (const model of ARENA_MODELS) {
    assertEquals(verdict("hello", model), { outcome: "runs", text: "ends with 0", paid: "nobody" });
  }
});

/** What ends RT-Smart's first loader, and the kernel with it. */
const TOO_MUCH_FOR_LOAD_ELF = [
  "a segment: bytes that are not in the file",
  "a segment: larger than all addresses",
  "a segment: above all addresses",
];

Deno.test("each of the eight shapes ends the kernel that is like zCore; three end RT-Smart's first loader", () => {
  const shapes = new Set(results.map(({ zcore }) => zcore).filter((zcore) => zcore > 0));
  assertEquals([...shapes].sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
  for (const { name, zcore, verdicts } of results) {
    for (const model of ARENA_MODELS) {
      const one = verdicts[model]!;
      if (typeof one === "string") continue;
      const panics = model === "zcore"
        ? zcore > 0
        : model === "rtsmart-a" && TOO_MUCH_FOR_LOAD_ELF.includes(name);
      assertEquals(one.outcome === "panics", panics, `${name}: ${model}`);
    }
  }
});

Deno.test("for a file with a bad header the launcher pays under zircon, the kernel under linux", () => {
  assertEquals(verdict("bad magic", "zircon").paid, "launcher");
  assertStringIncludes(verdict("bad magic", "zircon").text, "EI_MAG");
  assertEquals(verdict("bad magic", "linux"), {
    outcome: "refused",
    text: "ENOEXEC",
    paid: "kernel",
  });
  assertEquals(verdict("bad magic", "userland-exec").paid, "caller");
});

Deno.test("behind the point of no return it is the caller who pays under linux", () => {
  const name = "a segment: more bytes in the file than in memory";
  assertEquals(verdict(name, "linux").text, "SIGSEGV behind the point of no return");
  assertEquals(verdict(name, "linux").paid, "caller");
  assertEquals(verdict(name, "zircon").paid, "launcher");
});

Deno.test("a model and readelf are of one mind where both take a file, or neither", () => {
  const good: Verdict = { outcome: "runs", text: "", paid: "nobody" };
  const bad: Verdict = { outcome: "refused", text: "", paid: "kernel" };
  const result = (one: Verdict, accepts: boolean): Result => ({
    name: "",
    part: "",
    zcore: 0,
    verdicts: { linux: one },
    readelf: { accepts, text: "" },
  });
  const all = [result(good, true), result(good, false), result(bad, false), result(bad, true)];
  assertEquals(agreement("linux", all), [2, 4]);
});

Deno.test("the arena's table fits a terminal of 80 columns, with every file and every model", () => {
  const lines = resultLines(ARENA_MODELS, results, 80);
  assertEquals(lines.filter((line) => line.length > 80), []);
  assert(lines.length > results.length + 8);
  const bad = lines.find((line) => line.startsWith("bad magic"))!;
  assertEquals(bad.match(/✕ [A-Z]/g), ["✕ L", "✕ K", "✕ K", "✕ K", "✕ K", "✕ C"]);
  assert(lines[1]!.includes("-a") && lines.at(-1)!.includes("K kernel"));
  // Whoever reads it in a pipe gets words.
  assertStringIncludes(resultLines(ARENA_MODELS, results).join("\n"), "refused: launcher");
});

Deno.test("the arena's page has every file and every model, and needs nothing from elsewhere", () => {
  const page = arenaPage(ARENA_MODELS, results);
  for (const word of [...ARENA_MODELS, "bad magic", "first_vmo.unwrap()", "launcher pays"]) {
    assertStringIncludes(page, word);
  }
  assert(!/https?:|<script|@import|url\(/.test(page));
});

Deno.test("the arena takes every file of a folder, whatever it is", async () => {
  const found = await judge(folderFixtures("guests/hello"), ["zircon", "linux"]);
  assertEquals(
    found.map(({ name, verdicts }) => `${name} ${(verdicts.linux as Verdict).outcome}`).slice(0, 4),
    [
      "hello runs",
      "hello.c refused",
      "hello_linux runs",
      "hello_linux_dynamic runs",
    ].map((line) => line.replace("hello runs", "hello killed")),
  );
});

Deno.test("deno task run scripts/arena.ts prints a row for every file, and how many there are of each", async () => {
  const { code, out, err } = await denoTask("run", "scripts/arena.ts", "--models=zircon,linux");
  assertEquals({ code, err }, { code: 0, err: "" });
  for (const words of ["bad magic", "refused: launcher", "refused: kernel", "panics of"]) {
    assertStringIncludes(out, words);
  }
});

Deno.test("a program of a folder is given up when the time is over that is asked for", async () => {
  const folder = Deno.makeTempDirSync({ dir: "/tmp" });
  try {
    const loop = assemble("_start: j _start", { type: FileType.EXEC });
    Deno.writeFileSync(`${folder}/loop`, loop);
    const [one] = await judge(folderFixtures(folder), ["linux"], { time: 3_000_000 });
    const { outcome, text } = one!.verdicts.linux as Verdict;
    assertEquals({ outcome, text }, { outcome: "endless", text: "still runs after 3 ms" });
    assertStringIncludes(resultLines(["linux"], [one!]).at(-1)!, "--timeout=S gives it more");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("who interrupts the arena gets the files that were judged until then", async () => {
  const [hello] = ownFixtures();
  const stop = new AbortController();
  let seen = 0;
  const bytesFor = (model: string) => {
    if (++seen === 3) stop.abort();
    return hello!.bytesFor(model);
  };
  const many = Array.from({ length: 100 }, () => ({ ...hello!, bytesFor }));
  const found = await judge(many, ["linux"], { signal: stop.signal });
  assert(found.length > 0 && found.length < 100, `${found.length} files`);
});

Deno.test("deno task run scripts/arena.ts says what is wrong with its arguments", async () => {
  for (
    const words of [["--models=vms"], ["nowhere"], ["README.md"], ["--colour"], ["--timeout=soon"]]
  ) {
    const { code, out, err } = await denoTask("run", "scripts/arena.ts", ...words);
    assertEquals({ code, out, lines: err.trim().split("\n").length }, {
      code: 2,
      out: "",
      lines: 1,
    });
  }
});

const readelf = missing("readelf");

Deno.test({
  name: `deno task arena asks readelf, and counts how often a model is of one mind with it${
    readelf ? ` (skipped: ${readelf})` : ""
  }`,
  ignore: readelf !== undefined,
  fn: async () => {
    const { code, out } = await denoTask("arena", "--models=linux", "--json");
    assertEquals(code, 0);
    const { results: found } = JSON.parse(out) as { results: Result[] };
    const opinion = (name: string) => found.find((one) => one.name === name)!.readelf;
    assertEquals(opinion("hello"), { accepts: true, text: "" });
    assertEquals(opinion("bad magic")!.accepts, false);
    const [same, all] = agreement("linux", found);
    assert(same > 0 && same < all);
  },
});
