/**
 * The load report of RT-Smart, the story of a load, traces, and the command that runs programs.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { guestUrl } from "../../guests/built.ts";
import { CallTree } from "../../lab/telling/call_tree.ts";
import { loadProgram } from "../../lab/load/program.ts";
import { loadRtSmart } from "../../lab/load/rtsmart.ts";
import type { LoadReport } from "../../lab/load/report.ts";
import { CALLS } from "../../kernel/rtsmart/calls.ts";
import { Errno } from "../../kernel/rtsmart/error.ts";
import { RtSmartStrace } from "../../lab/telling/rtsmart_strace.ts";
import { libraryFiles } from "../../scripts/guest_files.ts";
import { denoTask } from "../support/command_line.ts";
import { Caller } from "../support/rtsmart_caller.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { encode, rtElf } from "../support/rtsmart_elf.ts";

const REQUEST = { args: ["hello"], libraries: {}, timeout: 1e9, clock: () => 0 };

function report(): LoadReport {
  const file = Deno.readFileSync(guestUrl("hello_rtsmart"));
  const loaded = loadRtSmart({ ...REQUEST, file });
  assertEquals(loaded.reason, "");
  assertEquals(loaded.output, "hello from hello\n");
  return loaded.report!;
}

Deno.test("under rtsmart only the kernel parses the file, and it makes every mapping", () => {
  const { parsed, mappings } = report();
  assertEquals(
    parsed.map(({ privilege, file, offset, length }) => [privilege, file, offset, length]),
    [
      ["kernel", "/bin/hello", 0, 64],
      ["kernel", "/bin/hello", 64, 168],
    ],
  );
  assertEquals(mappings.map(({ access, name, who, how }) => `${access} ${name} ${who} ${how}`), [
    "rwx /bin/hello kernel lwp_mmap2",
    "rwx /bin/hello kernel lwp_mmap2",
    "rwx [stack] kernel rt_aspace_map",
    "rwx [args] kernel lwp_args_put",
    "rwx [aux] kernel elf_aux_fill",
  ]);
});

Deno.test("under rtsmart a program begins with the console, all paths, and its argument pages", () => {
  const { authority, pagesAtEntry, start, exitCode } = report();
  const held = authority.filter(({ via }) => via === "inherited");
  assertEquals(held.map(({ what, access }) => `${what} ${access}`), [
    "descriptor 0: /dev/console rw",
    "descriptor 1: /dev/console rw",
    "descriptor 2: /dev/console rw",
  ]);
  assert(
    authority.filter(({ via }) => via === "by name").every(({ access }) => /^rw/.test(access)),
  );
  assertEquals([pagesAtEntry, start.entry, start.stack, exitCode], [
    3,
    0x2_0000_0000,
    0x4_0000_0000,
    0,
  ]);
});

Deno.test("under rtsmart the kernel parses a dynamic linker, and that parses libraries in user mode", () => {
  const file = Deno.readFileSync(guestUrl("hello_rtsmart_dynamic"));
  const { report } = loadProgram("rtsmart", {
    ...REQUEST,
    file,
    libraries: libraryFiles("rtsmart"),
  });
  const { parsed, exitCode } = report!;
  const lines = parsed.map(({ who, privilege, file }) => `${who} ${privilege} ${file}`);
  assertEquals([...new Set(lines)], [
    "kernel kernel /bin/hello",
    "kernel kernel /lib/ld-rtsmart.so.1",
    "hello user /lib/librtsmart.so",
  ]);
  assertEquals(exitCode, 0);
});

Deno.test("a file that rtsmart does not load has no report, and one that hangs the kernel says so", () => {
  const file = new TextEncoder().encode("no program");
  const refused = loadRtSmart({ ...REQUEST, file });
  assertEquals([refused.report, refused.reason], [null, "lwp_execve answers RT_ERROR"]);
  const hanging = encode(rtElf("li a7, 0\necall\n"));
  assertEquals(
    loadRtSmart({ ...REQUEST, file: hanging }).reason,
    "the kernel hangs: syscall id = 0!",
  );
  const endless = encode(rtElf("1: j 1b\n"));
  assertEquals(
    loadRtSmart({ ...REQUEST, file: endless }).reason,
    "it did not end in the time it had",
  );
});

Deno.test("the story of a load is a tree of calls", () => {
  const machine = new TestRtSmart();
  const tree = new CallTree();
  machine.listen((event) => tree.hear(event));
  machine.put("/bin/small", encode(rtElf()));
  machine.finish("/bin/small");
  const shape = tree.lines.map((line) => line.replace(/(\S) .*$/, "$1"));
  assertEquals(shape.slice(0, 12), [
    "lwp_execve",
    "  lwp_create",
    "  lwp_user_space_init",
    "    arch_user_space_init",
    "    rt_aspace_map",
    "  lwp_argscopy",
    "    lwp_args_put",
    "  lwp_load",
    "    elf_file_load",
    "      elf_load_ehdr",
    "        elf_check_ehdr",
    "      elf_load_phdr",
  ]);
  assert(tree.lines.includes("_lwp_thread_entry"));
});

Deno.test("a trace has a line for each call, with its thread where there are several", () => {
  const machine = new TestRtSmart();
  let text = "";
  machine.rtsmart.tracer = new RtSmartStrace((line) => void (text += line));
  machine.finish(machine.guest("lwp_threads"));
  const lines = text.split("\n");
  assert(/^mutex_create\("counter", 1\) += 0xffffffc000\w+$/.test(lines[0]!), lines[0]);
  assert(
    lines.some((line) =>
      /^\[pid 1 tid 2\] mutex_take\(0x\w+, RT_WAITING_FOREVER\) += 0$/.test(line)
    ),
  );
  assert(lines.some((line) => /mq_recv\(.*\) += -110 ETIMEDOUT$/.test(line)), text);
  assert(/exit_group\(0\) += \?$/.test(lines.at(-2)!));
});

Deno.test("a trace says what ended a thread, and which call there is none of", () => {
  const machine = new TestRtSmart();
  let text = "";
  machine.rtsmart.tracer = new RtSmartStrace((line) => void (text += line));
  machine.put(
    "/bin/small",
    encode(rtElf("li a7, 200\necall\nli a7, 204\necall\nlw zero, 0(zero)\n")),
  );
  machine.finish("/bin/small");
  assertEquals(text.split("\n").map((line) => line.replace(/ +/g, " ")), [
    "memfd_create() = -38 ENOSYS, which is not here: shmget and its kin do the same",
    "syscall_204(...) = -1 ENOSYS",
    "--- load page fault at 0x0, pc 0x200000010: User Fault, killing thread ---",
    "",
  ]);
});

Deno.test("calls that RT-Smart has and this kernel has not say why, and have one number each", () => {
  const rows = CALLS.filter((row) => row !== undefined);
  assertEquals(new Set(rows.map(({ name }) => name)).size, rows.length);
  const absent = rows.filter(({ absence }) => absence !== undefined).map(({ name }) => name);
  for (const name of ["poll", "select", "socket", "epoll_pwait"]) assert(absent.includes(name));
  assertEquals(absent.filter((name) => /^(sig|tkill|channel|sem_|mq_create|shm)/.test(name)), [
    "signalfd",
  ]);
  const caller = Caller.alone();
  assertEquals(caller.call("poll", 0, 0, 0), Errno.ENOSYS);
});

Deno.test("deno task exec --model=rtsmart runs a program, by either loader, and ends with its code", async () => {
  const hello = "guests/hello/hello_rtsmart";
  for (const generation of ["A", "B"]) {
    const ran = await denoTask(
      "exec",
      "--model=rtsmart",
      `--generation=${generation}`,
      hello,
      "Ada",
    );
    assertEquals(ran.code, 1);
    assertEquals(ran.out.split("\n").slice(0, 2), ["hello from hello_rtsmart", "argument 1: Ada"]);
  }
  const told = await denoTask("exec", "--model=rtsmart", "--story", "--strace", hello);
  assert(told.err.startsWith("lwp_execve  /bin/hello_rtsmart\n  lwp_create"), told.err);
  assert(told.err.includes('write(1, "hello from hello_rtsmart'), told.err);
});

Deno.test("deno task exec --model=rtsmart says in a sentence what went wrong", async () => {
  const fault = "guests/rtsmart/lwp_fault";
  const cases: readonly (readonly [string[], number, string])[] = [
    [["--generation=C", fault], 2, "there is no loader C of RT-Smart; there is A, B"],
    [[fault, "nothing"], 1, "the kernel hangs: assertion failed at function rt_sem_take"],
    [[fault, "read"], 255, ""],
    [["guests/hello/hello"], 255, ""],
  ];
  for (const [words, code, said] of cases) {
    const ran = await denoTask("exec", "--model=rtsmart", ...words);
    assertEquals(ran.code, code, ran.err);
    assert(ran.err.includes(said), ran.err);
  }
});
