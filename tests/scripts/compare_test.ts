import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { LoadAuthority } from "../../lab/load/report.ts";
import { assemble } from "../../guests/assembler.ts";
import { loadProgram } from "../../lab/load/program.ts";
import { FileType } from "../../loader/elf.ts";
import { likeness } from "../../scripts/compare/authority_table.ts";
import type { Column } from "../../scripts/compare/column.ts";
import { COLOURED, PLAIN } from "../../scripts/compare/ink.ts";
import { tableLines } from "../../scripts/compare/table.ts";
import { type Twin, Twins, userlandExec } from "../../scripts/compare/twins.ts";
import { denoTask } from "../support/command_line.ts";

Deno.test("deno task compare puts the models side by side", async () => {
  const { code, out, err } = await denoTask("compare", "hello");
  assertEquals({ code, err }, { code: 0, err: "" });
  for (const word of ["ZIRCON", "LINUX", "launcher (user)", "kernel (kernel)", "PA_PROC_SELF"]) {
    assertStringIncludes(out, word);
  }
});

Deno.test("deno task compare says in the column why a model cannot run a program", async () => {
  const { code, out } = await denoTask("compare", "spawner");
  assertStringIncludes(out, "spawner was not made for");
  assertEquals(code, 0);
});

Deno.test("deno task compare ends with 1 if nothing could be shown", async () => {
  const { code, out } = await denoTask("compare", "LICENSE");
  assertStringIncludes(out, "ENOEXEC");
  assertEquals(code, 1);
});

Deno.test("deno task compare --json prints the reports", async () => {
  const { out } = await denoTask("compare", "--json", "--models=linux", "hello");
  const { columns } = JSON.parse(out);
  assertEquals(columns.length, 1);
  assert(columns[0].report.mappings.length > 0);
});

Deno.test("flags stand before or behind the program and its words, and behind -- there are none", async () => {
  const flags = ["--models", "linux", "--json"];
  const calls = [
    [...flags, "hello", "Ada"],
    ["hello", "Ada", ...flags],
    ["hello", ...flags, "--", "--html=x"],
  ];
  const told = await Promise.all(calls.map((words) => denoTask("compare", ...words)));
  const said = told.map(({ out }) => String(JSON.parse(out).columns[0].output));
  for (const [at, word] of ["Ada", "Ada", "--html=x"].entries()) {
    assertStringIncludes(said[at]!, `argument 1: ${word}`);
  }
});

Deno.test("deno task compare says what is wrong with its arguments", async () => {
  const calls = [
    ["nope"],
    ["--models=unix", "hello"],
    ["--timeout=soon", "hello"],
    ["--root=nowhere", "hello"],
    [],
  ];
  const said = await Promise.all(calls.map((words) => denoTask("compare", ...words)));
  for (const { code, out, err } of said) {
    assertEquals({ code, out, lines: err.trim().split("\n").length }, {
      code: 2,
      out: "",
      lines: 1,
    });
  }
});

Deno.test("deno task compare --html writes a page that needs nothing from elsewhere", async () => {
  const { code } = await denoTask("compare", "--html=out/compare_test.html", "hello");
  const page = await Deno.readTextFile("out/compare_test.html");
  assertEquals(code, 0);
  assert(page.length < 1 << 20);
  assert(!/https?:|<script|@import|url\(/.test(page));
  for (const word of ["Address space", "bss:hello", "setup_arg_pages", "PA_VMAR_ROOT", "◆"]) {
    assertStringIncludes(page, word);
  }
});

Deno.test("deno task compare still shows the table where the page cannot be written", async () => {
  const { code, out, err } = await denoTask("compare", "--html=out/no/such/page.html", "hello");
  assertStringIncludes(out, "ZIRCON");
  assertEquals(code, 0);
  assertStringIncludes(err, "cannot be written to out/no/such/page.html");
});

Deno.test("authority is the same, weaker, stronger, or a model's alone", () => {
  const path = (access: string): LoadAuthority => ({
    topic: "files",
    what: "path /tmp",
    access,
    via: "by name",
    handle: 0,
  });
  const handle: LoadAuthority = { ...path("BASIC|IO"), what: "vmar", via: "PA_VMAR_ROOT" };
  assertEquals(likeness(path("r-x"), [path("r-x")]), "same");
  assertEquals(likeness(path("r--"), [path("rwx")]), "weaker");
  assertEquals(likeness(path("rwx"), [path("r--")]), "stronger");
  assertEquals(likeness(path("r--"), [handle]), "only");
  assertEquals(likeness(handle, [{ ...handle, access: "BASIC|IO|MAP" }]), "weaker");
});

/** Two columns of a real run. */
const COLUMNS: Column[] = (["zircon", "linux"] as const).map((model) => {
  const twin = new Twins({ name: "hello", dynamic: false }).for(model) as Twin;
  const request = {
    ...twin,
    args: ["hello"],
    loader: userlandExec(),
    timeout: 1e9,
    clock: () => 0,
  };
  return { model, sizes: {}, ...loadProgram(model, request) };
});

Deno.test("the table is no wider than the terminal, and marks nothing where nobody wants it", () => {
  for (const width of [80, 100, 120, 200]) {
    const lines = tableLines("hello", COLUMNS, { width, ink: PLAIN });
    assertEquals(lines.filter((line) => line.length > width), []);
    assert(!lines.join("").includes("\x1b"));
  }
  const marked = tableLines("hello", COLUMNS, { width: 80, ink: COLOURED }).join("\n");
  assertStringIncludes(marked, "\x1b[7mK\x1b[0m kernel".replace("kernel", "\x1b[1mkernel"));
});

Deno.test("a program that never ends is shown as far as it came, and the cell says so", async () => {
  const path = Deno.makeTempFileSync();
  Deno.writeFileSync(path, assemble("_start: j _start", { type: FileType.EXEC }));
  const { code, out } = await denoTask("compare", "--timeout=0.001", "--models=zircon,linux", path);
  Deno.removeSync(path);
  assertEquals(code, 0);
  assertStringIncludes(out, "! it did not end in the time it had");
  assertStringIncludes(out, "! e_type is 2 (ET_EXEC)");
});

Deno.test("deno task compare shows either loader of RT-Smart, or both", async () => {
  const words = ["--models=rtsmart", "hello"];
  const [first, later, both] = await Promise.all(
    ["A", "B", "both"].map((one) => denoTask("compare", `--generation=${one}`, ...words)),
  );
  assertStringIncludes(first!.out, "map_range_ckeck");
  assert(!later!.out.includes("map_range_ckeck"));
  assertStringIncludes(later!.out, "elf_load_segment");
  for (const name of ["RTSMART-A", "map_range_ckeck", "elf_load_segment"]) {
    assertStringIncludes(both!.out, name);
  }
  const wrong = await denoTask("compare", "--generation=C", ...words);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, "there is A, B, both");
});

Deno.test("a path to one twin stands for the program in every model", async () => {
  const { out } = await denoTask("compare", "--models=zircon,rtsmart", "guests/hello/hello_linux");
  assertEquals(out.split("\n").filter((line) => line.startsWith("> hello from")).length, 2);
});

Deno.test("a program for one ABI only has a column that says so, and the others are shown", async () => {
  const { code, out } = await denoTask("compare", "exec_probe");
  assertEquals(code, 0);
  for (const words of ["! exec_probe was not made for zircon", "> argv: exec_probe"]) {
    assertStringIncludes(out, words);
  }
});

Deno.test("deno task compare --dynamic takes the twins that dynamic linkers prepare", async () => {
  const { out } = await denoTask("compare", "--dynamic", "hello");
  for (const words of ["ld.so.1: 0+64", "/lib/ld-liblinux.so.1: 0+64"]) {
    assertStringIncludes(out, words);
  }
  const other = await denoTask("compare", "--dynamic", "--models=linux", "exec_probe");
  assertStringIncludes(other.out, "exec_probe was not made for linux as a dynamic program");
});
