/**
 * Zircon programs in a few lines of assembly, that find the vDSO's functions by their offsets.
 *
 * @module
 */
import { assemble } from "../../guests/assembler.ts";
import { parseElf } from "../../loader/elf.ts";
import {
  FileType,
  Machine as ElfMachine,
  readSections,
  readSymbols,
  refused,
} from "../../loader/elf.ts";
import { zirconVdso } from "../../lab/vdso.ts";

/** The offset of a function in the vDSO's image. */
export function vdsoOffset(name: string): number {
  const { image } = zirconVdso();
  const elf = parseElf(image, { machine: ElfMachine.RISCV, types: [FileType.DYN] });
  if (refused(elf)) throw new Error(elf.text);
  const sections = readSections(image, elf.header);
  if (refused(sections)) throw new Error(sections.text);
  const symbol = readSymbols(image, sections).find((one) => one.name === name);
  if (!symbol) throw new Error(`the vDSO has no ${name}`);
  return symbol.value;
}

/**
 * Assemble a program. At its start the bootstrap handle is in `a0` and the vDSO's base in `s11`;
 * `@zx_name` calls a function of the vDSO.
 */
export function zirconProgram(text: string): Uint8Array {
  const body = text.replace(
    /@(zx_\w+)/g,
    (_, name: string) => `li t6, ${vdsoOffset(name)}\n add t6, t6, s11\n jalr ra, 0(t6)`,
  );
  return assemble(`_start: mv s11, a1\n${body}`);
}
