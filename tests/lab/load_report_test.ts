import { assert, assertEquals } from "@std/assert";
import { guestUrl } from "../../guests/built.ts";
import { linuxHello } from "../../guests/linux_hello.ts";
import { loadLinux, loadZircon } from "../../lab/load_models.ts";
import { bytesOf, type LoadReport } from "../../lab/load_report.ts";

const REQUEST = { args: ["hello"], libraries: {}, timeout: 1e9, clock: () => 0 };

function zircon(): LoadReport {
  return loadZircon({ ...REQUEST, file: Deno.readFileSync(guestUrl("hello")) }).report!;
}

function linux(): LoadReport {
  return loadLinux({ ...REQUEST, file: linuxHello() }).report!;
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
    "r-x /tmp/hello elf_map",
    "r-- /tmp/hello elf_map",
    "r-- [vvar] arch_setup_additional_pages",
    "r-x [vdso] arch_setup_additional_pages",
    "rw- [stack] setup_arg_pages",
  ]);
});

Deno.test("a program begins with no page under zircon, and with its stack's under linux", () => {
  const [one, other] = [zircon(), linux()];
  assertEquals(one.pagesAtEntry, 0);
  assert(other.pagesAtEntry > 0);
  assert(one.pagesAtExit > one.pagesAtEntry && other.pagesAtExit > other.pagesAtEntry);
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
