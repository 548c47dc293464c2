/**
 * Descriptors as their calls tell: which file each is, how far it was read, and what was read of it.
 *
 * @module
 */
import type { KernelEvent } from "../../kernel/events.ts";

type Call = Extract<KernelEvent, { readonly kind: "syscall" }>;

/** An open file. */
interface OpenPath {
  readonly path: string;
  position: number;
}

/** Bytes that a program has read from a file. */
export interface ReadBytes {
  /** The file's path. */
  readonly path: string;
  /** The first byte. */
  readonly offset: number;
  /** How many. */
  readonly length: number;
  /** Where in memory they went. */
  readonly to: number;
}

/** The files that a program has opened itself. */
export class LoadDescriptors {
  readonly #open = new Map<number, OpenPath>();

  /** Those that are open, with their paths. */
  get open(): readonly (readonly [descriptor: number, path: string])[] {
    return [...this.#open].map(([descriptor, { path }]) => [descriptor, path]);
  }

  /** A call was answered; answers what it read. */
  done({ name, args }: Call, status: number): ReadBytes | null {
    if (status < 0) return null;
    const descriptor = Number(args.fd);
    if (name === "openat" || name === "open") {
      this.#open.set(status, { path: String(args.path), position: 0 });
    } else if (name === "close") this.#open.delete(descriptor);
    const file = this.#open.get(descriptor);
    if (!file || status === 0) return null;
    const read = { path: file.path, length: status, to: Number(args.buffer) };
    if (name === "pread64") return { ...read, offset: Number(args.offset) };
    if (name !== "read") return null;
    file.position += status;
    return { ...read, offset: file.position - status };
  }
}
