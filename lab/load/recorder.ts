/**
 * The recorder: listens to a machine and fills the load report of a program from what it hears.
 *
 * @module
 */
import type { KernelEvent } from "../../kernel/events.ts";
import { Access, PAGE_SIZE } from "../../kernel/ports.ts";
import { LoadHoldings } from "./authority.ts";
import { LoadDescriptors } from "./descriptors.ts";
import { accessLetters, LoadMappings, withTouched } from "./mappings.ts";
import type {
  Backing,
  BootMessage,
  FirstFetch,
  LoadAuthority,
  LoadException,
  LoadMapping,
  LoadReport,
  LoadStart,
  LoadStep,
  MappingChange,
  ParsedBytes,
} from "./report.ts";
import { LoadSteps } from "./steps.ts";
import { CallTally, CopyTally, FaultTally, Stopwatch } from "./tally.ts";

type Of<K extends KernelEvent["kind"]> = Extract<KernelEvent, { readonly kind: K }>;

/** What is not told by events. */
export interface LoadOutcome {
  /** The name of the model. */
  readonly model: string;
  /** How long it took outside. */
  readonly hostMs: number;
}

/** What there was when the program began. */
interface AtEntry {
  readonly mappings: readonly LoadMapping[];
  readonly authority: readonly LoadAuthority[];
  readonly pages: number;
  readonly parsed: number;
  readonly start: LoadStart;
  readonly message: BootMessage | null;
}

/** Listens from the machine's beginning; the load begins when it is told so. */
export class LoadRecorder {
  readonly #names = new Map<number, string>();
  readonly #holdings = new LoadHoldings();
  readonly #descriptors = new LoadDescriptors();
  readonly #calls = new Map<number, Of<"syscall">>();
  readonly #backing = new Map<number, Backing>();
  readonly #spaces = new Map<number, LoadMappings>();
  readonly #touched = new Set<number>();
  readonly #parsed: ParsedBytes[] = [];
  readonly #entries = new CallTally();
  readonly #own = new CallTally();
  readonly #copied = new CopyTally();
  readonly #faults = new FaultTally();
  readonly #steps = new LoadSteps();
  readonly #watch = new Stopwatch();
  readonly #loader: string;
  readonly #onEntry: (process: number, thread: number) => void;
  #begun = false;
  #beganAt = 0;
  #space = 0;
  #program = 0;
  #thread = 0;
  #path = "";
  #awaited = -1;
  #awaitedStack = 0;
  #atEntry: AtEntry | null = null;
  #firstCall: number | undefined;
  #exception: LoadException | null = null;
  #exitCode: number | undefined;
  #endedAt = -1;
  #now = 0;
  #isUnseen = false;
  #shown = 0;
  #firstFetch: FirstFetch | null = null;

  /**
   * A recorder, and who is told when the program is at its first instruction; `loader` names a
   * program that loads another one over itself.
   */
  constructor(onEntry: (process: number, thread: number) => void = () => {}, loader = "") {
    this.#onEntry = onEntry;
    this.#loader = loader;
  }

  /** The load begins now. */
  begin(): void {
    this.#begun = true;
    this.#beganAt = this.#now;
    for (const page of this.#in(this.#space).shown) this.#touched.add(page);
  }

  /** The report, once the program has ended or was given up; null if it never began. */
  report({ model, hostMs }: LoadOutcome): LoadReport | null {
    if (this.#atEntry === null) return null;
    const { mappings, authority, pages, parsed, start, message } = this.#atEntry;
    return {
      model,
      hostMs,
      start,
      steps: this.#steps.all,
      firstFetch: this.#firstFetch,
      message,
      // One that is stopped at its main has parsed what it parses before.
      parsed: this.#exception ? this.#parsed : this.#parsed.slice(0, parsed),
      entries: this.#entries.all,
      calls: this.#own.all,
      callsBeforeMain: null,
      copied: this.#copied.all,
      mappings: withTouched(mappings, this.#touched),
      pagesAtEntry: pages,
      pagesAtExit: this.#touched.size,
      faults: this.#faults.all,
      instructionsToCall: this.#firstCall,
      instructionsToMain: null,
      instructions: this.#watch.at(this.#endedAt < 0 ? this.#now : this.#endedAt),
      exception: this.#exception,
      malformed: [],
      authority,
      exitCode: this.#exitCode,
    };
  }

  /** Hear an event. */
  hear(event: KernelEvent): void {
    this.#now = event.time;
    if (event.kind !== "page-show" && event.kind !== "page-fault") this.#shown = 0;
    this.#holdings.hear(event);
    if (event.kind === "object-name") this.#names.set(event.koid, event.name);
    if (event.kind === "file-read" && !this.#names.has(event.file)) {
      this.#names.set(event.file, this.#path);
    }
    if (this.#endedAt >= 0) return;
    if (event.kind === "space") {
      if (event.process === this.#program || this.#program === 0) this.#space = event.space;
    } else if (event.kind === "thread-start") this.#started(event);
    else if (event.kind === "switch") this.#switched(event);
    else if (event.kind === "process-exit") this.#ended(event);
    else if (event.kind === "syscall") this.#called(event);
    else if (event.kind === "syscall-done") this.#answered(event);
    else if (event.kind === "load") this.#loadStep(event);
    else if (event.kind === "exception") this.#raised(event);
    else if (event.kind === "object-create") this.#made(event);
    else if (this.#begun) this.#moved(event);
    if (!this.#begun) this.#memory(event);
  }

  #switched({ to, time }: Of<"switch">): void {
    this.#watch.turn(to, time);
    if (!this.#isUnseen || to !== this.#thread) return;
    this.#isUnseen = false;
    this.#onEntry(this.#program, to);
  }

  /** Bytes that were moved, and what happens to memory. */
  #moved(event: KernelEvent): void {
    if (event.kind === "file-read") this.#kernelRead(event);
    else if (event.kind === "copy") this.#copied.add("kernel", event.what, event.bytes);
    else if (event.kind === "message-write" || event.kind === "message-read") {
      if (this.#atEntry) return;
      this.#copied.add(this.#who(event.cause), "messages of channels", event.bytes);
    } else if (event.kind === "page-fault" && event.thread === this.#thread) this.#fault(event);
    else this.#memory(event);
  }

  /** What happens in address spaces. */
  #memory(event: KernelEvent): void {
    if (event.kind === "map") this.#mapped(event);
    else if (event.kind === "unmap") {
      this.#in(event.space).remove(event.address, event.address + event.length);
      this.#change("unmap", event, { access: "", name: "" });
    } else if (event.kind === "protect") {
      this.#in(event.space).protect(event.address, event.address + event.length, event.access);
      this.#change("protect", event, { access: accessLetters(event.access), name: "" });
    } else if (event.kind === "page-show") {
      this.#shown++;
      this.#in(event.space).show(event.address);
      const page = Math.floor(event.address / PAGE_SIZE);
      if (event.space === this.#space && this.#begun) this.#touched.add(page);
    }
  }

  #change(
    kind: MappingChange["kind"],
    { address, length, cause }: Of<"map" | "unmap" | "protect">,
    now: { readonly access: string; readonly name: string },
  ): void {
    if (!this.#begun || this.#atEntry) return;
    this.#steps.change({ kind, address, length, ...now }, cause);
  }

  #in(space: number): LoadMappings {
    const found = this.#spaces.get(space) ?? new LoadMappings();
    this.#spaces.set(space, found);
    return found;
  }

  #made({ koid, type, cause }: Of<"object-create">): void {
    if (type === "process" && this.#begun && this.#program === 0) {
      this.#program = koid;
      this.#space = koid;
    }
    if (type !== "vmo") return;
    const isChild = this.#calls.get(cause)?.name === "zx_vmo_create_child";
    this.#backing.set(koid, isChild ? "private copy" : "zeros");
  }

  #called(event: Of<"syscall">): void {
    const { process, name, args, time } = event;
    this.#calls.set(event.seq, event);
    this.#watch.called(event.thread, time);
    if (!this.#begun) return;
    if (process === this.#program && this.#atEntry) {
      this.#firstCall ??= this.#watch.at(time);
      this.#own.add(this.#nameOf(process), name);
    } else if (!this.#atEntry) {
      const who = this.#callerOf(process);
      this.#entries.add(who, name);
      const detail = String(args.path ?? this.#nameOfHandle(process, args.handle));
      this.#step({ who, privilege: "user", what: name, detail, isCall: true }, event.seq);
    }
    if (this.#atEntry && process !== this.#program) return;
    const who = this.#callerOf(process);
    const length = Number(args.bufferSize);
    const koid = this.#holdings.koid(process, args.handle);
    if (name === "zx_vmo_write") {
      this.#backing.set(koid, "file");
      this.#copied.add(who, "the file, into a memory object", length);
    } else if (name === "zx_vmo_read") {
      const file = this.#nameOf(koid);
      this.#parsed.push({ who, privilege: "user", file, offset: Number(args.offset), length });
      this.#copied.add(who, "parts of the file, to parse them", length);
    }
  }

  #answered({ cause, process, thread, status, time }: Of<"syscall-done">): void {
    this.#watch.answered(thread, time);
    const call = this.#calls.get(cause);
    if (!call || process !== this.#program) return;
    const read = this.#descriptors.done(call, status);
    if (!read || read.path.startsWith("/proc/")) return;
    const who = this.#callerOf(process);
    const { offset, length, path: file } = read;
    // What goes where the program will be is its contents; what goes elsewhere is to be understood.
    const memory = this.#in(this.#space);
    if (/^mmap2?$/.test(memory.at(read.to)?.how ?? "")) {
      memory.fill(read.to, read.to + length, file);
      this.#copied.add(who, "the file, into the program's memory", length);
    } else {
      this.#parsed.push({ who, privilege: "user", file, offset, length });
      this.#copied.add(who, "parts of the file, to parse them", length);
    }
  }

  #untell(cause: number): void {
    const call = this.#calls.get(cause);
    if (!call) return;
    this.#steps.drop(cause);
    this.#entries.drop(this.#callerOf(call.process), call.name);
  }

  #loadStep({ who, step, detail, process, cause }: Of<"load">): void {
    if (this.#program === 0) this.#program = process;
    if (step === "search_binary_handler" || step === "open_exec") this.#path = detail;
    const isKernel = who === "kernel";
    if (isKernel) { for (const one of this.#spaces.values()) one.claim("kernel", step); }
    if (this.#begun && !this.#atEntry) {
      const privilege = isKernel ? "kernel" : "user";
      // The call through which a program tells of a step is not part of what it tells.
      if (!isKernel) this.#untell(cause);
      this.#step({ who, privilege, what: step, detail, isCall: false }, 0);
    }
    const found = /^(pc|sp) ([0-9a-f]+)$/.exec(isKernel ? "" : detail);
    if (found?.[1] === "sp") this.#awaitedStack = parseInt(found[2]!, 16);
    if (found?.[1] === "pc") this.#awaited = parseInt(found[2]!, 16);
  }

  #step(step: Omit<LoadStep, "changes" | "at">, seq: number): void {
    const at = this.#now - this.#beganAt;
    this.#steps.add({ ...step, at }, seq, step.privilege === "kernel");
  }

  #nameOfHandle(process: number, handle: unknown): string {
    return this.#names.get(this.#holdings.koid(process, handle)) ?? "";
  }

  #kernelRead({ file, offset, length }: Of<"file-read">): void {
    const name = this.#nameOf(file);
    this.#parsed.push({ who: "kernel", privilege: "kernel", file: name, offset, length });
    this.#copied.add("kernel", "parts of the file, to parse them", length);
  }

  #mapped(event: Of<"map">): void {
    const call = this.#calls.get(event.cause);
    // What the kernel maps of its own accord belongs to the step that it tells next.
    const [who, how] = call && call.name !== "execve"
      ? [this.#callerOf(call.process), call.name]
      : ["", ""];
    const isZeros = event.vmo === 0;
    const name = event.name ||
      (isZeros ? "zeros" : this.#names.get(event.vmo) || this.#path || this.#nameOf(event.vmo));
    this.#in(event.space).add(event, { who, how, name, backing: this.#backingOf(event) });
    this.#change("map", event, { access: accessLetters(event.access), name });
  }

  #backingOf({ vmo, access }: Of<"map">): Backing {
    if (vmo === 0) return "zeros";
    const known = this.#backing.get(vmo);
    if (known && !this.#names.get(vmo)?.startsWith("/")) return known;
    return (access & Access.WRITE) !== 0 ? "private copy" : "file";
  }

  #fault({ address, access, result, time }: Of<"page-fault">): void {
    if (this.#awaited === address && access === Access.EXECUTE) {
      this.#begins({ entry: address, stack: this.#awaitedStack }, time);
    }
    if (!this.#atEntry) return;
    const found = this.#in(this.#space).at(address);
    const there = found?.backing ?? "nothing";
    if (!this.#firstFetch && address === this.#atEntry.start.entry) {
      const name = found?.name ?? "";
      this.#firstFetch = { address, result, name, backing: there, shown: this.#shown };
    }
    const isGood = result === "OK";
    this.#faults.add(access, there, result);
    if (isGood && access === Access.WRITE && there === "private copy") {
      this.#copied.add("kernel", "pages of the file, when they were first written", PAGE_SIZE);
    }
  }

  #raised({ thread, type, pc, address, time }: Of<"exception">): void {
    if (thread !== this.#thread || this.#exception || !this.#atEntry) return;
    this.#exception = { type, pc, address, instructions: this.#watch.at(time) };
  }

  #started({ process, thread, entry, stack, time }: Of<"thread-start">): void {
    if (this.#loader !== "" && !this.#begun) {
      this.#program = process;
      this.#thread = thread;
      this.begin();
      return;
    }
    if (!this.#begun || process !== this.#program || this.#atEntry) return;
    this.#thread = thread;
    this.#begins({ entry, stack }, time);
  }

  /** The program is at its first instruction. */
  #begins(start: LoadStart, time: number): void {
    this.#awaited = -1;
    this.#isUnseen = this.#loader === "";
    if (!this.#isUnseen) this.#onEntry(this.#program, this.#thread);
    this.#watch.start(this.#thread, this.#loader !== "", time);
    const memory = this.#in(this.#space);
    const left: LoadAuthority[] = this.#descriptors.open.map(([descriptor, path]) => ({
      topic: "files",
      what: `descriptor ${descriptor}: ${path}`,
      access: "",
      via: "left open",
      handle: 0,
    }));
    this.#atEntry = {
      start,
      mappings: memory.all,
      authority: [...this.#holdings.of(this.#program), ...left],
      pages: memory.shown.size,
      parsed: this.#parsed.length,
      message: this.#holdings.messageFor(this.#program),
    };
  }

  #ended({ process, code, time }: Of<"process-exit">): void {
    if (process !== this.#program || !this.#begun) return;
    this.#exitCode = code;
    this.#endedAt = time;
  }

  #who(cause: number): string {
    const call = this.#calls.get(cause);
    return call ? this.#callerOf(call.process) : "kernel";
  }

  /** Who calls: until the program begins, its process is that of its loader. */
  #callerOf(process: number): string {
    const isLoader = process === this.#program && this.#loader !== "" && !this.#atEntry;
    return isLoader ? this.#loader : this.#nameOf(process);
  }

  #nameOf(koid: number): string {
    return this.#names.get(koid) || `object ${koid}`;
  }
}
