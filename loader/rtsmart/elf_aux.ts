/**
 * What the later loader tells a program (`elf_aux_fill`): over what the arguments' copying wrote.
 *
 * @module
 */
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { RtError } from "../../kernel/rtsmart/error.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { At, putAux } from "./aux_vector.ts";
import { PHDR_SIZE } from "./elf_file.ts";

/** How many bytes a program is given as random. */
const RANDOM_BYTES = 16;

/** What is told. */
export interface AuxFacts {
  /** Where the vector is. */
  readonly vector: number;
  /** Where the program headers are. */
  readonly phdr: number;
  /** How many there are. */
  readonly phnum: number;
  /** Where the dynamic linker is; 0 if there is none. */
  readonly base: number;
  /** Where the program begins. */
  readonly entry: number;
}

/** Where the bytes lie that pass for random: at the end of the page below the last. */
export function randomAddress(lwp: Lwp): number {
  return lwp.rtsmart.layout.top - PAGE_SIZE - RANDOM_BYTES;
}

/** Write the clock's ticks, of which the first four bytes are, where random bytes are expected. */
export function putRandom(lwp: Lwp): boolean {
  return lwp.memory.writeU32(randomAddress(lwp), lwp.rtsmart.tick) === 0;
}

/** Fill the vector; answers 0 or an error. */
export function elfAuxFill(lwp: Lwp, { vector, phdr, phnum, base, entry }: AuxFacts): number {
  const page = lwp.rtsmart.layout.top - 2 * PAGE_SIZE;
  const mapped = lwp.aspace.map({ address: page, length: PAGE_SIZE, fixed: true, name: "[aux]" });
  lwp.step("elf_aux_fill", `at 0x${vector.toString(16)}`);
  if (mapped < 0 || !putRandom(lwp)) return RtError.ERROR;
  const items = [
    [At.PAGESZ, PAGE_SIZE],
    [At.RANDOM, randomAddress(lwp)],
    [At.PHDR, phdr],
    [At.PHNUM, phnum],
    [At.PHENT, PHDR_SIZE],
    [At.BASE, base],
    [At.FLAGS, 0],
    [At.ENTRY, entry],
    [At.UID, 0],
    [At.EUID, 0],
    [At.GID, 0],
    [At.EGID, 0],
    [At.HWCAP, 0],
    [At.CLKTCK, 0],
    [At.SECURE, 0],
  ] as const;
  lwp.copied(items.length * 16, "the auxiliary vector");
  return putAux(lwp, vector, { items }) ? 0 : RtError.ERROR;
}
