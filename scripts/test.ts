/**
 * `deno task test`: run every test, with just the permissions that the tests need.
 *
 * @module
 */
import { existsSync } from "@std/fs";
import { DELIMITER, join } from "@std/path";
import { command, CommandError } from "./command.ts";

/** Programs that some tests compare with, and do without when they are not there. */
const TOOLS = [
  "deno",
  "clang-19",
  "ld.lld-19",
  "llvm-objdump-19",
  "llvm-readelf-19",
  "llvm-mc-19",
  "env",
  "riscv64-linux-gnu-gcc",
  "riscv64-linux-gnu-g++",
  "qemu-riscv64",
  "qemu-riscv64-static",
  "readelf",
  "gdb-multiarch",
  "chromium",
];

/** The permissions and switches that every test run has. */
export function testFlags(): string[] {
  return [
    "--parallel",
    "--allow-read",
    "--allow-env",
    "--allow-write=/tmp",
    `--allow-run=${presentTools().join(",")}`,
  ];
}

/** The programs that are there; Deno warns of each one that may be run and is not. */
function presentTools(): readonly string[] {
  const folders = (Deno.env.get("PATH") ?? "").split(DELIMITER).filter((one) => one !== "");
  const isThere = (tool: string) => folders.some((folder) => existsSync(join(folder, tool)));
  return TOOLS.filter((tool) => tool === "deno" || isThere(tool));
}

if (import.meta.main) {
  await command({
    usage: "deno task test [--long] [--native] [FILES…]",
    about: "Runs every test, or those in the files named.",
    flags: {
      long: "run the long campaigns too",
      native: "hold the Linux of the host against what ours is compared with",
    },
    example: "deno task test tests/house_test.ts",
  }, async (args) => {
    const missing = args._.find((file) => !existsSync(file));
    if (missing !== undefined) throw new CommandError(`there is no file ${missing}`);
    const more = ["long", "native"].filter((flag) => args[flag]).map((flag) => `--${flag}`);
    const test = new Deno.Command("deno", {
      args: ["test", ...testFlags(), ...args._, ...(more.length > 0 ? ["--", ...more] : [])],
    });
    return (await test.spawn().status).code;
  });
}
