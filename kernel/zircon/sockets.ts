/**
 * `zx_socket_*`: bytes to one peer.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, PolicyCondition, Right, SocketOption, Status } from "../abi.ts";
import { Socket, SOCKET_BYTES_MAX } from "../ipc/socket.ts";
import { capacity, lengthOf, outHandle, outNumber } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import { allowedBy, handle, options, u32Or } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { source } from "../syscall/source.ts";
import { givePair } from "./pair.ts";

const socketCreate = syscall({
  name: "zx_socket_create",
  about: "Make a socket and answer both of its ends.",
  args: {
    options: options(SocketOption.DATAGRAM),
    out0: outHandle,
    out1: outHandle,
    policy: allowedBy(PolicyCondition.NEW_SOCKET),
  },
  errors: [],
  run({ options, out0, out1 }, call) {
    const ends = Socket.create(call.realm, (options & SocketOption.DATAGRAM) !== 0);
    return givePair(ends, [out0, out1], DEFAULT_RIGHTS.socket);
  },
});

const socketWrite = syscall({
  name: "zx_socket_write",
  about: "Send bytes: a stream takes what there is room for, a datagram goes whole.",
  args: {
    handle: handle(Socket, Right.WRITE),
    options: options(0),
    buffer: source("size"),
    size: lengthOf("buffer"),
    actual: outNumber(8, true),
  },
  checks: ["options"],
  errors: ["SHOULD_WAIT", "BAD_STATE", "PEER_CLOSED", "OUT_OF_RANGE", "INVALID_ARGS", "NO_MEMORY"],
  run({ handle: socket, buffer, actual }) {
    const state = socket.writeState(buffer.length);
    if (state !== Status.OK) return state;
    const bytes = buffer.read(Math.min(buffer.length, socket.room));
    if (failed(bytes)) return bytes;
    const result = socket.write(bytes);
    return failed(result) ? result : actual.set(result.written);
  },
});

const socketRead = syscall({
  name: "zx_socket_read",
  about: "Read bytes, or with the option PEEK look at them.",
  args: {
    handle: handle(Socket, Right.READ),
    options: options(SocketOption.PEEK),
    buffer: outBytes("size"),
    size: capacity(SOCKET_BYTES_MAX),
    actual: outNumber(8, true),
  },
  checks: ["options"],
  errors: ["SHOULD_WAIT", "BAD_STATE", "PEER_CLOSED", "INVALID_ARGS"],
  run({ handle: socket, options, buffer, actual }) {
    if (!buffer.given && buffer.capacity > 0) return Status.INVALID_ARGS;
    const state = socket.readState;
    if (state !== Status.OK) return state;
    const bytes = new Uint8Array(Math.min(buffer.capacity, socket.available));
    socket.peek(bytes);
    const status = buffer.write(bytes);
    if (status !== Status.OK) return status;
    if ((options & SocketOption.PEEK) === 0) socket.skip(bytes.length);
    return actual.set(bytes.length);
  },
});

const socketSetDisposition = syscall({
  name: "zx_socket_set_disposition",
  about: "Forbid or allow writing at this end and at the other.",
  args: {
    handle: handle(Socket, Right.MANAGE_SOCKET),
    disposition: u32Or(0),
    dispositionPeer: u32Or(0),
  },
  errors: ["INVALID_ARGS", "BAD_STATE", "PEER_CLOSED"],
  run({ handle: socket, disposition, dispositionPeer }) {
    if (disposition > 2 || dispositionPeer > 2) return Status.INVALID_ARGS;
    return socket.setDisposition(disposition, dispositionPeer);
  },
});

/** The calls of this file. */
export const SOCKET_ROWS = { socketCreate, socketWrite, socketRead, socketSetDisposition };
