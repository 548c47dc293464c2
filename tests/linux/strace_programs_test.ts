/**
 * `--strace` of real programs: each line is one that `strace` itself writes of the same program on a
 * real Linux, and the calls and their results are those that the emulator's trace shows.
 *
 * The lines were recorded from strace 6.1 on Linux 6.18 for programs built for the machine it ran on;
 * of a line that both machines can show its numbers, strings and addresses are left out, and which
 * machine it says it is.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { StraceText } from "../../lab/strace/strace_text.ts";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { buildBoth, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const FOLDER = new URL("programs/", import.meta.url);
const RECORDED: Readonly<Record<string, readonly string[]>> = JSON.parse(
  Deno.readTextFileSync(new URL("strace_lines.json", import.meta.url)),
);

/** Programs of one process that do the same wherever they run. */
const ALIKE = (
  "algorithms containers copying credentials devices environment exceptions exits " +
  "extended_attributes file_positions file_times floating jumps memory_files " +
  "memory_map names permissions places scanning signal_nested signal_stack signals_fault " +
  "sorting stdio_file timers told watching"
).split(" ");
const EMULATOR_TRIES = 4;

const noTools = noCompiler();
const noEmulator = noTools ?? (emulator() ? undefined : "qemu-riscv64 is not installed");

/** A program with the C library in it; one that levels its surroundings first, if it has to. */
async function built(name: string, mustLevel = false): Promise<string> {
  const names = [...Deno.readDirSync(FOLDER)].map((one) => one.name);
  const source = names.find((one) => one === `${name}.c` || one === `${name}.cc`)!;
  const isLevel = mustLevel || !names.includes(`${name}.expected`);
  const libraries: string[] = [];
  const path = new URL(source, FOLDER).pathname;
  return (await buildBoth({ name, source: path, isLevel, libraries })).static;
}

/** What a program's trace is here. */
function traceOf(program: string): string[] {
  const machine = new TestLinux({
    memoryBytes: 128 << 20,
    stderr: () => {},
    mounts: { "/": new DenoHostFiles(SYSROOT) },
  });
  machine.put(program, Deno.readFileSync(program));
  const text: string[] = [];
  machine.linux.tracer = new StraceText((part) => void text.push(part));
  machine.finish({ path: program, directory: "/tmp" });
  return text.join("").split("\n");
}

/** A line without what differs from run to run. */
function shape(line: string): string {
  return line.replace(/^\[pid +\d+\] /, "").replaceAll(/"(?:[^"\\]|\\.)*"(\.\.\.)?/g, '"S"')
    .replaceAll(/0x[0-9a-f]+/g, "H").replaceAll(/-?\b\d+\b/g, "N").replaceAll(/ +/g, " ")
    .replaceAll(/\[N(?:[, ]+N)*\]/g, "[N]").replaceAll(/AUDIT_ARCH_\w+/g, "AUDIT_ARCH");
}

for (const [name, lines] of Object.entries(RECORDED)) {
  Deno.test({
    name: `the trace of ${name} has the lines that strace writes` +
      (noTools ? ` (${noTools})` : ""),
    ignore: noTools !== undefined,
    fn: async () => {
      const here = new Set(traceOf(await built(name)).map(shape));
      assertEquals(lines.filter((line) => !here.has(line)), []);
    },
  });
}

/** The calls that lines leave unfinished, by task, and those that later lines do not take up. */
function neverResumed(lines: readonly string[]): { unfinished: number; lost: string[] } {
  const open = new Map<string, string>();
  const lost: string[] = [];
  let unfinished = 0;
  for (const line of lines) {
    const pid = /^\[pid +(\d+)\]/.exec(line)?.[1];
    const resumed = /<\.\.\. (\w+) resumed>/.exec(line)?.[1];
    if (line.endsWith(" <unfinished ...>")) {
      unfinished++;
      open.set(pid ?? "alone", /(\w+)\(/.exec(line)![1]!);
    } else if (resumed) {
      // Once the others have ended, nobody's number is written any more.
      const key = pid ?? [...open].find(([, call]) => call === resumed)?.[0] ?? "";
      if (open.get(key) !== resumed) lost.push(line);
      open.delete(key);
    }
  }
  return { unfinished, lost: [...lost, ...open.values()] };
}

Deno.test({
  name: "a call that another task's line breaks in two is taken up again" +
    (noTools ? ` (${noTools})` : ""),
  ignore: noTools !== undefined,
  fn: async () => {
    let all = 0;
    for (const name of ["futexes", "job_control", "pid_files", "stop_continue", "sockets"]) {
      const { unfinished, lost } = neverResumed(traceOf(await built(name)));
      assertEquals(lost, [], name);
      all += unfinished;
    }
    assert(all > 20, `${all} were broken`);
  },
});

/** A call and what became of it, as both traces show it. */
function outcome(line: string): string | null {
  const found = /^(?:\d+ )?(\w+)\(.*?\) += (.*)$/.exec(line.trim());
  if (!found) return null;
  const [, call, result] = found as unknown as [string, string, string];
  // The emulator shows no answer where there is none.
  if (call === "exit_group") return null;
  // The emulator's heap begins in the middle of a page, and its numbers of processes are the host's.
  if (call === "brk" || call === "set_robust_list") return null;
  if (/^(getpid|gettid|getppid|set_tid_address|rt_sigreturn)$/.test(call)) return call;
  const failure = /^-1 .*\((.*)\)$/.exec(result)?.[1];
  if (failure) return `${call}: ${failure}`;
  if (/^(mmap|mremap)$/.test(call)) return `${call}: an address`;
  const number = result.replace(/ \(.*/, "");
  return `${call}: ${/^0[0-7]/.test(number) ? parseInt(number, 8) : Number(number)}`;
}

/** The calls and what became of them; not those that level the surroundings, which are not the same. */
function outcomes(lines: readonly string[]): string[] {
  const all = lines.map(outcome).filter((one) => one !== null);
  return all.slice(Math.max(0, all.findIndex((one) => one.startsWith("umask"))));
}

/** What the emulator's trace of a program shows. */
async function emulated(program: string): Promise<string[]> {
  const cwd = Deno.makeTempDirSync();
  try {
    const { stderr } = await new Deno.Command(emulator()!, {
      args: ["-strace", program],
      cwd,
      stdin: "null",
      stdout: "piped",
      clearEnv: true,
    }).output();
    return outcomes(new TextDecoder().decode(stderr).split("\n"));
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

for (const name of ALIKE) {
  Deno.test({
    name: `the trace of ${name} shows the emulator's calls, results and order` +
      (noEmulator ? ` (${noEmulator})` : ""),
    ignore: noEmulator !== undefined,
    fn: async () => {
      const program = await built(name, true);
      const here = outcomes(traceOf(program));
      let there: string[] = [];
      for (let at = 0; at < EMULATOR_TRIES; at++) {
        there = await emulated(program);
        if (here.join() === there.join()) break;
      }
      assertEquals(here, there);
    },
  });
}
