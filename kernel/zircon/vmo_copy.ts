/**
 * Copying between a memory object and a program's own memory, page by page, from where it stopped.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Span } from "../syscall/span.ts";
import type { PageFailure } from "../vm/content.ts";
import type { PageNeed } from "../vm/page_source.ts";
import type { Vmo } from "../vm/vmo.ts";

/** How far a copy got: to its end, or to a failure, or to what a pager has to do first. */
export type CopyEnd =
  | typeof Status["OK" | "NOT_FOUND" | "NO_MEMORY" | "BAD_STATE" | "OUT_OF_RANGE"]
  | PageNeed;

/** Copy from a memory object, from an offset on, until the span is full; call it again to go on. */
export function readInto(vmo: Vmo, offset: number, span: Span, length = span.length) {
  let done = 0;
  return (): CopyEnd => {
    while (done < length) {
      const at = offset + done;
      // It may have become shorter since the copy began.
      if (at >= vmo.size) return Status.OUT_OF_RANGE;
      const bytes = vmo.readable(at, Math.min(length - done, vmo.size - at));
      if (typeof bytes === "number") return endOf(bytes, vmo.need(at, 1, false));
      // The frame of discardable memory may be gone by the time there is room for what it held.
      const copied = span.write(done, vmo.discardLock ? bytes.slice() : bytes);
      if (copied !== Status.OK) return copied;
      done += bytes.length;
    }
    return Status.OK;
  };
}

/** Copy into a memory object what a span holds; call it again to go on. */
export function writeFrom(vmo: Vmo, offset: number, span: Span, length = span.length) {
  let done = 0;
  return (): CopyEnd => {
    while (done < length) {
      const at = offset + done;
      // It may have become shorter since the copy began.
      if (at >= vmo.size) return Status.OUT_OF_RANGE;
      const bytes = vmo.writable(at, Math.min(length - done, vmo.size - at));
      if (typeof bytes === "number") return endOf(bytes, vmo.need(at, 1, true));
      const copied = span.read(done, bytes);
      if (copied !== Status.OK) return copied;
      done += bytes.length;
    }
    return Status.OK;
  };
}

/** What a failure to reach a page means: what is needed first, where something is. */
export function endOf(failure: PageFailure, need: PageNeed | null): CopyEnd {
  return failure !== Status.SHOULD_WAIT ? failure : need ?? Status.BAD_STATE;
}
