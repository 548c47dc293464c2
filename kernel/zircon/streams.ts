/**
 * `zx_stream_*`: cursors over memory objects.
 *
 * @module
 */
import { CachePolicy, DEFAULT_RIGHTS, Right, Status, STREAM_APPEND, StreamMode } from "../abi.ts";
import { lengthOf, outHandle, type OutNumber, outNumber } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { handle, held, i64, options, u32, u64, u64Or } from "../syscall/kind.ts";
import { whenPaged } from "../syscall/paged.ts";
import { syscall } from "../syscall/row.ts";
import { type Span, spans } from "../syscall/span.ts";
import { Stream } from "../vm/stream.ts";
import { Vmo } from "../vm/vmo.ts";
import { type Copy, type CopyEnd, endOf, readInto, writeFrom } from "./vmo_copy.ts";

const { READ, WRITE, APPEND } = StreamMode;
const READ_ERRORS = [
  "NOT_FOUND",
  "BAD_STATE",
  "NO_MEMORY",
  "IO",
  "IO_DATA_INTEGRITY",
  "INVALID_ARGS",
  "OUT_OF_RANGE",
] as const;
const WRITE_ERRORS = [...READ_ERRORS, "FILE_BIG", "NO_SPACE"] as const;

const streamCreate = syscall({
  name: "zx_stream_create",
  about: "Make a stream over a memory object.",
  args: {
    options: options(READ | WRITE | APPEND),
    vmo: held(Vmo, Right.NONE),
    seek: u64Or(0),
    out: outHandle,
  },
  errors: ["ACCESS_DENIED"],
  run({ options, vmo: { handle, object: vmo }, seek, out }, call) {
    const rights = (options & READ ? Right.READ : 0) | (options & WRITE ? Right.WRITE : 0);
    const demanded = demand(call, "vmo", handle, rights);
    if (demanded !== Status.OK) return demanded;
    const append = (options & APPEND) !== 0;
    const canResize = handle.has(Right.RESIZE);
    const mode = options & (READ | WRITE);
    const stream = new Stream(vmo, { mode, append, canResize, seek });
    return out.give(stream, DEFAULT_RIGHTS.stream | rights);
  },
});

const streamReadv = syscall({
  name: "zx_stream_readv",
  about: "Read from where a stream stands into some places, and move it on.",
  args: {
    handle: handle(Stream, Right.READ),
    options: options(0),
    vector: spans("numVector"),
    numVector: lengthOf("vector"),
    actual: outNumber(8, true),
  },
  errors: READ_ERRORS,
  run({ handle: stream, vector, actual }, call) {
    return readAt(call, { stream, offset: stream.seek, span: vector, actual, moves: true });
  },
});

const streamReadvAt = syscall({
  name: "zx_stream_readv_at",
  about: "Read from an offset of a stream into some places.",
  args: {
    handle: handle(Stream, Right.READ),
    options: options(0),
    offset: u64,
    vector: spans("numVector"),
    numVector: lengthOf("vector"),
    actual: outNumber(8, true),
  },
  errors: READ_ERRORS,
  run({ handle: stream, offset, vector, actual }, call) {
    return readAt(call, { stream, offset, span: vector, actual, moves: false });
  },
});

const streamWritev = syscall({
  name: "zx_stream_writev",
  about: "Write from some places to where a stream stands, or to its end, and move it on.",
  args: {
    handle: handle(Stream, Right.WRITE),
    options: options(STREAM_APPEND),
    vector: spans("numVector"),
    numVector: lengthOf("vector"),
    actual: outNumber(8, true),
  },
  errors: WRITE_ERRORS,
  run({ handle: stream, options, vector, actual }, call) {
    const append = stream.append || (options & STREAM_APPEND) !== 0;
    const offset = append ? stream.vmo.streamSize : stream.seek;
    return writeAt(call, { stream, offset, span: vector, actual, moves: true });
  },
});

const streamWritevAt = syscall({
  name: "zx_stream_writev_at",
  about: "Write from some places to an offset of a stream.",
  args: {
    handle: handle(Stream, Right.WRITE),
    options: options(0),
    offset: u64,
    vector: spans("numVector"),
    numVector: lengthOf("vector"),
    actual: outNumber(8, true),
  },
  errors: WRITE_ERRORS,
  run({ handle: stream, offset, vector, actual }, call) {
    return writeAt(call, { stream, offset, span: vector, actual, moves: false });
  },
});

const streamSeek = syscall({
  name: "zx_stream_seek",
  about: "Move a stream to somewhere else.",
  args: {
    handle: held(Stream, Right.NONE),
    whence: u32,
    offset: i64,
    position: outNumber(8, true),
  },
  errors: ["ACCESS_DENIED", "INVALID_ARGS"],
  run({ handle: { handle, object: stream }, whence, offset, position }, call) {
    const either = handle.has(Right.WRITE) ? Right.WRITE : Right.READ;
    const demanded = demand(call, "handle", handle, either);
    if (demanded !== Status.OK) return demanded;
    const status = stream.moveTo(whence, offset);
    return status === Status.OK ? position.set(stream.seek) : status;
  },
});

/** The calls of this file. */
export const STREAM_ROWS = {
  streamCreate,
  streamReadv,
  streamReadvAt,
  streamWritev,
  streamWritevAt,
  streamSeek,
};

interface Transfer {
  readonly stream: Stream;
  readonly offset: number;
  readonly span: Span;
  readonly actual: OutNumber;
  /** Whether the stream goes on behind what was transferred. */
  readonly moves: boolean;
}

function readAt(call: Call, { stream, offset, span, actual, moves }: Transfer) {
  if (stream.vmo.cachePolicy !== CachePolicy.CACHED) return Status.BAD_STATE;
  if (span.length === 0) return actual.set(0);
  const length = stream.readable(offset, span.length);
  const copy = readInto(stream.vmo, offset, span, length);
  // Whoever gets some of it is not told why there is no more.
  const ended = (end: CopyEnd) => {
    if (end !== Status.OK && (copy.done === 0 || typeof end !== "number")) return end;
    if (moves) stream.advance(offset + copy.done);
    return actual.set(copy.done);
  };
  return whenPaged(
    call,
    stream,
    () => ended(copy.go()),
    (status) => ended(status as typeof Status.NO_MEMORY) as number,
  );
}

function writeAt(call: Call, { stream, offset, span, actual, moves }: Transfer) {
  if (stream.vmo.cachePolicy !== CachePolicy.CACHED) return Status.BAD_STATE;
  if (span.length === 0) return actual.set(0);
  let copy: Copy | null = null;
  const ended = (end: CopyEnd) => {
    const done = copy?.done ?? 0;
    if (end !== Status.OK && (done === 0 || typeof end !== "number")) return end;
    stream.wrote(offset + done);
    if (moves) stream.advance(offset + done);
    return actual.set(done);
  };
  const attempt = () => {
    if (copy === null) {
      const made = stream.makeRoom(offset, span.length);
      if (made === Status.SHOULD_WAIT) {
        return endOf(made, stream.vmo.need(stream.vmo.streamSize, 1, true));
      }
      if (typeof made === "number") return made;
      copy = writeFrom(stream.vmo, offset, span, made.room);
    }
    return ended(copy.go());
  };
  return whenPaged(
    call,
    stream,
    attempt,
    (status) => ended(status as typeof Status.NO_MEMORY) as number,
  );
}
