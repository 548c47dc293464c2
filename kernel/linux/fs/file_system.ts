/**
 * A file system: files that share a device number, a clock and the memory that they are kept in.
 *
 * @module
 */
import { SECOND } from "../duration.ts";
import type { Realm } from "../../object/realm.ts";
import type { MachineMemory } from "../machine_memory.ts";
import type { Moment } from "./inode.ts";
import type { Room } from "./room.ts";

/** What file systems are made of. */
export interface FileSystemOptions {
  /** The ground that memory objects stand on. */
  readonly realm: Realm;
  /** What the machine holds for programs. */
  readonly memory: MachineMemory;
  /** Its device number. */
  readonly device: number;
  /** What it is called in a list of mounts. */
  readonly type: string;
  /** The number that `statfs` knows its type by. */
  readonly magic: number;
  /** Seconds since 1970 when the machine began. */
  readonly epoch: number;
  /** What it may take of the machine's memory; unless told, as much as it likes. */
  readonly room?: Room | null;
}

/** Why a file system has no other names than its own. */
export interface Refusals {
  /** Whether that is said before anybody asks who may do so. */
  readonly isFirst: boolean;
  /** What opening a file answers that is to be made. */
  readonly create: number;
  /** What giving a name answers otherwise. */
  readonly add: number;
  /** What taking a name away answers. */
  readonly take: number;
  /** What opening a file without a name answers. */
  readonly unnamed: number;
}

/** What a file system refuses. */
export type Refused = Exclude<keyof Refusals, "isFirst">;

/** Files under one device number. */
export class FileSystem {
  /** The ground that memory objects stand on. */
  readonly realm: Realm;
  /** What the machine holds for programs. */
  readonly memory: MachineMemory;
  /** Its device number. */
  readonly device: number;
  /** What it is called in a list of mounts. */
  readonly type: string;
  /** The number that `statfs` knows its type by. */
  readonly magic: number;
  /** What it may take of the machine's memory; null where nobody counts that. */
  readonly room: Room | null;
  /** Whether nothing in it can be executed. */
  noExec = false;
  /** Whether nothing in it can be changed. */
  readOnly = false;
  /** Why names in it are neither given nor taken; null where they are. */
  refusals: Refusals | null = null;
  readonly #epoch: number;
  #nextIno = 1;
  #nextCookie = 1;

  /** A file system without files. */
  constructor({ realm, memory, device, type, magic, epoch, room = null }: FileSystemOptions) {
    this.realm = realm;
    this.memory = memory;
    this.device = device;
    this.type = type;
    this.magic = magic;
    this.room = room;
    this.#epoch = epoch;
  }

  /** A number for a new file. */
  nextIno(): number {
    return this.#nextIno++;
  }

  /** Let files that are made from now on have the numbers from one on, as the same ones had before. */
  numberFrom(first: number): void {
    this.#nextIno = first;
  }

  /** A number that joins the two halves of a move, for those who watch. */
  nextCookie(): number {
    return this.#nextCookie++;
  }

  /** The time of day. */
  now(): Moment {
    const { now } = this.realm;
    return { seconds: this.#epoch + Math.floor(now / SECOND), nanos: Math.floor(now) % SECOND };
  }
}
