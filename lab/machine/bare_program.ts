/**
 * Machine code in a process without any loader: for measurements and for tests of single calls.
 *
 * @module
 */
import { assemble } from "../../guests/assembler.ts";
import { invariant } from "../../kernel/invariant.ts";
import type { Handle } from "../../kernel/object/handle.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";
import type { Job } from "../../kernel/task/job.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import {
  FileType,
  Machine as ElfMachine,
  parseElf,
  readSections,
  readSymbols,
  refused,
} from "../../loader/elf.ts";
import { mapFresh, mapImage, mapVdso } from "./image_mapping.ts";
import type { Machine } from "./machine.ts";
import { zirconVdso } from "./vdso.ts";

const CODE = 0x400000;
const VDSO = 0x1000000;
const STACK = 0x2000000;
const STACK_SIZE = 16 * PAGE_SIZE;
const MEMORY = 0x3000000;

/** Where a bare program finds memory of its own, beside its stack. */
export const BARE_MEMORY = MEMORY;

/** How many bytes of it there are. */
export const BARE_MEMORY_SIZE = 64 * PAGE_SIZE;

/** A program in assembly, in which `@zx_name` calls a function of the vDSO. */
export interface BareProgram {
  /** What its process is called. */
  readonly name: string;
  /** Its text; execution starts at its first instruction. */
  readonly text: string;
  /** The job it is in; the root job unless told. */
  readonly job?: Job;
  /** What it finds a handle to in `a0`. */
  readonly handle?: (process: Process) => Handle;
}

/** A process with such a program in it, and its first thread, which runs when the machine does. */
export function startBare(machine: Machine, program: BareProgram) {
  const { kernel } = machine;
  const process = Process.create(program.job ?? kernel.rootJob, program.name);
  invariant(typeof process !== "number", "the job takes in processes");
  const entry = mapCode(process, program.text);
  mapVdso(process, machine.vdso, VDSO);
  mapFresh(process, STACK, STACK_SIZE);
  mapFresh(process, MEMORY, BARE_MEMORY_SIZE);
  const value = program.handle ? process.addHandle(program.handle(process), "bare") : 0;
  process.begin();
  const thread = startBareThread(machine, process, { entry, arg: value, first: true });
  return { process, thread, entry };
}

/** One more thread of a bare program: where, with what in `a0`, and half a stack of its own. */
export function startBareThread(
  machine: Machine,
  process: Process,
  { entry, arg = 0, first = false }: { entry: number; arg?: number; first?: boolean },
): Thread {
  const thread = Thread.create(process, "bare");
  invariant(typeof thread !== "number", "the process takes in threads");
  const context = machine.processor.createContext();
  const { isa } = machine.processor;
  context.pc = entry;
  context.set(isa.stackPointer, STACK + STACK_SIZE - (first ? 0 : STACK_SIZE / 2));
  context.set(isa.args[0]!, arg);
  thread.start({ kind: "machine", context }, first);
  return thread;
}

/** Where a function of the vDSO is in every bare program. */
export function bareVdsoAddress(name: string): number {
  const offset = vdsoOffsets().get(name);
  invariant(offset !== undefined, `the vDSO has a function ${name}`);
  return VDSO + offset;
}

const OFFSETS: { found?: ReadonlyMap<string, number> } = {};

function vdsoOffsets(): ReadonlyMap<string, number> {
  if (OFFSETS.found) return OFFSETS.found;
  const { image } = zirconVdso();
  const elf = parseElf(image, { machine: ElfMachine.RISCV, types: [FileType.DYN] });
  invariant(!refused(elf), "the vDSO is an ELF file");
  const sections = readSections(image, elf.header);
  invariant(!refused(sections), "the vDSO has sections");
  return OFFSETS.found = new Map(
    readSymbols(image, sections).map(({ name, value }) => [name, value]),
  );
}

function mapCode(process: Process, text: string): number {
  const calls = text.replace(/@(zx_\w+)/g, (_, name: string) => {
    return `li t6, ${bareVdsoAddress(name)}\n jalr ra, 0(t6)`;
  });
  const file = assemble(calls, { type: FileType.EXEC, address: CODE });
  const image = parseElf(file, { machine: ElfMachine.RISCV, types: [FileType.EXEC] });
  invariant(!refused(image), "what was assembled can be loaded");
  return mapImage(process, file, { image, bias: 0 });
}
