/**
 * Why a call failed. Calls of files and processes answer negative error numbers of the C library;
 * calls of kernel objects answer `rt_err_t`, which with a C library has mostly the same numbers.
 *
 * @module
 */

/** The C library's error numbers, as calls answer them. */
export const Errno = {
  EPERM: -1,
  ENOENT: -2,
  ESRCH: -3,
  EINTR: -4,
  EIO: -5,
  E2BIG: -7,
  ENOEXEC: -8,
  EBADF: -9,
  ECHILD: -10,
  EAGAIN: -11,
  ENOMEM: -12,
  EACCES: -13,
  EFAULT: -14,
  EBUSY: -16,
  EEXIST: -17,
  ENODEV: -19,
  ENOTDIR: -20,
  EISDIR: -21,
  EINVAL: -22,
  ENFILE: -23,
  EMFILE: -24,
  ENOTTY: -25,
  EFBIG: -27,
  ENOSPC: -28,
  ESPIPE: -29,
  EPIPE: -32,
  ENAMETOOLONG: -36,
  ENOSYS: -38,
  ENOTEMPTY: -39,
  ENODATA: -61,
  ETIMEDOUT: -110,
} as const;

/** What kernel objects answer: `-RT_ERROR` and its kin. */
export const RtError = {
  EOK: 0,
  ERROR: -255,
  ETIMEOUT: Errno.ETIMEDOUT,
  EFULL: Errno.ENOSPC,
  EEMPTY: Errno.ENODATA,
  ENOMEM: Errno.ENOMEM,
  ENOSYS: Errno.ENOSYS,
  EBUSY: Errno.EBUSY,
  EIO: Errno.EIO,
  EINTR: Errno.EINTR,
  EINVAL: Errno.EINVAL,
  ENOENT: Errno.ENOENT,
  EPERM: Errno.EPERM,
  EFAULT: Errno.EFAULT,
} as const;

const NAMES = new Map<number, string>([
  ...Object.entries(Errno).map(([name, value]) => [value, name] as const),
  [RtError.ERROR, "RT_ERROR"],
]);

/** What an answer is called, such as `ENOENT`. */
export function errorName(answer: number): string {
  return NAMES.get(answer) ?? `error ${-answer}`;
}
