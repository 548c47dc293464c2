/**
 * Userland exec: a program in C that loads another one over itself, and what that cannot do.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { guestUrl } from "../../guests/built.ts";
import { withField } from "../../guests/elf_field.ts";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { differences } from "../../scripts/experiments/userland_exec.ts";
import { libraryFiles } from "../../scripts/guest_files.ts";

const HELLO = guest("hello_linux");

function guest(name: string): Uint8Array {
  return Deno.readFileSync(guestUrl(name));
}

/** What the program at /bin/hello prints, and its status, where userland_exec loads it. */
function load(file: Uint8Array, words: readonly string[] = [], environment: string[] = []) {
  let output = "";
  const decoder = new TextDecoder();
  const machine = new LinuxMachine({ stdout: (bytes) => void (output += decoder.decode(bytes)) });
  for (const [name, bytes] of Object.entries(libraryFiles("linux"))) machine.put(`/${name}`, bytes);
  machine.put("/bin/loader", guest("userland_exec"));
  machine.put("/bin/hello", file);
  const steps: string[] = [];
  machine.listen((event) => {
    if (event.kind === "load" && event.who !== "kernel") steps.push(event.step);
  });
  const args = ["/bin/loader", "/bin/hello", ...words];
  const group = machine.start({ path: "/bin/loader", args, environment });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  machine.run(group, 1e9);
  return { output, status: group.exitStatus, steps };
}

Deno.test("userland exec runs a static program with its own arguments and environment", () => {
  const { output, status } = load(HELLO, ["one", "two"], ["HOME=/", "PATH=/bin"]);
  assertEquals(output.split("\n"), [
    "hello from /bin/hello",
    "argument 1: one",
    "argument 2: two",
    "environment: HOME=/",
    "environment: PATH=/bin",
    "",
  ]);
  assertEquals(status, 2 << 8);
});

Deno.test("userland exec runs a dynamic program over the interpreter that it names", () => {
  const { output, steps } = load(guest("hello_linux_dynamic"), ["one"]);
  assertEquals(output, "hello from /bin/hello\nargument 1: one\n");
  assert(steps.includes("load_interpreter"));
});

Deno.test("userland exec tells its steps in the kernel's log", () => {
  assertEquals(load(HELLO).steps, [
    "save_arguments",
    "read_program",
    "clean_memory",
    "load_program",
    "build_stack",
    "transfer",
  ]);
});

Deno.test("until it has cleaned the memory, userland exec says what is wrong with a file", () => {
  const bad: readonly (readonly [field: string, value: number, words: string])[] = [
    ["e_machine", 62, "for another machine"],
    ["e_type", 1, "no program"],
    ["e_phentsize", 32, "program headers of another size"],
    ["e_phoff", 1 << 20, "not in the file"],
  ];
  for (const [field, value, words] of bad) {
    const { output, status, steps } = load(withField(HELLO, field, value));
    assertStringIncludes(output, words);
    assertEquals({ status, steps }, { status: 127 << 8, steps: ["save_arguments"] });
  }
});

Deno.test("behind its point of no return nobody is left to be told what is wrong", () => {
  const { status, steps } = load(withField(HELLO, "e_entry", 0x50000));
  assertEquals(status & 0x7f, 11);
  assertEquals(steps.at(-1), "transfer");
});

Deno.test("userland exec cannot change what the kernel knows of a process", () => {
  const found = Object.fromEntries(
    differences().map(({ about, execve, userland }) => [about, [execve, userland]]),
  );
  assertEquals(found.comm, ["exec_probe", "userland_exec"]);
  assertEquals(found.exe, ["/bin/exec_probe", "/bin/userland_exec"]);
  assertEquals(found["close-on-exec descriptor"], ["closed", "open"]);
  assertEquals(found["signal handler"], ["default", "still set"]);
  assertEquals(found["signal stack"], ["none", "still set"]);
  assertEquals(found.heap, ["behind the program", "elsewhere"]);
  assertEquals(found["effective user"], ["0, AT_SECURE 1", "1000, AT_SECURE 0"]);
  assertEquals(found["vDSO and stack"], ["placed anew", "reused"]);
  assert(found.cmdline![0] === "/bin/exec_probe" && found.cmdline![1] !== "/bin/exec_probe");
});

Deno.test("userland exec runs a file that execve refuses because its x bit is not set", () => {
  const last = differences().at(-1)!;
  assertEquals([last.execve, last.userland], ["EACCES", "runs"]);
});
