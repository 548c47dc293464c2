/**
 * What the first loader carries from step to step, and how it writes into a program: through the
 * kernel's own view of the program's frames, wherever a number from the file leads it.
 *
 * @module
 */
import { PAGE_SIZE } from "../../kernel/ports.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import type { Ehdr, ElfFile } from "./elf_file.ts";

/** A range of addresses that sections lie in. */
export interface UserArea {
  /** Where it begins. */
  start: number;
  /** How many bytes it has; 0 if there is no such section. */
  size: number;
}

/** What is known of a program that is being loaded (`elf_load_context`). */
export interface ElfLoadContext {
  /** The file (`fd`). */
  readonly file: ElfFile;
  /** How many bytes it has. */
  readonly len: number;
  /** Where it was asked to be loaded: nowhere in particular. */
  readonly loadAddr: 0;
  /** The process. */
  readonly lwp: Lwp;
  /** Where the auxiliary vector is. */
  readonly aux: number;
  /** The header. */
  readonly eheader: Ehdr;
  /** The text, and the data. */
  readonly userArea: readonly [text: UserArea, data: UserArea];
  /** What is added to the addresses in the file. */
  loadOff: number;
}

/** How writing to a frame ended. */
export const Poked = {
  /** It is there. */
  OK: 0,
  /** There is no frame, and the kernel met its own fault. */
  FAULT: -1,
} as const;

/**
 * Write bytes to the frame of an address, as `lwp_v2p` finds it. What does not fit in the page goes
 * into the frame behind it, whosever that is; where it is not the program's own it is lost here, and
 * the log says so.
 */
export function poke({ lwp }: ElfLoadContext, address: number, bytes: Uint8Array): number {
  const { aspace, rtsmart } = lwp;
  const { memory, frames } = rtsmart.realm;
  const frame = aspace.v2p(address);
  if (frame === 0) {
    rtsmart.panic(`load_elf writes to lwp_v2p(0x${address.toString(16)}), which is no address`);
    return Poked.FAULT;
  }
  const within = address % PAGE_SIZE;
  const fits = Math.min(bytes.length, PAGE_SIZE - within);
  frames.bytes(frame).set(bytes.subarray(0, fits), within);
  memory.wrote(frame);
  const rest = bytes.subarray(fits);
  if (rest.length === 0) return Poked.OK;
  if (aspace.v2p(address + fits) === frame + 1) {
    frames.bytes(frame + 1).set(rest);
    memory.wrote(frame + 1);
  } else {
    lwp.step("load_fread", `${rest.length} bytes go into a frame that is not the program's`);
  }
  return Poked.OK;
}

/** Whether an offset is within the file (`check_off`). */
export function isInFile({ len }: ElfLoadContext, offset: number): boolean {
  return offset <= len;
}

/** An offset as the loader keeps it: in 32 bits. */
export function offset32(offset: number): number {
  return offset - Math.floor(offset / 2 ** 32) * 2 ** 32;
}
