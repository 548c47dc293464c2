/**
 * Programs for the machine, and the tools that make them: an assembler, a writer of ELF files, and
 * the vDSO that the kernel hands to every process.
 *
 * The programs themselves are ELF files beside their C sources; `built.ts` lists them, `README.md`
 * says how to write another.
 *
 * @module
 */
export { assemble, AssemblyError, type ProgramOptions } from "./assembler.ts";
export { type Abi, type Guest, type GuestKind, GUESTS } from "./built.ts";
export { withField, withFields } from "./elf_field.ts";
export { type ElfDescription, writeElf } from "./elf_writer.ts";
export { buildVdso, type Vdso, type VdsoOptions } from "./vdso.ts";
export { zirconProgram } from "./zircon_program.ts";
