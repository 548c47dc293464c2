/**
 * What a program holds at its first instruction, as events tell: the handles in its table, those in
 * messages that wait for it, its descriptors, and where its paths lead.
 *
 * @module
 */
import { decodeProcessArgs, paName } from "../kernel/abi.ts";
import type { HandleMove, KernelEvent } from "../kernel/events.ts";
import type { LoadAuthority } from "./load_report.ts";
import { shortRights } from "./story.ts";

/** Handles that wait in a channel for whoever reads it. */
interface Waiting {
  readonly peer: number;
  readonly handles: readonly HandleMove[];
  readonly uses: readonly string[];
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
        handles.map((one, at) => authority(one, `bootstrap message: ${uses[at] ?? "no name"}`))
      );
    const own = held.map((one) => authority(one, one.how));
    return [...own, ...sent, ...this.#linux.get(process) ?? []];
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
      const uses = this.#uses(event.cause, handles.length);
      this.#waiting.set(event.message, { peer: event.peer, handles, uses });
    } else if (event.kind === "message-read") this.#waiting.delete(event.message);
    else if (event.kind === "descriptor") {
      const what = `descriptor ${event.descriptor}: ${event.file}`;
      listOf(this.#linux, event.process).push({ what, access: event.access, via: "inherited" });
    } else if (event.kind === "reach") {
      const { path, access } = event;
      listOf(this.#linux, event.process).push({ what: `path ${path}`, access, via: "by name" });
    }
  }

  #remember(seq: number, { bytes, args }: Record<string, unknown>): void {
    const inner = (args as { bytes?: unknown } | undefined)?.bytes;
    const found = bytes instanceof Uint8Array ? bytes : inner;
    if (found instanceof Uint8Array) this.#bytes.set(seq, found);
  }

  #uses(cause: number, count: number): string[] {
    const bytes = this.#bytes.get(cause);
    const message = bytes ? decodeProcessArgs(bytes, count) : "";
    return typeof message === "string" ? [] : message.handleInfo.map((info) => paName(info));
  }

  #table(process: number): Map<number, HandleMove> {
    const table = this.#tables.get(process) ?? new Map<number, HandleMove>();
    this.#tables.set(process, table);
    return table;
  }
}

function authority({ type, name, rights }: HandleMove, via: string): LoadAuthority {
  return { what: name ? `${type} ${name}` : type, access: shortRights(rights), via };
}

function listOf<T>(map: Map<number, T[]>, key: number): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
