import { assertEquals } from "@std/assert";
import { denoTask } from "../support/command_line.ts";

/** What is said of a call that cannot work: one sentence, on standard error. */
async function refusal(...words: string[]): Promise<{ code: number; err: string }> {
  const { code, out, err } = await denoTask(...words);
  assertEquals(out, "");
  return { code, err: err.trimEnd() };
}

async function withFile(name: string, text: string, use: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeTextFile(`${folder}/${name}`, text);
    await use(`${folder}/${name}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("deno task run says that a scenario is not there", async () => {
  assertEquals(await refusal("run", "nope.ts"), { code: 2, err: "there is no file nope.ts" });
});

Deno.test("deno task run says that a folder is no scenario", async () => {
  const err = "lab is a folder; name a scenario's file in it";
  assertEquals(await refusal("run", "lab"), { code: 2, err });
});

Deno.test("deno task run says how a program is run instead", async () => {
  const err = "LICENSE is no TypeScript file; a program runs with: deno task exec LICENSE";
  assertEquals(await refusal("run", "LICENSE"), { code: 2, err });
});

Deno.test("deno task run names a flag that it does not know", async () => {
  const { code, err } = await refusal("run", "--loud", "scripts/hello.ts");
  assertEquals(code, 2);
  assertEquals(err.startsWith("unknown flag --loud"), true);
});

Deno.test("deno task run says what a scenario threw, and where, without a stack", async () => {
  await withFile("bad.ts", "\n\nthrow new Error(`no such luck`);\n", async (path) => {
    const err = `${path}, line 3: no such luck`;
    assertEquals(await refusal("run", path), { code: 1, err });
  });
});

Deno.test("deno task exec says that a program is not there", async () => {
  assertEquals(await refusal("exec", "nope"), { code: 2, err: "there is no file nope" });
});

Deno.test("deno task exec says that a folder is no program", async () => {
  assertEquals(await refusal("exec", "lab"), { code: 2, err: "lab is a folder, not a program" });
});

Deno.test("deno task exec says that text is no program", async () => {
  const err = "LICENSE is no ELF file; a scenario runs with: deno task run LICENSE";
  assertEquals(await refusal("exec", "LICENSE"), { code: 2, err });
});

Deno.test("deno task exec says that an empty file is no program", async () => {
  await withFile("empty", "", async (path) => {
    assertEquals(await refusal("exec", path), { code: 2, err: `${path} is empty, not a program` });
  });
});

Deno.test("deno task exec names the machine that a program is for", async () => {
  const err = "/bin/true is a program for x86-64; only RISC-V programs run here";
  assertEquals(await refusal("exec", "/bin/true"), { code: 2, err });
});

Deno.test("deno task exec names the load models that there are", async () => {
  const { code, err } = await refusal("exec", "--model=dos", "guests/hello/hello");
  assertEquals(code, 2);
  assertEquals(err.startsWith("there is no load model dos; there is zircon"), true);
});

Deno.test("every command prints a help with an example", async () => {
  for (const name of ["run", "exec", "test", "ok"]) {
    const { code, out } = await denoTask(name, "--help");
    assertEquals([code, out.includes("example: deno task")], [0, true], name);
  }
});

Deno.test("deno task run says who holds what, as text, for Graphviz and as a drawing", async () => {
  const file = "scripts/experiments/handle_leak.ts";
  const shown = async (flag: string) => (await denoTask("run", file, flag)).out;
  const text = await shown("--authority");
  for (const title of ["held at first:", "used:", "could be used besides:"]) {
    assertEquals(text.includes(title), true, title);
  }
  assertEquals((await shown("--graph=dot")).includes("digraph"), true);
  assertEquals((await shown("--graph=svg")).includes("</svg>"), true);
  const err = "there is no graph png; there is dot and svg";
  assertEquals(await refusal("run", file, "--graph=png"), { code: 2, err });
});

Deno.test("deno task run says that a file of trials exports no such thing", async () => {
  const file = "scripts/experiments/descriptors.ts";
  const err = `${file} exports no scenario named nope`;
  assertEquals(await refusal("run", file, "--export=nope"), { code: 2, err });
  const whole = "only a scenario knows who holds what; trials have whole machines";
  assertEquals(await refusal("run", file, "--authority"), { code: 2, err: whole });
});

Deno.test("the command that a counterexample ends with repeats it", async () => {
  for (const file of ["handle_leak", "descriptors"]) {
    const { code, out } = await denoTask("run", `scripts/experiments/${file}.ts`, "--twin");
    const [, command] = /repeat it: deno task (.*)$/m.exec(out)!;
    assertEquals(code, 1);
    const again = await denoTask(...command!.split(" "));
    const story = (text: string) => text.split("\n").filter((line) => /^ +\d+ {2}/.test(line));
    assertEquals([again.code, story(again.out)], [1, story(out)]);
  }
});
