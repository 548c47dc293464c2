/**
 * The other way to run a program: Linux's `execve`, in the kernel.
 *
 * @module
 */
import { shellCodeOf, signalOf } from "../../kernel/linux/exit_status.ts";
import { basename, dirname, resolve } from "@std/path";
import { Errno, errnoName } from "../../kernel/linux/errno.ts";
import { SignalNumber } from "../../kernel/linux/abi/signal.ts";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { CommandError, Exit, printError } from "../command.ts";
import type { StraceText } from "../../lab/strace/strace_text.ts";
import type { Group } from "../../kernel/linux/group.ts";
import type { ExecRequest } from "../exec.ts";
import { type HostSignal, HostSignals } from "./host_signals.ts";
import { PROGRAM_FOLDERS } from "./below_root.ts";
import { DenoHostFiles } from "../host_files.ts";
import { HostScreen } from "./host_screen.ts";
import { Pace } from "./pace.ts";

const ENVIRONMENT = [`PATH=${PROGRAM_FOLDERS.join(":")}`, "HOME=/", "TERM=dumb"];
const PIECE = 65536;
/** The longest time that the host waits at once, in milliseconds. */
const TIMEOUT_MAX = 2 ** 31 - 1;
/** Signals that nobody sends on purpose. */
const FAULTS = ["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS"] as const;

/** Run a program under Linux; answers its exit code, or 128 and the signal that ended it. */
export async function execLinux(request: ExecRequest): Promise<number> {
  const { file, args, seed, memory, strace } = request;
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const screen = isTerminal ? new HostScreen() : null;
  const machine = new LinuxMachine({
    ...memory,
    seed,
    isTerminal,
    epoch: Math.floor(Date.now() / 1000),
    stdout: (bytes) => write(Deno.stdout, screen?.translate(bytes) ?? bytes),
    stderr: (bytes) => write(Deno.stderr, bytes),
    mounts: mountsOf(request),
  });
  const trace = strace ? await traceTo((text) => write(Deno.stderr, encode(text))) : null;
  machine.linux.tracer = trace;
  const path = request.path ?? placeProgram(machine, request);
  const environment = [...ENVIRONMENT, ...request.environment];
  const program = machine.start({ path, args, environment });
  if (typeof program === "number") throw refusal(request, program);
  if (program.leader) trace?.started(program.leader, { path, args, environment });
  const size = isTerminal ? windowSize() : null;
  if (size) machine.resize(size);
  const session = new Session(machine, program, { file, isTerminal });
  // The machine's terminal edits lines and echoes them; the host's would do it a second time.
  if (isTerminal) Deno.stdin.setRaw(true, { cbreak: true });
  try {
    await session.finish();
  } finally {
    if (isTerminal) Deno.stdin.setRaw(false);
  }
  sayFault(file, signalOf(program.exitStatus), machine.linux.shortages > 0);
  const code = shellCodeOf(program.exitStatus);
  // A read that nobody waits for any more would keep the command from ending.
  if (session.isReading) Deno.exit(code);
  return code;
}

/** Who writes what `strace` would; nobody else waits for that to be there. */
async function traceTo(write: (text: string) => void): Promise<StraceText> {
  const { StraceText } = await import("../../lab/strace/strace_text.ts");
  return new StraceText(write);
}

/** A program that runs, with what is typed for it. */
class Session {
  readonly #machine: LinuxMachine;
  readonly #program: Group;
  readonly #file: string;
  /** Whether somebody may still type. */
  #isTyped: boolean;
  readonly #isTerminal: boolean;
  readonly #signals = new HostSignals();
  /** How idle time passes where somebody types. */
  readonly #pace: Pace | null;
  #reading: Promise<void> | null = null;
  #piece: Piece | null = null;

  constructor(
    machine: LinuxMachine,
    program: Group,
    { file, isTerminal }: { readonly file: string; readonly isTerminal: boolean },
  ) {
    this.#machine = machine;
    this.#program = program;
    this.#file = file;
    this.#isTyped = this.#isTerminal = isTerminal;
    this.#pace = isTerminal ? new Pace(machine.kernel, () => performance.now()) : null;
  }

  /** Run it to its end. */
  async finish(): Promise<void> {
    const machine = this.#machine;
    const program = this.#program;
    const stop = () => program.ended || this.#signals.isDue;
    try {
      while (!program.ended) {
        const end = this.#pace?.run(stop) ?? machine.kernel.run({ stop });
        if (program.ended) break;
        if (this.#isTerminal) this.#signals.heedStop(machine.takesStop);
        const came = await this.#signals.look();
        for (const name of came) this.#pass(name);
        if (came.length > 0 || this.#take()) continue;
        // At a terminal somebody may yet type Ctrl-C for a program that waits for nothing else.
        const isPatient = machine.wantsInput || this.#isTyped;
        if (end === "asleep") await this.#sleep(this.#pace!);
        else if (end === "idle" && isPatient) await this.#readInput();
        else if (end === "idle") {
          throw new CommandError(`${this.#file} waits for something that never comes`, Exit.failed);
        } else if (machine.wantsInput) this.#read();
      }
    } finally {
      this.#signals.stop();
    }
  }

  /** Whether somebody still reads what nobody wants any more. */
  get isReading(): boolean {
    return this.#reading !== null;
  }

  /** A signal of the host is the program's; of a resized window the machine's terminal knows first. */
  #pass(name: HostSignal): void {
    // Whoever had the host's terminal meanwhile may have left it in another mode.
    if (name === "SIGCONT") {
      if (this.#isTerminal) Deno.stdin.setRaw(true, { cbreak: true });
      return;
    }
    if (name !== "SIGWINCH") return this.#machine.signal(this.#program, SignalNumber[name]);
    const size = windowSize();
    if (size) this.#machine.resize(size);
  }

  /** Wait for the next deadline, for what is typed, or for a signal. */
  async #sleep(pace: Pace): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(pace.left, TIMEOUT_MAX));
    });
    const typed = this.#machine.wantsInput ? this.#read() : this.#reading;
    await this.#signals.or(typed ? Promise.race([over, typed]) : over);
    clearTimeout(timer);
    pace.wake();
  }

  /** Wait for what is typed, or comes through a pipe; or for a signal. */
  async #readInput(): Promise<void> {
    await this.#signals.or(this.#read());
    this.#take();
  }

  /** Read what comes next, while others may run. */
  #read(): Promise<void> {
    return this.#reading ??= readPiece().then((piece) => void (this.#piece = piece));
  }

  /** Hand on what was read, if anything was; answers whether it was. */
  #take(): boolean {
    const piece = this.#piece;
    if (piece === null) return false;
    this.#reading = this.#piece = null;
    if (piece.bytes === null) {
      this.#isTyped = false;
      this.#machine.endInput(piece.failure);
    } else this.#machine.feed(piece.bytes);
    return true;
  }
}

/** How large the host's terminal is; null where there is none, or it does not say. */
function windowSize(): { rows: number; columns: number } | null {
  try {
    const { rows, columns } = Deno.consoleSize();
    return { rows, columns };
  } catch {
    return null;
  }
}

/** What was read from standard input. */
interface Piece {
  /** Bytes; null where nothing more comes. */
  readonly bytes: Uint8Array | null;
  /** Why not, as an error; 0 where that was all. */
  readonly failure: number;
}

async function readPiece(): Promise<Piece> {
  const piece = new Uint8Array(PIECE);
  try {
    const count = await Deno.stdin.read(piece);
    return { bytes: count === null ? null : piece.slice(0, count), failure: 0 };
  } catch (error) {
    const isFolder = error instanceof Deno.errors.IsADirectory;
    return { bytes: null, failure: isFolder ? Errno.EISDIR : Errno.EIO };
  }
}

/** Say what became of a program that did what no program may, as a shell does. */
function sayFault(file: string, signal: number, wasShort: boolean): void {
  if (wasShort && signal === SignalNumber.SIGKILL) {
    printError(
      `${file} was ended by SIGKILL: it wanted more memory than the machine has; --memory=SIZE is how much`,
    );
  }
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
function refusal({ file, image, root }: ExecRequest, errno: number): CommandError {
  const isScript = image[0] === 0x23;
  const hint = errno === Errno.EACCES
    ? "; chmod +x makes a file one that may be"
    : errno !== Errno.ENOENT
    ? ""
    : isScript
    ? `; it wants ${interpreterOf(image)}, which is not there`
    : root
    ? "; its linker is not below the root"
    : "; it wants a linker: name the folder that lib/ is in with --root=DIR";
  return new CommandError(`${file} cannot be executed: ${errnoName(errno)}${hint}`, Exit.failed);
}

/** What the first line of a script names. */
function interpreterOf(image: Uint8Array): string {
  const [line = ""] = new TextDecoder().decode(image.subarray(2, 256)).split("\n");
  return line.trim().split(/[ \t]/)[0]!;
}

/** The program's path in the machine: where it is below the root, or in /tmp if it is elsewhere. */
function placeProgram(machine: LinuxMachine, { file, image, root }: ExecRequest): string {
  const whole = resolve(file);
  const top = root ? resolve(root) : "";
  if (top !== "" && whole.startsWith(`${top}/`)) return whole.slice(top.length);
  const path = `/tmp/${basename(dirname(whole))}-${basename(whole)}`;
  machine.put(path, image);
  return path;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Write all of it; answers false where nobody reads any more, or the error why it cannot be. */
function write(
  to: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): boolean | number {
  try {
    for (let done = 0; done < bytes.length;) done += to.writeSync(bytes.subarray(done));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return false;
    return /no space/i.test(`${error}`) ? Errno.ENOSPC : Errno.EIO;
  }
}
