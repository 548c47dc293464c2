/**
 * Numbers about the machine: resources, profiles, interrupts, the debug log, system events.
 *
 * @module
 */

/** Kinds of resources. */
export const ResourceKind = { MMIO: 0, IRQ: 1, IOPORT: 2, SMC: 4, SYSTEM: 5 } as const;

/** Flags that go with the kind in the options of `zx_resource_create`. */
export const ResourceFlag = { EXCLUSIVE: 0x10000 } as const;

/** What the system kind of resource is the right to; each is a range of one. */
export const SystemResource = {
  HYPERVISOR: 0,
  VMEX: 1,
  DEBUG: 2,
  INFO: 3,
  CPU: 4,
  POWER: 5,
  MEXEC: 6,
  ENERGY_INFO: 7,
  IOMMU: 8,
  PROFILE: 10,
  MSI: 11,
  DEBUGLOG: 12,
  STALL: 13,
  TRACING: 14,
  SAMPLING: 15,
} as const;

/** What a profile says something about. */
export const ProfileFlag = {
  PRIORITY: 1 << 0,
  CPU_MASK: 1 << 1,
  DEADLINE: 1 << 2,
  NO_INHERIT: 1 << 3,
  MEMORY_PRIORITY: 1 << 4,
} as const;

/** How urgent a thread may be. */
export const Priority = { LOWEST: 0, LOW: 8, DEFAULT: 16, HIGH: 24, HIGHEST: 31 } as const;

/** Options of the interrupt calls. */
export const InterruptOption = {
  VIRTUAL: 0x10,
  TIMESTAMP_MONO: 0x40,
  BIND: 0,
  UNBIND: 1,
} as const;

/** Option of `zx_port_create`: interrupts may be bound to the port. */
export const PORT_BIND_TO_INTERRUPT = 1;

/** Option of `zx_debuglog_create`: the log may be read too. */
export const LOG_READABLE = 0x40000000;

/** What `zx_system_get_event` can answer an event for. */
export const SystemEventKind = {
  OUT_OF_MEMORY: 1,
  MEMORY_PRESSURE_CRITICAL: 2,
  MEMORY_PRESSURE_WARNING: 3,
  MEMORY_PRESSURE_NORMAL: 4,
  IMMINENT_OUT_OF_MEMORY: 5,
} as const;
