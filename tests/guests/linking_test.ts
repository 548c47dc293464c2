/**
 * What linkers and compilers can make of the same program and library: each kind of relocation, hash
 * table and thread-local access comes to the same in the end.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { runGuest } from "../support/guest_machine.ts";
import { missing } from "../support/tool.ts";

const tool = missing("clang-19") ?? missing("ld.lld-19") ?? missing("deno");
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
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        await build(folder, way);
        const files = {
          "lib/libgreet.so": await Deno.readFile(`${folder}/libgreet.so`),
          "bin/hello_dynamic": await Deno.readFile(`${folder}/program`),
        };
        const { printed, codes } = runGuest(["bin/hello_dynamic"], { files });
        const last = "the thread answers 108, this one has 41 and 7\n";
        assertEquals(printed, `hello, world\ngoodbye, thread\n${last}`);
        assertEquals(codes.get("hello_dynamic"), 41);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function build(
  folder: string,
  { library = [], program = [], link = [] }: Way,
): Promise<void> {
  await run("deno", ["run", "-A", "scripts/guests.ts", `--sysroot=${folder}`]);
  const compile = async (name: string, flags: readonly string[]) => {
    const target = ["--target=riscv64-unknown-fuchsia", `--sysroot=${folder}`, "-Os"];
    const own = ["-c", `${SOURCES}/${name}.c`, "-o", `${folder}/${name}.o`];
    await run("clang-19", [...target, ...flags, ...own]);
  };
  await compile("greet", ["-fPIC", ...library]);
  await compile("hello_dynamic", ["-fPIE", ...program]);
  const lib = `${folder}/lib`;
  const common = [...link, "-L", lib, "-z", "max-page-size=4096"];
  await run("ld.lld-19", [
    "-shared",
    "-soname=libgreet.so",
    ...common,
    `${folder}/greet.o`,
    "-lc",
    "-o",
    `${folder}/libgreet.so`,
  ]);
  await run("ld.lld-19", [
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

async function run(program: string, args: readonly string[]): Promise<void> {
  const cwd = new URL("../..", import.meta.url);
  const { code, stderr } = await new Deno.Command(program, { args: [...args], cwd }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}
