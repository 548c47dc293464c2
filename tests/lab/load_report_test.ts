import { assert, assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { guestUrl } from "../../guests/built.ts";
import { FileType } from "../../loader/elf.ts";
import { loadLinux, loadZircon } from "../../lab/load/models.ts";
import { loadProgram } from "../../lab/load/program.ts";
import { bytesOf, type LoadReport } from "../../lab/load/report.ts";
import { libraryFiles } from "../../scripts/guest_files.ts";

const REQUEST = {
  args: ["hello"],
  libraries: {},
  loader: guest("userland_exec"),
  timeout: 1e9,
  clock: () => 0,
};

function guest(name: string): Uint8Array {
  return Deno.readFileSync(guestUrl(name));
}

function zircon(): LoadReport {
  return loadProgram("zircon", { ...REQUEST, file: guest("hello") }).report!;
}

function linux(): LoadReport {
  return loadProgram("linux", { ...REQUEST, file: guest("hello_linux") }).report!;
}

function userland(): LoadReport {
  return loadProgram("userland-exec", { ...REQUEST, file: guest("hello_linux") }).report!;
}

Deno.test("under zircon only processes parse the file, and the kernel reads none of its bytes", () => {
  const { parsed } = zircon();
  assertEquals(
    new Set(parsed.map(({ who, privilege }) => `${who} ${privilege}`)),
    new Set(["launcher user"]),
  );
  assert(parsed.some(({ offset, length }) => offset === 0 && length === 64));
});

Deno.test("under linux only the kernel parses the file", () => {
  const { parsed } = linux();
  assertEquals(parsed.map(({ privilege }) => privilege), ["kernel", "kernel"]);
  assertEquals(parsed[0]!.file, "/tmp/hello");
  assertEquals(parsed[1]!.offset, 64);
});

Deno.test("under zircon every mapping is made by the launcher's zx_vmar_map", () => {
  const { mappings } = zircon();
  assertEquals(
    mappings.map(({ name, access, backing, length }) => `${access} ${name} ${backing} ${length}`),
    [
      "r-- hello file 4096",
      "r-x hello file 8192",
      "rw- data:hello private copy 4096",
      "rw- bss:hello zeros 8192",
      "r-- vdso/stable file 24576",
      "r-x vdso/stable file 4096",
      "rw- stack: default zeros 262144",
    ],
  );
  for (const { who, how } of mappings) assertEquals(`${who} ${how}`, "launcher zx_vmar_map");
});

Deno.test("under linux every mapping is made by a step of execve", () => {
  const { mappings } = linux();
  assertEquals(mappings.map(({ access, name, how }) => `${access} ${name} ${how}`), [
    "r-- /tmp/hello elf_map",
    "r-x /tmp/hello elf_map",
    "rw- /tmp/hello elf_map",
    "rw- zeros set_brk",
    "r-- [vvar] arch_setup_additional_pages",
    "r-x [vdso] arch_setup_additional_pages",
    "rw- [stack] setup_arg_pages",
  ]);
  for (const { who } of mappings) assertEquals(who, "kernel");
});

Deno.test("under userland exec the program's mappings are its loader's copies, and one page stays", () => {
  const { mappings } = userland();
  assertEquals(
    mappings.map(({ access, name, who, how, backing }) =>
      `${access} ${name} ${who} ${how} ${backing}`
    ),
    [
      "r-- /tmp/hello userland_exec mmap private copy",
      "r-x /tmp/hello userland_exec mmap private copy",
      "rw- /tmp/hello userland_exec mmap private copy",
      "rw- zeros userland_exec mmap zeros",
      "r-x /bin/userland_exec kernel elf_map file",
      "r-- [vvar] kernel arch_setup_additional_pages file",
      "r-x [vdso] kernel arch_setup_additional_pages file",
      "rw- [stack] kernel setup_arg_pages zeros",
    ],
  );
});

Deno.test("under userland exec the steps are the loader's own, and the kernel parses nothing", () => {
  const { parsed, steps, copied, entries } = userland();
  assertEquals(parsed.map(({ who, privilege }) => `${who} ${privilege}`), [
    "userland_exec user",
    "userland_exec user",
  ]);
  assertEquals(
    steps.filter(({ detail, what }) => detail !== "" && what !== "openat").map((one) => one.what),
    [
      "save_arguments",
      "read_program",
      "clean_memory",
      "load_program",
      "build_stack",
      "transfer",
    ],
  );
  assert(
    copied.some(({ what, bytes }) =>
      what === "the file, into the program's memory" && bytes > 2000
    ),
  );
  assert(!entries.some(({ name }) => name === "execve"));
});

Deno.test("a program begins with no page under zircon, and with its stack's under linux", () => {
  const [one, other] = [zircon(), linux()];
  assertEquals(one.pagesAtEntry, 0);
  assert(other.pagesAtEntry > 0);
  assert(one.pagesAtExit > one.pagesAtEntry && other.pagesAtExit > other.pagesAtEntry);
  const stack = other.mappings.find(({ name }) => name === "[stack]")!;
  assertEquals(stack.pages, 1);
});

Deno.test("instructions before main are counted by a copy of the program that stops there", () => {
  for (const report of [zircon(), linux(), userland()]) {
    assert(report.instructionsToMain! > 0 && report.instructionsToMain! < report.instructions);
  }
  // The same start-up code is as long whoever loaded it.
  assertEquals(linux().instructionsToMain, userland().instructionsToMain);
  assertEquals(linux().instructions, userland().instructions);
  assertEquals(zircon().callsBeforeMain!.map(({ name }) => name), [
    "zx_channel_read_etc",
    "zx_handle_close",
  ]);
  assertEquals(linux().callsBeforeMain, []);
});

Deno.test("the dynamic linker parses libraries after the first instruction, in user mode", () => {
  const file = guest("hello_linux_dynamic");
  const { report } = loadProgram("linux", { ...REQUEST, file, libraries: libraryFiles("linux") });
  const lines = report!.parsed.map(({ who, privilege, file }) => `${who} ${privilege} ${file}`);
  assertEquals([...new Set(lines)], [
    "kernel kernel /tmp/hello",
    "kernel kernel /lib/ld-liblinux.so.1",
    "hello user /lib/liblinux.so",
  ]);
});

Deno.test("the authority at the first instruction is handles under zircon, descriptors and paths under linux", () => {
  const handles = zircon().authority;
  assertEquals(handles.map(({ what }) => what.split(" ")[0]), [
    "channel",
    "process",
    "thread",
    "vmar",
    "socket",
    "vmar",
    "vmo",
    "vmo",
  ]);
  assert(handles.some(({ via }) => via === "bootstrap message: PA_PROC_SELF"), handles[1]!.via);
  const reach = linux().authority;
  assertEquals(reach.filter(({ via }) => via === "inherited").length, 3);
  assert(reach.some(({ what, access }) => what === "path /" && access === "rwx"));
});

Deno.test("the report counts the launcher's calls, the copied bytes and the faults", () => {
  const { entries, copied, faults, exitCode } = zircon();
  assertEquals(entries.find(({ name }) => name === "zx_vmar_map"), {
    who: "launcher",
    name: "zx_vmar_map",
    count: 7,
  });
  assert(bytesOf(copied) > 11_000);
  assert(faults.some(({ kind }) => kind === "execute, file"));
  assertEquals(exitCode, 0);
});

Deno.test("a file that is no program has no report, and the model says why", () => {
  const file = new TextEncoder().encode("\x7fELF, or not");
  const refused = [loadZircon({ ...REQUEST, file }), loadLinux({ ...REQUEST, file })];
  for (const { report, reason } of refused) {
    assertEquals(report, null);
    assert(reason !== "");
  }
  assertEquals(refused[1]!.reason, "execve answers ENOEXEC");
});

Deno.test("the report says for each part of the file what happens where it is malformed", () => {
  const reports = [zircon(), linux(), userland()];
  for (const { malformed } of reports) {
    const parts = new Set(malformed.map(({ part }) => part));
    assertEquals([...parts].sort(), [
      "header",
      "interpreter",
      "length",
      "program headers",
      "sections",
      "segments",
    ]);
  }
  const paid = reports.map(({ malformed }) => malformed.find(({ name }) => name === "bad magic")!);
  assertEquals(paid.map((one) => `${one.outcome} ${one.paid}`), [
    "refused launcher",
    "refused kernel",
    "refused caller",
  ]);
});

Deno.test("instructions are counted over many turns, and not while the program waits", () => {
  const LOOPS = 12_000_000;
  const count = `li t0, ${LOOPS}\nagain: addi t0, t0, -1\nbnez t0, again\n`;
  const wait = "li a7, 101\nla a0, time\nli a1, 0\necall\n";
  const end = "li a0, 0\nli a7, 94\necall\n.data\ntime: .quad 1, 0\n";
  const file = assemble(`_start:\n${count}${wait}${count.replaceAll("again", "more")}${end}`, {
    type: FileType.EXEC,
  });
  const { report } = loadLinux({ ...REQUEST, file, timeout: 5e9 });
  const made = report!.instructions - 4 * LOOPS;
  assert(made > 0 && made < 100, `${made} besides the loops`);
});
