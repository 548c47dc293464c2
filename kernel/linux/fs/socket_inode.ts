/**
 * The files that sockets are: those with a path stand in a directory.
 *
 * @module
 */
import type { Linux } from "../linux.ts";
import { FileKind, Inode } from "./inode.ts";
import type { Socket } from "./socket.ts";

/** The file that a socket is. */
export class SocketInode extends Inode {
  /** The socket that listens under this name. */
  socket: Socket | null = null;

  /** A socket's file. */
  constructor(linux: Linux, mode = 0o777) {
    const { fsuid: uid = 0, fsgid: gid = 0 } = linux.current?.credentials ?? {};
    super(linux.pipeFs, { mode: FileKind.SOCKET | mode, uid, gid });
  }
}
