/**
 * What the event log hears of the addresses of a process.
 *
 * @module
 */
import type { Mm } from "./mm.ts";

/** A run of addresses, as it is told. */
export interface Run {
  /** Its first address. */
  readonly start: number;
  /** The address behind its last. */
  readonly end: number;
  /** What may be done there. */
  readonly prot: number;
  /** The file that is seen there. */
  readonly file?: { readonly inode: { readonly vmo: { readonly koid: number } } } | null;
  /** Where in the file it begins. */
  readonly offset?: number;
  /** What it is called, where it has no file's name. */
  readonly name?: string;
}

/** Something can be seen at some addresses, in place of what was there. */
export function logMapped(mm: Mm, { start, end, prot, file, offset = 0, name = "" }: Run): void {
  const { log } = mm.realm;
  if (!log.listening) return;
  log.emit("map", {
    space: mm.identity,
    address: start,
    length: end - start,
    access: prot,
    vmo: file?.inode.vmo.koid ?? 0,
    offset,
    name,
  });
}

/** Nothing is there any more. */
export function logUnmapped(mm: Mm, start: number, end: number): void {
  const { log } = mm.realm;
  if (log.listening) log.emit("unmap", { space: mm.identity, address: start, length: end - start });
}
