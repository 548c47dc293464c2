/**
 * The vDSO of Linux: the library that its kernel maps into every process, `linux-vdso.so.1`.
 *
 * Returning from a handler needs it, and the time can be read without a call. It is one segment that
 * may be read and executed, behind a page of facts that the kernel keeps.
 *
 * @module
 */
import { pageEnd, SegmentFlag, SegmentType, SymbolBinding, SymbolType } from "../loader/elf.ts";
import { readObject } from "./assembler/object.ts";
import { place, type Placed } from "./assembler/placement.ts";
import { dynamicTables } from "./dynamic_tables.ts";
import { headersSize, writeElf } from "./elf_writer.ts";

/** The library's name. */
export const LINUX_VDSO_NAME = "linux-vdso.so.1";

const PARTS = 3;

const FUNCTIONS: Readonly<Record<string, string>> = {
  __vdso_rt_sigreturn: "li a7, 139\necall",
  __vdso_gettimeofday: "li a7, 169\necall\nret",
  __vdso_clock_gettime: "li a7, 113\necall\nret",
  __vdso_clock_getres: "li a7, 114\necall\nret",
  __vdso_getcpu: "beqz a0, 1f\nsw zero, 0(a0)\n1: beqz a1, 2f\nsw zero, 0(a1)\n2: li a0, 0\nret",
  __vdso_flush_icache: "li a7, 259\necall\nret",
};

/** The vDSO, and where in it the return from a handler is. */
export interface LinuxVdso {
  /** The file. */
  readonly bytes: Uint8Array;
  /** Where the code is that returns from a handler. */
  readonly sigreturn: number;
}

/**
 * Build the vDSO.
 *
 * @example
 * ```ts
 * import { buildLinuxVdso } from "./linux_vdso.ts";
 *
 * const { bytes, sigreturn } = buildLinuxVdso();
 * const view = new DataView(bytes.buffer);
 * if (view.getUint32(sigreturn + 4, true) !== 0x73) throw new Error("it makes a call");
 * ```
 */
export function buildLinuxVdso(): LinuxVdso {
  const names = Object.keys(FUNCTIONS);
  const code = readObject(names.map((name) => `${name}:\n${FUNCTIONS[name]}\n`).join(""));
  const describe = (placed?: Placed) => ({
    soname: LINUX_VDSO_NAME,
    symbols: names.map((name) => ({
      name,
      value: placed?.labels.get(name)?.address ?? 0,
      size: 8,
      type: SymbolType.FUNC,
      binding: SymbolBinding.GLOBAL,
    })),
  });
  const tablesAt = Math.ceil(headersSize(PARTS) / 64) * 64;
  const codeAt = Math.ceil((tablesAt + dynamicTables(describe(), tablesAt).bytes.length) / 64) * 64;
  const placed = place(code, { ".text": codeAt, ".rodata": 0, ".data": 0, ".bss": 0 }, {});
  const tables = dynamicTables(describe(placed), tablesAt);
  const text = placed.bytes[".text"];
  const front = headersSize(PARTS);
  const data = new Uint8Array(pageEnd(codeAt + text.length) - front);
  data.set(tables.bytes, tablesAt - front);
  data.set(text, codeAt - front);
  const { READ, EXECUTE } = SegmentFlag;
  const { dynamicAddress: address, dynamicSize: memorySize } = tables;
  const bytes = writeElf({
    entry: codeAt,
    parts: [
      { flags: READ | EXECUTE, address: 0, bytes: data, headers: true },
      { type: SegmentType.DYNAMIC, flags: READ, address, memorySize },
      { type: SegmentType.GNU_STACK, flags: READ, address: 0, align: 0 },
    ],
    sections: tables.sections,
  });
  return {
    bytes: bytes.slice(0, pageEnd(codeAt + text.length)),
    sigreturn: placed.labels.get("__vdso_rt_sigreturn")!.address,
  };
}
