/**
 * zandbox: a scriptable capability microkernel that runs real programs inside Deno.
 *
 * @module
 */
export type { Processor } from "./kernel/mod.ts";
export { type ElfImage, ElfReason, type ElfRules, parseElf } from "./loader/mod.ts";
