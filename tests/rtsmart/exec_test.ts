/**
 * Programs that are started by RT-Smart, from the path to the last instruction, by both loaders.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { Caller } from "../support/rtsmart_caller.ts";
import { encode, rtElf } from "../support/rtsmart_elf.ts";

const GENERATIONS = ["A", "B"] as const;

for (const generation of GENERATIONS) {
  Deno.test(`loader ${generation} runs hello with its arguments and its environment`, () => {
    const machine = new TestRtSmart({ generation });
    const path = machine.guest("hello_rtsmart");
    const args = ["hello", "Ada", ""];
    const { status, output } = machine.finish({ path, args, environment: ["HOME=/", "A=b"] });
    assertEquals(
      output,
      "hello from hello\nargument 1: Ada\nargument 2: \nenvironment: HOME=/\nenvironment: A=b\n",
    );
    assertEquals(status, 2 << 8);
  });

  Deno.test(`loader ${generation} loads the smallest program`, () => {
    const machine = new TestRtSmart({ generation });
    machine.put("/bin/small", encode(rtElf()));
    assertEquals(machine.finish("/bin/small").status, 42 << 8);
  });

  Deno.test(`lwp_execve with loader ${generation} says no more than that it failed`, () => {
    const machine = new TestRtSmart({ generation });
    machine.put("/bin/text", new TextEncoder().encode("no program"));
    machine.put("/bin/data", encode(rtElf()), 0o666);
    assertEquals(machine.start({ path: "" }), Errno.EINVAL);
    assertEquals(machine.start({ path: "/bin/nothing" }), Errno.EACCES);
    assertEquals(machine.start({ path: "/bin/data" }), Errno.EACCES);
    assertEquals(machine.start({ path: "/bin/text" }), RtError.ERROR);
    assertEquals(machine.rtsmart.lwps.size, 0);
  });
}

Deno.test("of programs that could not be started, and of threads that never were, nothing stays", () => {
  const machine = new TestRtSmart();
  machine.put("/bin/text", new TextEncoder().encode("no program"));
  const { realm } = machine.kernel;
  const before = realm.census();
  const frames = realm.memory.freeFrames;
  for (let times = 0; times < 3; times++) machine.start({ path: "/bin/text" });
  assertEquals([realm.census(), realm.memory.freeFrames], [before, frames]);
  const one = new Caller(machine);
  const made = realm.census();
  const args = one.words(one.text("never"), 0x2_0000_0000, 0, 4096, 20, 10);
  const thread = one.call("thread_create", args) as number;
  one.call("thread_create", args);
  assertEquals(one.call("thread_delete", thread), 0);
  one.call("exit_group", 0);
  machine.kernel.run();
  // The caller's own file is one more memory object.
  assertEquals({ ...realm.census(), vmo: 1 }, before);
  assertEquals(made.process, 1);
});

Deno.test("the log tells the steps of the first loader under RT-Smart's own names", () => {
  const machine = new TestRtSmart({ generation: "A" }).remember();
  machine.put("/bin/small", encode(rtElf()));
  machine.finish("/bin/small");
  assertEquals(machine.steps, [
    "lwp_execve",
    "lwp_create",
    "lwp_user_space_init",
    "arch_user_space_init",
    "rt_aspace_map",
    "lwp_argscopy",
    "lwp_args_put",
    "lwp_load",
    "load_elf",
    "load_elf: program headers",
    "load_elf: aux",
    "load_elf: section headers",
    "map_range_ckeck",
    "lwp_map_user",
    "lwp_map_user",
    "load_elf: PT_LOAD",
    "load_elf: PT_LOAD",
    "load_elf: bss",
    "dfs_file_open",
    "rt_thread_startup",
    "_lwp_thread_entry",
    "arch_start_umode",
  ]);
});

Deno.test("the log tells the steps of the later loader under RT-Smart's own names", () => {
  const machine = new TestRtSmart({ generation: "B" }).remember();
  machine.put("/bin/small", encode(rtElf()));
  machine.finish("/bin/small");
  assertEquals(machine.steps, [
    "lwp_execve",
    "lwp_create",
    "lwp_user_space_init",
    "arch_user_space_init",
    "rt_aspace_map",
    "lwp_argscopy",
    "lwp_args_put",
    "lwp_load",
    "elf_file_load",
    "elf_load_ehdr",
    "elf_check_ehdr",
    "elf_load_phdr",
    "elf_load_interp",
    "elf_load_segment",
    "elf_file_mmap",
    "lwp_mmap2",
    "lwp_mmap2",
    "lwp_data_set",
    "elf_aux_fill",
    "elf_load_deinit",
    "dfs_file_open",
    "rt_thread_startup",
    "_lwp_thread_entry",
    "arch_start_umode",
  ]);
});
