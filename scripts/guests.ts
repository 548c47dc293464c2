/**
 * `deno task guests`: make the guest programs from their sources, byte for byte as they are kept.
 *
 * @module
 */
import {
  ALL_GUESTS,
  DYNAMIC_SOURCES,
  type Guest,
  guestUrl,
  LINUX_START,
  LINUX_STATIC_SOURCES,
  RTSMART_SOURCES,
  RTSMART_START,
  STATIC_SOURCES,
} from "../guests/built.ts";
import { buildVdso } from "../guests/vdso.ts";
import { command, CommandError, Exit, print } from "./command.ts";

const CLANG = "clang-19";
const LLD = "ld.lld-19";
const ROOT = new URL("..", import.meta.url);
const OUT = new URL("out/guests/", ROOT);

const LD_SO = "out/guests/ld.so.1";

/** What the files of each system are compiled for. */
const TARGETS: Readonly<Record<Guest["abi"], string>> = {
  zircon: "riscv64-unknown-fuchsia",
  linux: "riscv64-unknown-linux-gnu",
  rtsmart: "riscv64-unknown-elf",
};

const COMPILE = [
  "-march=rv64gc",
  "-std=c17",
  "-Os",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-ffreestanding",
  "-fno-builtin",
  "-fno-sanitize=all",
  "-fno-stack-protector",
  "-fomit-frame-pointer",
  "-fno-unwind-tables",
  "-fno-asynchronous-unwind-tables",
  "-ffunction-sections",
  "-fdata-sections",
  "-fno-ident",
  "-nostdlibinc",
  "-isystem",
  "guests/libzx/include",
];

const LINK = [
  "--gc-sections",
  "--icf=all",
  "--build-id=none",
  "--pack-dyn-relocs=relr",
  "--discard-all",
  "--strip-debug",
  "-z",
  "max-page-size=4096",
  "-z",
  "rodynamic",
  "-z",
  "defs",
];

/** How a kind of file is compiled and linked, and what it has besides its own sources. */
interface Recipe {
  readonly compile: readonly string[];
  readonly link: readonly string[];
  readonly extra: readonly string[];
}

/** The kinds of file for Zircon. */
const KINDS: Readonly<Record<Exclude<Guest["kind"], "alone">, Recipe>> = {
  static: {
    compile: ["-fPIE"],
    link: ["-pie", "--no-dynamic-linker", "-z", "now", "-z", "norelro", "--hash-style=gnu"],
    extra: STATIC_SOURCES,
  },
  dynamic: {
    compile: ["-fPIE"],
    link: ["-pie", "--dynamic-linker=ld.so.1", "--hash-style=gnu"],
    extra: DYNAMIC_SOURCES,
  },
  library: {
    compile: ["-fPIC", "-DZX_DYNAMIC"],
    link: ["-shared", "-Bsymbolic-functions", "--hash-style=gnu"],
    extra: [],
  },
  linker: {
    compile: ["-fPIC", "-fvisibility=hidden"],
    link: ["-shared", "-e", "_start", "-z", "now", "-z", "norelro", "--hash-style=gnu"],
    extra: [],
  },
};

/** What the dynamic linker of small programs under Linux understands. */
const LINUX_LINK = ["--hash-style=sysv", "--pack-dyn-relocs=none", "-z", "now"];

/** The kinds of file for Linux. */
const LINUX_KINDS: Readonly<Record<Guest["kind"], Recipe>> = {
  static: { compile: [], link: ["-static"], extra: LINUX_STATIC_SOURCES },
  dynamic: {
    compile: ["-fPIE"],
    link: ["-pie", "--dynamic-linker=/lib/ld-liblinux.so.1", ...LINUX_LINK],
    extra: LINUX_START,
  },
  library: {
    compile: ["-fPIC", "-fvisibility=hidden"],
    link: ["-shared", ...LINUX_LINK],
    extra: [],
  },
  linker: {
    compile: ["-fPIC", "-fvisibility=hidden"],
    link: ["-shared", "-e", "_start", "-z", "norelro", ...LINUX_LINK],
    extra: [],
  },
  // High above where other programs are linked to, so that it can load them.
  alone: { compile: [], link: ["-static", "--image-base=0x1000000000"], extra: [] },
};

/** Programs for RT-Smart are beyond what absolute addresses reach. */
const MEDANY = "-mcmodel=medany";

/** The kinds of file for RT-Smart. */
const RTSMART_KINDS: Readonly<Record<Guest["kind"], Recipe>> = {
  static: {
    compile: [MEDANY],
    link: ["-static", "-T", "guests/rtsmart/link.lds"],
    extra: RTSMART_SOURCES,
  },
  // Away from where the dynamic linker goes, which is where a program would go that could move.
  dynamic: {
    compile: [MEDANY, "-fPIE"],
    link: [
      "--image-base=0x210000000",
      "--dynamic-linker=/lib/ld-rtsmart.so.1",
      ...LINUX_LINK,
    ],
    extra: RTSMART_START,
  },
  library: LINUX_KINDS.library,
  linker: LINUX_KINDS.linker,
  alone: { compile: [MEDANY], link: ["-static", "-T", "guests/rtsmart/link.lds"], extra: [] },
};

if (import.meta.main) {
  await command({
    usage: "deno task guests [--check] [--vdso=FILE] [--sysroot=DIR]",
    about: `Makes the guest programs from their C sources with ${CLANG} and ${LLD}.`,
    flags: {
      check: "compare with the files that are kept, and change nothing",
      "vdso=FILE": "write the vDSO that programs are linked with to a file, and do no more",
      "sysroot=DIR": "write headers and libraries for clang's own driver, and do no more",
    },
    example: "deno task guests --check",
    operands: 0,
  }, async (args) => {
    if (typeof args.vdso === "string") {
      await writing(args.vdso, Deno.writeFile(args.vdso, linkVdso()));
      return Exit.ok;
    }
    if (typeof args.sysroot === "string") {
      return await writing(args.sysroot, writeSysroot(args.sysroot));
    }
    return await buildAll(args.check === true);
  });
}

/** Wait until something is written, or say that it cannot be. */
async function writing<T>(path: string, written: Promise<T>): Promise<T> {
  try {
    return await written;
  } catch (error) {
    if (error instanceof CommandError || !(error instanceof Error)) throw error;
    const isElsewhere = error instanceof Deno.errors.NotCapable;
    const reason = isElsewhere ? "what is made goes below out/ or guests/" : error.name;
    throw new CommandError(`${path} cannot be written: ${reason}`);
  }
}

async function buildAll(isCheck: boolean): Promise<number> {
  await Deno.mkdir(OUT, { recursive: true });
  await Deno.writeFile(new URL("libzircon.so", OUT), linkVdso());
  let differing = 0;
  for (const guest of ALL_GUESTS) {
    await build(guest);
    const made = await Deno.readFile(new URL(guest.name, OUT));
    const kept = await readKept(guest);
    const isSame = kept !== undefined && equal(made, kept);
    if (!isSame) differing++;
    if (!isSame && !isCheck) await Deno.writeFile(guestUrl(guest.name), made);
    print(`${guest.file}: ${made.length} bytes, ${isSame ? "as kept" : "changed"}`);
  }
  return isCheck && differing > 0 ? Exit.failed : Exit.ok;
}

/** What clang looks for where it is told `--sysroot`: headers, start-up code, and libraries. */
async function writeSysroot(folder: string): Promise<number> {
  await Deno.mkdir(`${folder}/lib`, { recursive: true });
  await copyTree(new URL("guests/libzx/include/", ROOT), `${folder}/include`);
  await Deno.writeFile(`${folder}/lib/libzircon.so`, linkVdso());
  for (const name of ["libzx.so", "ld.so.1"]) {
    await Deno.copyFile(guestUrl(name), `${folder}/lib/${name}`);
  }
  // A linker script: what else the C library is to a program, the dynamic linker has.
  const script = "INPUT ( libzx.so AS_NEEDED ( ld.so.1 ) )\n";
  await Deno.writeTextFile(`${folder}/lib/libc.so`, script);
  const [start] = DYNAMIC_SOURCES;
  const object = `${folder}/lib/Scrt1.o`;
  await run(CLANG, [
    `--target=${TARGETS.zircon}`,
    ...COMPILE,
    ...KINDS.dynamic.compile,
    "-c",
    `guests/${start}`,
    "-o",
    object,
  ]);
  return Exit.ok;
}

async function copyTree(from: URL, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyTree(new URL(`${name}/`, from), `${to}/${name}`);
    else await Deno.copyFile(new URL(name, from), `${to}/${name}`);
  }
}

async function build(guest: Guest): Promise<void> {
  const { abi, kind } = guest;
  const recipe = recipeOf(guest);
  const objects = [];
  for (const source of [...recipe.extra, ...guest.sources]) {
    const object = `out/guests/${abi}-${kind}-${source.replaceAll("/", "-")}.o`;
    const flags = [`--target=${TARGETS[abi]}`, ...COMPILE, ...recipe.compile];
    await run(CLANG, [...flags, "-c", `guests/${source}`, "-o", object]);
    objects.push(object);
  }
  const isShared = kind === "library" || kind === "linker";
  await run(LLD, [
    ...LINK,
    ...recipe.link,
    ...(isShared ? [`-soname=${guest.name}`] : []),
    ...objects,
    ...guest.libraries.map((name) => `out/guests/${name}`),
    ...(abi === "zircon" ? zirconLibraries(kind) : []),
    "-o",
    `out/guests/${guest.name}`,
  ]);
}

function recipeOf({ abi, kind }: Guest): Recipe {
  if (abi === "rtsmart") return RTSMART_KINDS[kind];
  return abi === "zircon" ? KINDS[kind as keyof typeof KINDS] : LINUX_KINDS[kind];
}

/** What a file for Zircon is linked with, whatever it is. */
function zirconLibraries(kind: Guest["kind"]): string[] {
  // What a file needs of the dynamic linker itself, such as where thread-local variables are.
  const linker = kind === "dynamic" || kind === "library" ? ["--as-needed", LD_SO] : [];
  return [...linker, "out/guests/libzircon.so"];
}

/** The vDSO as linkers need it: every call's name. Where the calls are is for the kernel to say. */
function linkVdso(): Uint8Array {
  const header = Deno.readTextFileSync(new URL("guests/libzx/include/zx/syscalls.h", ROOT));
  const names = [...header.matchAll(/\b(zx_\w+)\(/g)].map((match) => match[1]!).sort();
  return buildVdso(names.map((name, number) => ({ name, number }))).image;
}

async function readKept(guest: Guest): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(guestUrl(guest.name));
  } catch {
    return undefined;
  }
}

async function run(tool: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(tool, {
    args: [...args],
    cwd: ROOT,
    stderr: "piped",
  }).output().catch(() => {
    throw new CommandError(
      `${tool} cannot be run; install it with: apt-get install clang-19 lld-19`,
    );
  });
  if (success) return;
  throw new CommandError(`${tool}: ${new TextDecoder().decode(stderr).trim()}`, Exit.failed);
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
