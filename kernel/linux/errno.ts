/**
 * Why a call failed, as it answers: a small negative number.
 *
 * @module
 */

/** Linux's error numbers, as calls answer them. */
export const Errno = {
  EPERM: -1,
  ENOENT: -2,
  ESRCH: -3,
  EINTR: -4,
  EIO: -5,
  ENXIO: -6,
  E2BIG: -7,
  ENOEXEC: -8,
  EBADF: -9,
  ECHILD: -10,
  EAGAIN: -11,
  ENOMEM: -12,
  EACCES: -13,
  EFAULT: -14,
  ENOTBLK: -15,
  EBUSY: -16,
  EEXIST: -17,
  EXDEV: -18,
  ENODEV: -19,
  ENOTDIR: -20,
  EISDIR: -21,
  EINVAL: -22,
  ENFILE: -23,
  EMFILE: -24,
  ENOTTY: -25,
  ETXTBSY: -26,
  EFBIG: -27,
  ENOSPC: -28,
  ESPIPE: -29,
  EROFS: -30,
  EMLINK: -31,
  EPIPE: -32,
  EDOM: -33,
  ERANGE: -34,
  EDEADLK: -35,
  ENAMETOOLONG: -36,
  ENOLCK: -37,
  ENOSYS: -38,
  ENOTEMPTY: -39,
  ELOOP: -40,
  ENOMSG: -42,
  EIDRM: -43,
  ENODATA: -61,
  ETIME: -62,
  EPROTO: -71,
  EOVERFLOW: -75,
  ELIBBAD: -80,
  EUSERS: -87,
  ENOTSOCK: -88,
  EDESTADDRREQ: -89,
  EMSGSIZE: -90,
  EPROTOTYPE: -91,
  ENOPROTOOPT: -92,
  EPROTONOSUPPORT: -93,
  ESOCKTNOSUPPORT: -94,
  EOPNOTSUPP: -95,
  EAFNOSUPPORT: -97,
  EADDRINUSE: -98,
  EADDRNOTAVAIL: -99,
  ENETUNREACH: -101,
  ECONNABORTED: -103,
  ECONNRESET: -104,
  ENOBUFS: -105,
  EISCONN: -106,
  ENOTCONN: -107,
  ETIMEDOUT: -110,
  ECONNREFUSED: -111,
  EALREADY: -114,
  EINPROGRESS: -115,
  EOWNERDEAD: -130,
  ENOTRECOVERABLE: -131,
} as const;

/** Answers that a program never sees: how a call goes on after a signal interrupted it. */
export const Restart = {
  /** Again if the handler says so, else EINTR. */
  SYS: -512,
  /** Again whatever the handler says. */
  NOINTR: -513,
  /** Again unless there is a handler. */
  NOHAND: -514,
  /** Again through `restart_syscall` unless there is a handler. */
  BLOCK: -516,
} as const;

const NAMES = new Map<number, string>([
  ...Object.entries(Errno).map(([name, value]) => [value, name] as const),
  [Restart.SYS, "ERESTARTSYS"],
  [Restart.NOINTR, "ERESTARTNOINTR"],
  [Restart.NOHAND, "ERESTARTNOHAND"],
  [Restart.BLOCK, "ERESTART_RESTARTBLOCK"],
]);

/** What an answer is called, such as `ENOENT`. */
export function errnoName(answer: number): string {
  return NAMES.get(answer) ?? `E${-answer}`;
}
