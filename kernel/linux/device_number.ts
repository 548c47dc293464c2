/**
 * The numbers of devices: which driver, and which of its devices, in one word as programs have it.
 *
 * @module
 */

/** The number of a device; of the second part all but the lowest eight bits stand above the first. */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

/** Which driver a device is of. */
export function majorOf(device: number): number {
  return (device >>> 8) & 0xfff;
}

/** Which of its driver's devices it is. */
export function minorOf(device: number): number {
  return (device & 0xff) | ((device >>> 12) & 0xfff00);
}
