/**
 * What a program holds at its first instruction, as events tell: the handles in its table, those in
 * messages that wait for it, its descriptors, and where its paths lead.
 *
 * @module
 */
import { decodeProcessArgs, paName, type ProcessArgs } from "../../kernel/abi.ts";
import type { HandleMove, KernelEvent } from "../../kernel/events.ts";
import type { AuthorityTopic, BootMessage, LoadAuthority } from "./report.ts";
import { shortRights } from "../telling/story.ts";

/** Handles that wait in a channel for whoever reads it. */
interface Waiting {
  readonly peer: number;
  readonly handles: readonly HandleMove[];
  readonly uses: readonly string[];
  readonly args: ProcessArgs | null;
}

/** Keeps account of who holds what. */
export class LoadHoldings {
  readonly #tables = new Map<number, Map<number, HandleMove>>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #lost = new Map<number, HandleMove[]>();
  readonly #bytes = new Map<number, Uint8Array>();
  readonly #linux = new Map<number, LoadAuthority[]>();

  /** The object that a handle names. */
  koid(process: number, handle: unknown): number {
    return this.#tables.get(process)?.get(Number(handle))?.koid ?? 0;
  }

  /** Everything that a process can use. */
  of(process: number): LoadAuthority[] {
    const held = [...this.#tables.get(process)?.values() ?? []];
    const channels = new Set(held.map(({ koid }) => koid));
    const sent = [...this.#waiting.values()].filter(({ peer }) => channels.has(peer))
      .flatMap(({ handles, uses }) =>
        handles.map((one, at) =>
          authority({ ...one, handle: 0 }, `bootstrap message: ${uses[at] ?? "no name"}`)
        )
      );
    const own = held.map((one) => authority(one, one.how));
    return [...own, ...sent, ...this.#linux.get(process) ?? []];
  }

  /** The words of the last message that waits for a process; null if none does. */
  messageFor(process: number): BootMessage | null {
    const channels = new Set(
      [...this.#tables.get(process)?.values() ?? []].map(({ koid }) => koid),
    );
    const found = [...this.#waiting.values()].findLast(({ peer, args }) =>
      args !== null && channels.has(peer)
    );
    return found?.args ? { args: found.args.args, environ: found.args.environ } : null;
  }

  /** Hear an event. */
  hear(event: KernelEvent): void {
    if (event.kind === "handle-gain") this.#table(event.process).set(event.handle, event);
    else if (event.kind === "handle-lose") {
      this.#table(event.process).delete(event.handle);
      listOf(this.#lost, event.cause).push(event);
    } else if (event.kind === "syscall") this.#remember(event.seq, event.args);
    else if (event.kind === "message-write") {
      const handles = this.#lost.get(event.cause) ?? [];
      const args = this.#argsOf(event.cause, handles.length);
      const uses = args?.handleInfo.map((info) => paName(info)) ?? [];
      this.#waiting.set(event.message, { peer: event.peer, handles, uses, args });
    } else if (event.kind === "message-read") this.#waiting.delete(event.message);
    else if (event.kind === "descriptor") {
      const what = `descriptor ${event.descriptor}: ${event.file}`;
      this.#files(event.process).push({
        topic: event.descriptor < 3 ? "standard input and output" : "files",
        what,
        access: event.access,
        via: "inherited",
        handle: 0,
      });
    } else if (event.kind === "reach") {
      const { path, access } = event;
      this.#files(event.process).push({
        topic: "files",
        what: `path ${path}`,
        access,
        via: "by name",
        handle: 0,
      });
    }
  }

  #files(process: number): LoadAuthority[] {
    return listOf(this.#linux, process);
  }

  #remember(seq: number, { bytes, args }: Record<string, unknown>): void {
    const inner = (args as { bytes?: unknown } | undefined)?.bytes;
    const found = bytes instanceof Uint8Array ? bytes : inner;
    if (found instanceof Uint8Array) this.#bytes.set(seq, found);
  }

  #argsOf(cause: number, count: number): ProcessArgs | null {
    const bytes = this.#bytes.get(cause);
    const message = bytes ? decodeProcessArgs(bytes, count) : "";
    return typeof message === "string" ? null : message;
  }

  #table(process: number): Map<number, HandleMove> {
    const table = this.#tables.get(process) ?? new Map<number, HandleMove>();
    this.#tables.set(process, table);
    return table;
  }
}

/** What handles with these purposes are for. */
const TOPICS: readonly (readonly [purpose: RegExp, topic: AuthorityTopic])[] = [
  [/PA_FD/, "standard input and output"],
  [/PA_(PROC|THREAD)_SELF|PA_JOB/, "its own process"],
  [/PA_VMAR|PA_VMO_(STACK|EXECUTABLE)/, "its own memory"],
  [/PA_VMO_VDSO/, "calling the kernel"],
  [/PA_(NS_DIR|LDSVC)/, "files"],
  [/process_start/, "talking to whoever started it"],
];

function authority({ type, name, rights, handle }: HandleMove, via: string): LoadAuthority {
  const topic = TOPICS.find(([purpose]) => purpose.test(via))?.[1] ?? "anything else";
  return { topic, what: name ? `${type} ${name}` : type, access: shortRights(rights), via, handle };
}

function listOf<T>(map: Map<number, T[]>, key: number): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
