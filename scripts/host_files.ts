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
      const kind = kindOf(info);
      if (kind === null) return null;
      const { size, nlink, dev, ino } = info;
      return {
        kind,
        mode: (info.mode ?? 0o755) & 0o7777,
        size,
        modifiedMs: info.mtime?.getTime() ?? 0,
        ...(kind !== "directory" && nlink !== null && nlink > 1
          ? { links: nlink, identity: `${dev}:${ino}` }
          : {}),
      };
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

/** The kind of a file; null for those that are not shown. */
function kindOf(info: Deno.FileInfo): HostFile["kind"] | null {
  if (info.isDirectory) return "directory";
  if (info.isSymlink) return "symlink";
  if (info.isFile) return "file";
  return info.isFifo ? "fifo" : null;
}
