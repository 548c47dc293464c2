/**
 * The programs that come with the project: what each is made of, and where its ELF file is.
 *
 * The files are kept beside their sources, so that nobody needs a toolchain to run them;
 * `deno task guests` makes them anew.
 *
 * @module
 */

/** How a file is linked. */
export type GuestKind =
  /** A program that needs no dynamic linker; the C library is in it. */
  | "static"
  /** A program that a dynamic linker prepares. */
  | "dynamic"
  /** A shared library. */
  | "library"
  /** The dynamic linker. */
  | "linker"
  /** A program with nothing in it but its own sources. */
  | "alone";

/** Whose calls a file makes. */
export type Abi = "zircon" | "linux" | "rtsmart";

/** One ELF file. */
export interface Guest {
  /** Whose calls it makes. */
  readonly abi: Abi;
  /** The program that it is, whatever its calls: twins of one source have the same one. */
  readonly program: string;
  /** What programs and loaders call it. */
  readonly name: string;
  /** How it is linked. */
  readonly kind: GuestKind;
  /** Where the file is, below this folder. */
  readonly file: string;
  /** What it is made of, below this folder, besides the C library. */
  readonly sources: readonly string[];
  /** The shared libraries that it wants, by name. */
  readonly libraries: readonly string[];
}

/** The C library, and what every program gets of it: in itself, or as `libzx.so`. */
const LIBZX = ["format", "heap", "io", "launcher", "startup", "stdlib", "string", "threads"]
  .map((name) => `libzx/src/${name}.c`);

/** What only a program without a dynamic linker has. */
export const STATIC_SOURCES: readonly string[] = [
  "libzx/src/start_static.S",
  "libzx/src/relocate.c",
  "libzx/src/tls_static.c",
  ...LIBZX,
];

/** What a program has that a dynamic linker prepares. */
export const DYNAMIC_SOURCES: readonly string[] = ["libzx/src/start_dynamic.S"];

const LINKER_SOURCES = [
  ...["start.S", "bind.c", "image.c", "main.c", "service.c", "symbol.c", "tls.c"]
    .map((name) => `ld.so/${name}`),
  ...["format", "relocate", "string"].map((name) => `libzx/src/${name}.c`),
];

/** Every file for Zircon, each behind those that it is linked with. */
export const GUESTS: readonly Guest[] = [
  {
    abi: "zircon",
    program: "ld.so.1",
    name: "ld.so.1",
    kind: "linker",
    file: "ld.so/ld.so.1",
    sources: LINKER_SOURCES,
    libraries: [],
  },
  library("libzx.so", "libzx/libzx.so", LIBZX, []),
  library("libgreet.so", "hello_dynamic/libgreet.so", ["hello_dynamic/greet.c"], ["libzx.so"]),
  program("hello"),
  program("echo_server"),
  program("echo_client"),
  program("fault"),
  program("wx_probe"),
  program("thread_storm"),
  program("pager_client"),
  program("spawner"),
  { ...program("hello_dynamic", ["libgreet.so", "libzx.so"]), kind: "dynamic" },
  {
    ...program("hello", ["libzx.so"]),
    name: "hello_zircon_dynamic",
    kind: "dynamic",
    file: "hello/hello_zircon_dynamic",
  },
];

/** What every program for Linux has in itself where nothing links it when it starts. */
export const LINUX_START: readonly string[] = ["liblinux/start.S"];

const LIBLINUX = ["liblinux/libc.c", "libzx/src/format.c", "libzx/src/string.c"];

/** Every file for Linux, each behind those that it is linked with. */
export const LINUX_GUESTS: readonly Guest[] = [
  {
    ...linux("ld-liblinux.so.1", "liblinux/ld-liblinux.so.1"),
    kind: "linker",
    sources: ["liblinux/ld_start.S", "liblinux/ld.c", "linking/linking.c", "libzx/src/string.c"],
  },
  {
    ...linux("liblinux.so", "liblinux/liblinux.so"),
    kind: "library",
    sources: LIBLINUX,
  },
  { ...linux("hello_linux", "hello/hello_linux"), program: "hello", sources: ["hello/hello.c"] },
  {
    ...linux("hello_linux_dynamic", "hello/hello_linux_dynamic"),
    program: "hello",
    kind: "dynamic",
    sources: ["hello/hello.c"],
    libraries: ["liblinux.so"],
  },
  { ...linux("exec_probe", "exec_probe/exec_probe"), sources: ["exec_probe/exec_probe.c"] },
  {
    ...linux("userland_exec", "userland_exec/userland_exec"),
    kind: "alone",
    sources: ["start.S", "load.c", "main.c", "maps.c", "marks.c", "say.c", "stack.c"]
      .map((name) => `userland_exec/${name}`),
  },
];

/** What a program for Linux that needs no dynamic linker has in itself besides its own sources. */
export const LINUX_STATIC_SOURCES: readonly string[] = [...LINUX_START, ...LIBLINUX];

/** What every program for RT-Smart has in itself where something links it when it starts. */
export const RTSMART_START: readonly string[] = ["rtsmart/start.S"];

const LIBRTSMART = ["rtsmart/libc.c", "libzx/src/format.c", "libzx/src/string.c"];

/** What a program for RT-Smart that needs no dynamic linker has in itself besides its own sources. */
export const RTSMART_SOURCES: readonly string[] = [...RTSMART_START, ...LIBRTSMART];

const RTSMART_LINKER = [
  "rtsmart/ld_start.S",
  "rtsmart/ld.c",
  "linking/linking.c",
  "libzx/src/string.c",
];

/** Every file for RT-Smart, each behind those that it is linked with. */
export const RTSMART_GUESTS: readonly Guest[] = [
  { ...rtsmart("ld-rtsmart.so.1"), kind: "linker", sources: RTSMART_LINKER },
  // The same for the first loader, to which it is a program like any other.
  { ...rtsmart("ld.so"), kind: "alone", sources: RTSMART_LINKER },
  { ...rtsmart("librtsmart.so"), kind: "library", sources: LIBRTSMART },
  {
    ...rtsmart("hello_rtsmart"),
    program: "hello",
    file: "hello/hello_rtsmart",
    sources: ["hello/hello.c"],
  },
  {
    ...rtsmart("hello_rtsmart_dynamic"),
    program: "hello",
    kind: "dynamic",
    file: "hello/hello_rtsmart_dynamic",
    sources: ["hello/hello.c"],
    libraries: ["librtsmart.so"],
  },
  ...["lwp_threads", "lwp_channel", "lwp_shared", "lwp_signal", "lwp_fault"].map(rtsmart),
];

/** Every file for every system. */
export const ALL_GUESTS: readonly Guest[] = [...GUESTS, ...LINUX_GUESTS, ...RTSMART_GUESTS];

/** Where a guest's file is, as a URL to read it from. */
export function guestUrl(name: string): URL {
  const guest = ALL_GUESTS.find((one) => one.name === name);
  if (!guest) {
    throw new Error(`no guest is called ${name}; there are ${ALL_GUESTS.map((one) => one.name)}`);
  }
  return new URL(guest.file, import.meta.url);
}

function library(
  name: string,
  file: string,
  sources: readonly string[],
  libraries: readonly string[],
): Guest {
  return { abi: "zircon", program: name, name, kind: "library", file, sources, libraries };
}

/** A program of one source, in a folder of its own. */
function program(name: string, libraries: readonly string[] = []): Guest {
  return {
    abi: "zircon",
    program: name,
    name,
    kind: "static",
    file: `${name}/${name}`,
    sources: [`${name}/${name}.c`],
    libraries,
  };
}

/** A static program for Linux. */
function linux(name: string, file: string): Guest {
  return { abi: "linux", program: name, name, kind: "static", file, sources: [], libraries: [] };
}

/** A static program for RT-Smart. */
function rtsmart(name: string): Guest {
  return {
    abi: "rtsmart",
    program: name,
    name,
    kind: "static",
    file: `rtsmart/${name}`,
    sources: [`rtsmart/${name}.c`],
    libraries: [],
  };
}
