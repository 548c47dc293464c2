/**
 * Numbers about I/O buffers.
 *
 * @module
 */

/** Whose a region of an I/O buffer is. */
export const IobRegionType = { PRIVATE: 0, SHARED: 1 } as const;

/** What the first end may do with a region; the second end's bits are four places higher. */
export const IobAccess = {
  CAN_MAP_READ: 1 << 0,
  CAN_MAP_WRITE: 1 << 1,
  CAN_MEDIATED_READ: 1 << 2,
  CAN_MEDIATED_WRITE: 1 << 3,
  SECOND_END_SHIFT: 4,
} as const;

/** What the kernel does in a region for who may not map it. */
export const IobDiscipline = { NONE: 0, ID_ALLOCATOR: 1, MEDIATED_WRITE_RING_BUFFER: 2 } as const;

/** How much an I/O buffer has, and how much can be written at once. */
export const IobLimit = { REGIONS_MAX: 64, VECTORS_MAX: 8, WRITE_MAX: 65535 - 16 } as const;
