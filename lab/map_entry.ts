/**
 * What is mapped in a program: an address, a length, what may be done there, and with what.
 *
 * @module
 */
import { Access } from "../kernel/ports.ts";
import type { AddressSpace } from "../kernel/vm/address_space.ts";
import { Mapping } from "../kernel/vm/mapping.ts";
import type { Vmar } from "../kernel/vm/vmar.ts";

/** Something that is mapped in a program. */
export interface MapEntry {
  /** The first address. */
  readonly base: number;
  /** How many bytes. */
  readonly size: number;
  /** What may be done there, such as `r-x`. */
  readonly access: string;
  /** Where it begins in the memory object. */
  readonly offset: number;
  /** The memory object's identity. */
  readonly koid: number;
  /** The memory object's name. */
  readonly name: string;
}

/** Everything that is mapped in an address space, lowest first. */
export function mapEntriesOf({ roots }: AddressSpace): MapEntry[] {
  return roots.flatMap((root) => root.alive ? mapEntries(root) : []);
}

function mapEntries(region: Vmar): MapEntry[] {
  return region.regions.all().flatMap((inner) => {
    if (!(inner instanceof Mapping)) return mapEntries(inner);
    const { base, size, access, offset, vmo } = inner;
    return [{ base, size, access: letters(access), offset, koid: vmo.koid, name: vmo.name }];
  });
}

function letters(access: number): string {
  return (access & Access.READ ? "r" : "-") + (access & Access.WRITE ? "w" : "-") +
    (access & Access.EXECUTE ? "x" : "-");
}
