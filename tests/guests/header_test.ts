/**
 * The C headers and the kernel's table say the same.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { vdsoCode } from "../../guests/vdso/code.ts";
import * as abi from "../../kernel/abi.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";

const INCLUDE = new URL("../../guests/libzx/include/zx/", import.meta.url);

/** Calls that drive hardware, which no machine here has. */
const HARDWARE =
  /^zx_(bti|pmt|iommu|pci|msi|interrupt|ioports|smc|guest|vcpu|ktrace|mtrace)_|^zx_system_(mexec|powerctl|watch)|_performance_info$|^zx_smc_call$/;

function read(name: string): string {
  return Deno.readTextFileSync(new URL(name, INCLUDE));
}

Deno.test("C programs can make every call of the kernel that drives no hardware, and no other", () => {
  const rows = Object.values(ZIRCON_ROWS).map(({ name }, number) => ({ name, number }));
  const made = vdsoCode(rows).exports.filter((name) => !HARDWARE.test(name));
  const declared = [...read("syscalls.h").matchAll(/\b(zx_\w+)\(/g)].map((match) => match[1]!);
  const where = "declare each call in guests/libzx/include/zx/syscalls.h, in the kernel's spelling";
  assertEquals(declared.toSorted(), made.toSorted(), where);
});

/** The values of macros whose names begin with a prefix, by the rest of their names. */
function macros(file: string, prefix: string): Record<string, number> {
  const pattern = new RegExp(`^#define ${prefix}(\\w+) (.*)$`, "gm");
  const plain = (text: string) => text.replace(/\(zx_\w+_t\)|u\b|[()]/g, "");
  return Object.fromEntries([...read(file).matchAll(pattern)].map(([, name, text]) => {
    const parts = plain(text!).split(/\s*(<<|\|)\s*/).map((part) => part.trim());
    const value = parts.slice(1).reduce((left, part, at, all) => {
      if (part === "<<") return left * 2 ** Number(all[at + 1]);
      return left;
    }, Number(parts[0]));
    return [name!, value];
  }));
}

Deno.test("statuses, rights, types of object and purposes have the same numbers in C", () => {
  const groups: readonly (readonly [Record<string, number>, Record<string, number>])[] = [
    [macros("types.h", "ZX_ERR_"), abi.Status],
    [macros("types.h", "ZX_RIGHT_"), abi.Right],
    [macros("types.h", "ZX_OBJ_TYPE_"), abi.ObjectType],
    [macros("types.h", "ZX_VM_"), abi.VmOption],
    [macros("types.h", "ZX_VMO_OP_"), abi.VmoOp],
    [macros("types.h", "ZX_VMO_CHILD_"), abi.VmoChild],
    [macros("processargs.h", "PA_(?!HND|FD_)"), abi.Pa],
  ];
  for (const [found, wanted] of groups) {
    const known = Object.entries(wanted).filter(([name]) => name in found);
    assertEquals(found, Object.fromEntries(known.map(([name, value]) => [name, value])));
    assertEquals(known.length > 2, true);
  }
});
