/**
 * The smallest greeting for Linux, made by the assembler: `hello` of the other ABI, for those who
 * compare.
 *
 * @module
 */
import { FileType } from "../loader/elf.ts";
import { assemble } from "./assembler.ts";

/** A static program that greets and ends with the number of its arguments, its name aside. */
export function linuxHello(): Uint8Array {
  return assemble(
    `
  _start: ld   s0, 0(sp)        # how many arguments
          li   a7, 64           # write
          li   a0, 1
          la   a1, text
          li   a2, 17
          ecall
          addi a0, s0, -1
          li   a7, 94           # exit_group
          ecall
          .rodata
  text:   .ascii "hello from hello\\n"
`,
    { type: FileType.EXEC },
  );
}
