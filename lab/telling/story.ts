/**
 * The story of a load: what each process did on the way to the program's first instruction.
 *
 * It is told from the log alone. A step is one system call that moved something: a process made, a
 * segment mapped, a message with handles, a start. Rights stand behind each handle that moved.
 *
 * @module
 */
import { DEFAULT_RIGHTS, Right, RIGHTS_BASIC, RIGHTS_IO, rightsText } from "../../kernel/abi.ts";
import type { KernelEvent } from "../../kernel/events.ts";
import { Access } from "../../kernel/ports.ts";

type Of<K extends KernelEvent["kind"]> = Extract<KernelEvent, { readonly kind: K }>;

/** Names for what often goes together, as Zircon's headers have them. */
const GROUPS: readonly (readonly [name: string, rights: number])[] = [
  ["BASIC", RIGHTS_BASIC],
  ["IO", RIGHTS_IO],
  ["PROPERTY", Right.GET_PROPERTY | Right.SET_PROPERTY],
  ["POLICY", Right.GET_POLICY | Right.SET_POLICY],
];

const ALL_RIGHTS: Readonly<Record<string, number>> = {
  ...DEFAULT_RIGHTS,
  vmar: DEFAULT_RIGHTS.rootVmar,
  log: DEFAULT_RIGHTS.debugLog,
};

const WHO_WIDTH = 9;
const LINE_WIDTH = 100;

/** What one system call did. */
interface Deed {
  readonly call: Of<"syscall">;
  readonly lost: Of<"handle-lose">[];
  readonly maps: Of<"map">[];
  text: string;
  started: string;
  told: boolean;
}

/** One step of the story: who did it, and what. */
export interface StoryStep {
  /** The process, or the kernel. */
  readonly who: string;
  /** What it did. */
  readonly what: string;
}

/** Listens to a machine and tells what it saw. */
export class LoadStory {
  readonly #names = new Map<number, string>();
  readonly #deeds = new Map<number, Deed>();
  readonly #steps: StoryStep[] = [];

  /** The steps so far. */
  get steps(): readonly StoryStep[] {
    return this.#steps;
  }

  /** The story as lines of text, wrapped. */
  get lines(): readonly string[] {
    const lines = this.#steps.flatMap(({ who, what }) =>
      wrap(what).map((part, at) => `${(at === 0 ? who : "").padEnd(WHO_WIDTH)} ${part}`)
    );
    return [...lines, "", "[all]: the handle has every right that making the object gives."];
  }

  /** Hear an event. */
  hear(event: KernelEvent): void {
    if (event.kind === "object-name") this.#names.set(event.koid, event.name);
    const deed = this.#deeds.get(event.cause);
    if (event.kind === "syscall") {
      this.#deeds.set(event.seq, {
        call: event,
        lost: [],
        maps: [],
        text: "",
        started: "",
        told: false,
      });
    } else if (event.kind === "handle-lose") deed?.lost.push(event);
    else if (event.kind === "map") deed?.maps.push(event);
    else if (event.kind === "debuglog" && deed) deed.text = event.text;
    else if (event.kind === "syscall-done" && deed && event.status === 0) this.#tell(deed);
    else if (event.kind === "park" && deed) this.#tell(deed);
    else if (event.kind === "process-start") this.#start(event, deed);
    else if (event.kind === "process-exit") {
      this.#say(event.process, `ends with code ${event.code}`);
    }
  }

  #start({ name }: Of<"process-start">, deed: Deed | undefined): void {
    if (deed) {
      deed.started = name;
      return;
    }
    const what = `makes ${name}, the first process, and gives it everything there is to give`;
    this.#steps.push({ who: "kernel", what });
  }

  /** Tell a deed once: when its call ends, or already when it waits for an answer. */
  #tell(deed: Deed): void {
    if (deed.told) return;
    deed.told = true;
    const sentence = this.#sentence(deed);
    if (sentence) this.#say(deed.call.process, sentence);
  }

  #sentence({ call, lost, maps, text, started }: Deed): string | undefined {
    const { name, args } = call;
    if (name === "zx_process_create") return `makes the process ${args.name}, which is empty`;
    if (name === "zx_process_start") {
      const [arg1] = lost;
      const entry = Number(args.entry).toString(16);
      return `starts ${started} at 0x${entry} with ${arg1 ? this.#handle(arg1) : "no handle"}`;
    }
    if (name === "zx_vmar_map") return maps.map((map) => this.#mapping(map)).join(", ");
    if (name === "zx_debuglog_write" && text) return `says ${JSON.stringify(text)}`;
    if (!/^zx_channel_(write|call)/.test(name) || lost.length === 0) return undefined;
    return `sends ${lost.map((one) => this.#handle(one)).join(", ")}`;
  }

  #handle({ type, name, rights }: Of<"handle-lose">): string {
    const words = rightsOn(type, rights);
    return `${name ? `${type} ${name}` : type} [${words}]`;
  }

  #mapping({ address, length, access, vmo, name }: Of<"map">): string {
    const letters = (access & Access.READ ? "r" : "-") + (access & Access.WRITE ? "w" : "-") +
      (access & Access.EXECUTE ? "x" : "-");
    const what = name || this.#names.get(vmo) || "memory";
    return `maps ${letters} ${what}, ${length / 1024} KiB at 0x${address.toString(16)}`;
  }

  #say(process: number, what: string): void {
    this.#steps.push({ who: this.#names.get(process) ?? `process ${process}`, what });
  }
}

/** Rights on an object of a type: `all` where they are those that making it gives. */
export function rightsOn(type: string, rights: number): string {
  return rights === ALL_RIGHTS[type] ? "all" : shortRights(rights);
}

/** Rights as text, with the usual groups named. */
export function shortRights(rights: number): string {
  const words: string[] = [];
  let rest = rights;
  for (const [name, group] of GROUPS) {
    if ((rest & group) !== group) continue;
    words.push(name);
    rest &= ~group;
  }
  if (rest !== 0) words.push(rightsText(rest));
  return words.join("|") || "none";
}

/** Break a sentence between the things it lists. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of text.split(/(?<=\], )/)) {
    if (line !== "" && line.length + part.length > LINE_WIDTH - WHO_WIDTH) {
      lines.push(line.trimEnd());
      line = "  ";
    }
    line += part;
  }
  return [...lines, line];
}
