/**
 * What a memory object shows: a part of a content, which it may have in common with others.
 *
 * @module
 */
import { Status, VmoChild } from "../abi.ts";
import { PAGE_SIZE } from "../ports.ts";
import type { Content } from "./content.ts";
import type { Vmo } from "./vmo.ts";

/** Whether a memory object is ordinary, or stands for memory of hardware. */
export type VmoKind = "paged" | "contiguous" | "physical";

/** How many bytes a stream sees. */
export interface Extent {
  /** The number. */
  bytes: number;
}

/** What a memory object shows. */
export interface Window {
  /** The pages. */
  readonly content: Content;
  /** Whether they are ordinary memory. */
  readonly kind: VmoKind;
  /** How many bytes a stream sees; whoever refers to all of it has the same. */
  readonly extent: Extent;
  /** Whether its size may be changed by its handles. */
  readonly resizable: boolean;
  /** Whether somebody else may change its size, if it cannot itself. */
  readonly resized?: boolean;
  /** The page of the content that is its first; the first of all, unless told. */
  readonly firstPage?: number;
  /** How many pages it shows for good; as many as there are, unless told. */
  readonly slicePages?: number;
}

/** Why a part of a memory object cannot be shown as asked. */
export type WindowFailure = typeof Status["INVALID_ARGS" | "NOT_SUPPORTED" | "NO_MEMORY"];

/** What is asked for. */
interface Part {
  /** From which byte on: a whole page. */
  readonly offset: number;
  /** How many bytes. */
  readonly size: number;
  /** Whether its size is to be its own. */
  readonly resizable: boolean;
}

/** A part of a memory object, for good. */
export function sliceOf(vmo: Vmo, offset: number, size: number): Window | WindowFailure {
  const slicePages = Math.ceil(size / PAGE_SIZE);
  const { content, kind } = vmo;
  if (!vmo.holds(offset, slicePages * PAGE_SIZE)) return Status.INVALID_ARGS;
  if (vmo.resized) return Status.NOT_SUPPORTED;
  const firstPage = vmo.firstPage + offset / PAGE_SIZE;
  const extent = { bytes: size };
  return { content, kind, extent, resizable: false, firstPage, slicePages };
}

/** All of a memory object, whatever its size becomes. */
export function referenceTo(vmo: Vmo, { offset, size, resizable }: Part): Window | WindowFailure {
  if (offset !== 0 || size !== 0) return Status.INVALID_ARGS;
  if (vmo.kind !== "paged" || (resizable && !vmo.resizable)) return Status.NOT_SUPPORTED;
  const { content, kind, extent, resized, firstPage } = vmo;
  const slicePages = vmo.slice ? vmo.pageCount : -1;
  return { content, kind, extent, resizable, resized, firstPage, slicePages };
}

/** A copy of a part, of one of the kinds of `VmoChild`; what lies behind the end is zeros. */
export function copyOf(
  vmo: Vmo,
  kind: number,
  { offset, size, resizable }: Part,
): Window | WindowFailure {
  if (vmo.kind !== "paged") return Status.NOT_SUPPORTED;
  const { content } = vmo;
  if (kind === VmoChild.SNAPSHOT && content.paged) return Status.NOT_SUPPORTED;
  const first = vmo.firstPage + offset / PAGE_SIZE;
  const count = Math.ceil(size / PAGE_SIZE);
  const end = Math.max(first, Math.min(first + count, vmo.firstPage + vmo.pageCount));
  // Pages that a pager has still to supply cannot be taken over: they are looked through to. A copy
  // of such a copy looks through to the same, so nothing is ever looked through to twice.
  const through = content.source !== null;
  const copy = through
    ? content.lookingThrough(first, end, count)
    : content.snapshotKept(first, end, count);
  if (typeof copy === "number") return copy;
  return { content: copy, kind: "paged", extent: { bytes: size }, resizable };
}
