/**
 * ELF files as programs of a scenario: real machine code beside generators, with exactly the handles
 * listed and its own process, thread and address space.
 *
 * The program finds its handles where a launcher would leave them: in the bootstrap message, the
 * n-th as `PA_HND(PA_USER0, n)`, and those of its namespace as `PA_HND(PA_NS_DIR, n)`.
 *
 * @module
 */
import { DEFAULT_RIGHTS, encodeProcessArgs, Pa, paHandle, Status } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Message } from "../../kernel/ipc/message.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { PAGE_SIZE, type Processor } from "../../kernel/ports.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import { biasOf, FileType, Machine, parseElf, refused } from "../../loader/elf.ts";
import { mapFresh, mapImage, mapVdso } from "../machine/image_mapping.ts";
import { ScenarioError } from "../scenario_error.ts";

const PROGRAM = 0x400000;
const VDSO = 0x10_0000_0000;
const STACK = 0x20_0000_0000;
const STACK_SIZE = 16 * PAGE_SIZE;

const RULES = { machine: Machine.RISCV, types: [FileType.EXEC, FileType.DYN] };

/** What is known of files: setups are called for every run, with the same ones. */
const IMAGES = new WeakMap<Uint8Array, ReturnType<typeof parseElf>>();

/** What a program in machine code starts with. */
export interface ElfStart {
  /** Its process, which has nothing in it. */
  readonly process: Process;
  /** What executes it. */
  readonly processor: Processor;
  /** The vDSO of its kernel. */
  readonly vdso: Vmo;
  /** Its file. */
  readonly file: Uint8Array;
  /** Its handles. */
  readonly handles: readonly Handle[];
  /** The paths of its namespace, and the handle of each. */
  readonly paths: readonly (readonly [path: string, handle: Handle])[];
  /** Its arguments, its name first. */
  readonly args: readonly string[];
  /** Its environment, as `NAME=value`. */
  readonly environ: readonly string[];
}

/** Put the file into the process and make its first thread ready to run. */
export function startElf(start: ElfStart): void {
  const { process, processor, vdso } = start;
  const entry = mapProgram(start);
  mapVdso(process, vdso, VDSO);
  mapFresh(process, STACK, STACK_SIZE);
  const thread = Thread.create(process, process.name);
  if (typeof thread === "number") throw new ScenarioError(`${process.name} can have no thread`);
  const context = processor.createContext();
  const { isa } = processor;
  context.pc = entry;
  context.set(isa.stackPointer, STACK + STACK_SIZE);
  context.set(isa.args[0]!, bootstrap(start, thread));
  context.set(isa.args[1]!, VDSO);
  process.begin();
  thread.start({ kind: "machine", context }, true);
}

function mapProgram({ process, file }: ElfStart): number {
  let image = IMAGES.get(file);
  if (!image) IMAGES.set(file, image = parseElf(file, RULES));
  if (refused(image)) {
    throw new ScenarioError(`program ${process.name} cannot be loaded: ${image.text}`);
  }
  if (image.interpreter !== undefined) {
    throw new ScenarioError(
      `program ${process.name} wants the dynamic linker ${image.interpreter}: ` +
        "in a scenario programs are linked statically",
    );
  }
  const bias = image.header.type === FileType.DYN ? biasOf(image.plan, PROGRAM) : 0;
  return mapImage(process, file, { image, bias });
}

/** The message that the program reads first; answers the handle to read it from. */
function bootstrap({ process, handles, paths, args, environ }: ElfStart, thread: Thread): number {
  const own = [
    [Pa.PROC_SELF, new Handle(process, DEFAULT_RIGHTS.process)],
    [Pa.THREAD_SELF, new Handle(thread, DEFAULT_RIGHTS.thread)],
    [Pa.VMAR_ROOT, new Handle(process.space.root, process.space.root.rights)],
  ] as const;
  const given = handles.map((handle, at) => [paHandle(Pa.USER0, at), handle] as const);
  const named = paths.map(([, handle], at) => [paHandle(Pa.NS_DIR, at), handle] as const);
  const all = [
    ...own.map(([type, handle]) => [paHandle(type), handle] as const),
    ...given,
    ...named,
  ];
  const bytes = encodeProcessArgs({
    handleInfo: all.map(([info]) => info),
    args,
    environ,
    names: paths.map(([path]) => path),
  });
  const [ours, theirs] = Channel.create(process.realm);
  const message = Message.create(process.realm, bytes, all.map(([, handle]) => handle));
  if (typeof message === "number") throw new ScenarioError("the bootstrap message is too long");
  const end = new Handle(ours, DEFAULT_RIGHTS.channel);
  const value = process.addHandle(new Handle(theirs, DEFAULT_RIGHTS.channel), "bootstrap");
  if (ours.write(message) !== Status.OK) throw new ScenarioError("the bootstrap message is lost");
  end.close();
  return value;
}
