/**
 * Changing one field of an ELF file by its name in the manual, to make files that are wrong in
 * exactly one place.
 *
 * @module
 */
import { HEADER_SIZE, SEGMENT_SIZE } from "../loader/elf.ts";

type Field = readonly [offset: number, bytes: 1 | 2 | 4 | 8];

const IN_HEADER: Readonly<Record<string, Field>> = {
  "e_ident[EI_MAG]": [0, 4],
  "e_ident[EI_CLASS]": [4, 1],
  "e_ident[EI_DATA]": [5, 1],
  "e_ident[EI_VERSION]": [6, 1],
  "e_ident[EI_OSABI]": [7, 1],
  e_type: [16, 2],
  e_machine: [18, 2],
  e_version: [20, 4],
  e_entry: [24, 8],
  e_phoff: [32, 8],
  e_shoff: [40, 8],
  e_flags: [48, 4],
  e_ehsize: [52, 2],
  e_phentsize: [54, 2],
  e_phnum: [56, 2],
  e_shentsize: [58, 2],
  e_shnum: [60, 2],
  e_shstrndx: [62, 2],
};

const IN_SEGMENT: Readonly<Record<string, Field>> = {
  p_type: [0, 4],
  p_flags: [4, 4],
  p_offset: [8, 8],
  p_vaddr: [16, 8],
  p_paddr: [24, 8],
  p_filesz: [32, 8],
  p_memsz: [40, 8],
  p_align: [48, 8],
};

/**
 * A copy of a file with one field changed: `e_machine`, or `segment 2 p_filesz`. The program
 * headers are taken to be where `writeElf` puts them, right behind the file header.
 *
 * @example
 * ```ts
 * import { withField, writeElf } from "@zandbox/zandbox";
 *
 * const good = writeElf({ parts: [{ flags: 5, address: 0, bytes: new Uint8Array(8) }] });
 * const bad = withField(good, "segment 0 p_filesz", 9);
 * if (bad[64 + 32] !== 9) throw new Error("the field is not changed");
 * ```
 */
export function withField(file: Uint8Array, name: string, value: number | bigint): Uint8Array {
  const [at, size] = fieldAt(name);
  const copy = file.slice();
  let rest = BigInt.asUintN(64, BigInt(value));
  for (let index = 0; index < size; index++) {
    copy[at + index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return copy;
}

/** A copy of a file with several fields changed. */
export function withFields(
  file: Uint8Array,
  fields: Readonly<Record<string, number | bigint>>,
): Uint8Array {
  return Object.entries(fields).reduce((bytes, [name, value]) => {
    return withField(bytes, name, value);
  }, file);
}

function fieldAt(name: string): Field {
  const header = IN_HEADER[name];
  if (header) return header;
  const [, index, field] = /^segment (\d+) (\w+)$/.exec(name) ?? [];
  const found = field ? IN_SEGMENT[field] : undefined;
  if (!found) {
    const known = [...Object.keys(IN_HEADER), "segment N p_type", "segment N p_filesz", "…"];
    throw new Error(`no field is called ${name}; known are ${known.join(", ")}`);
  }
  return [HEADER_SIZE + Number(index) * SEGMENT_SIZE + found[0], found[1]];
}
