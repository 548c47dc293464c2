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

/** A copy under way. */
export interface Copy {
  /** How many bytes have been copied. */
  readonly done: number;
  /** Copy on, from where it stopped. */
  readonly go: () => CopyEnd;
}

/** A copy from a memory object, from an offset on, until the span is full. */
export function readInto(vmo: Vmo, offset: number, span: Span, length = span.length): Copy {
  return copyOf(vmo, offset, { span, length }, (at, most, done) => {
    const bytes = vmo.readable(at, most);
    if (typeof bytes === "number") return endOf(bytes, vmo.need(at, 1, false));
    // The frame of discardable memory may be gone by the time there is room for what it held.
    const copied = span.write(done, vmo.discardLock ? bytes.slice() : bytes);
    return copied === Status.OK ? bytes : copied;
  });
}

/** A copy into a memory object of what a span holds. */
export function writeFrom(vmo: Vmo, offset: number, span: Span, length = span.length): Copy {
  return copyOf(vmo, offset, { span, length }, (at, most, done) => {
    const bytes = vmo.writable(at, most);
    if (typeof bytes === "number") return endOf(bytes, vmo.need(at, 1, true));
    const copied = span.read(done, bytes);
    return copied === Status.OK ? bytes : copied;
  });
}

/** Copy what is in one page at an offset, at most so many bytes; answers them, or why it cannot. */
type CopyPiece = (at: number, most: number, done: number) => Uint8Array | CopyEnd;

function copyOf(
  vmo: Vmo,
  offset: number,
  { span, length }: { readonly span: Span; readonly length: number },
  copyPiece: CopyPiece,
): Copy {
  let done = 0;
  const go = (): CopyEnd => {
    while (done < length) {
      const at = offset + done;
      // It may have become shorter since the copy began.
      if (at >= vmo.size) return Status.OUT_OF_RANGE;
      const together = span.together?.(done) ?? Infinity;
      const most = Math.min(length - done, vmo.size - at, together);
      const piece = copyPiece(at, most, done);
      if (!(piece instanceof Uint8Array)) return piece;
      done += piece.length;
    }
    return Status.OK;
  };
  return {
    go,
    get done() {
      return done;
    },
  };
}

/** What a failure to reach a page means: what is needed first, where something is. */
export function endOf(failure: PageFailure, need: PageNeed | null): CopyEnd {
  return failure !== Status.SHOULD_WAIT ? failure : need ?? Status.BAD_STATE;
}
