/**
 * The vDSO: the one library that the kernel itself hands to every process, `libzircon.so`.
 *
 * It is how programs call the kernel, and the only way: the kernel accepts a call just from behind
 * the `ecall` that this library has for it. What can be answered without the kernel is answered
 * here. It is a real shared object with two segments, one of tables and facts that may only be
 * read, one of code; it has nothing to relocate, writes nothing, and wants no other library.
 *
 * @module
 */
import {
  pageEnd,
  SectionType,
  SegmentFlag,
  SegmentType,
  SymbolBinding,
  SymbolType,
} from "../loader/elf.ts";
import { type ObjectCode, readObject } from "./assembler/object.ts";
import { place, type Placed } from "./assembler/placement.ts";
import { ByteWriter } from "./byte_writer.ts";
import { dynamicTables } from "./dynamic_tables.ts";
import { type ElfName, headersSize, writeElf } from "./elf_writer.ts";
import { type KernelCall, returnLabel, vdsoCode } from "./vdso/code.ts";
import { CONSTANTS_SIZE } from "./vdso/constants.ts";

export { type KernelCall } from "./vdso/code.ts";
export { constantBytes, CONSTANTS_SIZE, type VdsoConstants } from "./vdso/constants.ts";

/** The library's name. */
export const VDSO_NAME = "libzircon.so";

/** The vDSO as a file, and what the kernel has to know of it. */
export interface Vdso {
  /** The file. */
  readonly image: Uint8Array;
  /** Where the code's pages start in the file. */
  readonly codeOffset: number;
  /** Bytes of the code's pages. */
  readonly codeSize: number;
  /** Where in the file the kernel puts the record of `constantBytes`. */
  readonly constantsOffset: number;
  /** The functions that programs may call, by name: how far each is behind the image's start. */
  readonly functions: ReadonlyMap<string, number>;
  /** For each call that it makes, by name, how far behind the code's start is the one place it returns to. */
  readonly returns: ReadonlyMap<string, number>;
}

/** What may be decided about a vDSO. */
export interface VdsoOptions {
  /** Functions that this variant does not have: not to be found, and a trap where they were. */
  readonly blocked?: readonly string[];
}

const PARTS = 5;
const CONSTANTS_OFFSET = align(headersSize(PARTS), 64);
const TABLES_OFFSET = CONSTANTS_OFFSET + align(CONSTANTS_SIZE, 8);

/**
 * Build the vDSO for a kernel's calls.
 *
 * @example
 * ```ts
 * import { buildVdso } from "./vdso.ts";
 *
 * const vdso = buildVdso([{ name: "zx_process_exit", number: 92 }]);
 * const behind = vdso.codeOffset + vdso.returns.get("zx_process_exit")!;
 * const ecall = new DataView(vdso.image.buffer).getUint32(behind - 4, true);
 * if (ecall !== 0x73) throw new Error("the kernel returns to behind an ecall");
 * ```
 */
export function buildVdso(calls: readonly KernelCall[], options: VdsoOptions = {}): Vdso {
  const blocked = options.blocked ?? [];
  const { text, exports, stubbed } = vdsoCode(calls);
  const code = readObject(text);
  const describe = (placed: Placed | undefined) => ({
    soname: VDSO_NAME,
    symbols: exports.flatMap((name) => namesOf(name, code, placed, blocked.includes(name))),
  });
  // How long the tables are does not depend on the addresses in them.
  const codeOffset = pageEnd(
    TABLES_OFFSET + dynamicTables(describe(undefined), TABLES_OFFSET).bytes.length +
      noteBytes([]).length,
  );
  const at = { ".text": codeOffset, ".rodata": 0, ".data": 0, ".bss": 0 };
  const placed = place(code, at, { externals: { constants: CONSTANTS_OFFSET } });
  const bytes = placed.bytes[".text"];
  for (const name of blocked) trap(bytes, name, code);
  const image = writeVdso(bytes, describe(placed), codeOffset, placed);
  const kept = stubbed.filter((name) => !blocked.includes(name));
  return {
    image,
    codeOffset,
    codeSize: pageEnd(bytes.length),
    constantsOffset: CONSTANTS_OFFSET,
    functions: new Map(
      exports.filter((name) => !blocked.includes(name))
        .map((name) => [name, placed.labels.get(name)!.address]),
    ),
    returns: new Map(
      kept.map((name) => [name, code.labels.get(returnLabel(name))!.offset]),
    ),
  };
}

function writeVdso(
  code: Uint8Array,
  description: { soname: string; symbols: readonly ElfName[] },
  codeOffset: number,
  placed: Placed,
): Uint8Array {
  const tables = dynamicTables(description, TABLES_OFFSET);
  const note = noteBytes(code);
  const noteAddress = TABLES_OFFSET + tables.bytes.length;
  const data = new Uint8Array(codeOffset - headersSize(PARTS));
  data.set(tables.bytes, TABLES_OFFSET - headersSize(PARTS));
  data.set(note, noteAddress - headersSize(PARTS));
  const pages = new Uint8Array(pageEnd(code.length));
  pages.set(code);
  const { READ, EXECUTE } = SegmentFlag;
  const { dynamicAddress: address, dynamicSize: memorySize } = tables;
  const { PROGBITS } = SectionType;
  // Allocated and executable.
  const codeSection = { name: ".text", type: PROGBITS, flags: 6, address: codeOffset };
  return writeElf({
    entry: placed.labels.get("zx_process_exit")?.address ?? codeOffset,
    parts: [
      { flags: READ, address: 0, bytes: data, headers: true },
      { flags: READ | EXECUTE, address: codeOffset, bytes: pages },
      { type: SegmentType.DYNAMIC, flags: READ, address, memorySize },
      {
        type: SegmentType.NOTE,
        flags: READ,
        address: noteAddress,
        memorySize: note.length,
        align: 4,
      },
      { type: SegmentType.GNU_STACK, flags: READ | SegmentFlag.WRITE, address: 0, align: 0 },
    ],
    sections: [{ ...codeSection, size: code.length }, ...tables.sections],
  });
}

/** A function's two names: as programs write it, and one that a program may not redefine. */
function namesOf(
  name: string,
  code: ObjectCode,
  placed: Placed | undefined,
  isBlocked: boolean,
): ElfName[] {
  const symbol = {
    value: placed?.labels.get(name)?.address ?? 0,
    size: functionSize(name, code),
    type: SymbolType.FUNC,
    binding: isBlocked ? SymbolBinding.LOCAL : SymbolBinding.GLOBAL,
  };
  return [{ ...symbol, name }, { ...symbol, name: `_${name}` }];
}

/** A function ends where the next one starts. */
function functionSize(name: string, code: ObjectCode): number {
  const start = code.labels.get(name)!.offset;
  const starts = [...code.labels].filter(([other]) => !/^\.L|\$/.test(other))
    .map(([, { offset }]) => offset).filter((offset) => offset > start);
  return Math.min(code.sections[".text"].size, ...starts) - start;
}

/** Zeroes are no instruction. */
function trap(bytes: Uint8Array, name: string, code: ObjectCode): void {
  const label = code.labels.get(name);
  if (!label) throw new Error(`${name} is to be blocked, and the vDSO has no such function`);
  bytes.fill(0, label.offset, label.offset + functionSize(name, code));
}

/** The build's identity: a number that follows from the code. */
function noteBytes(code: ArrayLike<number>): Uint8Array {
  const out = new ByteWriter();
  out.u32(4);
  out.u32(8);
  out.u32(3);
  out.append(new TextEncoder().encode("GNU\0"));
  for (const seed of [0x811c9dc5, 0x9747b28c]) {
    let hash = seed;
    for (let at = 0; at < code.length; at++) hash = Math.imul(hash ^ code[at]!, 0x01000193);
    out.u32(hash >>> 0);
  }
  return out.bytes();
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
