/**
 * What is asked of files that one waits for.
 *
 * @module
 */

/** What a file is ready for, as `poll` says it. */
export const Poll = {
  IN: 1,
  PRI: 2,
  OUT: 4,
  ERR: 8,
  HUP: 0x10,
  NVAL: 0x20,
  RDNORM: 0x40,
  RDBAND: 0x80,
  WRNORM: 0x100,
  WRBAND: 0x200,
  MSG: 0x400,
  RDHUP: 0x2000,
} as const;

/** What `epoll_ctl` is to do. */
export const EpollOperation = { ADD: 1, DEL: 2, MOD: 3 } as const;

/** How an epoll waits for a file. */
export const EpollFlag = {
  EXCLUSIVE: 0x10000000,
  WAKEUP: 0x20000000,
  ONESHOT: 0x40000000,
  ET: 0x80000000,
} as const;

/** What a file of events is like. */
export const EventFlag = { SEMAPHORE: 1 } as const;

/** What can happen to a file, and how it is watched. */
export const Notify = {
  ACCESS: 1,
  MODIFY: 2,
  ATTRIB: 4,
  CLOSE_WRITE: 8,
  CLOSE_NOWRITE: 0x10,
  OPEN: 0x20,
  MOVED_FROM: 0x40,
  MOVED_TO: 0x80,
  CREATE: 0x100,
  DELETE: 0x200,
  DELETE_SELF: 0x400,
  MOVE_SELF: 0x800,
  UNMOUNT: 0x2000,
  Q_OVERFLOW: 0x4000,
  IGNORED: 0x8000,
  ONLYDIR: 0x1000000,
  DONT_FOLLOW: 0x2000000,
  EXCL_UNLINK: 0x4000000,
  MASK_CREATE: 0x10000000,
  MASK_ADD: 0x20000000,
  ISDIR: 0x40000000,
  ONESHOT: 0x80000000,
} as const;

/** All that can happen to a file. */
export const NOTIFY_ALL = 0xfff;

/** The bytes of a `struct pollfd`. */
export const POLL_SIZE = 8;

/** The bytes of a `struct epoll_event`. */
export const EPOLL_EVENT_SIZE = 16;
