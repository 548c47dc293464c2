/**
 * The memory of a process as a file, as `/proc/PID/mem` shows it: each offset is an address.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Errno } from "../errno.ts";
import type { Group } from "../group.ts";
import { Fault, type Mm } from "../mm/mm.ts";
import { UserMemory } from "../../vm/user_memory.ts";
import { FileOfProcess, OpenFileOfProcess } from "./file_of_process.ts";
import type { FileSystem } from "./file_system.ts";
import type { Place } from "./path_walk.ts";

/** So many bytes are copied at once. */
const ONCE_MAX = 1 << 20;

/** The file of a process's memory. */
export class MemoryOf extends FileOfProcess {
  /** The memory that a process sees. */
  constructor(fs: FileSystem, group: Group) {
    super(fs, group, 0o600);
  }

  protected override opened(flags: number, place: Place | null): OpenFileOfProcess {
    return new OpenMemoryOf(this, flags, place, this.group);
  }
}

/** The same while it is open. */
class OpenMemoryOf extends OpenFileOfProcess {
  /** As much as is mapped from an address on; EIO where nothing is. */
  override read(count: number, offset: number): Uint8Array | number {
    const bytes = new Uint8Array(Math.min(count, ONCE_MAX));
    const memory = allMemory(this.group.mm);
    const done = byPages(offset, bytes, (at, part) => memory.read(at, part));
    return this.#told(done, bytes.length) ?? bytes.subarray(0, done);
  }

  override write(bytes: Uint8Array, offset: number): number {
    const whole = bytes.subarray(0, ONCE_MAX);
    const memory = allMemory(this.group.mm);
    const done = byPages(offset, whole, (at, part) => memory.write(at, part));
    return this.#told(done, whole.length) ?? done;
  }

  /** EIO where nothing of what was wanted is there; null where something is, or nobody is any more. */
  #told(done: number, wanted: number): number | null {
    return done === 0 && wanted > 0 && !this.group.ended ? Errno.EIO : null;
  }
}

/** What a process sees, for who may do more with it than the process itself. */
function allMemory(mm: Mm): UserMemory {
  return new UserMemory({
    realm: mm.realm,
    processor: null,
    forProcessor: () => null,
    touch: (address, access) => mm.touchByForce(address, access),
    fault: () => Fault.MAPERR,
  });
}

/** Do something with each page's part of some bytes, until it fails; answers how many were done. */
function byPages(
  offset: number,
  bytes: Uint8Array,
  deed: (address: number, part: Uint8Array) => number,
): number {
  let done = 0;
  while (done < bytes.length) {
    const at = offset + done;
    const part = bytes.subarray(done, done + PAGE_SIZE - at % PAGE_SIZE);
    if (deed(at, part) !== 0) break;
    done += part.length;
  }
  return done;
}
