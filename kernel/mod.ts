/**
 * A microkernel in the manner of Zircon: objects, handles with rights, and one row per system call.
 *
 * Everything that can change hangs from one `Kernel`; time, chance, memory and the processor come in
 * through `ports.ts`. Nothing here waits for the host: a system call answers, or it parks its thread.
 *
 * @module
 */
export * from "./abi.ts";
export * from "./events.ts";
export { invariant, KernelBug } from "./invariant.ts";
export { Handle } from "./object/handle.ts";
export { HandleTable } from "./object/handle_table.ts";
export { KernelObject } from "./object/object.ts";
export { Observer } from "./object/observer.ts";
export { Realm, type RealmOptions } from "./object/realm.ts";
export type { Timeout } from "./object/timeout.ts";
export type * from "./ports.ts";
