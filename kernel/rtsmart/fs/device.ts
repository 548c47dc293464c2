/**
 * Devices that take everything and keep nothing: `/dev/null` and `/dev/zero`.
 *
 * @module
 */
import { FileKind, Node } from "./node.ts";
import { OpenFile } from "./open_file.ts";

/** A device that takes everything; from it come zeros, or nothing. */
export class Device extends Node {
  readonly #givesZeros: boolean;

  /** A device. */
  constructor(ino: number, givesZeros: boolean) {
    super(ino, FileKind.DEVICE | 0o666);
    this.#givesZeros = givesZeros;
  }

  override open(flags: number, path: string): OpenFile {
    return new OpenDevice(this, flags, path);
  }

  /** What is read from it. */
  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#givesZeros ? count : 0);
  }
}

class OpenDevice extends OpenFile {
  readonly #device: Device;

  constructor(device: Device, flags: number, path: string) {
    super(device, flags, path);
    this.#device = device;
  }

  override read(count: number): Uint8Array {
    return this.#device.bytes(count);
  }

  override write(bytes: Uint8Array): number {
    return bytes.length;
  }
}
