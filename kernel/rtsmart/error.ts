/**
 * Why a call failed. Calls of files and processes answer negative error numbers of the C library;
 * calls of kernel objects answer `rt_err_t`, which with a C library has mostly the same numbers.
 *
 * @module
 */
import { Errno } from "../abi/errno.ts";

export { Errno } from "../abi/errno.ts";

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
