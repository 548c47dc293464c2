import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { denoTask } from "../support/command_line.ts";

const TASKS = [
  "run",
  "sweep",
  "exec",
  "compare",
  "arena",
  "tables",
  "bench",
  "test",
  "guests",
  "client",
];

/** Scripts that take words themselves, and one that takes none. */
const SCRIPTS = [
  "scripts/hello.ts",
  "scripts/experiments/handle_leak.ts",
  "scripts/experiments/gallery.ts",
  "scripts/experiments/policy_coverage.ts",
  "scripts/experiments/userland_exec.ts",
  "scripts/questions/entry_point.ts",
];

Deno.test("every command and every script says with --help how it is called", async () => {
  const calls = [...TASKS.map((task) => [task]), ["ok"], ...SCRIPTS.map((file) => ["run", file])];
  for (const words of calls) {
    const { code, out, err } = await denoTask(...words, "--help");
    assertEquals({ words, code, err: own(err) }, { words, code: 0, err: "" });
    assertStringIncludes(out, "usage: deno task");
    assert(!out.includes("VERDICT"), `${words} runs although help is asked for`);
  }
});

/** What a command says itself; what Deno says while it fetches a package is not meant. */
function own(err: string): string {
  return err.split("\n").filter((line) => !line.startsWith("Download ")).join("\n").trimEnd();
}

/** Calls that ask for nothing that could be done, and what is said of each. */
const REFUSED: readonly (readonly [said: string, ...words: string[]])[] = [
  ["--seed needs a value: --seed=N", "run", "scripts/experiments/handle_leak.ts", "--seed="],
  ["--replay needs a value: --replay=TOKEN", "run", "scripts/experiments/timing.ts", "--replay="],
  ["--json and --junit ask for", "run", "scripts/experiments/timing.ts", "--json", "--junit"],
  ["--debug and --json ask for", "run", "scripts/experiments/timing.ts", "--debug", "--json"],
  ["--force-prefix follows a token", "run", "scripts/experiments/timing.ts", "--force-prefix"],
  ["--patience=0 leaves no time", "run", "scripts/experiments/timing.ts", "--patience=0"],
  ["unknown flag --wrong", "run", "scripts/hello.ts", "--wrong"],
  ["nothing is done with more", "run", "scripts/experiments/gallery.ts", "more"],
  ["--strace takes no value: it is there, or", "exec", "--strace=5", "guests/hello/hello"],
  ["--help takes no value: it is there, or", "sweep", "--help=please"],
  ["--root needs a value: --root=DIR", "exec", "--root=", "guests/hello/hello"],
  ["--seed needs a value: --seed=N", "exec", "--seed=", "guests/hello/hello"],
  ["--bind is for --model=linux", "exec", "--bind=/tmp:/x", "guests/hello/hello"],
  ["--bind=:/x: nothing is no folder", "exec", "--model=linux", "--bind=:/x", "guests/hello/hello"],
  ["--story is for --model=rtsmart", "exec", "--story", "guests/hello/hello"],
  ["a variable is written NAME=value", "exec", "--model=linux", "--env=x", "guests/hello/hello"],
  ["--memory=1T is no size from 16M to 3968M", "exec", "--memory=1T", "guests/hello/hello"],
  ["--memory=15M is no size from 16M to 3968M", "exec", "--memory=15M", "guests/hello/hello"],
  ["--memory=4G is no size from 16M to 3968M", "exec", "--memory=4G", "guests/hello/hello"],
  ["--html needs a value: --html=FILE", "compare", "--html=", "hello"],
  ["unknown flag --wrong", "arena", "--wrong"],
  ["there is no table foo; there is instructions", "tables", "foo"],
  ["there is no table foo", "tables", "syscalls", "foo"],
  ["--parity stands alone", "tables", "--parity", "--json"],
  ["there is no bench foo; there is cpu", "bench", "foo"],
  ["--rounds=0 is no whole number above zero", "bench", "--rounds=0", "cpu"],
  ["there is no part foo to measure; there is sha256", "bench", "--only=foo", "cpu"],
  ["there is no part fib to measure; there is calls, trips", "bench", "--only=fib", "kernel"],
  ["--soak=x is no number above zero", "bench", "--soak=x", "cpu"],
  ["there is no file nosuch", "test", "nosuch"],
  ["--vdso needs a value: --vdso=FILE", "guests", "--vdso="],
  ["/etc/vdso cannot be written: what is made goes below out/", "guests", "--vdso=/etc/vdso"],
  ["nothing is done with more", "run", "scripts/questions/entry_point.ts", "more"],
  ["--timeout=soon is no number of seconds above zero", "arena", "--timeout=soon"],
  ["nothing is done with foo", "client", "foo"],
  ["nothing is done with foo", "ok", "foo"],
];

Deno.test("a call that cannot be done is refused with one sentence, before anything is done", async () => {
  for (const [said, ...words] of REFUSED) {
    const { code, out, err } = await denoTask(...words);
    assertEquals({ words, code, out }, { words, code: 2, out: "" });
    assertStringIncludes(own(err), said);
    assertEquals(own(err).split("\n").length, 1, err);
  }
});

Deno.test("what --json prints is one JSON value where no stream of lines is promised", async () => {
  for (const words of [["tables", "--json"], ["tables", "--json", "syscalls"]]) {
    const { code, out } = await denoTask(...words);
    assertEquals(code, 0);
    assert(JSON.parse(out) instanceof Object);
  }
});

Deno.test("deno task exec says what ended a program that did not end by itself", async () => {
  const killed = await denoTask("exec", "guests/fault/fault", "write");
  assertEquals(killed.code, 1);
  assertStringIncludes(killed.err, "fault was killed: EXCEPTION_KILL");
  const strange = await denoTask("exec", "--model=linux", "guests/hello/hello");
  assertEquals(strange.code, 139);
  assertStringIncludes(strange.err, "hello was ended by SIGSEGV");
  const other = await denoTask("exec", "guests/hello/hello_linux");
  assertEquals(other.code, 2);
  assertStringIncludes(other.err, "runs with --model=linux");
});
