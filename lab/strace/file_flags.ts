/**
 * The names of what files are opened and asked for.
 *
 * @module
 */
import { May } from "../../kernel/linux/fs/inode.ts";
import { Seal, Whence } from "../../kernel/linux/abi/file.ts";
import { Fcntl, Flock, LockType } from "../../kernel/linux/abi/fcntl.ts";
import { AT_EACCESS, AtFlag, OpenFlag } from "../../kernel/linux/abi/open.ts";
import { flagSet, nameText } from "./flag_set.ts";
import type { Show } from "./shape.ts";

const { ACCESS, RDONLY, WRONLY, RDWR, ...OPEN } = OpenFlag;
const ACCESSES = flagSet("O_", { RDONLY, WRONLY, RDWR, ACCMODE: ACCESS });

/** How a file is opened. */
export function openText(value: number): string {
  const found = [nameText(ACCESSES, value & ACCESS)];
  let rest = value & ~ACCESS;
  for (const [name, bits] of Object.entries(OPEN)) {
    if ((rest & bits) !== bits) continue;
    found.push(`O_${name}`);
    rest &= ~bits;
  }
  if (rest !== 0) found.push(`0x${(rest >>> 0).toString(16)}`);
  return found.join("|");
}

/** How a file is opened. */
export const open: Show = (seen, at) => openText(seen.uint(at));

/** What is wanted of what is made, where reading and writing are no question. */
export const PIPE_FLAGS = flagSet("O_", {
  EXCL: OpenFlag.EXCL,
  NONBLOCK: OpenFlag.NONBLOCK,
  DIRECT: OpenFlag.DIRECT,
  CLOEXEC: OpenFlag.CLOEXEC,
});

/** How a path is followed. */
export const AT_FLAGS = flagSet("AT_", AtFlag);

/** As whom, and how, a path is followed where only rights are asked. */
export const ACCESS_AT_FLAGS = flagSet("AT_", {
  SYMLINK_NOFOLLOW: AtFlag.SYMLINK_NOFOLLOW,
  EACCESS: AT_EACCESS,
  EMPTY_PATH: AtFlag.EMPTY_PATH,
});

/** What of a file may be used. */
export const ACCESS_FLAGS = flagSet("", {
  F_OK: 0,
  R_OK: May.READ,
  W_OK: May.WRITE,
  X_OK: May.EXECUTE,
});

/** From where a position counts. */
export const WHENCE = flagSet("SEEK_", Whence);

/** What `fcntl` is asked. */
export const FCNTL = flagSet("F_", Fcntl);

/** What may no longer be done with a file of memory. */
export const SEALS = flagSet("F_SEAL_", Seal);

/** Locks. */
export const LOCKS = flagSet("F_", LockType);

/** Locks of whole files. */
export const FLOCK = flagSet("LOCK_", Flock);
