/**
 * A microkernel in the manner of Zircon: objects, handles with rights, and one row per system call.
 *
 * Everything that can change hangs from one `Kernel`; time, chance, memory and the processor come in
 * through `ports.ts`. Nothing here waits for the host: a system call answers, or it parks its thread.
 *
 * @module
 */
export type * from "./ports.ts";
