/**
 * The types of objects, as `zx_info_handle_basic_t` numbers them.
 *
 * @module
 */

/** Each object type's number. */
export const ObjectType = {
  NONE: 0,
  PROCESS: 1,
  THREAD: 2,
  VMO: 3,
  CHANNEL: 4,
  EVENT: 5,
  PORT: 6,
  INTERRUPT: 9,
  PCI_DEVICE: 11,
  LOG: 12,
  SOCKET: 14,
  RESOURCE: 15,
  EVENTPAIR: 16,
  JOB: 17,
  VMAR: 18,
  FIFO: 19,
  GUEST: 20,
  VCPU: 21,
  TIMER: 22,
  IOMMU: 23,
  BTI: 24,
  PROFILE: 25,
  PMT: 26,
  SUSPEND_TOKEN: 27,
  PAGER: 28,
  EXCEPTION: 29,
  CLOCK: 30,
  STREAM: 31,
  MSI: 32,
  IOB: 33,
  COUNTER: 34,
  IOB_SHARED_REGION: 35,
} as const;

/** The number of an object type. */
export type ObjectType = typeof ObjectType[keyof typeof ObjectType];

const NAMES: string[] = [];
for (const [name, type] of Object.entries(ObjectType)) NAMES[type] = name.toLowerCase();

/** The name of an object type in small letters, such as `channel`. */
export function objectTypeName(type: number): string {
  return NAMES[type] ?? `type ${type}`;
}

/** How many bytes a name takes, with the zero that ends it. */
export const NAME_SIZE = 32;
