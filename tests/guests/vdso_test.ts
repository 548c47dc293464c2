/**
 * The vDSO as a file: what a dynamic linker finds in it, and what the kernel is told of it.
 *
 * @module
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  buildVdso,
  constantBytes,
  CONSTANTS_SIZE,
  type KernelCall,
  type Vdso,
  VDSO_NAME,
} from "../../guests/vdso.ts";
import {
  buildId,
  DynamicTag,
  dynamicValue,
  type ElfImage,
  FileType,
  Machine,
  parseElf,
  refused,
  textAt,
} from "../../loader/elf.ts";
import { BareProcess } from "../support/bare_process.ts";

const CALLS: readonly KernelCall[] = [
  "zx_process_exit",
  "zx_channel_read",
  "zx_channel_call_noretry",
  "zx_channel_call_finish",
  "zx_cprng_draw_once",
  "zx_handle_close",
  "zx_debug_write",
].map((name, index) => ({ name, number: index + 100 }));

const vdso = buildVdso(CALLS);

function imageOf({ image }: Vdso): ElfImage {
  const parsed = parseElf(image, { machine: Machine.RISCV, types: [FileType.DYN] });
  assert(!refused(parsed), refused(parsed) ? parsed.text : "");
  return parsed;
}

/** A reader of the dynamic tables, which starts at their addresses as a dynamic linker does. */
function tablesOf(from: Vdso) {
  const entries = imageOf(from).dynamic!.entries;
  const view = new DataView(from.image.buffer);
  const at = (tag: number) => dynamicValue(entries, tag)!;
  const nameOf = (index: number) => {
    const name = view.getUint32(at(DynamicTag.SYMTAB) + index * 24, true);
    return textAt(from.image, at(DynamicTag.STRTAB) + name);
  };
  const valueOf = (index: number) =>
    Number(view.getBigUint64(at(DynamicTag.SYMTAB) + index * 24 + 8, true));
  return { view, at, nameOf, valueOf };
}

function findByHash(from: Vdso, name: string): number | undefined {
  const { view, at, nameOf, valueOf } = tablesOf(from);
  const table = at(DynamicTag.HASH);
  const buckets = view.getUint32(table, true);
  let hash = 0n;
  for (const letter of name) {
    hash = ((hash << 4n) + BigInt(letter.charCodeAt(0))) & 0xffffffffn;
    hash = (hash ^ ((hash >> 24n) & 0xf0n)) & 0x0fffffffn;
  }
  let index = view.getUint32(table + 8 + Number(hash % BigInt(buckets)) * 4, true);
  while (index !== 0) {
    if (nameOf(index) === name) return valueOf(index);
    index = view.getUint32(table + 8 + (buckets + index) * 4, true);
  }
  return undefined;
}

function findByGnuHash(from: Vdso, name: string): number | undefined {
  const { view, at, nameOf, valueOf } = tablesOf(from);
  const table = at(DynamicTag.GNU_HASH);
  const [buckets, first, words, shift] = [0, 4, 8, 12].map((o) => view.getUint32(table + o, true));
  let hash = 5381n;
  for (const letter of name) hash = (hash * 33n + BigInt(letter.charCodeAt(0))) & 0xffffffffn;
  const word = view.getBigUint64(
    table + 16 + Number((hash / 64n) % BigInt(words!)) * 8,
    true,
  );
  const bits = 1n << (hash % 64n) | 1n << ((hash >> BigInt(shift!)) % 64n);
  if ((word & bits) !== bits) return undefined;
  const chains = table + 16 + words! * 8 + buckets! * 4;
  let index = view.getUint32(table + 16 + words! * 8 + Number(hash % BigInt(buckets!)) * 4, true);
  if (index === 0) return undefined;
  for (;; index++) {
    const chain = BigInt(view.getUint32(chains + (index - first!) * 4, true));
    if ((chain | 1n) === (hash | 1n) && nameOf(index) === name) return valueOf(index);
    if (chain & 1n) return undefined;
  }
}

Deno.test("the vDSO is a shared object of one read-only and one code segment that wants nothing", () => {
  const image = imageOf(vdso);
  assertEquals(image.dynamic?.soname, VDSO_NAME);
  assertEquals(image.dynamic?.needed, []);
  assertEquals(image.plan.pieces.map(({ segment }) => segment.flags), [4, 5]);
  assertEquals(
    image.plan.pieces.every(({ shared, freshBytes }) => shared && freshBytes === 0),
    true,
  );
  assertEquals(image.plan.pieces[1]?.address, vdso.codeOffset);
  assertEquals(image.plan.pieces[1]?.fileBytes, vdso.codeSize);
  assertEquals(dynamicValue(image.dynamic!.entries, DynamicTag.RELA), undefined);
  assert(buildId(image.notes));
});

Deno.test("both hash tables find every function under both of its names", () => {
  const names = ["zx_channel_read", "zx_channel_call", "zx_cprng_draw", "zx_deadline_after"];
  for (const name of [...names, "zx_clock_get_monotonic", "zx_system_get_version_string"]) {
    const address = findByHash(vdso, name);
    assert(address !== undefined && address >= vdso.codeOffset, name);
    for (const alias of [name, `_${name}`]) {
      assertEquals(findByHash(vdso, alias), address);
      assertEquals(findByGnuHash(vdso, alias), address);
    }
  }
});

Deno.test("calls that others are made of are not found", () => {
  for (const name of ["zx_channel_call_noretry", "zx_cprng_draw_once", "constants", "zx_none"]) {
    assertEquals([findByHash(vdso, name), findByGnuHash(vdso, name)], [undefined, undefined]);
  }
});

Deno.test("each call of the kernel has one place to return to, behind its number and an ecall", () => {
  const view = new DataView(vdso.image.buffer);
  assertEquals([...vdso.returns.keys()], CALLS.map(({ name }) => name));
  for (const { name, number } of CALLS) {
    const at = vdso.codeOffset + vdso.returns.get(name)!;
    assertEquals(view.getUint32(at - 4, true), 0x73);
    // addi t0, zero, number
    assertEquals(view.getUint32(at - 8, true), ((number << 20) | 0x293) >>> 0);
  }
});

Deno.test("execution of the vDSO itself starts at zx_process_exit", () => {
  assertEquals(imageOf(vdso).header.entry, findByHash(vdso, "zx_process_exit"));
});

Deno.test("a variant with blocked calls has traps for them and all else where it was", () => {
  const variant = buildVdso(CALLS, { blocked: ["zx_debug_write"] });
  const at = findByHash(vdso, "zx_debug_write")!;
  assertEquals(findByHash(variant, "zx_debug_write"), undefined);
  assertEquals(findByGnuHash(variant, "_zx_debug_write"), undefined);
  assertEquals([...variant.image.subarray(at, at + 12)], Array(12).fill(0));
  assertEquals(variant.returns.has("zx_debug_write"), false);
  assertEquals(findByGnuHash(variant, "zx_handle_close"), findByHash(vdso, "zx_handle_close"));
  assertEquals(variant.image.length, vdso.image.length);
  assertThrows(() => buildVdso(CALLS, { blocked: ["zx_no_such"] }), Error, "no such function");
});

Deno.test("what the vDSO can answer itself it does, even where the kernel has such a call", () => {
  const own = buildVdso([{ name: "zx_clock_get_monotonic", number: 5 }]);
  assertEquals(own.returns.size, 0);
  assert(findByHash(own, "zx_clock_get_monotonic"));
  const call = buildVdso([...CALLS, { name: "zx_channel_call", number: 5 }]);
  const at = call.codeOffset + call.returns.get("zx_channel_call")!;
  assertEquals(at, findByHash(call, "zx_channel_call")! + 8);
});

Deno.test("the kernel's whole table would fit: two hundred calls in under 40 KiB", () => {
  const many = Array.from({ length: 200 }, (_, number) => ({
    name: `zx_some_longer_name_of_a_call_${number}`,
    number,
  }));
  const { image, returns } = buildVdso(many);
  assert(image.length < 40 * 1024, `${image.length}`);
  assertEquals(returns.size, 200);
});

Deno.test("the record of constants says ticks and nanoseconds as a fraction in lowest terms", () => {
  const bytes = constantBytes({
    cpus: 1,
    features: 0x12d,
    dcacheLine: 64,
    icacheLine: 64,
    pageSize: 4096,
    ticksPerSecond: 10_000_000,
    monotonicOffset: -5,
    bootOffset: 7,
    physicalMemory: 2 ** 33,
    version: "zandbox",
  });
  const view = new DataView(bytes.buffer);
  assertEquals(bytes.length, CONSTANTS_SIZE);
  assertEquals([view.getUint32(0x20, true), view.getUint32(0x28, true)], [100, 1]);
  assertEquals(view.getBigInt64(0x30, true), -5n);
  assertEquals(textAt(bytes, 0x48), "zandbox");
});

/** A machine with the vDSO at 0x800000 whose clock stands, and what calling a function answers. */
function callVdso(
  name: string,
  args: readonly bigint[],
  answer: (call: string, args: readonly number[]) => number = () => 0,
) {
  const process = new BareProcess(CALLS);
  process.loadVdso(vdso, 0x800000, FACTS);
  process.cpu.onTime = () => 12_345n;
  const { context } = process;
  args.forEach((value, at) => context.setBig(10 + at, value));
  process.map(0x700000, 4096, 5);
  process.write(0x700000, new Uint8Array([0x73, 0, 0x10, 0]));
  process.map(0x600000, 4096, 3);
  context.set(1, 0x700000);
  const ending = process.run(0x800000 + findByHash(vdso, name)!, answer);
  assertEquals(ending.split(",")[0], "BREAKPOINT at 0x700000");
  return { a0: BigInt.asIntN(64, context.getBig(10)), a1: context.getBig(11), process };
}

const FACTS = {
  cpus: 3,
  features: 0x12d,
  dcacheLine: 64,
  icacheLine: 64,
  pageSize: 4096,
  ticksPerSecond: 10_000_000,
  monotonicOffset: 5,
  bootOffset: 7,
  physicalMemory: 2 ** 33,
  version: "zandbox",
};

Deno.test("what the vDSO knows by itself it answers without the kernel", () => {
  assertEquals(callVdso("zx_system_get_num_cpus", []).a0, 3n);
  assertEquals(callVdso("zx_system_get_page_size", []).a0, 4096n);
  assertEquals(callVdso("zx_system_get_dcache_line_size", []).a0, 64n);
  assertEquals(callVdso("zx_system_get_physmem", []).a0, 2n ** 33n);
  assertEquals(callVdso("zx_ticks_per_second", []).a0, 10_000_000n);
  const { a0, a1, process } = callVdso("zx_system_get_version_string", []);
  assertEquals(new TextDecoder().decode(process.read(Number(a0), Number(a1))), "zandbox");
  assertEquals(process.calls, []);
  assertEquals(callVdso("zx_system_get_features", [1n, 0n]).a0, -2n);
});

Deno.test("the vDSO's clocks are time with an offset, in nanoseconds", () => {
  assertEquals(callVdso("zx_ticks_get", []).a0, 12_350n);
  assertEquals(callVdso("zx_clock_get_monotonic", []).a0, 1_235_000n);
  assertEquals(callVdso("zx_clock_get_boot", []).a0, 1_235_200n);
});

Deno.test("zx_deadline_after stays within the ends of time", () => {
  const last = 2n ** 63n - 1n;
  assertEquals(callVdso("zx_deadline_after", [1000n]).a0, 1_236_000n);
  assertEquals(callVdso("zx_deadline_after", [-1000n]).a0, 1_234_000n);
  assertEquals(callVdso("zx_deadline_after", [last]).a0, last);
  assertEquals(callVdso("zx_deadline_after", [-last]).a0, 1_235_000n - last);
});

Deno.test("zx_channel_call goes on for as long as the kernel answers INTERNAL_INTR_RETRY", () => {
  const seen: number[][] = [];
  const { a0, process } = callVdso("zx_channel_call", [1n, 2n, 3n, 4n, 5n, 6n], (_, args) => {
    seen.push(args.slice(0, 6));
    return seen.length < 3 ? -6 : -24;
  });
  assertEquals(a0, -24n);
  const finish = "zx_channel_call_finish";
  assertEquals(process.calls, ["zx_channel_call_noretry", finish, finish]);
  assertEquals(seen[0], [1, 2, 3, 4, 5, 6]);
  assertEquals(seen.slice(1).map((args) => args.slice(0, 4)), [[3, 4, 5, 6], [3, 4, 5, 6]]);
});

Deno.test("zx_cprng_draw asks for 256 bytes at most in one call of the kernel", () => {
  const seen: number[][] = [];
  callVdso("zx_cprng_draw", [0x600000n, 600n], (_, args) => {
    seen.push(args.slice(0, 2));
    return 0;
  });
  assertEquals(seen, [[0x600000, 256], [0x600100, 256], [0x600200, 88]]);
});
