import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { LoadAuthority } from "../../lab/load_report.ts";
import { likeness } from "../../scripts/compare/authority_table.ts";
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

Deno.test("deno task compare says what is wrong with its arguments", async () => {
  const calls = [["nope"], ["--models=unix", "hello"], ["--timeout=soon", "hello"], []];
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
