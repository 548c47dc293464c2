/**
 * The mappings that make up a range of addresses, with the part of each that is in it.
 *
 * @module
 */
import { Status } from "../abi.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Mapping } from "./mapping.ts";
import type { Vmar } from "./vmar.ts";

/** A mapping's part in a range. */
export interface MappedPart {
  /** The mapping. */
  readonly mapping: Mapping;
  /** Where the part begins in its memory object. */
  readonly offset: number;
  /** How long the part is. */
  readonly length: number;
  /** The address where it begins. */
  readonly address: number;
}

/** Every part of a range, in order; BAD_STATE if a piece of the range is not mapped. */
export function mappedParts(vmar: Vmar, range: { from: number; to: number; children: boolean }) {
  if (!vmar.alive) return Status.BAD_STATE;
  const { from, to, children } = range;
  if (from < vmar.base || to > vmar.end) return Status.OUT_OF_RANGE;
  const parts: MappedPart[] = [];
  const status = collect(vmar, { from, to, children }, parts);
  return status === Status.OK ? parts : status;
}

/** Show the processor the pages of a part that have frames, so that touching them is no fault. */
export function mapPresent({ mapping, address, length }: MappedPart): void {
  const { content } = mapping.vmo;
  const first = mapping.firstPage + (address - mapping.base) / PAGE_SIZE;
  content.pages.forEach(first, first + Math.ceil(length / PAGE_SIZE), (page, frame) => {
    if (frame > 0) mapping.show(page, frame);
  });
}

function collect(
  vmar: Vmar,
  range: { from: number; to: number; children: boolean },
  parts: MappedPart[],
): typeof Status["OK" | "BAD_STATE" | "INVALID_ARGS"] {
  let covered = range.from;
  for (const region of vmar.regions.within(range.from, range.to)) {
    if (region.base > covered) return Status.BAD_STATE;
    const address = Math.max(region.base, range.from);
    const end = Math.min(region.end, range.to);
    if (region instanceof Mapping) {
      const offset = region.offset + (address - region.base);
      parts.push({ mapping: region, address, offset, length: end - address });
    } else {
      if (!range.children) return Status.INVALID_ARGS;
      const status = collect(region, { ...range, from: address, to: end }, parts);
      if (status !== Status.OK) return status;
    }
    covered = end;
  }
  return covered < range.to ? Status.BAD_STATE : Status.OK;
}
