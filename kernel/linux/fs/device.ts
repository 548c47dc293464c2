/**
 * Devices that are nothing but software: nothing, zeros, chance, and a disk that is always full.
 *
 * @module
 */
import { deviceNumber } from "../device_number.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import type { FileSystem } from "./file_system.ts";
import { FileKind, Inode } from "./inode.ts";
import { OpenFile } from "./open_file.ts";
import type { Place } from "./path_walk.ts";

const ZERO = 5;

/** What a device does with bytes. */
export interface DeviceDeeds {
  /** Bytes from it, or why not. */
  read(count: number): Uint8Array | number;
  /** Bytes to it: how many it took, or why not. */
  write(bytes: Uint8Array): number;
  /** Whether its owner can be told that it became ready, though it always is. */
  readonly tellsOwner?: boolean;
}

/** Makes what is open when a device is. */
export type OpenDevice = (inode: Device, flags: number, place: Place | null) => OpenFile | number;

/** A device among files. */
export class Device extends Inode {
  readonly #open: OpenDevice;

  /** A device of a number. */
  constructor(fs: FileSystem, device: number, open: OpenDevice, mode = 0o666) {
    super(fs, { mode: FileKind.CHARACTER | mode, device });
    this.#open = open;
  }

  override open(flags: number, place: Place | null): OpenFile | number {
    return this.#open(this, flags, place);
  }
}

/** Whether a file is the device that has nothing but zeros. */
export function isZeros({ kind, device }: Inode): boolean {
  return kind === FileKind.CHARACTER && device === deviceNumber(1, ZERO);
}

/** A device that is open and does one thing. */
class SimpleDevice extends OpenFile {
  readonly #deeds: DeviceDeeds;

  constructor(inode: Inode, flags: number, place: Place | null, deeds: DeviceDeeds) {
    super(inode, flags, place);
    this.#deeds = deeds;
  }

  override get seekable(): boolean {
    return true;
  }

  override get tellsOwner(): boolean {
    return this.#deeds.tellsOwner ?? false;
  }

  override read(count: number): Uint8Array | number {
    return this.#deeds.read(count);
  }

  override write(bytes: Uint8Array): number {
    return this.#deeds.write(bytes);
  }
}

/** The devices that every Linux has, by name. */
export function memoryDevices(linux: Linux): Readonly<Record<string, Device>> {
  const all = (bytes: Uint8Array) => bytes.length;
  const none = () => new Uint8Array();
  const zeros = (count: number) => new Uint8Array(count);
  const chance = {
    read: (count: number) => linux.randomBytes(count),
    write: all,
    tellsOwner: true,
  };
  const device = (minor: number, deeds: DeviceDeeds) =>
    new Device(
      linux.rootFs,
      deviceNumber(1, minor),
      (inode, flags, place) => new SimpleDevice(inode, flags, place, deeds),
    );
  return {
    null: device(3, { read: none, write: all }),
    zero: device(ZERO, { read: zeros, write: all }),
    full: device(7, { read: zeros, write: () => Errno.ENOSPC }),
    random: device(8, chance),
    urandom: device(9, chance),
  };
}
