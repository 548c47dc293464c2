/**
 * RT-Smart's way to run a program: `lwp_execve`, in the kernel, at fixed addresses.
 *
 * @module
 */
import { walkSync } from "@std/fs";
import { basename } from "@std/path";
import { errorName } from "../../kernel/rtsmart/error.ts";
import type { RtSmartCall } from "../../kernel/rtsmart/call.ts";
import type { LwpThread } from "../../kernel/rtsmart/lwp_thread.ts";
import type { Tracer } from "../../kernel/rtsmart/tracer.ts";
import type { Generation } from "../../kernel/rtsmart/loader.ts";
import { RtSmartMachine } from "../../lab/machine/rtsmart_machine.ts";
import { RtSmartStrace } from "../../lab/telling/rtsmart_strace.ts";
import { CallTree } from "../../lab/telling/call_tree.ts";
import { CommandError, Exit, printBytes, printError, readInto } from "../command.ts";
import type { ExecRequest } from "../exec.ts";
import { libraryFiles } from "../guest_files.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";

const SIGNAL_BASE = 128;
const PIECE = 65536;
/** Where an ELF file says at which address it begins. */
const ENTRY_AT = 24;

/** Run a program under RT-Smart; answers its exit code, or 128 and the signal that ended it. */
export function execRtSmart(request: ExecRequest): number {
  const { file, image, args, seed, memory, strace, story, root } = request;
  const stdout = (bytes: Uint8Array) => printBytes(bytes);
  const generation = generationOf(request);
  const machine = new RtSmartMachine({ ...memory, seed, generation, stdout });
  for (const [name, bytes] of Object.entries({ ...libraryFiles("rtsmart"), ...below(root) })) {
    machine.put(`/${name}`, bytes);
  }
  const faults = new FaultWatch(
    strace ? new RtSmartStrace((line) => printBytes(encode(line), Deno.stderr)) : null,
  );
  machine.rtsmart.tracer = faults;
  if (story) tellStory(machine);
  const path = `/bin/${basename(file)}`;
  machine.put(path, image);
  const program = machine.start({ path, args });
  if (machine.panicked !== null) throw hang(machine.panicked);
  if (typeof program === "number") {
    throw new CommandError(`${file} cannot be executed: ${errorName(program)}`, Exit.failed);
  }
  while (!program.ended) {
    const end = machine.run(program);
    if (machine.panicked !== null) throw hang(machine.panicked);
    if (program.ended) break;
    if (end === "idle" && machine.wantsInput) readInput(machine);
    else if (end === "idle") {
      throw new CommandError(`${file} waits for something that never comes`, Exit.failed);
    }
  }
  if (faults.last !== null) {
    printError(`${file} was killed: ${faults.last}${foreignHint(request, faults)}`);
  }
  const signal = program.status & 0x7f;
  return signal === 0 ? program.status >> 8 : SIGNAL_BASE + signal;
}

/** Remembers why a thread was killed; tells somebody else everything. */
class FaultWatch implements Tracer {
  /** Why a thread was killed, last; null if none was. */
  last: string | null = null;
  readonly #next: Tracer | null;

  constructor(next: Tracer | null) {
    this.#next = next;
  }

  entered(thread: LwpThread, row: RtSmartCall): void {
    this.#next?.entered(thread, row);
  }

  left(thread: LwpThread, answer: number): void {
    this.#next?.left(thread, answer);
  }

  unknown(thread: LwpThread, number: number): void {
    this.#next?.unknown(thread, number);
  }

  faulted(thread: LwpThread, why: string): void {
    this.last = why;
    this.#next?.faulted(thread, why);
  }
}

/** What else there is to say of a program that could not do its first instruction. */
function foreignHint({ image }: ExecRequest, { last }: FaultWatch): string {
  const entry = new DataView(image.buffer, image.byteOffset).getBigUint64(ENTRY_AT, true);
  const isAtEntry = last!.endsWith(`pc 0x${entry.toString(16)}`);
  return isAtEntry ? "; its first instruction is not where RT-Smart has programs" : "";
}

/** Every file below a folder, by its path there. */
function below(root: string | undefined): BootFiles {
  const found: Record<string, Uint8Array> = {};
  if (root === undefined) return found;
  for (const { path, isFile } of walkSync(root)) {
    if (isFile) found[path.slice(root.replace(/\/$/, "").length + 1)] = Deno.readFileSync(path);
  }
  return found;
}

/** Show each step of loading on standard error, below the one that calls it. */
function tellStory(machine: RtSmartMachine): void {
  const tree = new CallTree();
  machine.listen((event) => {
    tree.hear(event);
    if (event.kind === "load") printBytes(encode(`${tree.lines.at(-1)}\n`), Deno.stderr);
  });
}

function hang(reason: string): CommandError {
  return new CommandError(`the kernel hangs: ${reason}`, Exit.failed);
}

function generationOf({ generation = "B" }: ExecRequest): Generation {
  if (generation === "A" || generation === "B") return generation;
  throw new CommandError(`there is no loader ${generation} of RT-Smart; there is A, B`);
}

/** Wait for what is typed, or comes through a pipe. */
function readInput(machine: RtSmartMachine): void {
  const piece = new Uint8Array(PIECE);
  const count = readInto(piece);
  if (count === null) machine.endInput();
  else machine.feed(piece.slice(0, count));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
