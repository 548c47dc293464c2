/**
 * Programs that are executed by Linux, from the path to the last instruction.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { Resource } from "../../kernel/linux/abi/process.ts";
import { knownStrings } from "../../kernel/linux/bprm.ts";
import { doExecveatCommon } from "../../kernel/linux/exec.ts";
import { createPipe } from "../../kernel/linux/fs/pipe.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";
import { encode, other, tinyElf } from "../support/tiny_elf.ts";

const HELLO = assemble(
  `
  _start: li   a7, 64
          li   a0, 1
          la   a1, text
          li   a2, 6
          ecall
          li   a7, 94
          li   a0, 7
          ecall
          .rodata
  text:   .ascii "hello\\n"
`,
  { type: FileType.EXEC },
);

Deno.test("execve runs a static program that writes and ends with a code", () => {
  const machine = new TestLinux();
  machine.put("/hello", HELLO);
  const { status, output } = machine.finish("/hello");
  assertEquals(output, "hello\n");
  assertEquals(status, 7 << 8);
});

Deno.test("the log tells the steps of execve under Linux's own names, in its order", () => {
  const machine = new TestLinux();
  machine.remember();
  machine.put("/hello", HELLO);
  machine.finish("/hello");
  assertEquals(machine.steps, [
    "do_execveat_common",
    "bprm_mm_init",
    "copy_strings",
    "bprm_execve",
    "exec_binprm",
    "search_binary_handler",
    "load_misc_binary",
    "load_script_binary",
    "load_elf_binary",
    "load_elf_phdrs",
    "begin_new_exec",
    "exec_mmap",
    "flush_signal_handlers",
    "commit_creds",
    "setup_new_exec",
    "setup_arg_pages",
    "elf_map",
    "elf_map",
    "arch_setup_additional_pages",
    "create_elf_tables",
    "start_thread",
  ]);
});

Deno.test("a program with a linker, in place of one with descriptors to close: the steps between", () => {
  const machine = new TestLinux();
  const elf = tinyElf(3);
  elf.segments.push(other(3, { offset: 0x2000n, filesz: 8n }));
  elf.strings[0x2000] = "/linker\0";
  machine.put("/dynamic", encode(elf));
  machine.put("/linker", encode(tinyElf(3)));
  const group = machine.start({ path: "/dynamic" });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  const task = group.leader!;
  task.addFile(createPipe(machine.linux.pipeFs, 0)[0], true);
  machine.remember();
  const status = doExecveatCommon(task, {
    path: "/dynamic",
    start: machine.linux.root,
    args: knownStrings(["dynamic"]),
    environment: knownStrings([]),
  });
  assertEquals(status, 0);
  const { steps } = machine;
  const order = [
    "load_elf_phdrs",
    "open_exec",
    "begin_new_exec",
    "do_close_on_exec",
    "exec_mmap",
    "setup_arg_pages",
    "load_elf_interp",
    "create_elf_tables",
    "start_thread",
  ];
  assertEquals(steps.filter((step) => order.includes(step)), order);
});

for (const limit of [0, 4095, 4096]) {
  Deno.test(`a program whose stack may have ${limit} bytes runs on the page of its strings`, () => {
    const machine = new TestLinux();
    machine.put("/program", encode(tinyElf(2)));
    const group = machine.start({ path: "/program" });
    if (typeof group === "number") throw new Error(`execve answers ${group}`);
    group.limits.set(Resource.STACK, limit, Infinity);
    const status = doExecveatCommon(group.leader!, {
      path: "/program",
      start: machine.linux.root,
      args: knownStrings([]),
      environment: knownStrings([]),
    });
    assertEquals(status, 0);
    assertEquals(machine.wait(group).status, 42 << 8);
  });
}
