/**
 * What userland exec cannot do, and what it does although `execve` would not: the same program is
 * started both ways from a process that left marks, and says what it finds.
 *
 * @module
 */
import { codeOf } from "../../kernel/linux/exit_status.ts";
import { guestUrl } from "../../guests/built.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { type CommandOptions, helpOf, print, readArgs } from "../command.ts";

/** What a program found, by what it was about. */
export type Findings = Readonly<Record<string, string>>;

/** What there is to know about one thing: how it is behind `execve`, and behind userland exec. */
export interface Difference {
  /** What it is about. */
  readonly about: string;
  /** How it is behind `execve`. */
  readonly execve: string;
  /** How it is behind userland exec. */
  readonly userland: string;
}

const LOADER = "/bin/userland_exec";
const PROBE = "/bin/exec_probe";
const USER = 1000;
const COLUMN = 28;

const OPTIONS: CommandOptions = {
  usage: "deno task run scripts/experiments/userland_exec.ts [--json]",
  about: "Loads a program by execve and by a program over itself, and says what differs.",
  flags: { json: "print one JSON array" },
  example: "deno task run scripts/experiments/userland_exec.ts",
  operands: 0,
};

/** Run it, and print a table. */
export default function main(words: readonly string[]): void {
  const args = readArgs(words, OPTIONS);
  if (args.help) return print(helpOf(OPTIONS));
  const found = differences();
  if (args.json) return print(JSON.stringify(found, null, 2));
  const row = (about: string, execve: string, userland: string) =>
    print(`${about.padEnd(COLUMN)}${execve.padEnd(COLUMN)}${userland}`.trimEnd());
  row("", "EXECVE", "USERLAND EXEC");
  for (const { about, execve, userland } of found) row(about, execve, userland);
}

/** Everything that the program says of itself, and what becomes of a file that may not be executed. */
export function differences(): Difference[] {
  const execve = probe(["-m", "-x", PROBE]);
  const userland = probe(["-m", PROBE]);
  const found = Object.keys(execve).map((about) => ({
    about,
    execve: execve[about]!,
    userland: userland[about] ?? "",
  }));
  const [byKernel, byLoader] = [["-x", PROBE], [PROBE]].map((words) => ended(words, 0o644));
  return [...found, { about: "a file without its x bit", execve: byKernel!, userland: byLoader! }];
}

/** Start the probe from a process that leaves marks; its file is set-user-ID root. */
function probe(words: readonly string[]): Findings {
  const { output, spaces } = run(words, 0o4755);
  const lines = output.trim().split("\n").map((line) => line.split(": "));
  const found = lines.map(([about, ...rest]) => [about!, clean(rest.join(": "))]);
  return { ...Object.fromEntries(found), "vDSO and stack": spaces > 1 ? "placed anew" : "reused" };
}

function ended(words: readonly string[], mode: number): string {
  const { status, output } = run(words, mode);
  const [, error] = /error 0x([0-9a-f]+)/.exec(output) ?? [];
  if (error !== undefined) return errnoName(-parseInt(error, 16));
  return status === 0 ? "runs" : `ends with ${codeOf(status)}`;
}

/** What came of it; `spaces` is how often the kernel made an address space with a vDSO. */
function run(
  words: readonly string[],
  mode: number,
): { output: string; status: number; spaces: number } {
  let spaces = 0;
  let output = "";
  const decoder = new TextDecoder();
  const machine = new LinuxMachine({ stdout: (bytes) => void (output += decoder.decode(bytes)) });
  machine.put(LOADER, Deno.readFileSync(guestUrl("userland_exec")));
  machine.put(PROBE, Deno.readFileSync(guestUrl("exec_probe")), mode);
  machine.endInput();
  machine.listen((event) => {
    if (event.kind === "map" && event.name === "[vdso]") spaces++;
  });
  const user = { uid: USER, gid: USER };
  const group = machine.start({ path: LOADER, args: [LOADER, ...words], user });
  if (typeof group === "number") return { output, status: group, spaces };
  machine.run(group);
  return { output, status: group.exitStatus, spaces };
}

/** Text in which what cannot be printed is shown as a dot. */
function clean(text: string): string {
  return text.replace(/[^ -~]+/g, "·");
}
