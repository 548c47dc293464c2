/**
 * What programs and the kernel do with a process's addresses (`lwp_user_mm.c`).
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Errno, RtError } from "../error.ts";
import type { RegularFile } from "../fs/regular_file.ts";
import type { Lwp } from "../lwp.ts";
import { pageDown, pageUp } from "./layout.ts";

/** Flags of `mmap2`. */
export const MapFlag = { SHARED: 1, PRIVATE: 2, FIXED: 0x10, ANONYMOUS: 0x20 } as const;

/** Below so much free memory nothing more is promised. */
const FREE_MIN = 1 << 20;

/** What a file of a mapping is. */
export interface MappedFile {
  /** The file. */
  readonly file: RegularFile;
  /** The path it was opened by. */
  readonly path: string;
  /** Where in it the mapping begins. */
  readonly offset: number;
}

/** A process gets a stack: all of its addresses at once, and pages as they are touched. */
export function userSpaceInit(lwp: Lwp): number {
  const { stackStart, stackEnd, start, top, heap } = lwp.rtsmart.layout;
  lwp.step("lwp_user_space_init");
  lwp.step("arch_user_space_init", `addresses ${hex(start)} to ${hex(top)}, heap ${hex(heap)}`);
  const length = stackEnd - stackStart;
  const at = lwp.aspace.map({ address: stackStart, length, fixed: true, name: "[stack]" });
  lwp.step("rt_aspace_map", `the stack: ${hex(stackStart)} to ${hex(stackEnd)}`);
  return at < 0 ? Errno.ENOMEM : 0;
}

/** Map zeros with a frame behind every page at once (`lwp_map_user`); answers where, or an error. */
export function mapUser(lwp: Lwp, address: number, length: number, name = ""): number {
  const end = pageUp(address + length);
  const start = pageDown(address);
  return lwp.aspace.map({ address: start, length: end - start, prefetch: true, name });
}

/** Move the heap's end (`lwp_brk`); answers the new one, or -1. */
export function brk(lwp: Lwp, wanted: number): number {
  const { heap, heapEnd } = lwp.rtsmart.layout;
  const { image } = lwp;
  const address = wanted === 0 ? image.endHeap + 1 : wanted;
  if (address <= heap || address > heapEnd) return -1;
  if (address <= image.endHeap) return image.endHeap;
  const length = pageUp(address - image.endHeap);
  const start = image.endHeap;
  const at = lwp.aspace.map({ address: start, length, prefetch: true, name: "[heap]" });
  if (at < 0) return -1;
  return image.endHeap = at + length;
}

/** Map zeros, or a file's pages (`lwp_mmap2`): what may be done there is not asked. */
export function mmap2(
  lwp: Lwp,
  address: number,
  length: number,
  { flags, file }: { readonly flags: number; readonly file: MappedFile | null },
): number {
  const fixed = (flags & MapFlag.FIXED) !== 0;
  const shared = (flags & MapFlag.PRIVATE) === 0;
  if (!file && lwp.rtsmart.freeBytes < FREE_MIN) return Errno.ENOMEM;
  const at = lwp.aspace.map({
    address,
    length,
    fixed,
    ...(file ? { object: file.file.asObject(file.path, shared), offset: file.offset } : {}),
  });
  return at === RtError.EINVAL ? Errno.EINVAL : at < 0 ? Errno.ENOMEM : at;
}

/** Set bytes of a program (`lwp_data_set`); answers how many could be. */
export function dataSet(lwp: Lwp, address: number, length: number): number {
  for (let done = 0; done < length;) {
    const count = Math.min(length - done, PAGE_SIZE - (address + done) % PAGE_SIZE);
    if (lwp.memory.write(address + done, new Uint8Array(count)) !== 0) return done;
    done += count;
  }
  return length;
}

/** Whether a program could touch all of these bytes (`lwp_user_accessable`). */
export function isUserAccessible(lwp: Lwp, address: number, length: number): boolean {
  const { start, top } = lwp.rtsmart.layout;
  const end = address + length;
  if (length === 0 || address < start || end > top) return false;
  for (let at = address; at < end;) {
    const varea = lwp.aspace.at(at);
    if (varea === null) return false;
    at = varea.end;
  }
  return true;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
