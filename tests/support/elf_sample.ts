/**
 * An ELF file that has everything, for tests that then spoil it.
 *
 * @module
 */
import { ByteWriter } from "../../guests/byte_writer.ts";
import { headersSize, StringTable, writeElf } from "../../guests/elf_writer.ts";
import { DynamicTag, SegmentType, SymbolType } from "../../loader/elf.ts";

/** Where the sample's program headers are, by what they describe. */
export const PART = {
  TEXT: 0,
  DATA: 1,
  INTERP: 2,
  DYNAMIC: 3,
  TLS: 4,
  STACK: 5,
  RELRO: 6,
  NOTE: 7,
};

const PARTS = 8;
const DATA = 0x2000;

/** A dynamic program with an interpreter, libraries, thread memory, notes and symbols. */
export function sampleElf(): Uint8Array {
  const strings = new StringTable();
  const dynamic = dynamicBytes(strings);
  const interp = new TextEncoder().encode("ld.so.1\0");
  const text = new ByteWriter();
  text.append(interp);
  const note = text.size;
  text.append(noteBytes());
  const stringsAt = text.size;
  text.append(strings.bytes());
  text.alignTo(16);
  const code = text.size;
  text.append(new Uint8Array(0x40).fill(0x13));
  const start = headersSize(PARTS);
  const data = new ByteWriter();
  data.append(dynamic(start + stringsAt, strings.bytes().length));
  return writeElf({
    entry: start + code,
    parts: [
      { flags: 5, address: 0, bytes: text.bytes(), headers: true, name: ".text" },
      { flags: 6, address: DATA, bytes: data.bytes(), memorySize: 0x2345, name: ".data" },
      { type: SegmentType.INTERP, flags: 4, address: start, memorySize: interp.length, align: 1 },
      { type: SegmentType.DYNAMIC, flags: 6, address: DATA, memorySize: data.size },
      { type: SegmentType.TLS, flags: 4, address: DATA, memorySize: 8 },
      { type: SegmentType.GNU_STACK, flags: 6, address: 0, memorySize: 0x10000, align: 16 },
      { type: SegmentType.GNU_RELRO, flags: 4, address: DATA, memorySize: 0x100, align: 1 },
      { type: SegmentType.NOTE, flags: 4, address: start + note, memorySize: 20, align: 4 },
    ],
    symbols: [
      { name: "_start", value: start + code, size: 0x20, type: SymbolType.FUNC },
      { name: "table", value: DATA, size: 8, type: SymbolType.OBJECT },
      { name: "hidden", value: start + code + 0x20, size: 4, type: SymbolType.FUNC, binding: 0 },
    ],
  });
}

function dynamicBytes(strings: StringTable): (address: number, size: number) => Uint8Array {
  const libc = strings.offset("libc.so");
  const zircon = strings.offset("libzircon.so");
  const soname = strings.offset("sample.so");
  return (address, size) => {
    const out = new ByteWriter();
    const entries = [
      [DynamicTag.NEEDED, libc],
      [DynamicTag.NEEDED, zircon],
      [DynamicTag.SONAME, soname],
      [DynamicTag.STRTAB, address],
      [DynamicTag.STRSZ, size],
      [DynamicTag.NULL, 0],
    ];
    for (const [tag, value] of entries) {
      out.u64(tag!);
      out.u64(value!);
    }
    return out.bytes();
  };
}

function noteBytes(): Uint8Array {
  const out = new ByteWriter();
  out.u32(4);
  out.u32(4);
  out.u32(3);
  out.append(new TextEncoder().encode("GNU\0"));
  out.append(new Uint8Array([0xca, 0xfe, 0xf0, 0x0d]));
  return out.bytes();
}
