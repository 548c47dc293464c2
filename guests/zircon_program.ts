/**
 * Programs in assembly for the Zircon personality: they call the kernel by name.
 *
 * @module
 */
import { assemble, type ProgramOptions } from "./assembler.ts";
import type { Vdso } from "./vdso.ts";

/** Where the program keeps the vDSO's address, and where it starts to put it there. */
const BASE = "__vdso_base";
const ENTRY = "__zircon_start";

/**
 * Assemble a program that calls the vDSO's functions as if they were its own: `call zx_handle_close`.
 * At `_start`, `a0` is the handle of the bootstrap channel and `a1` the vDSO's address. The program
 * goes with the vDSO that it was assembled for.
 *
 * @example
 * ```ts
 * import { zirconProgram, zirconVdso } from "@zandbox/zandbox";
 *
 * const file = zirconProgram(
 *   `_start: li   a0, 42
 *            call zx_process_exit`,
 *   zirconVdso(),
 * );
 * if (file[0] !== 0x7f) throw new Error("this is no ELF file");
 * ```
 */
export function zirconProgram(
  text: string,
  vdso: Vdso,
  options: ProgramOptions = {},
): Uint8Array {
  const code = text.replaceAll(/#.*$/gm, "");
  const used = [...new Set(code.match(/\b_?zx_\w+\b/g) ?? [])]
    .filter((name) => vdso.functions.has(name) && !new RegExp(`\\b${name}\\s*:`).test(code));
  const stubs = used.map((name) => `
${name}:
  la t6, ${BASE}
  ld t6, 0(t6)
  li t5, ${vdso.functions.get(name)}
  add t6, t6, t5
  jr t6`);
  const prologue = `
${ENTRY}:
  la t6, ${BASE}
  sd a1, 0(t6)
  j ${options.entry ?? "_start"}`;
  const base = `\n.bss\n.balign 8\n${BASE}: .zero 8`;
  // Behind the program's own text, so that its lines keep their numbers.
  const whole = `${text}\n.text\n.balign 4${prologue}${stubs.join("")}${base}\n`;
  return assemble(whole, { ...options, entry: ENTRY });
}
