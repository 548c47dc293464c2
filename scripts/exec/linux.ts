/**
 * The other way to run a program: Linux's `execve`, in the kernel.
 *
 * @module
 */
import { basename, dirname, resolve } from "@std/path";
import { Errno, errnoName } from "../../kernel/linux/errno.ts";
import { SignalNumber } from "../../kernel/linux/signal/signal.ts";
import { LinuxMachine } from "../../lab/linux_machine.ts";
import { StraceText } from "../../lab/strace.ts";
import { CommandError, Exit, printError } from "../command.ts";
import type { ExecRequest } from "../exec.ts";
import { DenoHostFiles } from "../host_files.ts";

const ENVIRONMENT = ["PATH=/bin:/usr/bin:/sbin:/usr/sbin", "HOME=/", "TERM=dumb"];
const SIGNAL_BASE = 128;
const PIECE = 65536;
/** Signals that nobody sends on purpose. */
const FAULTS = ["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS"] as const;

/** Run a program under Linux; answers its exit code, or 128 and the signal that ended it. */
export function execLinux(request: ExecRequest): number {
  const { file, image, args, seed, root, strace } = request;
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const machine = new LinuxMachine({
    seed,
    isTerminal,
    epoch: Math.floor(Date.now() / 1000),
    stdout: (bytes) => write(Deno.stdout, bytes),
    stderr: (bytes) => write(Deno.stderr, bytes),
    mounts: mountsOf(request),
  });
  if (strace) machine.linux.tracer = new StraceText((line) => write(Deno.stderr, encode(line)));
  const path = placeProgram(machine, file, image, root);
  const environment = [...ENVIRONMENT, ...request.environment];
  const program = machine.start({ path, args, environment });
  if (typeof program === "number") throw refusal(file, program, root);
  while (!program.ended) {
    const end = machine.run(program);
    if (program.ended) break;
    if (end === "idle" && machine.wantsInput) readInput(machine);
    else if (end === "idle") {
      throw new CommandError(`${file} waits for something that never comes`, Exit.failed);
    }
  }
  const signal = program.exitStatus & 0x7f;
  if (signal === 0) return program.exitStatus >> 8;
  sayFault(file, signal);
  return SIGNAL_BASE + signal;
}

/** Say what became of a program that did what no program may, as a shell does. */
function sayFault(file: string, signal: number): void {
  const name = FAULTS.find((one) => SignalNumber[one] === signal);
  if (name) printError(`${file} was ended by ${name}; --strace shows what it did`);
}

/** Folders of the host by the path where they are seen: the root before what is bound below it. */
function mountsOf({ root, binds }: ExecRequest): Record<string, DenoHostFiles> {
  const mounts: Record<string, DenoHostFiles> = root ? { "/": new DenoHostFiles(root) } : {};
  for (const [guest, host] of Object.entries(binds)) mounts[guest] = new DenoHostFiles(host);
  return mounts;
}

/** Why a program cannot be executed, and what to do. */
function refusal(file: string, errno: number, root: string | undefined): CommandError {
  const hint = errno !== Errno.ENOENT
    ? ""
    : root
    ? "; its linker is not below the root"
    : "; it wants a linker: name the folder that lib/ is in with --root=DIR";
  return new CommandError(`${file} cannot be executed: ${errnoName(errno)}${hint}`, Exit.failed);
}

/** The program's path in the machine: where it is below the root, or in /tmp if it is elsewhere. */
function placeProgram(
  machine: LinuxMachine,
  file: string,
  image: Uint8Array,
  root: string | undefined,
): string {
  const whole = resolve(file);
  const top = root ? resolve(root) : "";
  if (top !== "" && whole.startsWith(`${top}/`)) return whole.slice(top.length);
  const path = `/tmp/${basename(dirname(whole))}-${basename(whole)}`;
  machine.put(path, image);
  return path;
}

/** Wait for what is typed, or comes through a pipe. */
function readInput(machine: LinuxMachine): void {
  const piece = new Uint8Array(PIECE);
  const count = Deno.stdin.readSync(piece);
  if (count === null) machine.endInput();
  else machine.feed(piece.slice(0, count));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Write all of it; answers whether somebody still reads. */
function write(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): boolean {
  try {
    for (let done = 0; done < bytes.length;) done += to.writeSync(bytes.subarray(done));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    throw error;
  }
}
