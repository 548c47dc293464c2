/**
 * Script images: executables that are TypeScript generators.
 *
 * The file holds a magic word and an address at which the machine knows the generator. Started, it
 * is a process like any other; there is only nothing to map.
 *
 * @module
 */

const MAGIC = "#!zxscript\0";
const SIZE = 24;

/** The file of a script that the machine knows at an address. */
export function packScriptImage(entry: number): Uint8Array {
  const image = new Uint8Array(SIZE);
  image.set(new TextEncoder().encode(MAGIC));
  new DataView(image.buffer).setBigUint64(16, BigInt(entry), true);
  return image;
}

/** The address in such a file; undefined when it is no such file. */
export function readScriptImage(bytes: Uint8Array): number | undefined {
  if (bytes.length < SIZE) return undefined;
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) return undefined;
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(16, true));
}
