/**
 * The guest programs and libraries that come with the project, as files of a boot image.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { GUESTS } from "../guests/built.ts";
import type { BootFiles } from "../loader/zircon/bootfs.ts";

/** Every library, the dynamic linker too, in `lib/`. */
export function libraryFiles(): BootFiles {
  return files((kind) => kind === "library" || kind === "linker", "lib");
}

/** Every program in `bin/`, and every library in `lib/`. */
export function guestFiles(): BootFiles {
  return { ...files((kind) => kind === "static" || kind === "dynamic", "bin"), ...libraryFiles() };
}

function files(wanted: (kind: string) => boolean, folder: string): BootFiles {
  const found = GUESTS.filter(({ kind }) => wanted(kind)).map(({ name, file }) => {
    const path = fromFileUrl(new URL(`../guests/${file}`, import.meta.url));
    return [`${folder}/${name}`, Deno.readFileSync(path)] as const;
  });
  return Object.fromEntries(found);
}
