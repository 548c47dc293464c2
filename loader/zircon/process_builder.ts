/**
 * The process builder: an executable, arguments and handles become a process that waits to start.
 *
 * Everything here is what any program could do with the same handles: it makes a process in a job,
 * maps the executable (or its dynamic linker) and the vDSO, makes a stack, and writes what the
 * program is to be told into a channel. One call, `zx_process_start`, is left to whoever asked.
 *
 * @module
 */
import {
  decodeInfo,
  encodeProcessArgs,
  failed,
  InfoTopic,
  Pa,
  paHandle,
  paName,
  paType,
  Right,
  Status,
  VmOption,
} from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { segmentOf, SegmentType } from "../elf.ts";
import { type ElfFile, mapElf, type Mapped, nameVmo, readElf } from "./elf_mapper.ts";
import { cloneLoader, loadObject } from "./loader_client.ts";
import { Owned } from "./owned.ts";
import { isRefusal, Refusal } from "./refusal.ts";
import { readScript } from "./script_file.ts";

/** A handle to pass on, and what it is for. */
export interface StartupHandle {
  /** What it is for (`paHandle`). */
  readonly info: number;
  /** The handle, which the builder consumes whatever happens. */
  readonly handle: number;
}

/** What to build. */
export interface BuildRequest {
  /** The job to make the process in; stays the caller's. */
  readonly job: number;
  /** What people call the process. */
  readonly name: string;
  /** The executable's memory object, consumed whatever happens. */
  readonly executable: number;
  /** Arguments, the program's own name first. */
  readonly args: readonly string[];
  /** The environment. */
  readonly environ: readonly string[];
  /** The paths of the namespace. */
  readonly names: readonly string[];
  /** Handles to pass on. */
  readonly handles: readonly StartupHandle[];
  /** The vDSO to map, read already; stays the caller's. */
  readonly vdso: ElfFile;
  /** The loader service, for programs that want a dynamic linker; stays the caller's. 0: none. */
  readonly loader: number;
}

/** A process that waits to start. */
export interface Built {
  /** The process. */
  readonly process: number;
  /** Its first thread. */
  readonly thread: number;
  /** Its root region. */
  readonly rootVmar: number;
  /** Where to start. */
  readonly entry: number;
  /** The stack pointer. */
  readonly stack: number;
  /** The channel end to start it with. */
  readonly bootstrap: number;
  /** Where the vDSO is. */
  readonly vdsoBase: number;
}

const STACK_SIZE = 256 * 1024;
const GUARD_SIZE = 4096;

/** Handles that the builder makes itself and takes from nobody. */
const RESERVED: readonly number[] = [
  Pa.PROC_SELF,
  Pa.THREAD_SELF,
  Pa.VMAR_ROOT,
  Pa.VMAR_LOADED,
  Pa.VMO_STACK,
  Pa.VMO_EXECUTABLE,
];

/** Build a process, or say why not; then nothing of it is left. */
export function* buildProcess(request: BuildRequest): Operation<Built | Refusal> {
  const owned = new Owned();
  owned.own(request.executable);
  for (const { handle } of request.handles) owned.own(handle);
  const reserved = request.handles.find(({ info }) => RESERVED.includes(paType(info)));
  const built = reserved
    ? new Refusal(Status.INVALID_ARGS, `${paName(reserved.info)} is the builder's to give`)
    : yield* build(request, owned);
  yield* owned.close();
  return built;
}

function* build(request: BuildRequest, owned: Owned): Operation<Built | Refusal> {
  const file = yield* readScript(request);
  if (isRefusal(file)) return file;
  if (file.kind === "script") return yield* buildTask(request, owned, file.args, file.entry);
  owned.own(file.vmo);
  const elf = yield* readElf(file.vmo, request.name);
  if (isRefusal(elf)) return elf;
  return yield* buildTask(request, owned, file.args, elf);
}

/** The process with its thread and channel; what goes into it is next. */
function* buildTask(
  request: BuildRequest,
  owned: Owned,
  args: readonly string[],
  image: ElfFile | number,
): Operation<Built | Refusal> {
  const { job, name } = request;
  const made = yield* zx.processCreate({ job, name });
  if (failed(made)) return Refusal.call(made, "the process cannot be made");
  const process = owned.own(made.process);
  const rootVmar = owned.own(made.rootVmar);
  const task = yield* finish({ ...request, args }, { process, rootVmar, owned, image });
  if (isRefusal(task)) yield* zx.taskKill({ task: process });
  else for (const handle of [process, task.thread, rootVmar, task.bootstrap]) owned.give(handle);
  return task;
}

interface Task {
  readonly process: number;
  readonly rootVmar: number;
  readonly owned: Owned;
  readonly image: ElfFile | number;
}

function* finish(request: BuildRequest, task: Task): Operation<Built | Refusal> {
  const { process, rootVmar, owned, image } = task;
  const thread = yield* zx.threadCreate({ process, name: "initial-thread" });
  if (failed(thread)) return Refusal.call(thread, "the first thread cannot be made");
  owned.own(thread.out);
  const channel = yield* zx.channelCreate({});
  if (failed(channel)) return Refusal.call(channel, "the bootstrap channel cannot be made");
  const message = new StartupMessage(owned.own(channel.out0), owned, request);
  const bootstrap = owned.own(channel.out1);
  for (const [type, handle] of selfHandles(process, thread.out, rootVmar)) {
    const failure = yield* message.addCopy(type, handle);
    if (failure) return failure;
  }
  message.addGiven(request.handles);
  const start = { process, thread: thread.out, rootVmar, bootstrap };
  if (typeof image === "number") {
    const failure = yield* message.send();
    return failure ?? { ...start, entry: image, stack: 0, vdsoBase: 0 };
  }
  const loaded = yield* load(request, task, image, message);
  return isRefusal(loaded) ? loaded : { ...start, ...loaded };
}

function selfHandles(process: number, thread: number, vmar: number) {
  return [[Pa.PROC_SELF, process], [Pa.THREAD_SELF, thread], [Pa.VMAR_ROOT, vmar]] as const;
}

/** Map the image or its dynamic linker, the vDSO and a stack, and say so in the messages. */
function* load(request: BuildRequest, task: Task, elf: ElfFile, message: StartupMessage) {
  const { owned, rootVmar, process } = task;
  let entry: number;
  let reserved = 0;
  if (elf.interpreter === undefined) {
    const mapped = yield* mapElf(elf, rootVmar, owned);
    if (isRefusal(mapped)) return mapped;
    message.addOwn(Pa.VMAR_LOADED, mapped.vmar);
    entry = mapped.bias + elf.header.entry;
  } else {
    const low = yield* reserveLow(rootVmar);
    if (isRefusal(low)) return low;
    reserved = owned.own(low);
    const linker = yield* loadLinker(request, task, elf);
    if (isRefusal(linker)) return linker;
    entry = linker.mapped.bias + linker.elf.header.entry;
    const told = yield* tellLinker(request, { process, rootVmar, linker, elf, message, owned });
    if (told) return told;
  }
  const vdso = yield* mapElf(request.vdso, rootVmar, owned);
  if (isRefusal(vdso)) return vdso;
  const copied = yield* message.addCopy(Pa.VMO_VDSO, request.vdso.vmo);
  if (copied) return copied;
  const stack = yield* makeStack(rootVmar, elf, owned);
  if (isRefusal(stack)) return stack;
  message.addOwn(Pa.VMO_STACK, stack.vmo);
  if (reserved !== 0) yield* zx.vmarDestroy({ handle: reserved });
  const failure = yield* message.send();
  return failure ?? { entry, stack: stack.pointer, vdsoBase: vdso.base };
}

interface Linker {
  readonly elf: ElfFile;
  readonly mapped: Mapped;
}

/** Keep the lower half free while the linker is placed, for programs that must lie low. */
function* reserveLow(rootVmar: number): Operation<number | Refusal> {
  const info = yield* zx.objectGetInfo({ handle: rootVmar, topic: InfoTopic.VMAR.number });
  if (failed(info)) return Refusal.call(info, "the address space is not known");
  const { base, length } = decodeInfo("VMAR", info.buffer)[0]!;
  const end = Math.ceil((base + length) / 2 / GUARD_SIZE) * GUARD_SIZE;
  const { SPECIFIC } = VmOption;
  const made = yield* zx.vmarAllocate({ parent: rootVmar, options: SPECIFIC, size: end - base });
  return failed(made) ? Refusal.call(made, "the lower half is not free") : made.child;
}

/** Ask the loader for the dynamic linker, and map it. */
function* loadLinker(request: BuildRequest, task: Task, elf: ElfFile) {
  const { owned, rootVmar } = task;
  if (request.loader === 0) {
    const reason =
      `${elf.name} wants the dynamic linker ${elf.interpreter}, but no loader was given`;
    return new Refusal(Status.INVALID_ARGS, reason);
  }
  const object = yield* loadObject(request.loader, elf.interpreter!);
  if (isRefusal(object)) return object;
  const linker = yield* readElf(owned.own(object), elf.interpreter!);
  if (isRefusal(linker)) return linker;
  if (linker.interpreter !== undefined) {
    const reason = `the dynamic linker ${linker.name} asks for a dynamic linker itself`;
    return new Refusal(Status.INVALID_ARGS, reason);
  }
  const mapped = yield* mapElf(linker, rootVmar, owned);
  return isRefusal(mapped) ? mapped : { elf: linker, mapped };
}

/** The first message of two: what the dynamic linker needs to do its work. */
function* tellLinker(request: BuildRequest, about: {
  readonly process: number;
  readonly rootVmar: number;
  readonly linker: Linker;
  readonly elf: ElfFile;
  readonly message: StartupMessage;
  readonly owned: Owned;
}): Operation<Refusal | undefined> {
  const { owned, linker, elf } = about;
  const environ = request.environ.filter((text) => /^LD_(DEBUG|TRACE|BIND_NOW)=/.test(text));
  const args = request.args.slice(0, 1);
  const first = new StartupMessage(about.message.channel, owned, { args, environ, names: [] });
  const loader = yield* cloneLoader(request.loader);
  if (isRefusal(loader)) return loader;
  first.addOwn(Pa.LDSVC_LOADER, owned.own(loader));
  first.addOwn(Pa.VMO_EXECUTABLE, elf.vmo);
  first.addOwn(Pa.VMAR_LOADED, linker.mapped.vmar);
  for (const [type, handle] of [[Pa.PROC_SELF, about.process], [Pa.VMAR_ROOT, about.rootVmar]]) {
    const failure = yield* first.addCopy(type!, handle!);
    if (failure) return failure;
  }
  return yield* first.send();
}

/** A stack with a page below it that nothing is mapped at. */
function* makeStack(rootVmar: number, elf: ElfFile, owned: Owned) {
  const wanted = segmentOf(elf.segments, SegmentType.GNU_STACK)?.memorySize ?? 0;
  const size = Math.ceil((wanted || STACK_SIZE) / GUARD_SIZE) * GUARD_SIZE;
  const made = yield* zx.vmoCreate({ size });
  if (failed(made)) return Refusal.call(made, "no memory for the stack");
  const vmo = owned.own(made.out);
  yield* nameVmo(vmo, wanted ? "stack: explicit" : "stack: default");
  const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MAP_SPECIFIC } = VmOption;
  const region = yield* zx.vmarAllocate({
    parent: rootVmar,
    options: CAN_MAP_READ | CAN_MAP_WRITE | CAN_MAP_SPECIFIC,
    offset: 0,
    size: size + GUARD_SIZE,
  });
  if (failed(region)) return Refusal.call(region, "no room for the stack");
  const mapped = yield* zx.vmarMap({
    handle: owned.own(region.child),
    options: VmOption.PERM_READ | VmOption.PERM_WRITE | VmOption.SPECIFIC,
    vmarOffset: GUARD_SIZE,
    vmo,
    vmoOffset: 0,
    length: size,
  });
  if (failed(mapped)) return Refusal.call(mapped, "the stack cannot be mapped");
  return { vmo, pointer: mapped.mappedAddress + size };
}

/** A message to a process that does not run yet, as it comes together. */
class StartupMessage {
  /** The end that it is written to. */
  readonly channel: number;
  readonly #owned: Owned;
  readonly #handles: number[] = [];
  readonly #info: number[] = [];
  readonly #text: Pick<BuildRequest, "args" | "environ" | "names">;

  constructor(
    channel: number,
    owned: Owned,
    text: Pick<BuildRequest, "args" | "environ" | "names">,
  ) {
    this.channel = channel;
    this.#owned = owned;
    this.#text = text;
  }

  /** Add a handle of this piece of work, which goes away with the message. */
  addOwn(type: number, handle: number): void {
    this.#handles.push(handle);
    this.#info.push(paHandle(type));
  }

  /** Add what the requester gave. */
  addGiven(given: readonly StartupHandle[]): void {
    for (const { info, handle } of given) {
      this.#handles.push(handle);
      this.#info.push(info);
    }
  }

  /** Add a handle to the same object as one that is needed here still. */
  *addCopy(type: number, handle: number): Operation<Refusal | undefined> {
    const copy = yield* zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS });
    if (failed(copy)) return Refusal.call(copy, `${paName(type)} cannot be passed on`);
    this.addOwn(type, this.#owned.own(copy.out));
  }

  /** Write it; its handles are gone whatever happens. */
  *send(): Operation<Refusal | undefined> {
    const bytes = encodeProcessArgs({ handleInfo: this.#info, ...this.#text });
    for (const handle of this.#handles) this.#owned.give(handle);
    const handles = this.#handles;
    const status = yield* zx.channelWrite({ handle: this.channel, bytes, handles });
    if (status !== Status.OK) {
      return Refusal.call(
        status,
        `a message of ${bytes.length} bytes and ${handles.length} handles`,
      );
    }
  }
}
