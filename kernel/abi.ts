/**
 * The numbers that userspace and the kernel agree on: statuses, rights, signals, types, options.
 *
 * @module
 */
export * from "./abi/info.ts";
export * from "./abi/iob.ts";
export * from "./abi/memory.ts";
export * from "./abi/messages.ts";
export * from "./abi/objects.ts";
export * from "./abi/policy.ts";
export * from "./abi/process_args.ts";
export * from "./abi/properties.ts";
export * from "./abi/rights.ts";
export * from "./abi/signals.ts";
export * from "./abi/startup_handles.ts";
export * from "./abi/status.ts";
export * from "./abi/structure.ts";
export * from "./abi/system.ts";
export * from "./abi/tasks.ts";
export * from "./abi/time.ts";
