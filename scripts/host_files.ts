/**
 * The host's files, for machines that may see some of them; nothing is ever written.
 *
 * @module
 */
import type { HostFile, HostFiles } from "../kernel/ports.ts";

/** The files below one directory of the host, as paths from there. */
export class DenoHostFiles implements HostFiles {
  readonly #top: string;

  /** The files below a directory. */
  constructor(top: string) {
    this.#top = Deno.realPathSync(top).replace(/\/$/, "");
  }

  stat(path: string): HostFile | null {
    try {
      const info = Deno.lstatSync(this.#top + path);
      const kind = info.isDirectory ? "directory" : info.isSymlink ? "symlink" : "file";
      if (kind === "file" && !info.isFile) return null;
      const modified = Math.floor((info.mtime?.getTime() ?? 0) / 1000);
      return { kind, mode: (info.mode ?? 0o755) & 0o7777, size: info.size, modified };
    } catch {
      return null;
    }
  }

  list(path: string): readonly string[] {
    try {
      return [...Deno.readDirSync(this.#top + path)].map(({ name }) => name);
    } catch {
      return [];
    }
  }

  read(path: string): Uint8Array {
    return Deno.readFileSync(this.#top + path);
  }

  target(path: string): string {
    return Deno.readLinkSync(this.#top + path);
  }
}
