/**
 * The guest programs that are kept: what kind of file each is, and that its sources make it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ALL_GUESTS, type Guest, guestUrl } from "../../guests/built.ts";
import { FileType, Machine, parseElf, refused } from "../../loader/elf.ts";
import { missing } from "../support/tool.ts";

const RULES = { machine: Machine.RISCV, types: [FileType.DYN, FileType.EXEC] };

/** The dynamic linkers, and the calls of the kernel: what a file may want without saying so. */
const UNLISTED = /^(libzircon.so|ld.so.1)$/;
const LINKERS: Readonly<Record<Guest["abi"], string | undefined>> = {
  zircon: "ld.so.1",
  linux: "/lib/ld-liblinux.so.1",
  rtsmart: "/lib/ld-rtsmart.so.1",
};

for (const guest of ALL_GUESTS) {
  Deno.test(`${guest.name} loads as the kind of file that it is listed as`, () => {
    const image = parseElf(Deno.readFileSync(guestUrl(guest.name)), RULES);
    assert(!refused(image), refused(image) ? image.text : "");
    assertEquals(image.interpreter, guest.kind === "dynamic" ? LINKERS[guest.abi] : undefined);
    const isShared = guest.kind === "library" || guest.kind === "linker";
    assertEquals(image.dynamic?.soname ?? "", isShared ? guest.name : "");
    const needed = (image.dynamic?.needed ?? []).filter((name) => !UNLISTED.test(name));
    assertEquals(needed, [...guest.libraries]);
  });
}

const clang = missing("clang-19") ?? missing("ld.lld-19") ?? missing("deno");

Deno.test({
  name: `the guest programs are what their sources make${clang ? ` (skipped: ${clang})` : ""}`,
  ignore: clang !== undefined,
  fn: async () => {
    const { code, stdout } = await new Deno.Command("deno", {
      args: ["run", "-A", "scripts/guests.ts", "--check"],
      cwd: new URL("../..", import.meta.url),
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stdout));
  },
});
