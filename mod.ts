/**
 * zandbox: a scriptable capability microkernel that runs real programs inside Deno.
 *
 * @module
 */
export type * from "./kernel/ports.ts";
export * from "./loader/elf.ts";
