/**
 * The guest programs and libraries that come with the project, as files of a boot image.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { type Abi, ALL_GUESTS, guestUrl } from "../guests/built.ts";
import type { BootFiles } from "../loader/zircon/bootfs.ts";

/** Every library for a system, the dynamic linkers too, in `lib/`. */
export function libraryFiles(abi: Abi = "zircon"): BootFiles {
  const found = files(abi, (kind) => kind === "library" || kind === "linker", "lib");
  if (abi !== "rtsmart") return found;
  // The first loader of RT-Smart asks no program for its linker: there is one, of this name.
  return { ...found, "lib/ld.so": Deno.readFileSync(guestUrl("ld.so")) };
}

/** Every program in `bin/`, and every library in `lib/`. */
export function guestFiles(): BootFiles {
  const isProgram = (kind: string) => kind === "static" || kind === "dynamic";
  return { ...files("zircon", isProgram, "bin"), ...libraryFiles() };
}

function files(abi: Abi, wanted: (kind: string) => boolean, folder: string): BootFiles {
  const those = ALL_GUESTS.filter((one) => one.abi === abi && wanted(one.kind));
  const found = those.map(({ name, file }) => {
    const path = fromFileUrl(new URL(`../guests/${file}`, import.meta.url));
    return [`${folder}/${name}`, Deno.readFileSync(path)] as const;
  });
  return Object.fromEntries(found);
}
