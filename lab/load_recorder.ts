/**
 * The recorder: listens to a machine and fills the load report of a program from what it hears.
 *
 * @module
 */
import type { KernelEvent } from "../kernel/events.ts";
import { Access, PAGE_SIZE } from "../kernel/ports.ts";
import { LoadHoldings } from "./load_authority.ts";
import { LoadMappings, type MappingOrigin } from "./load_mappings.ts";
import type {
  Backing,
  CopiedBytes,
  LoadAuthority,
  LoadMapping,
  LoadReport,
  LoadStep,
  ParsedBytes,
} from "./load_report.ts";

type Of<K extends KernelEvent["kind"]> = Extract<KernelEvent, { readonly kind: K }>;

/** What is not told by events. */
export interface LoadOutcome {
  /** The name of the model. */
  readonly model: string;
  /** How long it took outside. */
  readonly hostMs: number;
}

const VERBS: Readonly<Record<number, string>> = {
  [Access.READ]: "read",
  [Access.WRITE]: "write",
  [Access.EXECUTE]: "execute",
};

/** Listens from the machine's beginning; the load begins when it is told so. */
export class LoadRecorder {
  readonly #names = new Map<number, string>();
  readonly #holdings = new LoadHoldings();
  readonly #calls = new Map<number, Of<"syscall">>();
  readonly #backing = new Map<number, Backing>();
  readonly #mappings = new LoadMappings();
  readonly #pages = new Set<number>();
  readonly #parsed: ParsedBytes[] = [];
  readonly #entries = new Map<string, number>();
  readonly #copied: CopiedBytes[] = [];
  readonly #faults = new Map<string, number>();
  readonly #steps: LoadStep[] = [];
  #begun = false;
  #space = -1;
  #program = 0;
  #thread = 0;
  #step = "";
  #path = "";
  readonly #pending: Of<"map">[] = [];
  #atEntry: { mappings: readonly LoadMapping[]; authority: LoadAuthority[]; pages: number } | null =
    null;
  #startTime = -1;
  #firstCall: number | undefined;
  #exitCode: number | undefined;
  #ended = false;

  /** The load begins now. */
  begin(): void {
    this.#begun = true;
  }

  /** The report, once the program has ended or was given up; null if it never had a thread. */
  report({ model, hostMs }: LoadOutcome): LoadReport | null {
    if (this.#atEntry === null) return null;
    const { mappings, authority, pages } = this.#atEntry;
    const entries = [...this.#entries].map(([key, count]) => {
      const [who, name] = key.split("\n");
      return { who: who!, name: name!, count };
    });
    return {
      model,
      hostMs,
      steps: this.#steps,
      parsed: this.#parsed,
      entries,
      copied: this.#copied,
      mappings,
      pagesAtEntry: pages,
      pagesAtExit: this.#pages.size,
      faults: [...this.#faults].map(([kind, count]) => ({ kind, count })),
      instructionsToCall: this.#firstCall,
      authority,
      exitCode: this.#exitCode,
    };
  }

  /** Hear an event. */
  hear(event: KernelEvent): void {
    this.#holdings.hear(event);
    if (event.kind === "object-name") this.#names.set(event.koid, event.name);
    if (!this.#begun || this.#ended) return;
    if (event.kind === "syscall") this.#called(event);
    else if (event.kind === "load") this.#loadStep(event);
    else if (event.kind === "object-create" && event.type === "vmo") this.#vmoMade(event);
    else if (event.kind === "object-create" && event.type === "process") this.#made(event.koid);
    else if (event.kind === "file-read") this.#kernelRead(event);
    else if (event.kind === "copy") this.#copy("kernel", event.what, event.bytes);
    else if (event.kind === "message-write" || event.kind === "message-read") {
      if (!this.#atEntry) this.#copy(this.#who(event.cause), "messages of channels", event.bytes);
    } else if (event.kind === "thread-start") this.#start(event);
    else if (event.kind === "switch") {
      if (event.to === this.#thread && this.#startTime < 0) this.#startTime = event.time;
    } else if (event.kind === "process-exit") {
      if (event.process === this.#program) this.#end(event.code);
    } else if (event.kind === "thread-exit") {
      if (event.thread === this.#thread) this.#thread = -1;
    } else if (this.#thread >= 0) this.#memory(event);
  }

  /** What happens to the program's memory, until it ends. */
  #memory(event: KernelEvent): void {
    if (event.kind === "map" && event.space === this.#space) this.#mapped(event);
    else if (event.kind === "unmap" && event.space === this.#space) {
      this.#mappings.remove(event.address, event.address + event.length);
    } else if (event.kind === "protect" && event.space === this.#space) {
      this.#mappings.protect(event.address, event.address + event.length, event.access);
    } else if (event.kind === "page-show" && event.space === this.#space) {
      this.#pages.add(Math.floor(event.address / PAGE_SIZE));
    } else if (event.kind === "page-fault" && event.thread === this.#thread) this.#fault(event);
  }

  #made(process: number): void {
    if (this.#program !== 0) return;
    this.#program = process;
    this.#space = process;
  }

  #called(event: Of<"syscall">): void {
    this.#calls.set(event.seq, event);
    const { process, name, args } = event;
    if (process === this.#program) {
      this.#firstCall ??= event.time - this.#startTime;
      return;
    }
    if (this.#atEntry) return;
    const who = this.#nameOf(process);
    const key = `${who}\n${name}`;
    this.#entries.set(key, (this.#entries.get(key) ?? 0) + 1);
    this.#steps.push({ who, privilege: "user", what: name });
    const length = Number(args.bufferSize);
    const koid = this.#holdings.koid(process, args.handle);
    if (name === "zx_vmo_write") {
      this.#backing.set(koid, "file");
      this.#copy(who, "the file, into a memory object", length);
    } else if (name === "zx_vmo_read") {
      const file = this.#nameOf(koid);
      this.#parsed.push({ who, privilege: "user", file, offset: Number(args.offset), length });
      this.#copy(who, "parts of the file, to parse them", length);
    }
  }

  #loadStep({ step, detail, process }: Of<"load">): void {
    this.#space = 0;
    this.#program = process;
    if (step === "search_binary_handler" || step === "open_exec") this.#path = detail;
    this.#step = step;
    this.#tellMaps(step);
    if (!this.#atEntry) this.#steps.push({ who: "kernel", privilege: "kernel", what: step });
  }

  #vmoMade({ koid, cause }: Of<"object-create">): void {
    const isChild = this.#calls.get(cause)?.name === "zx_vmo_create_child";
    this.#backing.set(koid, isChild ? "private copy" : "zeros");
  }

  #kernelRead({ file, offset, length }: Of<"file-read">): void {
    if (!this.#names.has(file)) this.#names.set(file, this.#path);
    const name = this.#nameOf(file);
    this.#parsed.push({ who: "kernel", privilege: "kernel", file: name, offset, length });
    this.#copy("kernel", "parts of the file, to parse them", length);
  }

  #mapped(event: Of<"map">): void {
    const call = this.#calls.get(event.cause);
    if (call) {
      const backing = this.#backingOf(event);
      const name = event.name || this.#nameOf(event.vmo);
      this.#mappings.add(event, { who: this.#nameOf(call.process), how: call.name, backing, name });
      return;
    }
    // Linux says what it did when it is done, except for the zeros behind the data.
    this.#pending.push(event);
    if (this.#step === "set_brk" && event.vmo === 0 && event.name === "") this.#tellMaps("set_brk");
  }

  /** Mappings that the kernel made become part of a step. */
  #tellMaps(how: string): void {
    for (const event of this.#pending.splice(0)) {
      const name = event.name || (event.vmo === 0 ? "zeros" : this.#nameOf(event.vmo));
      const backing = this.#backingOf(event);
      const origin: MappingOrigin = { who: "kernel", how, backing, name };
      this.#mappings.add(event, origin);
    }
  }

  #backingOf({ vmo, access, space }: Of<"map">): Backing {
    if (space !== 0) return this.#backing.get(vmo) ?? "file";
    if (vmo === 0) return "zeros";
    return (access & Access.WRITE) !== 0 ? "private copy" : "file";
  }

  #fault({ address, access, result }: Of<"page-fault">): void {
    const there = this.#mappings.at(address)?.backing ?? "nothing";
    const isGood = result === "OK";
    const kind = `${VERBS[access] ?? "touch"}, ${there}${isGood ? "" : `, refused: ${result}`}`;
    this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    if (isGood && access === Access.WRITE && there === "private copy") {
      this.#copy("kernel", "pages of the file, when they were first written", PAGE_SIZE);
    }
  }

  #start({ process, thread }: Of<"thread-start">): void {
    if (process !== this.#program || this.#atEntry) return;
    this.#tellMaps(this.#step);
    this.#thread = thread;
    const mappings = this.#mappings.all;
    this.#atEntry = {
      mappings,
      authority: this.#holdings.of(process),
      pages: this.#pages.size,
    };
  }

  #end(code: number): void {
    this.#exitCode = code;
    this.#ended = true;
  }

  #copy(who: string, what: string, bytes: number): void {
    const at = this.#copied.findIndex((one) => one.who === who && one.what === what);
    if (at < 0) this.#copied.push({ who, what, bytes });
    else this.#copied[at] = { who, what, bytes: this.#copied[at]!.bytes + bytes };
  }

  #who(cause: number): string {
    const call = this.#calls.get(cause);
    return call ? this.#nameOf(call.process) : "kernel";
  }

  #nameOf(koid: number): string {
    return this.#names.get(koid) || `object ${koid}`;
  }
}
