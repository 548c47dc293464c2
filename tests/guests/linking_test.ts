/**
 * What linkers and compilers can make of the same program and library: each kind of relocation, hash
 * table and thread-local access comes to the same in the end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { clangMissing, inFolder, runHost, writeSysroot } from "../support/clang.ts";
import { runGuest } from "../support/guest_machine.ts";

const tool = clangMissing();
const SOURCES = "guests/hello_dynamic";

/** How program and library are made, where it is not the usual way. */
interface Way {
  /** What is different. */
  readonly name: string;
  /** Flags to compile the library with. */
  readonly library?: readonly string[];
  /** Flags to compile the program with. */
  readonly program?: readonly string[];
  /** Flags to link both with. */
  readonly link?: readonly string[];
}

const WAYS: readonly Way[] = [
  { name: "a symbol's address in place of a relocation's addend", link: ["-z", "rel"] },
  { name: "relative relocations one by one", link: ["--pack-dyn-relocs=none"] },
  { name: "the older hash table alone", link: ["--hash-style=sysv"] },
  { name: "everything bound before the start", link: ["-z", "now"] },
  { name: "no part that becomes read-only", link: ["-z", "norelro"] },
  { name: "a page of the file for each segment", link: ["-z", "separate-loadable-segments"] },
  {
    name: "functions called through the table alone",
    library: ["-fno-plt"],
    program: ["-fno-plt"],
  },
  { name: "thread-local variables by descriptors", library: ["-mtls-dialect=desc"] },
  { name: "thread-local variables by offsets", library: ["-ftls-model=initial-exec"] },
  { name: "a copy of the library's data", program: ["-fdirect-access-external-data"] },
];

for (const way of WAYS) {
  Deno.test({
    name: `a program with ${way.name} does the same${tool ? ` (skipped: ${tool})` : ""}`,
    ignore: tool !== undefined,
    fn: () =>
      inFolder(async (folder) => {
        await build(folder, way);
        const files = {
          "lib/libgreet.so": await Deno.readFile(`${folder}/libgreet.so`),
          "bin/hello_dynamic": await Deno.readFile(`${folder}/program`),
        };
        const { printed, codes } = runGuest(["bin/hello_dynamic"], { files });
        const last = "the thread answers 108, this one has 41 and 7\n";
        assertEquals(printed, `hello, world\ngoodbye, thread\n${last}`);
        assertEquals(codes.get("hello_dynamic"), 41);
      }),
  });
}

async function build(
  folder: string,
  { library = [], program = [], link = [] }: Way,
): Promise<void> {
  await writeSysroot(folder);
  const compile = async (name: string, flags: readonly string[]) => {
    const target = ["--target=riscv64-unknown-fuchsia", `--sysroot=${folder}`, "-Os"];
    const own = ["-c", `${SOURCES}/${name}.c`, "-o", `${folder}/${name}.o`];
    await runHost("clang-19", [...target, ...flags, ...own]);
  };
  await compile("greet", ["-fPIC", ...library]);
  await compile("hello_dynamic", ["-fPIE", ...program]);
  const lib = `${folder}/lib`;
  const common = [...link, "-L", lib, "-z", "max-page-size=4096"];
  await runHost("ld.lld-19", [
    "-shared",
    "-soname=libgreet.so",
    ...common,
    `${folder}/greet.o`,
    "-lc",
    "-o",
    `${folder}/libgreet.so`,
  ]);
  await runHost("ld.lld-19", [
    "-pie",
    "--dynamic-linker=ld.so.1",
    ...common,
    `${lib}/Scrt1.o`,
    `${folder}/hello_dynamic.o`,
    `${folder}/libgreet.so`,
    "-lc",
    "-o",
    `${folder}/program`,
  ]);
}
