/**
 * `zx_fifo_*`: small records of one size to one peer.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, PolicyCondition, Right, Status } from "../abi.ts";
import { Fifo, FIFO_BYTES_MAX } from "../ipc/fifo.ts";
import { outHandle, outNumber } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import { allowedBy, handle, options, u64, u64Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { source } from "../syscall/source.ts";
import { givePair } from "./pair.ts";

const fifoCreate = syscall({
  name: "zx_fifo_create",
  about: "Make a fifo for so many records of so many bytes, and answer both of its ends.",
  args: {
    count: u64,
    size: u64,
    options: options(0),
    out0: outHandle,
    out1: outHandle,
    policy: allowedBy(PolicyCondition.NEW_FIFO),
  },
  checks: ["options"],
  errors: ["OUT_OF_RANGE"],
  run({ count, size, out0, out1 }, call) {
    const ends = Fifo.create(call.realm, count, size);
    return failed(ends) ? ends : givePair(ends, [out0, out1], DEFAULT_RIGHTS.fifo);
  },
});

const fifoRead = syscall({
  name: "zx_fifo_read",
  about: "Take records out of a fifo, at most so many.",
  args: {
    handle: handle(Fifo, Right.READ),
    elementSize: u64,
    data: outBytes("count"),
    count: u64Or(FIFO_BYTES_MAX),
    actual: outNumber(8, true),
  },
  errors: ["OUT_OF_RANGE", "SHOULD_WAIT", "PEER_CLOSED", "INVALID_ARGS"],
  why: {
    OUT_OF_RANGE: "the records are of another size than the fifo's, or none are asked for",
  },
  run({ handle: fifo, elementSize, data, count, actual }) {
    if (elementSize !== fifo.elementSize || count === 0) return Status.OUT_OF_RANGE;
    const state = fifo.readState;
    if (state !== Status.OK) return state;
    const records = fifo.peek(count);
    const status = data.write(records);
    if (status !== Status.OK) return status;
    fifo.skip(records.length / elementSize);
    return actual.set(records.length / elementSize);
  },
});

const fifoWrite = syscall({
  name: "zx_fifo_write",
  about: "Put records into a fifo, as many as there is room for.",
  args: {
    handle: handle(Fifo, Right.WRITE),
    elementSize: u64,
    data: source("count"),
    count: u64,
    actual: outNumber(8, true),
  },
  errors: ["OUT_OF_RANGE", "SHOULD_WAIT", "PEER_CLOSED", "INVALID_ARGS"],
  why: {
    OUT_OF_RANGE: "the records are of another size than the fifo's, or none are given",
  },
  run({ handle: fifo, elementSize, data, count, actual }) {
    if (elementSize !== fifo.elementSize || count === 0) return Status.OUT_OF_RANGE;
    const state = fifo.writeState;
    if (state !== Status.OK) return state;
    const bytes = data.read(Math.min(count, fifo.room) * elementSize);
    if (failed(bytes)) return bytes;
    const result = fifo.write(bytes);
    return failed(result) ? result : actual.set(result.count);
  },
});

/** The calls of this file. */
export const FIFO_ROWS = { fifoCreate, fifoRead, fifoWrite };
