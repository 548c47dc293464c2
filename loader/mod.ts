/**
 * Loading programs: one folder for each way of starting one.
 *
 * A loader turns a file's bytes into a process. Who does that, with which privilege, is what tells
 * the load models apart, and the imports say it: what is user code here imports only the kernel's
 * numbers and calls; what must be trusted imports the kernel. `elf.ts` is what all of them share:
 * pure, knowing neither kernel nor processor, bytes to an image or a reason.
 *
 * @module
 */
export { type ElfImage, ElfReason, type ElfRules, parseElf } from "./elf.ts";
