/**
 * The questions that people ask about loading, and the facts in their answers.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { beforeMain } from "../../scripts/questions/before_main.ts";
import { entries } from "../../scripts/questions/entry_point.ts";
import { firstFaults } from "../../scripts/questions/first_fault.ts";
import { mappingsByStep } from "../../scripts/questions/mappings_by_step.ts";
import { settings } from "../../scripts/questions/registers_and_stack.ts";
import { sharedPages } from "../../scripts/questions/shared_page.ts";
import { stacksAtEntry } from "../../scripts/questions/stack_at_entry.ts";
import { staticVariables } from "../../scripts/questions/static_variables.ts";
import { denoTask } from "../support/command_line.ts";

type Titled = { readonly title: string };

function of<T extends Titled>(all: readonly T[], title: string): T {
  const found = all.find((one) => one.title === title);
  assert(found, `${title} answers`);
  return found;
}

Deno.test("the entry of a static program is its e_entry, with what it was moved by", () => {
  const all = entries();
  const zircon = of(all, "zircon");
  assert(zircon.bias > 0 && zircon.entry === zircon.bias + zircon.programEntry);
  for (const title of ["linux", "rtsmart", "rtsmart-a", "userland-exec"]) {
    const { entry, programEntry, bias } = of(all, title);
    assertEquals({ entry, bias }, { entry: programEntry, bias: 0 });
  }
  assertEquals(all.filter(({ title }) => !title.includes("dynamic")).map(({ by }) => by), [
    "launcher: zx_process_start",
    "kernel: start_thread",
    "kernel: arch_start_umode",
    "kernel: arch_start_umode",
    "userland_exec: transfer",
  ]);
});

Deno.test("the entry of a dynamic program is its dynamic linker's, and its own is for later", () => {
  for (const title of ["zircon, dynamic", "linux, dynamic", "userland-exec, dynamic"]) {
    const { isProgram, image, entry, bias } = of(entries(), title);
    assertEquals(isProgram, false);
    assertStringIncludes(image, "so.1");
    assert(entry > bias);
  }
  // RT-Smart's linker is linked to the address where it goes; the first loader has one name for it.
  for (const [model, name] of [["rtsmart", "/lib/ld-rtsmart.so.1"], ["rtsmart-a", "/lib/ld.so"]]) {
    const { isProgram, image, entry, programEntry } = of(entries(), `${model}, dynamic`);
    assertEquals({ isProgram, image }, { isProgram: false, image: name });
    assert(entry !== programEntry);
  }
});

Deno.test("registers at the entry: the channel and the vDSO under zircon, nothing but sp under linux", () => {
  const all = settings();
  const names = (title: string) => of(all, title).registers.map(({ name }) => name);
  assertEquals(names("zircon"), ["sp", "a0", "a1"]);
  assertStringIncludes(of(all, "zircon").registers[1]!.meaning, "channel");
  assertStringIncludes(of(all, "zircon").registers[2]!.meaning, "vdso");
  assertEquals(names("linux"), ["sp"]);
  assertEquals(of(all, "zircon").onStack, 0);
  assert(of(all, "linux").onStack > 500);
});

Deno.test("RT-Smart leaves the address of a kernel's stack in a register of the program", () => {
  for (const model of ["rtsmart", "rtsmart-a"]) {
    const { registers } = of(settings(), model);
    assertEquals(registers.map(({ name }) => name), ["sp", "a0", "a1", "a2", "a3"]);
    assertEquals(registers.at(-1)!.meaning, "an address of the kernel");
  }
});

Deno.test("the entry is never main, and start-up code is longer where a dynamic linker comes first", () => {
  const all = beforeMain();
  for (const { main, entry, instructions, all: total } of all) {
    assert(main !== entry && instructions > 0 && instructions < total);
  }
  for (const model of ["zircon", "linux", "rtsmart", "rtsmart-a", "userland-exec"]) {
    const [short, long] = [of(all, model), of(all, `${model}, dynamic`)];
    assert(long.instructions > short.instructions && long.startsInLinker && !short.startsInLinker);
  }
  assertEquals(of(all, "linux").calls, []);
  assert(of(all, "linux, dynamic").calls.includes("1 × openat"));
});

Deno.test("static variables come from the file, and zeros from the kernel, the launcher or fresh memory", () => {
  const all = staticVariables();
  const zircon = of(all, "zircon");
  assertEquals([zircon.data?.backing, zircon.zeros?.backing], ["private copy", "zeros"]);
  assertStringIncludes(zircon.tail, "launcher: zx_vmo_op_range");
  assertEquals(zircon.pagesAtEntry, 0);
  const linux = of(all, "linux");
  assertEquals(linux.data?.how, "elf_map");
  assertStringIncludes(linux.tail, "kernel: padzero");
  // Zeros behind the data are written, so that page is there before the program is.
  assertEquals(linux.pagesAtEntry, 1);
  assertEquals(of(all, "rtsmart").zeros?.how ?? of(all, "rtsmart").data?.how, "lwp_mmap2");
  const first = of(all, "rtsmart-a");
  assertEquals([first.zeros?.how, first.zeros?.backing], ["lwp_map_user", "zeros"]);
  assertEquals([of(all, "rtsmart").pagesAtEntry, first.pagesAtEntry], [1, 1]);
  assertEquals(of(all, "userland-exec").tail, "fresh memory is zeros already");
});

Deno.test("one page of the file is seen at several addresses, the ELF header's first of all", () => {
  const all = sharedPages();
  for (const title of ["linux", "userland-exec"]) {
    const { page, segments, places, header, toldHeaders } = of(all, title);
    assertEquals({ page, places }, { page: 0, places: ["10000 r--", "11000 r-x", "12000 rw-"] });
    assert(segments.length === 3 && header === 0x10000 && toldHeaders === header + 64);
  }
  assertEquals(of(all, "zircon").places.length, 2);
  assertEquals(of(all, "rtsmart").segments.length, 1);
  assertEquals(of(all, "rtsmart").header, undefined);
  // The first loader copies the program headers to a page of their own; the later one only says
  // where they would be.
  assertEquals(of(all, "rtsmart-a").copiedBy, "kernel: load_elf: aux");
  assertEquals(of(all, "rtsmart").copiedBy, "");
  // A page that segments share is mapped twice by the later loader; the first one takes it for a failure.
  const [first, later] = [of(all, "rtsmart-a").tried!, of(all, "rtsmart").tried!];
  assertEquals([first.shared.exitCode, first.apart.exitCode], [undefined, 42]);
  assertEquals(first.shared.reason, "lwp_execve answers RT_ERROR");
  assertEquals([later.shared.exitCode, later.apart.exitCode], [42, 42]);
  assertEquals(later.shared.places.map(({ backing }) => backing), ["private copy", "private copy"]);
});

Deno.test("the first instruction's fault shows the file's own page, or a copy where it was copied", () => {
  const all = firstFaults();
  assertEquals(of(all, "zircon").fetch?.backing, "file");
  assertEquals(of(all, "linux").fetch?.backing, "file");
  assertEquals(of(all, "userland-exec").fetch?.backing, "private copy");
  assertEquals(of(all, "rtsmart").fetch?.backing, "private copy");
  for (const { title, fetch } of all) {
    // The first loader of RT-Smart has copied all of it before.
    if (title.startsWith("rtsmart-a")) assertEquals(fetch, null);
    else assert(fetch && fetch.result === "OK" && fetch.shown >= 1);
  }
});

Deno.test("the stack of prog 123 has argc, argv, envp, the vector and the strings, in this order", () => {
  const { pieces, pointer } = of(stacksAtEntry(), "linux");
  assertEquals(pieces[0], { address: pointer, value: "2", meaning: "argc" });
  const meanings = pieces.map(({ meaning }) => meaning);
  assertEquals(meanings.slice(1, 7), [
    "argv[0]",
    "argv[1]",
    "the end of argv",
    "envp[0]",
    "envp[1]",
    "the end of envp",
  ]);
  assertEquals(pieces.slice(-5).map(({ value }) => value), [
    '"prog"',
    '"123"',
    '"HOME=/home/user"',
    '"PATH=/usr/bin"',
    '"/tmp/prog"',
  ]);
  for (const { address, meaning } of pieces.slice(-5, -1)) {
    const pointed = pieces.find((one) => one.meaning === meaning && one.address < address);
    assertEquals(pointed?.value, address.toString(16));
  }
});

Deno.test("under zircon nothing lies on the stack, and the words are in a message", () => {
  const { pieces, message } = of(stacksAtEntry(), "zircon");
  assertEquals(pieces, []);
  assertEquals(message, { args: ["prog", "123"], environ: ["HOME=/home/user", "PATH=/usr/bin"] });
});

Deno.test("RT-Smart's first loader tells of the program headers' copy, and the later one names more", () => {
  const keys = (model: string) =>
    of(stacksAtEntry(), model).pieces.map(({ meaning }) => meaning)
      .filter((one) => /^AT_/.test(one));
  assertEquals(keys("rtsmart-a"), [
    "AT_EXECFN",
    "AT_PAGESZ",
    "AT_RANDOM",
    "AT_PHDR",
    "AT_PHNUM",
    "AT_PHENT",
    "AT_NULL",
  ]);
  assert(keys("rtsmart").includes("AT_ENTRY") && !keys("rtsmart").includes("AT_EXECFN"));
});

Deno.test("RT-Smart's loaders make their mappings by other steps: one copies, one maps the file", () => {
  const steps = (model: string) =>
    mappingsByStep().get(model)!.filter(({ changes }) => changes).map(({ step }) => step);
  assertEquals(steps("rtsmart-a").filter((step) => step === "lwp_map_user").length, 2);
  assertEquals(steps("rtsmart").filter((step) => step === "lwp_mmap2").length, 2);
});

Deno.test("RT-Smart's argument page has the strings behind a vector of a fixed size", () => {
  const { pieces } = of(stacksAtEntry(), "rtsmart");
  assertEquals(pieces.slice(-4).map(({ value }) => value), [
    '"prog"',
    '"123"',
    '"HOME=/home/user"',
    '"PATH=/usr/bin"',
  ]);
  const vector = pieces.find(({ meaning }) => meaning === "AT_PAGESZ")!;
  assertEquals(pieces.at(-4)!.address - vector.address, 64 * 8 + 8);
});

Deno.test("each step of load_elf_binary adds its mappings, and no other", () => {
  const steps = mappingsByStep().get("linux")!;
  const after = (name: string, nth = 0) =>
    steps.filter(({ step }) => step === name)[nth]!.mappings.map((line) => line.slice(-16).trim());
  const count = (name: string, nth = 0) => after(name, nth).length;
  assertEquals(steps.find(({ step }) => step === "do_execveat_common")!.mappings, []);
  assertEquals(steps.find(({ step }) => step === "bprm_mm_init")!.mappings, [
    "3ffffff000-4000000000 rw- [stack]",
  ]);
  assertEquals(steps.find(({ step }) => step === "setup_arg_pages")!.mappings, [
    "3ffffdf000-4000000000 rw- [stack]",
  ]);
  assertEquals([0, 1, 2].map((nth) => count("elf_map", nth)), [2, 3, 4]);
  assertEquals(count("set_brk"), 5);
  assertEquals(count("arch_setup_additional_pages"), 7);
  assertEquals(steps.at(-1)!.mappings.length, 7);
});

Deno.test("every question is a file that deno task run runs", async () => {
  const names = [...Deno.readDirSync("scripts/questions")].map(({ name }) => name)
    .filter((name) => !["witness.ts", "stack_image.ts", "shared_file.ts"].includes(name));
  assertEquals(names.length, 8);
  const ran = await Promise.all(
    names.map((name) => denoTask("run", `scripts/questions/${name}`)),
  );
  for (const { code, out, err } of ran) {
    assertEquals({ code, err }, { code: 0, err: "" });
    assert(/^[A-Z].*\?/.test(out) && out.includes("linux"));
  }
});

Deno.test("questions are about the project's own program, whatever is called hello elsewhere", async () => {
  const cwd = Deno.makeTempDirSync({ dir: "/tmp" });
  try {
    Deno.writeTextFileSync(`${cwd}/hello`, "no program");
    const here = (path: string) => fromFileUrl(new URL(`../../${path}`, import.meta.url));
    const { code, stdout } = await new Deno.Command("deno", {
      args: [
        "run",
        "--allow-read",
        `--config=${here("deno.json")}`,
        here("scripts/run.ts"),
        here("scripts/questions/first_fault.ts"),
      ],
      cwd,
    }).output();
    assertEquals(code, 0);
    assertStringIncludes(new TextDecoder().decode(stdout), "linux:");
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
});
