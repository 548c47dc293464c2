/**
 * Properties of objects: their numbers, and how their values lie in memory.
 *
 * @module
 */
import { NAME_SIZE } from "./objects.ts";
import { type Field, text, u32, u64 } from "./structure.ts";

/** A property's number and the form of its value. */
export interface Property<T = unknown> {
  /** Its number. */
  readonly number: number;
  /** How its value lies in memory. */
  readonly field: Field<T>;
}

const byte: Field<number> = {
  size: 1,
  align: 1,
  read: (view, at) => view.getUint8(at),
  write: (view, at, value) => view.setUint8(at, value),
};

/** Every property, by its name without `ZX_PROP_`. */
export const Property = {
  REGISTER_GS: { number: 2, field: u64 },
  NAME: { number: 3, field: text(NAME_SIZE) },
  REGISTER_FS: { number: 4, field: u64 },
  PROCESS_DEBUG_ADDR: { number: 5, field: u64 },
  PROCESS_VDSO_BASE_ADDRESS: { number: 6, field: u64 },
  PROCESS_BREAK_ON_LOAD: { number: 7, field: u64 },
  PROCESS_HW_TRACE_CONTEXT_ID: { number: 8, field: u64 },
  SOCKET_RX_THRESHOLD: { number: 12, field: u64 },
  SOCKET_TX_THRESHOLD: { number: 13, field: u64 },
  JOB_KILL_ON_OOM: { number: 15, field: u64 },
  EXCEPTION_STATE: { number: 16, field: u32 },
  VMO_CONTENT_SIZE: { number: 17, field: u64 },
  EXCEPTION_STRATEGY: { number: 18, field: u32 },
  STREAM_MODE_APPEND: { number: 19, field: byte },
} as const satisfies Record<string, Property>;

/** A property's name. */
export type PropertyName = keyof typeof Property;

/** What a property's value is. */
export type PropertyValue<N extends PropertyName> = (typeof Property)[N] extends Property<infer T>
  ? T
  : never;

/** The value of `PROCESS_DEBUG_ADDR` that asks the dynamic linker to stop when it has set it. */
export const DEBUG_ADDR_BREAK_ON_SET = 1;

/** The bytes of a property's value. */
export function encodeProperty<N extends PropertyName>(
  name: N,
  value: PropertyValue<N>,
): Uint8Array {
  const { field } = Property[name] as Property;
  const bytes = new Uint8Array(field.size);
  field.write(new DataView(bytes.buffer), 0, value);
  return bytes;
}

/** The value that bytes of a property say. */
export function decodeProperty<N extends PropertyName>(
  name: N,
  bytes: Uint8Array,
): PropertyValue<N> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Property[name].field.read(view, 0) as PropertyValue<N>;
}
