/**
 * Numbers of the bootstrap messages: what a handle that a process begins with is for.
 *
 * @module
 */

/** The first word of a processargs message: "]XPA". */
export const PROCARGS_PROTOCOL = 0x4150585d;
/** The second word. */
export const PROCARGS_VERSION = 0x1000;
/** Bytes of the header before the first handle's entry. */
export const PROCARGS_HEADER_SIZE = 36;

/** What a handle in a bootstrap message is for. */
export const Pa = {
  PROC_SELF: 0x01,
  THREAD_SELF: 0x02,
  JOB_DEFAULT: 0x03,
  VMAR_ROOT: 0x04,
  VMAR_LOADED: 0x05,
  LDSVC_LOADER: 0x10,
  VMO_VDSO: 0x11,
  VMO_STACK: 0x13,
  VMO_EXECUTABLE: 0x14,
  VMO_BOOTDATA: 0x1a,
  VMO_BOOTFS: 0x1b,
  VMO_KERNEL_FILE: 0x1c,
  VMO_COMPONENT_CONFIG: 0x1d,
  NS_DIR: 0x20,
  FD: 0x30,
  LIFECYCLE: 0x3a,
  DIRECTORY_REQUEST: 0x3b,
  RESOURCE: 0x3f,
  CLOCK_UTC: 0x40,
  MMIO_RESOURCE: 0x50,
  IRQ_RESOURCE: 0x51,
  SYSTEM_RESOURCE: 0x54,
  USER0: 0xf0,
  USER1: 0xf1,
  USER2: 0xf2,
} as const;

/** In the argument of `Pa.FD`: use it for standard input, output and error alike. */
export const FD_FOR_STDIO = 0x8000;

/** The word that says what a handle is for: its type and an argument. */
export function paHandle(type: number, argument = 0): number {
  return ((argument << 16) | type) >>> 0;
}

/** The type in such a word. */
export function paType(info: number): number {
  return info & 0xff;
}

/** The argument in such a word. */
export function paArgument(info: number): number {
  return info >>> 16;
}

const NAMES = Object.entries(Pa);

/** Such a word as people read it, such as `PA_FD(1)`. */
export function paName(info: number): string {
  const type = paType(info);
  const found = NAMES.find(([, value]) => value === type);
  const name = found ? `PA_${found[0]}` : `PA_0x${type.toString(16)}`;
  return paArgument(info) === 0 ? name : `${name}(${paArgument(info)})`;
}
