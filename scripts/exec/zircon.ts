/**
 * The microkernel way to run a program: userboot's services run, and the launcher starts it.
 *
 * @module
 */
import { walkSync } from "@std/fs";
import { dirname } from "@std/path";
import { Machine, type RunningProgram } from "../../lab/mod.ts";
import { TaskReturnCode } from "../../kernel/abi/tasks.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";
import type { KernelEvent } from "../../kernel/events.ts";
import { traceLine } from "../../kernel/trace.ts";
import { CommandError, Exit, printBytes, printError } from "../command.ts";
import type { ExecRequest } from "../exec.ts";
import { libraryFiles } from "../guest_files.ts";

/** How much virtual time passes between two looks at what the program printed: a millisecond. */
const SLICE = 1_000_000;

/** Run a program under the Zircon personality; answers its exit code. */
export function execZircon(request: ExecRequest): number {
  const { image, args, seed, memory, file, root, stdin, strace } = request;
  const machine = new Machine({
    ...memory,
    seed,
    print: (text) => printBytes(new TextEncoder().encode(text)),
  });
  machine.open({ ...libraryFiles(), ...librariesBeside(file), ...(root ? filesBelow(root) : {}) });
  if (strace) machine.listen((event) => showCall(event));
  using program = launched(machine, { file: image, args });
  const input = stdin();
  for (let given = 0;;) {
    given += program.write(new TextDecoder().decode(input.subarray(given)));
    const until = machine.kernel.realm.now + SLICE;
    const end = machine.run({ until, stop: () => program.exitCode !== undefined });
    printBytes(new TextEncoder().encode(program.takeOutput()));
    if (program.exitCode !== undefined) {
      sayKilled(file, program.exitCode);
      return exitCodeOf(program.exitCode);
    }
    if (end === "idle") {
      throw new CommandError(`${file} waits for something that never comes`, Exit.failed);
    }
  }
}

/** Say that the kernel ended a program, and why: its exit code cannot. */
function sayKilled(file: string, code: number): void {
  const found = Object.entries(TaskReturnCode).find(([, one]) => one === code);
  if (found) printError(`${file} was killed: ${found[0]}; --strace shows what it did`);
}

/** Show a system call, and how it ended, on standard error. */
function showCall(event: KernelEvent): void {
  if (event.kind === "syscall" || event.kind === "syscall-done") printError(traceLine(event));
}

function launched(
  machine: Machine,
  options: { readonly file: Uint8Array; readonly args: readonly string[] },
): RunningProgram {
  const program = machine.launch(options);
  if ("reason" in program) {
    const hint = program.reason.includes("(ET_EXEC)")
      ? "; a program of another system runs with --model=linux or --model=rtsmart"
      : "";
    throw new CommandError(`${options.args[0]}: ${program.reason}${hint}`);
  }
  return program;
}

/** Shared libraries in the program's folder. */
function librariesBeside(file: string): BootFiles {
  const found: Record<string, Uint8Array> = {};
  for (const { name, path, isFile } of walkSync(dirname(file) || ".", { exts: [".so"] })) {
    if (isFile) found[`lib/${name}`] = Deno.readFileSync(path);
  }
  return found;
}

/** Every file below a folder, by its path there. */
function filesBelow(root: string): BootFiles {
  const found: Record<string, Uint8Array> = {};
  for (const { path, isFile } of walkSync(root)) {
    if (isFile) found[path.slice(root.replace(/\/$/, "").length + 1)] = Deno.readFileSync(path);
  }
  return found;
}

/** The exit code of the command for a program's: what does not fit is cut to its low eight bits. */
function exitCodeOf(code: number): number {
  return code < 0 ? Exit.failed : code & 0xff;
}
