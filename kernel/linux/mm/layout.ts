/**
 * Where things are in the addresses of a process: RISC-V with 39 bits of virtual address.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";

/** The first address that is no program's. */
export const TASK_SIZE = 0x4000000000;

/** The end of the stack, before chance moves it. */
export const STACK_TOP = TASK_SIZE;

/** Where a program goes that can be anywhere and has a dynamic linker. */
export const ELF_ET_DYN_BASE = 0x2aaaaaa000;

/** Where searching upwards for room begins, when there is none below the stack. */
export const TASK_UNMAPPED_BASE = 0x1555556000;

/** Nothing is mapped below. */
export const MMAP_MIN_ADDR = PAGE_SIZE;

/** The room between a stack and what is below it. */
export const STACK_GUARD_GAP = 256 * PAGE_SIZE;

/** The most mappings of one process. */
export const MAP_COUNT_MAX = 65530;

/** Bits that chance decides of where mappings are. */
export const MMAP_RANDOM_BITS = 18;

/** The pages that chance may move the stack's end by. */
export const STACK_RANDOM_PAGES = 0x3ffff;

/** The page start at or below an address. */
export function pageDown(address: number): number {
  return Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
}

/** The first page start at or above an address. */
export function pageUp(address: number): number {
  return Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
}

/** Where mappings begin that go downwards, below a stack of a size. */
export function mmapBase(stackLimit: number, random: number): number {
  const gap = Math.min(Math.max(stackLimit + STACK_GUARD_GAP, 128 << 20), STACK_TOP / 6 * 5);
  return pageUp(STACK_TOP - gap - random * PAGE_SIZE);
}
