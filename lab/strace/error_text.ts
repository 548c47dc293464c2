/**
 * What errors are called in words.
 *
 * @module
 */
import { nameIn } from "./flag_set.ts";
import { Errno, errnoName, Restart } from "../../kernel/linux/errno.ts";

const TEXTS: Readonly<Record<keyof typeof Errno, string>> = {
  EPERM: "Operation not permitted",
  ENOENT: "No such file or directory",
  ESRCH: "No such process",
  EINTR: "Interrupted system call",
  EIO: "Input/output error",
  ENXIO: "No such device or address",
  E2BIG: "Argument list too long",
  ENOEXEC: "Exec format error",
  EBADF: "Bad file descriptor",
  ECHILD: "No child processes",
  EAGAIN: "Resource temporarily unavailable",
  ENOMEM: "Cannot allocate memory",
  EACCES: "Permission denied",
  EFAULT: "Bad address",
  ENOTBLK: "Block device required",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EXDEV: "Invalid cross-device link",
  ENODEV: "No such device",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  EINVAL: "Invalid argument",
  ENFILE: "Too many open files in system",
  EMFILE: "Too many open files",
  ENOTTY: "Inappropriate ioctl for device",
  ETXTBSY: "Text file busy",
  EFBIG: "File too large",
  ENOSPC: "No space left on device",
  ESPIPE: "Illegal seek",
  EROFS: "Read-only file system",
  EMLINK: "Too many links",
  EPIPE: "Broken pipe",
  EDOM: "Numerical argument out of domain",
  ERANGE: "Numerical result out of range",
  EDEADLK: "Resource deadlock avoided",
  ENAMETOOLONG: "File name too long",
  ENOLCK: "No locks available",
  ENOSYS: "Function not implemented",
  ENOTEMPTY: "Directory not empty",
  ELOOP: "Too many levels of symbolic links",
  ENOMSG: "No message of desired type",
  EIDRM: "Identifier removed",
  ENODATA: "No data available",
  ETIME: "Timer expired",
  EPROTO: "Protocol error",
  EOVERFLOW: "Value too large for defined data type",
  ELIBBAD: "Accessing a corrupted shared library",
  EUSERS: "Too many users",
  ENOTSOCK: "Socket operation on non-socket",
  EDESTADDRREQ: "Destination address required",
  EMSGSIZE: "Message too long",
  EPROTOTYPE: "Protocol wrong type for socket",
  ENOPROTOOPT: "Protocol not available",
  EPROTONOSUPPORT: "Protocol not supported",
  ESOCKTNOSUPPORT: "Socket type not supported",
  EOPNOTSUPP: "Operation not supported",
  EAFNOSUPPORT: "Address family not supported by protocol",
  EADDRINUSE: "Address already in use",
  EADDRNOTAVAIL: "Cannot assign requested address",
  ENETUNREACH: "Network is unreachable",
  ECONNABORTED: "Software caused connection abort",
  ECONNRESET: "Connection reset by peer",
  ENOBUFS: "No buffer space available",
  EISCONN: "Transport endpoint is already connected",
  ENOTCONN: "Transport endpoint is not connected",
  ETIMEDOUT: "Connection timed out",
  ECONNREFUSED: "Connection refused",
  EALREADY: "Operation already in progress",
  EINPROGRESS: "Operation now in progress",
  EOWNERDEAD: "Owner died",
  ENOTRECOVERABLE: "State not recoverable",
};

const RESTARTS: Readonly<Record<number, string>> = {
  [Restart.SYS]: "To be restarted if SA_RESTART is set",
  [Restart.NOINTR]: "To be restarted",
  [Restart.NOHAND]: "To be restarted if no handler",
  [Restart.BLOCK]: "Interrupted by signal",
};

/** An answer that is an error, as a trace writes it. */
export function errorText(answer: number): string {
  const name = nameIn(Errno, answer);
  const restart = RESTARTS[answer];
  if (restart) return `? ${errnoName(answer)} (${restart})`;
  return name ? `-1 ${name} (${TEXTS[name]})` : `-1 ${errnoName(answer)} (Unknown error)`;
}
