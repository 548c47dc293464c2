/**
 * Where things are in the addresses of a process: constants of the architecture, nothing is left to
 * chance.
 *
 * RT-Smart has had three sets for 64-bit RISC-V. Their `USER_VADDR_TOP` is the last page of 64 bits of
 * address; here it is the end of what a processor with 39 bits of virtual address gives to programs.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";

/** Where a program's parts are. */
export interface Layout {
  /** What people call it: the change that brought it. */
  readonly name: string;
  /** `USER_VADDR_START`: the first address. */
  readonly start: number;
  /** `USER_LOAD_VADDR`: where a program goes that can be anywhere. */
  readonly load: number;
  /** `LDSO_LOAD_VADDR`: where the dynamic linker goes. */
  readonly ldso: number;
  /** `USER_STACK_VSTART`: the lowest address of the stack. */
  readonly stackStart: number;
  /** `USER_STACK_VEND`: the stack's end, where the arguments begin. */
  readonly stackEnd: number;
  /** `USER_HEAP_VADDR`: where the heap begins. */
  readonly heap: number;
  /** `USER_HEAP_VEND`: where the heap must end. */
  readonly heapEnd: number;
  /** `USER_VADDR_TOP`: behind the last address. */
  readonly top: number;
}

const TOP = 0x40_0000_0000;

/** The three sets of constants by name. */
export const LAYOUTS = {
  /** The arguments lie where the heap begins, so that the first heap page comes behind them. */
  shared: {
    name: "shared",
    start: 0x2_0000_0000,
    load: 0x2_0000_0000,
    ldso: 0x2_0000_0000,
    stackStart: 0x2_7000_0000,
    stackEnd: 0x3_0000_0000,
    heap: 0x3_0000_0000,
    heapEnd: TOP - 0x10000,
    top: TOP,
  },
  /** The heap has a place of its own, below the stack. */
  separate: {
    name: "separate",
    start: 0x2_0000_0000,
    load: 0x2_0000_0000,
    ldso: 0x2_0000_0000,
    stackStart: 0x3_7000_0000,
    stackEnd: 0x4_0000_0000,
    heap: 0x3_0000_0000,
    heapEnd: 0x3_7000_0000,
    top: TOP,
  },
  /** Everything below four gigabytes. */
  limited: {
    name: "limited",
    start: 0xc000_0000,
    load: 0xd000_0000,
    ldso: 0xd000_0000,
    stackStart: 0xe000_0000,
    stackEnd: 0xf000_0000,
    heap: 0xf000_0000,
    heapEnd: 0xfe00_0000,
    top: 0xff00_0000,
  },
} as const satisfies Readonly<Record<string, Layout>>;

/** The name of a set of constants. */
export type LayoutName = keyof typeof LAYOUTS;

/** The page start at or below an address. */
export function pageDown(address: number): number {
  return Math.floor(address / PAGE_SIZE) * PAGE_SIZE;
}

/** The first page start at or above an address. */
export function pageUp(address: number): number {
  return Math.ceil(address / PAGE_SIZE) * PAGE_SIZE;
}
